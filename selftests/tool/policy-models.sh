#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The censor's TCP and IP: every knob, good and bad; contradictions; models that have names.
# shellcheck source=policy.lib disable=SC2154
. "$(dirname "$0")/policy.lib"

# policy STATEMENT: a policy with it, in the file p
policy()
{
	printf 'censor c {\n\tinside 192.0.2.0/24\n%s\n\trule r { tls.sni in "x.example" } log\n}\n' "$1" >p
}

# printed: what is printed of the policy p between inside and the rule, blanks and line ends made one
printed()
{
	"$censorctl" check --print "$1" 2>&1 | sed '/^censor/d; /^	inside/d; /^	rule/d; /^}/d' |
		tr -s '\t\n' '  ' | sed 's/^ //; s/ $//'
}

# good NAME STATEMENT [PRINTED]: it is printed so (default: as it was written), by way of JSON too
good()
{
	policy "$2"
	wanted=${3-$2}
	is "$1" "$wanted" "$(printed p)"
	"$censorctl" check --print -j p >json 2>&1
	is "$1: by way of JSON" "$wanted" "$(printed json)"
}

# bad NAME WHAT STATEMENT: what is said, as LINE:COLUMN: TEXT of the statement
bad()
{
	printf '%s\n' "$2" | sed 's/^/p:/; s/: /: error: /' >wanted
	printf 'censor c {\n%s\n\trule ok { tls.sni in "x.example" } log\n}\n' "$3" >q
	refused "$1" <q
}

# knob BLOCK NAME VALUE...: each value that the knob can have but the default
knob()
{
	block=$1
	name=$2
	shift 2
	for value in "$@"; do
		good "$block $name $value" "$block { $name $value }"
	done
}

knob tcp create 'syn, data' 'syn, syn+ack, data'
good "create data" 'tcp { create data }' 'tcp { create data restart none }'
good "create syn" 'tcp { create syn }'
good "create of less than restart" 'tcp { create syn+ack }' 'tcp { create syn+ack restart none }'
good "create of more" 'tcp { create syn, syn+ack, data }'
good "create in another order" 'tcp { create data, syn }' 'tcp { create syn, data }'
good "create fin" 'tcp { create syn, syn+ack, fin; restart none }' 'tcp { create syn, syn+ack, fin restart none }'
knob tcp restart 'syn+ack' 'syn, syn+ack' none
knob tcp handshake syn syn+ack full
knob tcp client syn creator inside
good "client both" 'tcp { client both; reassembly none }' 'tcp { client both reassembly none }'
knob tcp resync 'syn+ack' 'bad-ack 0.01%' 'rst-early 26.8%, rst 20%' 'fin-early, fin 50%, server-data 99.99%'
good "resync syn" 'tcp { restart none; resync syn 100% }' 'tcp { restart none resync syn }'
knob tcp sync data client syn+ack syn 'client, syn'
knob tcp teardown rst 'rst+ack 80%' 'rst, rst+ack, fin 11.1%'
good "a probability of 0" 'tcp { teardown rst 0%, fin }' 'tcp { teardown fin }'
knob tcp teardown-match nothing ports window
knob tcp reassembly none full
knob tcp overlap last
good "overlap-early" 'tcp { reassembly full; overlap-early last }' 'tcp { reassembly full overlap-early last }'
knob tcp holes skip stop
knob tcp buffer 1 1000 4031
knob tcp first-segment 8 65535
knob tcp look 'packets 10' 'bytes 4294967295' 'empty 255' 'unknown 100' 'unknown never' all 'packets 1, bytes 2, empty 3, unknown 4, all'
good "look, several times" 'tcp { look all; look bytes 5, packets 4 }' 'tcp { look packets 4, bytes 5, all }'
good "look first is the default" 'tcp { look first, packets 0 }' ''
knob tcp check none checksum ip-checksum data-offset ack ack-flag md5 timestamp window flags options header-20 isn 'checksum, data-offset'
knob tcp sees client
knob tcp syn-data off
knob tcp tls-records on
knob tcp timeout 'syn 30s' 'syn+ack 1h' 'open 500ms' 'closing 1s' 'hole 4500s' 'syn 1s, hole 2s'
good "timeout, several times" 'tcp { timeout hole 75m; timeout open 5m, syn 1m }' 'tcp { timeout open 300s, hole 4500s }'
knob ip fragments reassemble hold
good "ip overlap" 'ip { fragments reassemble; overlap original }' 'ip { fragments reassemble overlap original }'
good "ip overlap last" 'ip { fragments reassemble; overlap last }' 'ip { fragments reassemble overlap last }'
good "ip overlap drop" 'ip { fragments hold; overlap drop }' 'ip { fragments hold overlap drop }'
knob ip queue 1 45 128
good "ip full" 'ip { fragments hold; full drop }' 'ip { fragments hold full drop }'
good "ip ttl" 'ip { fragments hold; ttl first }' 'ip { fragments hold ttl first }'
knob ip timeout 5s 2h
knob detect udp-look 0 1 65535
knob detect udp-timeout 1ms 2h
good "detect quic-versions" 'detect { quic-versions v1, draft-29 }' 'detect { quic-versions v1, draft-29 }'
good "detect quic-versions none" 'detect { quic-versions none }' 'detect { quic-versions none }'
knob detect quic-tag on
knob detect quic-assemble frame datagram
knob detect quic-ports higher
knob detect quic-first on
knob detect quic-rate 0 1 4294967295
knob detect http-header-name 1 65535
knob detect http-reach 1 65535
knob detect dns-name 1 125
knob detect dns-dots on
knob detect dns-questions 2 4
knob detect fet-low 0.00 3.39 4.59
knob detect fet-high 3.41 8.00
knob detect fet-prefix 1 65535
knob detect fet-percent 0 100
knob detect fet-run 0 65535
knob detect fet-tls 0 255
knob detect openvpn-opcodes 1 65535
knob detect openvpn-acks on
knob detect tls-in-tls on
good "detect by name" 'detect china-2024 { quic-rate 5 }' 'detect china-2024 { quic-rate 5 }'
good "what is as by default" 'tcp { create syn, syn+ack; restart syn; check isn, data-offset; syn-data on; buffer 4032; timeout hole open }
ip { fragments ignore; queue 64; timeout 30s }' ''
good "an empty block" 'tcp { }
ip { }' ''
good "a clock" 'clock 60x'
good "a clock that is the default" 'clock 1x' ''

