# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# Noise after the preamble of edge routing.
whatsapp_options='--edge-routing'
# shellcheck source=whatsapp.lib
. "$real_source/whatsapp.lib"
