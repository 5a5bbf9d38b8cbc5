# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# TURN over UDP: coturn's client sends through a relay address of coturn's server, and gets it back.
real_protocol=turn
real_filter='udp port 3478'
real_needs='turnserver turnutils_uclient'

real_setup()
{
	real_serve turnserver -n --listening-ip "$real_server" --relay-ip "$real_server" \
		--lt-cred-mech --user who:secret --realm example.org --no-tls --no-dtls --no-cli \
		--log-file stdout --simple-log --pidfile "$real_folder/pid" --db "$real_folder/db" \
		--allow-loopback-peers --verbose
	real_until grep -q "listener opened on : $real_server:3478" "$real_server_log"
}

real_try()
{
	client timeout "$real_seconds" turnutils_uclient -y -c -n 3 -m 1 -l 120 -u who -w secret \
		"$real_server"
}
