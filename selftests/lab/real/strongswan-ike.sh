# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# strongSwan: without its negotiation there is no tunnel.
real_protocol=ike
swan_encap=no
# shellcheck source=strongswan.lib
. "$real_source/strongswan.lib"
