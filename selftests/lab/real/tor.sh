# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# tor to a bridge: the handshake with it. There is no network of Tor here, and no circuit.
real_protocol=tor
real_filter='tcp port 9001'
real_needs='tor'

tor_common()	# SIDE
{
	cat <<-CONF
	DataDirectory $real_folder/$1
	Log notice stdout
	Log [handshake]info [channel]info stdout
	TestingTorNetwork 1
	AssumeReachable 1
	DirAuthority lab orport=9009 no-v2 v3ident=0123456789ABCDEF0123456789ABCDEF01234567 203.0.113.9:9010 FEDCBA98765432100123456789ABCDEFFEDCBA98
	CONF
}

real_setup()
{
	{
		tor_common server
		cat <<-CONF
		SocksPort 0
		ORPort 198.51.100.80:9001
		Address 198.51.100.80
		BridgeRelay 1
		PublishServerDescriptor 0
		CONF
	} >"$real_folder/server.conf"
	real_serve tor -f "$real_folder/server.conf" --defaults-torrc /dev/null
	real_until test -s "$real_folder/server/fingerprint" &&
	real_until grep -q 'Opened OR listener connection' "$real_server_log"
}

real_try()
{
	rm -rf "$real_folder/client"
	{
		tor_common client
		cat <<-CONF
		SocksPort 0
		UseBridges 1
		Bridge 198.51.100.80:9001 $(cut -d' ' -f2 "$real_folder/server/fingerprint")
		CONF
	} >"$real_folder/client.conf"
	real_start tor -f "$real_folder/client.conf" --defaults-torrc /dev/null
	real_until grep -q -E 'Handshake with .*done|Bootstrapped 15%' "$real_client_log"
}
