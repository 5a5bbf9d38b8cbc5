#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# Whatever way packets take, what is blocked is blocked and what is allowed works: small packets and
# large, VLANs, a bridge, IPv6's extension headers, a path that loses and reorders. And ways that change
# under traffic, with packets held: devices that go down, are renamed, or end.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"
# shellcheck source=flood.lib
. "$(dirname "$0")/flood.lib"

bridge=nfc-$$-bridge
web=198.51.100.80

policy()	# ACTION
{
	cat >"$lab_folder/paths.policy" <<-END
	censor paths {
		tcp {
			reassembly full
		}
		page block { "HTTP/1.1 403 Forbidden\r\nContent-Length: 1300\r\n\r\n$(printf '%01300d' 0)" }
		inject page { fin+psh+ack to client page block }
		inject rsts { rst to both copies 3 }
		names bad { blocked.example }
		rule words { http.host in bad } $1
		rule held { port.dst in 7000 } delay 60s
	}
	END
	censorctl load -n "${2:-$lab_censor}" "$lab_folder/paths.policy" >"$lab_folder/load.log" 2>&1 ||
		lab_fail "$(cat "$lab_folder/load.log")"
}

page()	# NAME [ADDRESS]
{
	client curl -sS --max-time 20 --resolve "$1:80:${2:-$web}" "http://$1/" 2>&1
}

both()	# DESCRIPTION BLOCKED [ADDRESS]
{
	ktap_test_match "$1: allowed" "*page of allowed.example*" "$(page allowed.example "${3:-}")"
	ktap_test_match "$1: blocked" "$2" "$(page blocked.example "${3:-}")"
}

mtu()
{
	ip -n "$lab_client" link set eth0 mtu "$1"
	ip -n "$lab_censor" link set inside mtu "$1"
	ip -n "$lab_censor" link set outside mtu "$1"
	ip -n "$lab_outside" link set eth0 mtu "$1"
}

modules()	# MODULE...
{
	for module in "$@"; do
		modprobe "$module" 2>/dev/null || :
	done
}

# A GET over TCP of which each packet has the extension header, by number of the socket's option.
extended()	# OPTION NAME
{
	client python3 - "$1" "$2" <<-'END'
	import socket, sys
	s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
	s.setsockopt(socket.IPPROTO_IPV6, int(sys.argv[1]), bytes([0, 0, 1, 4, 0, 0, 0, 0]))
	s.settimeout(8)
	try:
	    s.connect(("2001:db8:2::80", 80))
	    s.sendall(b"GET / HTTP/1.0\r\nHost: %s\r\n\r\n" % sys.argv[2].encode())
	    print(s.recv(4096).decode())
	except Exception as e:
	    print("error", e)
	END
}

lab_require curl jq nft tc python3 tcpdump
ktap_print_header
[ -x "$censor_top/build/flood" ] || ktap_skip_all "no build/flood: make mkcap builds it"
ktap_set_plan 30
lab_up
modules sch_netem 8021q bridge
censor_module ""
reset="*reset by peer*"

# Extension headers: hop-by-hop (54) and destination options (59).
policy "drop"
for option in 54 59; do
	ktap_test_match "IPv6 with extension header $option: allowed" "*page of allowed.example*" \
		"$(extended $option allowed.example)"
	ktap_test_match "IPv6 with extension header $option: blocked" "error*" \
		"$(extended $option blocked.example)"
done

# A small MTU, at which IPv6 leaves the devices, and the largest that veth has.
policy "inject rsts"
for size in 576 65535; do
	mtu $size
	both "MTU $size" "$reset"
done
policy "drop, inject page"
ktap_test_match "MTU 65535: a page of 1362 bytes is injected" "*0000*" "$(page blocked.example)"
mtu 576
failed=$(censor_stat inject_failed)
ktap_test_match "MTU 576: it is too long, and the page does not come" "*timed out*" \
	"$(client curl -sS --max-time 3 --resolve "blocked.example:80:$web" http://blocked.example/ 2>&1)"
ktap_test_result "that is counted" [ "$(censor_stat inject_failed)" -gt "$failed" ]
mtu 1500

# A path that loses and reorders.
policy "drop"
if client tc qdisc replace dev eth0 root netem delay 4ms loss 10% reorder 25% &&
   outside tc qdisc replace dev eth0 root netem delay 4ms loss 10% reorder 25%; then
	allowed=0
	leaked=0
	for number in 1 2 3 4 5 6 7 8; do
		case $(page allowed.example) in *"page of allowed"*) allowed=$((allowed + 1)) ;; esac
		case $(client curl -sS --max-time 4 --resolve "blocked.example:80:$web" \
			http://blocked.example/ 2>&1) in
		*"page of"*) leaked=$((leaked + 1)) ;;
		esac
	done
	ktap_print_msg "with loss and reordering $allowed of 8 allowed pages came, $leaked blocked ones"
	ktap_test_result "loss and reordering: what is allowed works" [ $allowed -ge 7 ]
	ktap_test_match "loss and reordering: what is blocked stays so" 0 $leaked
	client tc qdisc del dev eth0 root
	outside tc qdisc replace dev eth0 root netem delay 2ms
else
	ktap_test_skip "loss and reordering: what is allowed works" "no netem"
	ktap_test_skip "loss and reordering: what is blocked stays so" "no netem"
