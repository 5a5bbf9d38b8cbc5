# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The lab: three network namespaces, with real servers outside. To be sourced, by the tests' lib.sh
# and by up, which builds it for censorctl run.
#
#	client 192.0.2.10         censor (routes)           outside 198.51.100.53   DNS (dnsmasq)
#	2001:db8:1::10  eth0----inside  outside----eth0     2001:db8:2::53
#	                                                    198.51.100.80   web (nginx)
#	                                                    2001:db8:2::80
#	                                                    198.51.100.25   mail's TLS ports (nginx)
#	                                                    2001:db8:2::25
#
# No packet leaves: there is no other way than outside, and there every other address is
# unreachable, which an ICMP says.
#
#	lab_build		build it, in an empty $lab_folder
#	lab_resolver		print the client's resolv.conf
#	client|censor|outside COMMAND...	run a command in a namespace
#	lab_wait SECONDS COMMAND...	until it succeeds
#
# Whoever sources it sets
#	lab_client lab_censor lab_outside	the namespaces' names, the first ending in "client"
#	lab_folder		where its files go: ca.pem, server.pem, server.key, nginx.log...
#				What is put there as picture, the web server has as /picture
#	lab_names		a file like ./names
#	lab_more		none, or a file of more names for certificates, one a line
# and defines lab_fail TEXT, which ends the program, and lab_say TEXT.
#
# LAB_DELAY: how long answers from outside take (2ms): the servers are farther away than the
# censor, and what comes back does not overtake the system call that it answers. 0 for none.

# shellcheck disable=SC2154 # set by those who source this

export PATH="$PATH:/usr/sbin:/sbin"
lab_more=

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
	lab_patience=$1
	lab_deadline=
	shift
	# What is so already costs no date: in emulation a program takes long to begin.
	until "$@" >/dev/null 2>&1; do
		lab_now=$(date +%s)
		: "${lab_deadline:=$((lab_now + lab_patience))}"
		[ "$lab_now" -lt "$lab_deadline" ] || return 1
		sleep 0.1
	done
}

# The names file without comments: name, and perhaps an IPv4 and an IPv6 address.
lab_list()
{
	sed 's/[[:space:]]*#.*//; /^[[:space:]]*$/d' "$lab_names"
}

# openssl req for a certificate and, without -key, its key; elliptic curves, or emulation takes
# seconds.
lab_certificate()	# NAME ARGUMENT...
{
	lab_certificate_name=$1
	shift
	openssl req -x509 -config "$lab_folder/openssl.conf" -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -noenc -days 30 \
		-out "$lab_folder/$lab_certificate_name.pem" "$@" 2>>"$lab_folder/openssl.log"
}

# One of a server, for the names on standard input and all names one label below each.
lab_server_certificate()	# NAME -key|-keyout
{
	{
		printf '[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = lab\n'
		printf '[server]\nbasicConstraints = CA:FALSE\nsubjectAltName = '
		awk '{ printf "%sDNS:%s,DNS:*.%s", comma, $1, $1; comma = "," } END { print "" }'
	} >"$lab_folder/openssl.conf"
	lab_certificate "$1" -extensions server -subj "/CN=nf_censor lab" \
		-CA "$lab_folder/ca.pem" -CAkey "$lab_folder/ca.key" "$2" "$lab_folder/server.key"
}

# A CA of the lab's own, one certificate for the names of the list, and one for each few of the
# rest: a certificate of thousands is longer than what clients take.
lab_certificates()
{
	printf '[req]\ndistinguished_name = name\n[name]\n[ca]\n%s\n' \
		'basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash' >"$lab_folder/openssl.conf"
	: >"$lab_folder/openssl.log"
	if ! lab_certificate ca -extensions ca -subj "/CN=nf_censor lab CA" \
		-keyout "$lab_folder/ca.key" ||
	   ! lab_list | lab_server_certificate server -keyout; then
		lab_fail "openssl made no certificate"
	fi
	[ -s "$lab_more" ] || return 0
	split -l 40 -a 4 -d "$lab_more" "$lab_folder/more-"
	for lab_part in "$lab_folder"/more-????; do
		lab_server_certificate "${lab_part##*/}" -key <"$lab_part" ||
			lab_fail "openssl made no certificate"
	done
}

