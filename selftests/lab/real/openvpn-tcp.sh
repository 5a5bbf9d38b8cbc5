# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# OpenVPN over TCP.
real_filter='tcp port 1443'
vpn_server='--proto tcp-server --port 1443'
vpn_client='--proto tcp-client --port 1443'
vpn_shared=
# shellcheck source=openvpn.lib
. "$real_source/openvpn.lib"
