# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# xl2tpd: an L2TP tunnel and a call in it.
real_protocol=l2tp
real_filter='udp port 1701'
real_needs='xl2tpd'
# shellcheck source=l2tp.lib
. "$real_source/l2tp.lib"

real_setup()
{
	l2tp_config
	l2tp_server
}

real_try()
{
	l2tp_client
}
