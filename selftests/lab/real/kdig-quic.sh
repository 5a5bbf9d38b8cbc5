# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# DNS over QUIC: kdig asks a server of the lab's own (doq.c).
real_protocol=quic
real_filter='udp port 853'
real_needs="kdig $real_build/doq"
real_ordinary=yes

real_setup()
{
	real_serve "$real_build/doq" 198.51.100.53 853 "$lab_folder/server.pem" \
		"$lab_folder/server.key" 198.51.100.80
	real_until grep -q listening "$real_server_log"
}

real_try()
{
	[ "$(client kdig +quic +short +retry=0 "+timeout=$real_seconds" @198.51.100.53 \
		www.example.com A)" = 198.51.100.80 ]
}
