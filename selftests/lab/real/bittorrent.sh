# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# BitTorrent over TCP, in the clear.
real_protocol=bittorrent
real_by_hand=yes
torrent_crypt=-et
# shellcheck source=bittorrent.lib
. "$real_source/bittorrent.lib"
