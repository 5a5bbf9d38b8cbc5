# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# OpenSSH: a page fetched through a server, as those use it who may not see the page. Keys and key
# exchange are the server's choice of those the client offers: the others take seconds in emulation.
real_protocol=ssh
real_filter='tcp port 22'
real_needs='ssh sshd'
real_ordinary=yes

real_setup()
{
	mkdir -p /run/sshd
	for ssh_side in server client; do
		ssh-keygen -q -t ecdsa -b 256 -N '' -f "$real_folder/$ssh_side" </dev/null
	done
	cat >"$real_folder/sshd.conf" <<-CONF
	ListenAddress 198.51.100.80
	HostKey $real_folder/server
	AuthorizedKeysFile $real_folder/client.pub
	PermitRootLogin yes
	StrictModes no
	UsePAM no
	UseDNS no
	PidFile none
	KexAlgorithms ecdh-sha2-nistp256
	CONF
	real_serve "$(command -v sshd)" -D -e -f "$real_folder/sshd.conf"
	real_until grep -q listening "$real_server_log"
}

real_try()
{
	printf '198.51.100.80 %s\n' "$(cat "$real_folder/server.pub")" >"$real_folder/known"
	case $(printf 'GET / HTTP/1.0\r\nHost: www.example.com\r\n\r\n' |
		client timeout "$real_seconds" ssh -F none -i "$real_folder/client" -o BatchMode=yes \
			-o UserKnownHostsFile="$real_folder/known" -W 198.51.100.80:80 root@198.51.100.80) in
	*"The page of"*) ;;
	*) return 1 ;;
	esac
}
