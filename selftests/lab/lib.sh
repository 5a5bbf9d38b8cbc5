# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The lab: three network namespaces, with real servers outside. To be sourced by a test program.
#
#	client 192.0.2.10         censor (routes)           outside 198.51.100.53   DNS (dnsmasq)
#	2001:db8:1::10  eth0----inside  outside----eth0     2001:db8:2::53
#	                                                    198.51.100.80   web (nginx)
#	                                                    2001:db8:2::80
#	                                                    198.51.100.25   mail's TLS ports (nginx)
#	                                                    2001:db8:2::25
#
# Every other address is routed outside and dies there with an ICMP unreachable: nothing leaves.
#
#	lab_up			build it; it is taken down when the program ends, however it ends
#	client|censor|outside COMMAND...	run a command in a namespace
#	$lab_client $lab_censor $lab_outside	the namespaces' names, for ip -n and censorctl -n
#	$lab_folder		a folder for the run's files: ca.pem, dnsmasq.log, nginx.log; removed at the end
#	lab_wait SECONDS COMMAND...	until it succeeds
#	lab_capture NAMESPACE INTERFACE FILE [FILTER]	record packets, from the moment it returns
#	lab_capture_stop	end all recordings, the files are whole then
#	lab_offloads on|off FEATURE...	of every device, as ethtool -K calls them
#	lab_down		take it down before the end
#
# LAB_NAMES: a file like ./names to use instead. LAB_DELAY: how long answers from outside take
# (2ms): the servers are farther away than the censor, and what comes back does not overtake the
# system call that it answers. 0 for none.

# shellcheck source=ktap.sh
. "$(dirname "$0")/ktap.sh"

export PATH="$PATH:/usr/sbin:/sbin"
lab_source=$(cd "$(dirname "$0")" && pwd)
lab_names=${LAB_NAMES:-$lab_source/names}
lab_client=nfc-$$-client
lab_censor=nfc-$$-censor
lab_outside=nfc-$$-outside
lab_folder=
lab_captures=
lab_capture_count=0

# Skip the whole program where it cannot run.
lab_require()	# TOOL...
{
	[ "$(id -u)" -eq 0 ] || ktap_skip_all "needs root"
	if [ -z "${NF_CENSOR_GUEST:-}" ] && [ "${LAB:-}" != host ]; then
		ktap_skip_all "runs in the virtual machine: selftests/lab/run, or LAB=host to run right here"
	fi
	for lab_tool in ip tc dnsmasq nginx openssl "$@"; do
		command -v "$lab_tool" >/dev/null ||
			ktap_skip_all "no $lab_tool: selftests/deps lab installs what the lab needs"
	done
}

client()
{
	ip netns exec "$lab_client" "$@"
}

censor()
{
	ip netns exec "$lab_censor" "$@"
}

outside()
{
	ip netns exec "$lab_outside" "$@"
}

