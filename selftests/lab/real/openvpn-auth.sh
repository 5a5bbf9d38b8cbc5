# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# OpenVPN with tls-auth: an HMAC before each packet of the control channel.
real_filter='udp port 1195'
vpn_server='--proto udp --port 1195'
vpn_shared=tls-auth
vpn_client=$vpn_server
# shellcheck source=openvpn.lib
. "$real_source/openvpn.lib"
