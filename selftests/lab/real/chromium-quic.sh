# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# HTTP/3 by Chromium: a ClientHello over two datagrams, its pieces out of order.
real_protocol=quic
real_filter='udp port 8443'
real_by_hand=yes
chromium_options=--origin-to-force-quic-on=www.example.com:8443
# shellcheck source=chromium.lib
. "$real_source/chromium.lib"
