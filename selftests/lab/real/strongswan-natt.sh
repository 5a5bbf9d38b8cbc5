# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# strongSwan behind a NAT, or as if: IKE and ESP are both in UDP.
real_protocol=ike
swan_encap=yes
# shellcheck source=strongswan.lib
. "$real_source/strongswan.lib"
