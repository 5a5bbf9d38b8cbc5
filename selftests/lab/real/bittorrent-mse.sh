# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# BitTorrent over TCP, encrypted: looks like nothing, as Shadowsocks does.
real_protocol=encrypted
real_by_hand=yes
torrent_crypt=-er
# shellcheck source=bittorrent.lib
. "$real_source/bittorrent.lib"
