#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# What censorctl flows and residuals show: real connections, with the rule that decided each and
# what it does, for as long as the censor remembers them; and a reader who is slow, who is told if
# what he reads is not whole.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

name=www.facebook.com
web=198.51.100.80
web6=2001:db8:2::80
# A binding request.
stun=000100002112a442303132333435363738396162

# Nothing in it is over while the test runs.
cat_held()
{
	cat <<-'END'
	censor held {
		inside 192.0.2.0/24, 2001:db8:1::/48
		tcp {
			timeout open 600s, closing 600s, syn+ack 600s, syn 600s
		}
		detect {
			udp-timeout 600s
		}
		phase now
		phase later
		inject gfw {
			rst to both copies 3
		}
		rule seen { protocol tls } log
		rule sni { tls.sni in "facebook.com" } inject gfw, residual 180s by src,dst,dport
		rule host { http.host in "facebook.com" } drop in phase now
		rule slow { port.dst in 20001 } police 16kbit per flow to server
		rule each { port.dst in 21000-21999 } drop, residual 600s by src,dst,dport
	}
	END
}

# Six times faster: what is over in a minute is so in ten seconds.
cat_fast()
{
	cat <<-'END'
	censor fast {
		inside 192.0.2.0/24
		clock 6x
		detect {
			udp-timeout 60s
		}
		inject gfw {
			rst to both copies 3
		}
		rule host { http.host in "facebook.com" } inject gfw,
			residual 150s by src,dst both after 60s rearm never with drop
	}
	END
}

page()	# SCHEME PORT ADDRESS [OPTION...]
{
	page_url=$1://$name/
	page_at=$name:$2:$3
	shift 3
	client curl -sS --max-time 6 --resolve "$page_at" "$@" "$page_url" 2>&1
}

# A flow of UDP to each of so many ports; nobody listens there.
many()	# FIRST COUNT [HEX]
{
	# shellcheck disable=SC2016 # Perl's
	client perl -MSocket -e '
		socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die;
		bind($socket, pack_sockaddr_in(40000, INADDR_ANY)) or die;
		for my $port ($ARGV[1] .. $ARGV[1] + $ARGV[2] - 1) {
			my $there = pack_sockaddr_in($port, inet_aton($ARGV[0]));
			send($socket, pack("H*", $ARGV[3]), 0, $there) // die $!;
		}' "$web" "$1" "$2" "${3:-78}"
}

tables()	# flows|residuals FILTER
{
	censorctl "$1" -n "$lab_censor" -j >"$lab_folder/table" || echo "exit status $?"
	jq -cr "$2" "$lab_folder/table"
}

# The same of what was shown last; under emulation this is what a test's time is made of.
show()
{
	for verb in flows residuals; do
		censorctl $verb -n "$lab_censor" -j >"$lab_folder/$verb"
		censorctl $verb -n "$lab_censor" >"$lab_folder/$verb.text"
	done
}

shown()	# flows|residuals FILTER
{
	jq -cr "$2" "$lab_folder/$1"
}

# What a slow reader was told, when this has happened behind his first message.
slowly()	# COMMAND BETWEEN...
{
	slowly_command=$1
	shift
	mkfifo "$lab_folder/go"
	censor "$lab_source/switch" -d "$slowly_command" <"$lab_folder/go" >"$lab_folder/told" 2>&1 &
	exec 9>"$lab_folder/go"
	lab_wait 10 grep -q begun "$lab_folder/told"
	"$@" >/dev/null
	exec 9>&-
	wait $!
	rm "$lab_folder/go"
	tail -n 1 "$lab_folder/told"
}

# The same in $told, where nothing that happens is to interrupt it: but a table that has grown is put
# in order by a worker, and until that is done no walk of it is whole.
calmly()	# COMMAND BETWEEN...
{
	for try in 1 2 3 4 5; do
		told=$(slowly "$@")
		ktap_print_msg "$try: $told"
		case $told in
		*whole) return ;;
		esac
	done
}

# The same number told and different.
once()	# TOLD
{
	echo "$1" | awk '{ exit !($1 == $3 && $1 >= 300) }'
}

lab_require curl jq perl setpriv unshare
ktap_print_header
ktap_set_plan 53
lab_up
censor_module ""
chmod 755 "$lab_folder"
cp "$censor_top/build/censorctl" "$lab_folder/"
cat_held >"$lab_folder/held.policy"
cat_fast >"$lab_folder/fast.policy"

for verb in flows residuals; do
	ktap_test_match "no policy: $verb says so" "censorctl $verb: no policy is in force" \
		"$(censorctl $verb -n "$lab_censor" 2>&1)"
	ktap_test_match "no policy: no $verb" "" "$(tables $verb .)"
done

