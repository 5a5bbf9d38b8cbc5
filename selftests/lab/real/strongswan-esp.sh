# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# strongSwan: negotiated, but without ESP nothing comes through.
real_protocol=esp
real_recorded=no
swan_encap=no
# shellcheck source=strongswan.lib
. "$real_source/strongswan.lib"
