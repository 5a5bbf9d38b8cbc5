# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# WireGuard: the kernel's, where it has one, else its inventors' program in Go.
real_protocol=wireguard
real_filter='udp port 51820'
real_needs='wg ping'

wg_device()	# NAMESPACE NAME SERVE|START
{
	ip -n "$1" link add "$2" type wireguard 2>/dev/null ||
		"real_$3" env LOG_LEVEL=error wireguard-go -f "$2"
	real_until ip netns exec "$1" wg show "$2"
}

real_setup()
{
	for wg_side in server client; do
		(umask 77 && wg genkey) >"$real_folder/$wg_side.key"
		wg pubkey <"$real_folder/$wg_side.key" >"$real_folder/$wg_side.pub"
	done
	wg_device "$lab_outside" wg-server serve &&
	outside wg set wg-server listen-port 51820 private-key "$real_folder/server.key" \
		peer "$(cat "$real_folder/client.pub")" allowed-ips 10.8.0.2 &&
	ip -n "$lab_outside" address add 10.8.0.1/24 dev wg-server &&
	ip -n "$lab_outside" link set wg-server up
}

real_try()
{
	wg_device "$lab_client" wg-client start &&
	client wg set wg-client private-key "$real_folder/client.key" \
		peer "$(cat "$real_folder/server.pub")" allowed-ips 10.8.0.1 \
		endpoint "$real_server:51820" &&
	ip -n "$lab_client" address add 10.8.0.2/24 dev wg-client &&
	ip -n "$lab_client" link set wg-client up &&
	real_until client ping -q -c 2 -i 0.2 -W 2 10.8.0.1
}

real_stop()
{
	ip -n "$lab_client" link del wg-client 2>/dev/null
}

real_teardown()
{
	ip -n "$lab_outside" link del wg-server 2>/dev/null
}
