# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# What telephones call L2TP/IPsec: PPP in L2TP in ESP in UDP, the keys by IKE.
real_protocol=ike
# shellcheck source=strongswan.lib
. "$real_source/strongswan.lib"
# shellcheck source=l2tp.lib
. "$real_source/l2tp.lib"
real_needs="$real_needs xl2tpd pppd"
real_recorded=no
swan_encap=yes
swan_mode=transport
swan_ports='[udp/1701]'

real_setup()
{
	l2tp_config
	swan_config server "$real_server" 192.0.2.10
	swan_config client 192.0.2.10 "$real_server"
	swan_charon serve server && l2tp_server
}

real_try()
{
	swan_charon start client &&
	swan_ctl client --initiate --child lab --timeout "$real_seconds" &&
	l2tp_client &&
	real_until client ping -q -c 1 -W 1 10.7.0.1
}