# Ask again until the command succeeds. Fails when the time is up.
lab_wait()	# SECONDS COMMAND...
{
	lab_deadline=$(($(date +%s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt "$lab_deadline" ] || return 1
		sleep 0.1
	done
}

lab_capture()	# NAMESPACE INTERFACE FILE [FILTER]
{
	lab_capture_count=$((lab_capture_count + 1))
	lab_capture_log=$lab_folder/tcpdump-$lab_capture_count.log
	lab_capture_where=$1
	lab_capture_file=$3
	set -- -i "$2" -w "$3" ${4:+"$4"}
	ip netns exec "$lab_capture_where" tcpdump -n -U -Z root --immediate-mode "$@" \
		2>"$lab_capture_log" &
	lab_captures="$lab_captures $!"
	# tcpdump opens its file before it says so.
	lab_wait 10 grep -q 'listening on' "$lab_capture_log" ||
		lab_fail "tcpdump does not record to $lab_capture_file"
}

lab_capture_stop()
{
	for lab_capture_process in $lab_captures; do
		kill -TERM "$lab_capture_process" 2>/dev/null || :
		wait "$lab_capture_process" 2>/dev/null || :
	done
	lab_captures=
}

lab_offloads()	# on|off FEATURE...
{
	lab_features=
	lab_state=$1
	shift
	for lab_feature in "$@"; do
		lab_features="$lab_features $lab_feature $lab_state"
	done
	for lab_place in "$lab_client eth0" "$lab_censor inside" "$lab_censor outside" \
			 "$lab_outside eth0"; do
		# shellcheck disable=SC2086 # a namespace and a device; features and their state
		ip netns exec ${lab_place% *} ethtool -K ${lab_place#* } $lab_features >/dev/null 2>&1 ||
			lab_fail "ethtool: no offloads$lab_features for ${lab_place#* }"
	done
}

lab_down()
{
	[ -n "$lab_folder" ] || return 0
	for lab_namespace in "$lab_client" "$lab_censor" "$lab_outside"; do
		[ -e "/run/netns/$lab_namespace" ] || continue
		# shellcheck disable=SC2046 # a list of numbers
		set -- $(ip netns pids "$lab_namespace")
		[ $# -eq 0 ] || kill -KILL "$@" 2>/dev/null || :
		ip netns del "$lab_namespace"
		rm -rf "/etc/netns/$lab_namespace"
	done
	rmdir /etc/netns 2>/dev/null || :
	rm -rf "$lab_folder"
	lab_folder=
}

lab_fail()
{
	ktap_print_msg "lab: $*"
	for lab_log in "$lab_folder"/*.log; do
		[ ! -s "$lab_log" ] || ktap_print_msg "$(tail -n 5 "$lab_log")"
	done
	exit "$KSFT_FAIL"
}

# The names file without comments: name, and perhaps an IPv4 and an IPv6 address.
lab_list()
{
	sed 's/[[:space:]]*#.*//; /^[[:space:]]*$/d' "$lab_names"
}

# A CA of the lab's own and one certificate for all names; elliptic curves, or emulation takes seconds.
lab_certificates()
{
	{
		printf '[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = lab\n'
		printf '[ca]\nbasicConstraints = critical, CA:TRUE\nsubjectKeyIdentifier = hash\n'
		printf '[server]\nbasicConstraints = CA:FALSE\nsubjectAltName = '
		lab_list | awk '{ printf "%sDNS:%s,DNS:*.%s", comma, $1, $1; comma = "," } END { print "" }'
	} >"$lab_folder/openssl.conf"
	set -- req -x509 -config "$lab_folder/openssl.conf" -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		-noenc -days 30
	{
		openssl "$@" -extensions ca -subj "/CN=nf_censor lab CA" \
			-keyout "$lab_folder/ca.key" -out "$lab_folder/ca.pem" &&
		openssl "$@" -extensions server -subj "/CN=nf_censor lab" \
			-CA "$lab_folder/ca.pem" -CAkey "$lab_folder/ca.key" \
			-keyout "$lab_folder/server.key" -out "$lab_folder/server.pem"
	} 2>"$lab_folder/openssl.log" || lab_fail "openssl made no certificate"
}

lab_dns_config()
{
	cat <<-END
	port=53
	listen-address=198.51.100.53,2001:db8:2::53
	bind-interfaces
	no-resolv
	no-hosts
	no-poll
	user=root
	group=root
	pid-file=$lab_folder/dnsmasq.pid
	log-facility=$lab_folder/dnsmasq.log
	log-queries
	local-ttl=300
	address=/#/198.51.100.80
	address=/#/2001:db8:2::80
	END
	lab_list | awk '{ for (i = 2; i <= NF; i++) printf "address=/%s/%s\n", $1, $i }'
}

lab_web_config()
{
	cat <<-END
	user root;
	worker_processes 1;
	pid $lab_folder/nginx.pid;
	error_log $lab_folder/nginx.log warn;
	events { worker_connections 512; }
	http {
		access_log $lab_folder/access.log;
		client_body_temp_path $lab_folder/nginx-body;
		proxy_temp_path $lab_folder/nginx-proxy;
		fastcgi_temp_path $lab_folder/nginx-fastcgi;
		scgi_temp_path $lab_folder/nginx-scgi;
		uwsgi_temp_path $lab_folder/nginx-uwsgi;
		default_type text/html;
		ssl_certificate $lab_folder/server.pem;
		ssl_certificate_key $lab_folder/server.key;
		server {
			listen 80;
			listen [::]:80;
			listen 443 ssl http2;
			listen [::]:443 ssl http2;
			location / {
				return 200 "<title>\$host</title>The page of \$host, asked for \$request_uri by \$scheme.\n";
			}
		}
		server {
	$(for lab_port in 80 443 465 587 993; do
		lab_ssl=ssl
		[ $lab_port -ne 80 ] || lab_ssl=
		echo "			listen 198.51.100.25:$lab_port $lab_ssl;"
		echo "			listen [2001:db8:2::25]:$lab_port $lab_ssl;"
	done)
			location / {
				return 200 "<title>\$host</title>The mail host \$host.\n";
			}
		}
	}
	END
}

lab_network()
{
	for lab_namespace in "$lab_client" "$lab_censor" "$lab_outside"; do
		ip netns add "$lab_namespace"
	done
	# No duplicate address detection (a second each), no source checks, nothing learnt by itself.
	for lab_namespace in "$lab_client" "$lab_censor" "$lab_outside"; do
		ip netns exec "$lab_namespace" sh -s "$lab_namespace" <<-'END'
		set_all()
		{
			for place in all default; do
				echo "$3" >"/proc/sys/net/$1/conf/$place/$2"
			done
		}
		set_all ipv6 accept_dad 0
		set_all ipv6 accept_ra 0
		set_all ipv6 router_solicitations 0
		set_all ipv6 disable_ipv6 0
		set_all ipv4 rp_filter 0
		echo 0 >/proc/sys/net/ipv4/icmp_ratelimit
		echo 0 >/proc/sys/net/ipv6/icmp/ratelimit
		case $1 in
		*-client) ;;
		*)
			echo 1 >/proc/sys/net/ipv4/ip_forward
			set_all ipv6 forwarding 1 ;;
		esac
		END
	done

	ip -batch - <<-END
	link add eth0 netns $lab_client type veth peer name inside netns $lab_censor
	link add eth0 netns $lab_outside type veth peer name outside netns $lab_censor
	END
	ip -n "$lab_client" -batch - <<-END
	link set lo up
	link set eth0 up
	address add 192.0.2.10/24 dev eth0
	address add 2001:db8:1::10/64 dev eth0 nodad
	route add default via 192.0.2.1
	route add default via 2001:db8:1::1
	END
	ip -n "$lab_censor" -batch - <<-END
	link set lo up
	link set inside up
	link set outside up
	address add 192.0.2.1/24 dev inside
	address add 198.51.100.1/24 dev outside
	address add 2001:db8:1::1/64 dev inside nodad
	address add 2001:db8:2::1/64 dev outside nodad
	route add default via 198.51.100.254
	route add default via 2001:db8:2::254
	END
	ip -n "$lab_outside" -batch - <<-END
	link set lo up
	link set eth0 up
	address add 198.51.100.254/24 dev eth0
	address add 198.51.100.25/24 dev eth0
	address add 198.51.100.53/24 dev eth0
	address add 198.51.100.80/24 dev eth0
	address add 2001:db8:2::254/64 dev eth0 nodad
	address add 2001:db8:2::25/64 dev eth0 nodad
	address add 2001:db8:2::53/64 dev eth0 nodad
	address add 2001:db8:2::80/64 dev eth0 nodad
	route add 192.0.2.0/24 via 198.51.100.1
	route add 2001:db8:1::/64 via 2001:db8:2::1
	route add unreachable 0.0.0.0/0
	route add unreachable ::/0
	END
	# Not every kernel of LAB=host has netem; the stock ones have.
	if [ "${LAB_DELAY:=2ms}" != 0 ] &&
	   ! lab_error=$(tc -n "$lab_outside" qdisc add dev eth0 root netem delay "$LAB_DELAY" 2>&1); then
		ktap_print_msg "no delay outside: $lab_error"
	fi
}

lab_up()
{
	[ -z "$lab_folder" ] || lab_fail "the lab is up already"
	lab_folder=$(mktemp -d)
	trap lab_down EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP

	# The certificates need no network: make them meanwhile.
	lab_certificates &
	lab_network || lab_fail "the network could not be built"
	wait $! || lab_fail "no certificates"

	mkdir -p "/etc/netns/$lab_client"
	printf 'nameserver 198.51.100.53\nnameserver 2001:db8:2::53\noptions timeout:2 attempts:1\n' \
		>"/etc/netns/$lab_client/resolv.conf"
	# What curl and openssl trust, and what makes them start fast.
	export CURL_CA_BUNDLE="$lab_folder/ca.pem" SSL_CERT_FILE="$lab_folder/ca.pem"

	lab_dns_config >"$lab_folder/dnsmasq.conf"
	lab_web_config >"$lab_folder/nginx.conf"
	# Both return once they listen.
	outside dnsmasq -C "$lab_folder/dnsmasq.conf" 2>"$lab_folder/dnsmasq.err.log" ||
		lab_fail "dnsmasq did not start"
	outside nginx -p "$lab_folder" -c "$lab_folder/nginx.conf" 2>"$lab_folder/nginx.err.log" ||
		lab_fail "nginx did not start"
	lab_wait 10 test -s "$lab_folder/nginx.pid" || lab_fail "nginx does not run"
	lab_wait 10 client ping -c 1 -W 1 198.51.100.80 || lab_fail "no way from the client to outside (IPv4)"
	lab_wait 10 client ping -c 1 -W 1 2001:db8:2::80 || lab_fail "no way from the client to outside (IPv6)"
}
