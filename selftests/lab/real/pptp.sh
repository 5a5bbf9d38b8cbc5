# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# PPTP: without a call there is no tunnel.
real_protocol=pptp
# shellcheck source=pptp.lib
. "$real_source/pptp.lib"
