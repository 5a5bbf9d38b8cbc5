# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# DTLS: openssl with socat.
real_protocol=dtls
real_filter='udp port 4433'
real_needs='openssl socat'
real_ordinary=yes

real_setup()
{
	set -- "cert=$lab_folder/server.pem,key=$lab_folder/server.key"
	real_serve socat -d -d "OPENSSL-DTLS-SERVER:4433,bind=198.51.100.80,fork,verify=0,$1" PIPE
	real_until grep -q listening "$real_server_log"
}

real_try()
{
	printf 'Q\n' | client timeout "$real_seconds" openssl s_client -dtls1_2 -connect 198.51.100.80:4433 \
		-servername www.example.com
	grep -q 'Cipher is ECDHE' "$real_client_log"
}
