# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# OpenVPN over UDP, its control channel in the clear.
real_filter='udp port 1194'
vpn_server='--proto udp'
vpn_client='--proto udp'
vpn_shared=
# shellcheck source=openvpn.lib
. "$real_source/openvpn.lib"
