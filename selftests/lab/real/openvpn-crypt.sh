# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# OpenVPN with tls-crypt: the control channel is encrypted, only opcodes and session ids are seen.
real_filter='udp port 1196'
vpn_server='--proto udp --port 1196'
vpn_shared=tls-crypt
vpn_client=$vpn_server
# shellcheck source=openvpn.lib
. "$real_source/openvpn.lib"
