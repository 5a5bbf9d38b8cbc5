# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# Noise, as WhatsApp speaks it since 2017.
whatsapp_options=''
# shellcheck source=whatsapp.lib
. "$real_source/whatsapp.lib"
