# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# HTTP/3: a page of caddy, by the client of ngtcp2; over IPv6, as it asks for the name.
real_protocol=quic
real_filter='udp port 8443'
real_needs='caddy gtlsclient'
real_ordinary=yes

real_setup()
{
	cat >"$real_folder/Caddyfile" <<-CONF
	{
		admin off
		skip_install_trust
		storage file_system $real_folder/caddy
		auto_https disable_redirects
		servers {
			protocols h3
		}
	}
	https://www.example.com:8443 {
		bind 198.51.100.80 2001:db8:2::80
		tls $lab_folder/server.pem $lab_folder/server.key
		respond "The page of {host} by {http.request.proto}."
	}
	CONF
	real_serve env HOME="$real_folder" XDG_CONFIG_HOME="$real_folder" caddy run \
		--adapter caddyfile --config "$real_folder/Caddyfile"
	real_until grep -q 'serving initial configuration' "$real_server_log"
}

real_try()
{
	client timeout "$real_seconds" gtlsclient --no-quic-dump --exit-on-all-streams-close \
		www.example.com 8443 https://www.example.com:8443/
	grep -q 'The page of' "$real_client_log"
}
