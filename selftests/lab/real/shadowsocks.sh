# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# Shadowsocks: curl through ss-local and ss-server. Twice: one connection in some hundred happens to
# meet an exemption of the rule for encrypted traffic.
real_protocol=encrypted
real_filter='tcp port 8388'
real_needs='ss-server ss-local curl'

real_setup()
{
	set -- -s "$real_server" -p 8388 -k correct-horse -m chacha20-ietf-poly1305
	real_serve ss-server "$@"
	real_until grep -q 'tcp server listening' "$real_server_log"
}

real_try()
{
	set -- -s "$real_server" -p 8388 -k correct-horse -m chacha20-ietf-poly1305
	real_start ss-local "$@" -b 127.0.0.1 -l 1080
	real_until grep -q 'listening at' "$real_client_log" || return 1
	for ss_page in one two; do
		real_page --proxy socks5://127.0.0.1:1080 "http://198.51.100.80/$ss_page" || return 1
	done
}
