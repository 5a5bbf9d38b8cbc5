# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# FunXMPP, as WhatsApp spoke it in 2016.
whatsapp_options='--version 1.5'
# shellcheck source=whatsapp.lib
. "$real_source/whatsapp.lib"
