# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# Trojan: a page over TLS, through the client's proxy and the server's, that is in TLS again.
real_protocol=tls-in-tls
real_filter='tcp port 8446'
real_detect='detect { tls-in-tls on }'
real_needs='trojan curl'

real_setup()
{
	cat >"$real_folder/server.json" <<-CONF
	{
		"run_type": "server",
		"local_addr": "198.51.100.80", "local_port": 8446,
		"remote_addr": "198.51.100.80", "remote_port": 80,
		"password": ["correct-horse"],
		"ssl": { "cert": "$lab_folder/server.pem", "key": "$lab_folder/server.key" }
	}
	CONF
	cat >"$real_folder/client.json" <<-CONF
	{
		"run_type": "client",
		"local_addr": "127.0.0.1", "local_port": 1081,
		"remote_addr": "198.51.100.80", "remote_port": 8446,
		"password": ["correct-horse"],
		"ssl": { "cert": "$lab_folder/ca.pem", "sni": "www.example.com", "alpn": ["h2", "http/1.1"] }
	}
	CONF
	real_serve trojan -c "$real_folder/server.json"
	real_until grep -q 'service (server) started' "$real_server_log"
}

real_try()
{
	real_start trojan -c "$real_folder/client.json"
	real_until grep -q 'service (client) started' "$real_client_log" &&
	real_page --proxy socks5://127.0.0.1:1081 https://www.example.com/
}