bad "a knob that there is not" '2:7: tcp has no knob "overlpa"; did you mean "overlap"?' 'tcp { overlpa last }'
bad "detect dns-name" '2:19: dns-name is a number from 1 to 253, not "254"' 'detect { dns-name 254 }'
bad "detect fet-low" '2:18: fet-low is a number from 0 to 8 with two digits behind the point, as in 3.40' \
	'detect { fet-low 8.01 }'
bad "detect fet-high" '2:10: a byte has at most 8.00 bits set, and fet-low is less than fet-high' \
	'detect { fet-high 3.4 }'
bad "a model without the part" '2:8: the model "china-2017" has no detect part' 'detect china-2017'
bad "a knob of the other block" '2:6: queue is a knob of ip, not of tcp' 'tcp {queue 5 }'
bad "create" '2:14: create is syn, syn+ack, data or fin, not "sin"; did you mean "syn"?' 'tcp { create sin }'
bad "create with a word twice" '2:19: syn is there twice' 'tcp { create syn, syn }'
bad "create without a comma" '2:18: the words of create are joined by commas: write syn, data' 'tcp { create syn data }'
bad "create none" '2:7: no packet creates a TCB: create needs syn, syn+ack or data' 'tcp { create none }'
bad "none with another" '2:20: none stands alone' 'tcp { restart syn, none }'
bad "another with none" '2:21: none stands alone' 'tcp { restart none, syn }'
bad "restart" '2:15: restart is syn or syn+ack, not "data"' 'tcp { restart data }'
bad "handshake" '2:17: handshake is none, syn, syn+ack or full, not "ack"' 'tcp { handshake ack }'
bad "client" '2:14: client is first, syn, creator, inside or both, not "last"' 'tcp { client last }'
bad "two values" '2:20: client has one value, and "both" is a second' 'tcp { client first both }'
bad "two values and a comma" '2:21: client has one value, and "both" is a second' 'tcp { client first, both }'
bad "resync" '2:14: resync is syn, syn+ack, bad-ack, rst-early, rst, fin-early, fin or server-data, not "ack"' 'tcp { resync ack }'
bad "a probability beyond" '2:22: a probability is from 0% to 100%, with two decimals at most such as 26.35%, not "100.01%"' \
	'tcp { resync bad-ack 100.01% }'
bad "a probability too fine" '2:18: a probability is from 0% to 100%, with two decimals at most such as 26.35%, not "1.005%"' \
	'tcp { resync rst 1.005% }'