lab_resolver()
{
	printf 'nameserver 198.51.100.53\nnameserver 2001:db8:2::53\noptions timeout:2 attempts:1\n'
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

# Which of several certificates a client gets, by the name that it asks for.
lab_web_certificates()
{
	if [ ! -s "$lab_more" ]; then
		echo "ssl_certificate $lab_folder/server.pem;"
		return
	fi
	# shellcheck disable=SC2016 # variables of nginx
	printf '%s\n' 'map_hash_max_size 65536;' 'map_hash_bucket_size 512;' \
		"ssl_certificate $lab_folder/\$lab_certificate.pem;" \
		'map $ssl_server_name $lab_certificate {' 'hostnames;' 'default server;'
	for lab_part in "$lab_folder"/more-????; do
		sed "s/.*/.& ${lab_part##*/};/" "$lab_part"
	done
	echo "}"
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
		$(lab_web_certificates)
		ssl_certificate_key $lab_folder/server.key;
		server {
			listen 80;
			listen [::]:80;
			listen 443 ssl http2;
			listen [::]:443 ssl http2;
			location = /picture {
				alias $lab_folder/picture;
			}
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

# Whoever calls this asks whether it failed, so sh's -e means nothing in it.
lab_network()
{
	for lab_namespace in "$lab_client" "$lab_censor" "$lab_outside"; do
		ip netns add "$lab_namespace" || return
	done
	# No duplicate address detection (a second each), no source checks, nothing learnt by itself.
	for lab_namespace in "$lab_client" "$lab_censor" "$lab_outside"; do
		ip netns exec "$lab_namespace" sh -es "$lab_namespace" <<-'END' || return
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
		*client) ;;
		*)
			echo 1 >/proc/sys/net/ipv4/ip_forward
			set_all ipv6 forwarding 1 ;;
		esac
		END
	done

	ip -batch - <<-END || return
	link add eth0 netns $lab_client type veth peer name inside netns $lab_censor
	link add eth0 netns $lab_outside type veth peer name outside netns $lab_censor
	END
	ip -n "$lab_client" -batch - <<-END || return
	link set lo up
	link set eth0 up
	address add 192.0.2.10/24 dev eth0
	address add 2001:db8:1::10/64 dev eth0 nodad
	route add default via 192.0.2.1
	route add default via 2001:db8:1::1
	END
	ip -n "$lab_censor" -batch - <<-END || return
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
	ip -n "$lab_outside" -batch - <<-END || return
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
	# Not every kernel has netem; the stock ones of Debian have.
	if [ "${LAB_DELAY:=2ms}" != 0 ] &&
	   ! lab_error=$(tc -n "$lab_outside" qdisc add dev eth0 root netem delay "$LAB_DELAY" 2>&1); then
		lab_say "no delay outside: $lab_error"
	fi
}

lab_build()
{
	# The certificates need no network: make them meanwhile.
	lab_certificates &
	lab_network || lab_fail "the network could not be built"
	wait $! || lab_fail "no certificates"

	lab_dns_config >"$lab_folder/dnsmasq.conf"
	lab_web_config >"$lab_folder/nginx.conf"
	# Both return once they listen. dnsmasq sets its groups, which the root of a user namespace
	# may not, unless it thinks that it is debugged; then it stays in the foreground.
	if [ "$(cat /proc/self/setgroups)" = deny ]; then
		outside dnsmasq -d -C "$lab_folder/dnsmasq.conf" 2>"$lab_folder/dnsmasq.err.log" &
		lab_wait 10 grep -q started "$lab_folder/dnsmasq.log" ||
			lab_fail "dnsmasq did not start"
	else
		outside dnsmasq -C "$lab_folder/dnsmasq.conf" 2>"$lab_folder/dnsmasq.err.log" ||
			lab_fail "dnsmasq did not start"
	fi
	outside nginx -e "$lab_folder/nginx.log" -p "$lab_folder" -c "$lab_folder/nginx.conf" \
		2>"$lab_folder/nginx.err.log" || lab_fail "nginx did not start"
	lab_wait 10 test -s "$lab_folder/nginx.pid" || lab_fail "nginx does not run"
	lab_wait 10 client ping -c 1 -W 1 198.51.100.80 || lab_fail "no way from the client to outside (IPv4)"
	lab_wait 10 client ping -c 1 -W 1 2001:db8:2::80 || lab_fail "no way from the client to outside (IPv6)"
}
