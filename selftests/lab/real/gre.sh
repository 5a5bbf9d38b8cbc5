# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# PPTP: the call is made, but without GRE nothing comes through.
real_protocol=gre
real_recorded=no
# shellcheck source=pptp.lib
. "$real_source/pptp.lib"