bad "a probability without %" '2:18: a probability stands with its %: write 50%' 'tcp { resync rst 50 }'
bad "sync" '2:12: sync is data, client, syn+ack or syn, not "rst"' 'tcp { sync rst }'
bad "teardown" '2:16: teardown is rst, rst+ack or fin, not "fyn"; did you mean "fin"?' 'tcp { teardown fyn }'
bad "teardown-match" '2:22: teardown-match is nothing, ports, tuple or window, not "flow"' 'tcp { teardown-match flow }'
bad "reassembly" '2:18: reassembly is none, in-order or full, not "on"' 'tcp { reassembly on }'
bad "overlap" '2:15: overlap is first or last, not "original"' 'tcp { overlap original }'
bad "overlap-early" '2:21: overlap-early is first or last, not "latest"; did you mean "last"?' 'tcp { overlap-early latest }'
bad "holes" '2:13: holes is wait, skip or stop, not "jump"' 'tcp { holes jump }'
bad "buffer" '2:14: buffer is a number from 1 to 4032, not "4033"' 'tcp { buffer 4033 }'
bad "first-segment" '2:21: first-segment is a number from 0 to 65535, not "-1"' 'tcp { first-segment -1 }'
bad "look" '2:12: look is packets, bytes, empty, unknown, all or first, not "byte"; did you mean "bytes"?' 'tcp { look byte 5 }'
bad "look without a number" '2:12: look packets needs its number, as in look packets 100' 'tcp { look packets }'
bad "look at two numbers" '2:28: packets is there twice' 'tcp { look packets 5; look packets 6 }'
bad "look with a number too many" '2:16: look all stands alone, without "5"' 'tcp { look all 5 }'
bad "look empty" '2:18: empty is a number from 0 to 255, not "256"' 'tcp { look empty 256 }'
bad "check" '2:13: check is checksum, ip-checksum, data-offset, ack, ack-flag, md5, timestamp, window, flags, options, header-20 or isn, not "header"' \
	'tcp { check header }'
bad "sees" '2:12: sees is both or client, not "server"' 'tcp { sees server }'
bad "syn-data" '2:16: syn-data is on or off, not "yes"' 'tcp { syn-data yes }'
bad "tls-records" '2:19: tls-records is on or off, not "1"' 'tcp { tls-records 1 }'
bad "timeout" '2:15: timeout is syn, syn+ack, open, closing or hole, not "30s"' 'tcp { timeout 30s }'
bad "timeout without a time" '2:15: timeout syn needs its time, as in timeout syn 60s' 'tcp { timeout syn }'
bad "timeout without a unit" '2:19: a time needs its unit: write 60s for seconds, or ms, m, h, d' 'tcp { timeout syn 60 }'
bad "fragments" '2:16: fragments is ignore, reassemble or hold, not "pass"' 'ip { fragments pass }'
bad "ip overlap, misspelt" '2:14: overlap is first, last, original or drop, not "frist"; did you mean "first"?' 'ip { overlap frist }'
bad "queue" '2:12: queue is a number from 1 to 128, not "129"' 'ip { queue 129 }'
bad "full" '2:11: full is pass or drop, not "hold"' 'ip { full hold }'
bad "ttl" '2:10: ttl is own or first, not "last"' 'ip { ttl last }'
bad "ip timeout" '2:14: "soon" is not a time such as 90s, 500ms, 3m or 1h' 'ip { timeout soon }'
bad "a clock without x" '2:7: a clock is from 1x to 10000x, such as 60x for sixty times as fast, not "60"' 'clock 60'
bad "a clock too fast" '2:7: a clock is from 1x to 10000x, such as 60x for sixty times as fast, not "10001x"' 'clock 10001x'
bad "a knob without a value" '2:14: expected a word, not "}"' 'tcp { create }'
bad "client inside of nothing" '2:1: client inside needs the censor to say what is inside, as in: inside 192.0.2.0/24' 'tcp { client inside }'

# What doesn't go together is shown at the knob that doesn't go with what stands before it.
contradiction='reassembly none has nothing that could overlap: overlap needs in-order or full'
bad "contradiction: overlap" "3:2: $contradiction" 'tcp { reassembly none
	overlap last
}'
bad "contradiction: reassembly" "3:2: $contradiction" 'tcp { overlap last
	reassembly none
}'
bad "contradiction: overlap-early" '2:7: overlap-early is of segments that are kept early, which only reassembly full does' \
	'tcp { overlap-early last }'
bad "contradiction: holes" '2:24: reassembly none follows no sequence numbers: holes needs in-order or full' \
	'tcp { reassembly none; holes skip }'
bad "contradiction: first-segment" '2:24: reassembly none puts no segments together: first-segment needs in-order or full' \
	'tcp { reassembly none; first-segment 8 }'
bad "contradiction: tls-records" '2:24: reassembly none has no records to put together beyond a segment: tls-records needs in-order or full' \
	'tcp { reassembly none; tls-records on }'
bad "contradiction: client both" '2:7: client both looks at segments of either end by themselves: it needs reassembly none' \
	'tcp { client both }'
