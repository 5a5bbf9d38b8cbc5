# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# DNS over TLS: kdig asks the lab's name server, before which socat speaks TLS.
real_protocol=tls
real_filter='tcp port 853'
real_needs='kdig socat'
real_ordinary=yes

real_setup()
{
	real_serve socat -d -d "OPENSSL-LISTEN:853,bind=198.51.100.53,reuseaddr,fork,verify=0,cert=$lab_folder/server.pem,key=$lab_folder/server.key" \
		TCP:198.51.100.53:53
	real_until grep -q listening "$real_server_log"
}

real_try()
{
	[ "$(client kdig "+tls-ca=$lab_folder/ca.pem" +tls-hostname=dns.google.com +short +retry=0 \
		"+timeout=$real_seconds" @198.51.100.53 www.example.com A)" = 198.51.100.80 ]
}