# Connections, and what became of each.
censor_load "$lab_folder/held.policy"
page https 443 $web >/dev/null
page https 443 "[$web6]" >/dev/null
page http 80 $web --max-time 1 --local-port 41000 >/dev/null
client curl -sS --max-time 6 --local-port 41001 --resolve "free.example:80:$web" \
	http://free.example/ >/dev/null
many 20001 1
show
ktap_print_msg "$(cat "$lab_folder/flows.text" "$lab_folder/residuals.text")"
what='([.client, .tcb, .stage, .rule, .action] +
	(.acts | map("\(.rule) \(.action) to \(.to)")) | map(tostring) | join(" "))'
for address in $web $web6; do
	ktap_test_match "the one that was reset, $address" \
		"true open decided sni inject gfw, residual 180s tls sure" \
		"$(shown flows "select(.flow.daddr == \"$address\" and .flow.dport == 443) |
			$what + \" \(.protocols[0].protocol) \(.protocols[0].confidence)\"")"
	ktap_test_match "its block, $address" \
		"* tcp $address 443 null sni inject gfw false false true true true trigger" \
		"$(shown residuals "select(.packets.daddr == \"$address\") | [.packets.saddr,
			.packets.proto, .packets.daddr, .packets.dport, .packets.sport, .rule, .action,
			.back, .idle, (.left > 120 and .left < 180), .begins == 0, .lasts == 180, .rearm] |
			map(tostring) | join(\" \")")"
done
port()	# PORT FILTER
{
	shown flows "select(.flow.sport == $1) | $2"
}
ktap_test_match "the one that is dropped" "true open decided host drop host drop to both" \
	"$(port 41000 "$what")"
ktap_test_match "the one that is free" "true open * null null" "$(port 41001 "$what")"
ktap_test_match "and is closed" closing "$(port 41001 '.is | join(" ")')"
ktap_test_match "its ends, and it is forgotten in ten minutes" \
	"tcp 192.0.2.10 41001 $web 80 true" \
	"$(port 41001 '[.flow.proto, .flow.saddr, .flow.sport, .flow.daddr, .flow.dport,
		(.left > 500 and .left < 600)] | map(tostring) | join(" ")')"
ktap_test_match "the one that is policed" \
	"true null * slow police 16kbit per flow to server slow police * to server 1" \
	"$(port 40000 "$what + \" \(.packets)\"")"
ktap_test_match "for people, with the client first" \
	"tcp *192.0.2.10:41000 *> $web:80 *open, decided*host: drop" \
	"$(grep :41000 "$lab_folder/flows.text")"
ktap_test_match "for people, a block" "tcp *192.0.2.10 *> $web:443 * - *s  trigger *180.0s  sni: inject gfw" \
	"$(grep "$web:443" "$lab_folder/residuals.text")"
page https 443 $web --local-port 41002 >/dev/null
show
ktap_test_match "who meets the block is blocked" "sni *blocked" \
	"$(port 41002 '([.rule] + .is | join(" "))')"
ktap_test_match "as many as there are" "$(censor_stat flows) $(censor_stat blocks)" \
	"$(wc -l <"$lab_folder/flows") $(wc -l <"$lab_folder/residuals")"

# Asked for one by one.
one()	# COMMAND PROTO SADDR SPORT DADDR DPORT
{
	censor "$lab_source/switch" -o "$@" 2>&1
}
ktap_test_match "a flow by its ends" "host: drop" \
	"$(one FLOW_GET 6 192.0.2.10 41000 $web 80)"
ktap_test_match "in either order" "host: drop" "$(one FLOW_GET 6 $web 80 192.0.2.10 41000)"
ktap_test_match "one that there is not" "ENOENT: the censor knows no such flow*" \
	"$(one FLOW_GET 17 192.0.2.10 41000 $web 80)"
ktap_test_match "ends of two families" "EINVAL: this address is not of the family*" \
	"$(one FLOW_GET 6 192.0.2.10 41000 $web6 80)"
ktap_test_match "half a flow" "EINVAL: which flow*" "$(one FLOW_GET 6 192.0.2.10 41000 - -)"
ktap_test_match "a block by what it is on" "sni: inject gfw" \
	"$(one RESIDUAL_GET 6 192.0.2.10 - $web 443)"
ktap_test_match "and by nothing more" "ENOENT: there is no such residual block*" \
	"$(one RESIDUAL_GET 6 192.0.2.10 41002 $web 443)"
ktap_test_match "which of none" "EINVAL: which block*" "$(one RESIDUAL_GET 6 - - - -)"

# What becomes of it by its next packet is told at once, and may come at any time.
censorctl phase -n "$lab_censor" later >/dev/null
show
ktap_test_match "in another phase the rule's doing is gone" "null 0" \
	"$(port 41000 '"\(.rule) \(.acts | length)"')"
censorctl phase -n "$lab_censor" now >/dev/null

