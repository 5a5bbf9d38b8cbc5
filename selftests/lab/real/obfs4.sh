# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# obfs4proxy, client and bridge, as tor starts them (pt-spec: by the environment); instead of tor
# curl speaks through them with a web server. Twice: see shadowsocks.sh.
real_protocol=encrypted
real_filter='tcp port 9443'
real_needs='obfs4proxy curl'

real_setup()
{
	mkdir -p "$real_folder/bridge" "$real_folder/client"
	real_serve env TOR_PT_MANAGED_TRANSPORT_VER=1 TOR_PT_STATE_LOCATION="$real_folder/bridge" \
		TOR_PT_SERVER_TRANSPORTS=obfs4 TOR_PT_SERVER_BINDADDR=obfs4-198.51.100.80:9443 \
		TOR_PT_ORPORT=198.51.100.80:80 obfs4proxy
	real_until grep -q 'SMETHODS DONE' "$real_server_log"
}

real_try()
{
	real_start env TOR_PT_MANAGED_TRANSPORT_VER=1 TOR_PT_STATE_LOCATION="$real_folder/client" \
		TOR_PT_CLIENT_TRANSPORTS=obfs4 obfs4proxy
	real_until grep -q 'CMETHODS DONE' "$real_client_log" || return 1
	obfs4_proxy=$(sed -n 's/^CMETHOD obfs4 socks5 //p' "$real_client_log")
	obfs4_cert=$(sed -n 's/.*\(cert=[^,]*\),.*/\1/p' "$real_server_log")
	for obfs4_page in one two; do
		# The bridge's line goes in as name and password of the proxy.
		real_page --proxy "socks5://$obfs4_proxy" --proxy-user "$obfs4_cert:;iat-mode=0" \
			"http://198.51.100.80:9443/$obfs4_page" || return 1
	done
}
