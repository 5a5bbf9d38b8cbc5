# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# A page of the lab's web server, in the clear.
real_protocol=http
real_filter='tcp port 80'
real_needs='curl'
real_ordinary=yes

real_setup()
{
	:
}

real_try()
{
	real_page http://www.example.com/
}
