# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# HTTPS by Chromium: a ClientHello with a post-quantum key, larger than a packet.
real_protocol=tls
real_filter='tcp port 8443'
real_by_hand=yes
chromium_options=--disable-quic
# shellcheck source=chromium.lib
. "$real_source/chromium.lib"