# Root of a namespace of their own sees that, and it has none.
for verb in flows residuals; do
	ktap_test_match "another namespace's root sees no $verb" \
		"censorctl $verb: no policy is in force" \
		"$(setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn \
			"$lab_folder/censorctl" $verb 2>&1)"
done

# A slow reader.
many 20001 300
calmly FLOW_GET true
ktap_test_match "nothing happens meanwhile" "*whole" "$told"
ktap_test_result "each is told once" once "$told"
calmly FLOW_GET many 20301 20
ktap_test_match "some begin meanwhile: those from before are told once" "*whole" "$told"
ktap_test_result "likewise" once "$told"
many 21000 300
calmly RESIDUAL_GET true
ktap_test_match "blocks: nothing happens meanwhile" "*whole" "$told"
ktap_test_result "blocks: each is told once" once "$told"
ktap_test_match "blocks: their table grows meanwhile" "*interrupted" \
	"$(slowly RESIDUAL_GET many 21300 700)"
ktap_test_match "the table grows meanwhile" "*interrupted" "$(slowly FLOW_GET many 20301 3000)"
ktap_test_match "another phase takes force meanwhile" "*interrupted" \
	"$(slowly FLOW_GET censorctl phase -n "$lab_censor" later)"
censorctl phase -n "$lab_censor" now >/dev/null
ktap_test_match "another policy takes force meanwhile" "*interrupted" \
	"$(slowly FLOW_GET censor_load "$lab_folder/held.policy")"
many 20001 300
many 21000 300
ktap_test_match "blocks: another policy takes force meanwhile" "*interrupted" \
	"$(slowly RESIDUAL_GET censor_load "$lab_folder/held.policy")"
many 20001 300
ktap_test_match "the policy is taken away meanwhile" "*interrupted" "$(slowly FLOW_GET censor_flush)"
for verb in flows residuals; do
	ktap_test_match "flushed: no $verb" "" "$(tables $verb .)"
done

# By the policy's clock.
censor_load "$lab_folder/fast.policy"
page http 80 $web >/dev/null
many 20001 300
ktap_test_match "a block that is to begin, and one on the answers" \
	"null false drop true true true never; null true drop true true true never" \
	"$(tables residuals '[.packets.proto, .back, .action, (.begins > 0 and .begins <= 60),
		(.left > 150 and .left <= 210), .lasts == 150, .rearm] | map(tostring) | join(" ")' |
		sort | paste -sd ';' | sed 's/;/; /')"
ktap_test_match "a minute of this clock" "true" \
	"$(tables flows 'select(.flow.proto == "udp") | .left > 0 and .left <= 60' | sort -u)"
ktap_test_match "they are forgotten meanwhile" "*interrupted" "$(slowly FLOW_GET sleep 11)"
ktap_test_match "and gone" 0 "$(tables flows 'select(.flow.proto == "udp")' | wc -l)"
ktap_test_match "the blocks have begun" "true" \
	"$(tables residuals '.begins == 0 and .left <= 150' | sort -u)"
no_blocks()
{
	[ -z "$(tables residuals .)" ]
}
ktap_test_result "and end" lab_wait 40 no_blocks

# Nor does what is over stay because somebody loads more often than the table is tidied.
cat >"$lab_folder/again.policy" <<-'END'
	censor again {
		detect {
			udp-timeout 1s
		}
		rule each { port.dst in 20001-20300 } log
	}
END
again()
{
	censor_load "$lab_folder/again.policy"
	[ "$(censor_stat flows)" -lt 300 ]
}
censor_load "$lab_folder/again.policy"
many 20001 300
ktap_test_result "and so does what is over while policies are loaded again and again" lab_wait 10 again

# How much more passes stands behind the rule that stops it, whatever else another does.
cat >"$lab_folder/cold.policy" <<-'END'
	censor cold {
		inside 192.0.2.0/24
		rule back { port.dst in 20001 } drop to client
		rule cold { protocol stun } freeze after 5 packets
	}
END
censor_load "$lab_folder/cold.policy"
many 20001 1 $stun
ktap_test_match "what is left of two rules' doings" \
	"*cold: freeze after 5 packets (5 packets left); back: drop" \
	"$(censorctl flows -n "$lab_censor" | grep ':20001 ')"

# Who gives up in the midst of it leaves nothing that would keep the module.
censor_load "$lab_folder/fast.policy"
many 20001 300
mkfifo "$lab_folder/go"
ip netns exec "$lab_censor" "$lab_source/switch" -d FLOW_GET <"$lab_folder/go" \
	>"$lab_folder/told" 2>&1 &
exec 9>"$lab_folder/go"
lab_wait 10 grep -q begun "$lab_folder/told"
ktap_test_result "who is in the midst of it keeps the module" sh -c '! rmmod nf_censor'
kill -KILL $!
wait $! 2>/dev/null
exec 9>&-
censor_flush
ktap_test_result "unloaded, after who gave up" lab_wait 10 rmmod nf_censor
censor_clean
ktap_finished
