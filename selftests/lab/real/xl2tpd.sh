# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# xl2tpd: an L2TP tunnel and a call in it.
real_protocol=l2tp
real_filter='udp port 1701'
real_needs='xl2tpd'

real_setup()
{
	# For the call: pppd's device, and the kernel's half of L2TP. The tunnel needs neither.
	[ -e /dev/ppp ] || modprobe -a ppp_generic l2tp_ppp
	cat >"$real_folder/lns.conf" <<-CONF
	[global]
	listen-addr = 198.51.100.80
	[lns default]
	ip range = 10.7.0.2-10.7.0.9
	local ip = 10.7.0.1
	require authentication = no
	pppoptfile = $real_folder/ppp
	CONF
	cat >"$real_folder/lac.conf" <<-CONF
	[global]
	listen-addr = 192.0.2.10
	[lac lab]
	lns = 198.51.100.80
	autodial = yes
	require authentication = no
	pppoptfile = $real_folder/ppp
	CONF
	printf 'noauth\nnodefaultroute\n' >"$real_folder/ppp"
	real_serve xl2tpd -D -c "$real_folder/lns.conf" -p "$real_folder/lns.pid" \
		-C "$real_folder/lns.control"
	real_until grep -q 'Listening on IP' "$real_server_log"
}

real_try()
{
	real_start xl2tpd -D -c "$real_folder/lac.conf" -p "$real_folder/lac.pid" \
		-C "$real_folder/lac.control"
	real_until grep -q 'Call established with' "$real_client_log"
}
