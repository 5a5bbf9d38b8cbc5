# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# DNS as everyone has it: over UDP.
real_protocol=dns
real_filter='udp port 53'
real_needs='kdig'
real_ordinary=yes

real_setup()
{
	:
}

real_try()
{
	[ "$(client kdig +short +retry=0 "+timeout=$real_seconds" @198.51.100.53 www.example.com A)" \
		= 198.51.100.80 ]
}
