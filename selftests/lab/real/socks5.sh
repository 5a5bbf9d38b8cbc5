# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# SOCKS 5: curl through danted.
real_protocol=socks5
real_filter='tcp port 1080'
socks_scheme=socks5
# shellcheck source=socks.lib
. "$real_source/socks.lib"