fi

# A VLAN between the client and the censor, another from there on.
policy "inject rsts"
ip -n "$lab_client" link add link eth0 name eth0.5 type vlan id 5
ip -n "$lab_client" address add 10.5.0.2/24 dev eth0.5
ip -n "$lab_client" link set eth0.5 up
ip -n "$lab_censor" link add link inside name inside.5 type vlan id 5
ip -n "$lab_censor" address add 10.5.0.1/24 dev inside.5
ip -n "$lab_censor" link set inside.5 up
ip -n "$lab_censor" link add link outside name outside.6 type vlan id 6
ip -n "$lab_censor" address add 10.6.0.1/24 dev outside.6
ip -n "$lab_censor" link set outside.6 up
ip -n "$lab_outside" link add link eth0 name eth0.6 type vlan id 6
ip -n "$lab_outside" address add 10.6.0.2/24 dev eth0.6
ip -n "$lab_outside" link set eth0.6 up
ip -n "$lab_client" route add 10.6.0.0/24 via 10.5.0.1
ip -n "$lab_outside" route add 10.5.0.0/24 via 10.6.0.1
both "VLANs" "$reset" 10.6.0.2

# A bridge, untagged and with frames of a VLAN in it.
lab_netns "$bridge"
ip -batch - <<-END
	link add bridged netns $lab_client type veth peer name port1 netns $bridge
	link add bridged netns $lab_outside type veth peer name port2 netns $bridge
END
ip -n "$bridge" -batch - <<-END
	link add br0 type bridge forward_delay 0
	link set port1 master br0 up
	link set port2 master br0 up
	link set br0 up
END
number=1
for namespace in "$lab_client" "$lab_outside"; do
	ip -n "$namespace" address add 10.9.0.$number/24 dev bridged
	ip -n "$namespace" link set bridged up
	ip -n "$namespace" link add link bridged name bridged.7 type vlan id 7
	ip -n "$namespace" address add 10.7.0.$number/24 dev bridged.7
	ip -n "$namespace" link set bridged.7 up
	number=$((number + 1))
done
lab_wait 10 client ping -c 1 -W 1 10.9.0.2 || lab_fail "no way over the bridge"
policy "inject rsts" "$bridge"
both "bridge" "$reset" 10.9.0.2
both "bridge, a VLAN's frames" "$reset" 10.7.0.2
policy "drop" "$bridge"
ktap_test_match "bridge, a VLAN's frames: dropped" "*timed out*" \
	"$(client curl -sS --max-time 3 --resolve "blocked.example:80:10.7.0.2" http://blocked.example/ 2>&1)"
ip netns del "$bridge"

# Ways that change under traffic. Each packet is held for longer than its way is there.
policy "inject rsts"
flood_up
# While that way is not there, there is no other.
ip -n "$lab_censor" route add blackhole 203.0.113.0/24 metric 4096
echo 'flow h udp 192.0.2.10:40000 203.0.113.1:7000
flow p udp 192.0.2.10:40000 203.0.113.1:7777
h > hex 00
p > hex 00' | flood_script ways
flood_start ways --rate 200 --sources 9
some_held()
{
	[ "$(censor_stat held)" -gt 20 ]
}
passes()
{
	passes_before=$(flood_sunk)
	sleep 0.5
	[ "$(flood_sunk)" -gt "$passes_before" ]
}
lab_wait 10 some_held || ktap_print_msg "nothing is held"
for round in 1 2 3 4 5; do
	ip -n "$lab_censor" link set sink down
	ip -n "$lab_censor" link set sink up
	ip -n "$lab_censor" route replace 203.0.113.0/24 dev sink
	ip -n "$lab_censor" address del 192.0.2.1/24 dev inside
	ip -n "$lab_censor" address add 192.0.2.1/24 dev inside
done
ktap_print_msg "$round times"
ktap_test_result "down and up, an address away and back: traffic passes" lab_wait 5 passes
held=$(censor_stat held)
ip -n "$lab_censor" link set sink down
ip -n "$lab_censor" link set sink name drain
ip -n "$lab_censor" link set drain name sink
ip -n "$lab_censor" link set sink up
ip -n "$lab_censor" route replace 203.0.113.0/24 dev sink
ktap_test_result "renamed: traffic passes" lab_wait 5 passes
ktap_test_result "and what is held is still held" [ "$(censor_stat held)" -ge "$held" ]
lost=$(censor_stat held_lost)
held=$(censor_stat held)
ip -n "$lab_censor" link del sink
ktap_test_result "the device ends: what was to leave by it is lost, and counted" \
	[ $(($(censor_stat held_lost) - lost)) -ge "$held" ]
flood_sink "$lab_censor"
ktap_test_result "and another has its name: traffic passes" lab_wait 5 passes
flood_stop "$flood_process"
ktap_test_match "what is allowed works after all that" "*page of allowed.example*" \
	"$(page allowed.example)"
ktap_test_match "what is blocked is blocked" "$reset" "$(page blocked.example)"
sunk=$(flood_sunk)
held=$(censor_stat held)
censor_flush
ktap_test_match "flushed: all that was held arrives" $((sunk + held)) "$(flood_sunk)"
censor_clean
ktap_test_result "unloaded" rmmod nf_censor
ktap_finished