for rule in "protocol encrypted" "protocol tls-in-tls" 'tls.cert in "x.example"'; do
	bad "contradiction: client both, and $rule" \
		'1:8: with client both of the model of TCP nobody is the server: encrypted, tls-in-tls and tls.cert need another client' \
		"	tcp { client both; reassembly none }
	rule server { $rule } log"
done
bad "contradiction: restart" '2:19: what begins a TCB anew must be able to create one: restart names what create does not' \
	'tcp { create syn; restart syn+ack }'
bad "contradiction: handshake" "2:20: handshake syn can't be seen where create has no syn" 'tcp { create data; handshake syn }'
bad "contradiction: sees" "2:23: handshake asks for the server's SYN+ACK, which a censor that sees client never sees" \
	'tcp { handshake full; sees client }'
bad "contradiction: resync" '2:7: another SYN either begins the TCB anew or resynchronises it: restart and resync both name syn' \
	'tcp { resync syn }'
bad "contradiction: sync" '2:19: what ends a resynchronisation? sync needs data, client, syn+ack or syn' \
	'tcp { resync rst; sync none }'
bad "contradiction: ip overlap" '2:6: fragments ignore puts nothing together: overlap needs reassemble or hold' 'ip { overlap last }'
bad "contradiction: full" '2:28: only fragments that are held can be dropped with others: full drop needs fragments hold' \
	'ip { fragments reassemble; full drop }'
bad "contradiction: ttl" '2:6: only fragments that are held leave with another TTL: ttl first needs fragments hold' 'ip { ttl first }'
printf 'p:3:1: error: tcp is there twice\np:2:1: note: it is here\n' >wanted
printf 'censor c {\ntcp { }\ntcp { }\n\trule ok { tls.sni in "x.example" } log\n}\n' >q
refused "two tcp blocks" <q
printf 'p:3:2: error: overlap is given twice\np:2:7: note: it is here\n' >wanted
printf 'censor c {\ntcp { overlap last\n\toverlap first }\n\trule ok { tls.sni in "x.example" } log\n}\n' >q
refused "a knob twice, and where it is" <q
printf 'p:2:7: error: tcp has no knob "zzz"\np:2:7: note: its knobs are create, restart, handshake, client, resync, sync, teardown, teardown-match, reassembly, overlap, overlap-early, holes, buffer, first-segment, look, check, sees, syn-data, tls-records, timeout\n' >wanted
printf 'censor c {\ntcp { zzz 4 }\n\trule ok { tls.sni in "x.example" } log\n}\n' >q
refused "a knob like no other" <q

# Models that have names. Which knobs they turn is not this test's matter.
"$censorctl" list models >listed 2>err
is "list models: exit 0" 0 $?
is "list models: one a line" "$(find "$top/policies/models" -name '*.model' | wc -l)" "$(wc -l <listed)"
is "list models: each says what it is" "" "$(awk 'NF < 3' listed)"
for file in "$top"/policies/models/*.model; do
	model=$(basename "$file" .model)
	"$censorctl" list model "$model" | cmp -s - "$file"
	result $? "list model $model is its file"
	for part in tcp ip; do
		if grep -q "^	$part {" "$file"; then
			good "$part $model" "$part $model"
		else
			bad "$part $model" "2:$((${#part} + 2)): the model \"$model\" has no $part part" "$part $model"
		fi
	done
done
good "a model with a change" 'tcp china-2017 { buffer 77 }'
good "a model with what it says itself" "$(awk '/^\ttcp/, /^\t}/' "$top/policies/models/china-2017.model" |
	sed 's/tcp {/tcp china-2017 {/')" 'tcp china-2017'
good "the brace on the next line" 'tcp china-2017
{ buffer 77
}' 'tcp china-2017 { buffer 77 }'
bad "no such model" '2:5: there is no model "china-2071"; did you mean "china-2017"? censorctl list models shows all' 'tcp china-2071'
bad "a model like none" '2:5: there is no model "utopia"; censorctl list models shows all' 'tcp utopia'
printf 'p:1:1: error: a policy begins with censor NAME {: models stand in files of their own, in censorctl, and are named by tcp and ip\n' >wanted
echo 'model m { tcp { overlap last } }' >q
refused "a model for a policy" <q
"$censorctl" list model china-2071 >out 2>err
is "list model: no such one, exit 1" 1 $?
is "list model: no such one" 'censorctl list: there is no model "china-2071"; did you mean "china-2017"? censorctl list models shows all' "$(cat err)"
"$censorctl" list -j model china-2017 | head -c 30 >out
is "list model -j" '{"name":"china-2017","text":"#' "$(cat out)"
"$censorctl" list nonsense >out 2>err
is "list of something else: exit 2" 2 $?
done_testing
