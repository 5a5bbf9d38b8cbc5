# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# A proxy of HTTP: curl through tinyproxy, by CONNECT.
real_protocol=http-proxy
real_filter='tcp port 8888'
real_needs='tinyproxy curl'

real_setup()
{
	cat >"$real_folder/tinyproxy.conf" <<-CONF
	Port 8888
	Listen 198.51.100.80
	MaxClients 10
	CONF
	real_serve tinyproxy -d -c "$real_folder/tinyproxy.conf"
	real_until outside sh -c 'ss -Hltn sport = :8888 | grep -q .'
}

real_try()
{
	real_page --proxy http://198.51.100.80:8888 --proxytunnel http://198.51.100.80/
}
