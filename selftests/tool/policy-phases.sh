#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Mistakes in phases, and in what a rule does to the later packets of a flow: each with its place.
# shellcheck source=policy.lib disable=SC2154
. "$(dirname "$0")/policy.lib"

# warned NAME WANTED TEXT: a statement that is good, with just these warnings
warned()
{
	printf 'censor c {\n%s\n\tnames ok { ok.example }\n\trule ok { tls.sni in ok } log\n}\n' "$3" >p
	"$censorctl" check p >out 2>err
	status=$?
	is "$1" "exit 0
$2" "exit $status
$(grep '^p:' err)"
}

inside "a date that is none" \
	'p:2:14: error: "2017-02-30" is no date: 2017-02 has 28 days' \
	'phase a from 2017-02-30'
inside "a leap day in no leap year" \
	'p:2:14: error: "2100-02-29" is no date: 2100-02 has 28 days' \
	'phase a from 2100-02-29'
inside "a month of none" \
	'p:2:14: error: "2017-13-01" is no date: months are 01 to 12, behind the year' \
	'phase a from 2017-13-01'
inside "an hour of none" \
	'p:2:14: error: "2017-01-01T24:00" is no date: a day goes from 00:00 to 23:59' \
	'phase a from 2017-01-01T24:00'
inside "the day before the month" \
	'p:2:14: error: "18.07.2017" is not a date such as 2017-07-18 or 2017-07-18T20:00 (UTC)' \
	'phase a from 18.07.2017'
inside "a date of one digit" \
	'p:2:14: error: "2017-7-18" is not a date such as 2017-07-18 or 2017-07-18T20:00 (UTC)' \
	'phase a from 2017-7-18'
inside "before all dates" \
	'p:2:14: error: "1969-12-31" is no date: dates begin with the year 1970' \
	'phase a from 1969-12-31'
inside "a zone of another" \
	'p:2:14: error: "2017-07-18T20:00+08" is not a date such as 2017-07-18 or 2017-07-18T20:00 (UTC)' \
	'phase a from 2017-07-18T20:00+08'
inside "an end before the beginning" \
	'p:2:28: error: a phase ends after it begins, and this one begins on 2017-07-18' \
	'phase a from 2017-07-18 to 2017-07-17'
inside "an end at the beginning" \
	'p:2:28: error: a phase that ends when it begins has no time: 2017-07-18 is its first day too' \
	'phase a from 2017-07-18 to 2017-07-18'
inside "an end alone" \
	'p:2:9: error: expected the end of the line, a string, "from" or "}", not "to"' \
	'phase a to 2017-07-18'
inside "phases backwards" \
	'p:4:14: error: phases stand in the order of their dates: "a", before this one, begins on 2017-08-01
p:2:14: note: it is here' \
	'phase a from 2017-08-01
phase b
phase c from 2017-07-18'
inside "phases at once" \
	'p:3:14: error: two phases begin at once: "a" begins on 2017-08-01 too
p:2:14: note: it is here' \
	'phase a from 2017-08-01
phase c from 2017-08-01'
inside "phases that overlap" \
	'p:3:14: error: phases don'\''t overlap: "a" ends on 2017-08-01T12:00 only
p:2:28: note: it is here' \
	'phase a from 2017-07-18 to 2017-08-01T12:00
phase c from 2017-08-01'
inside "a phase twice" \
	'p:3:7: error: there is already a phase called "a"
p:2:7: note: it is here' \
	'phase a
phase a from 2017-08-01'
inside "a phase without its name" \
	'p:2:6: error: expected a name, not the end of the line' \
	'phase'
inside "a phase with two titles" \
	'p:2:13: error: expected the end of the line, "from" or "}", not "y"' \
	'phase a "x" "y"'
inside "a title of too many bytes" \
	'p:2:9: error: a title of 128 bytes: at most 127 are possible' \
	"phase a \"$(awk 'BEGIN { for (i = 0; i < 128; i++) printf "x" }')\""
inside "a title with a quote" 'p:2:9: error: a title has a control character or a quote in it' 'phase a "x\"y"'
inside "a title of two lines" \
	'p:2:9: error: a title has a control character or a quote in it' \
	'phase a "x\x0ay"'
inside "a phase that is none" \
	'p:4:33: error: no phase is called "juli"; did you mean "july"?' \
	'phase july
phase august
rule r { port 80 } log in phase juli'
inside "a phase of a policy without" \
	'p:2:33: error: no phase is called "july"; the policy has none: write as in phase july from 2017-07-18' \
	'rule r { port 80 } log in phase july'
inside "a phase twice in a rule" \
	'p:3:39: error: the phase "july" is there twice' \
	'phase july
rule r { port 80 } log in phase july, july'
inside "an action behind the phases" \
	'p:3:39: error: no phase is called "drop"; actions stand before in phase, which ends the rule' \
	'phase july
rule r { port 80 } log in phase july, drop'
inside "phases without a name" \
	'p:3:32: error: expected a name, not the end of the line' \
	'phase july
rule r { port 80 } log in phase'
inside "phases and no comma" \
	'p:3:38: error: expected the end of the line, "}" or ",", not "august"' \
	'phase july
rule r { port 80 } log in phase july august'
inside "a comma before the phases" \
	'p:3:25: error: expected an action (log, drop, pass, inject, forge, residual, rewrite, freeze, police, lose, delay, mark, on-path, in-path, probability), not "in"' \
	'phase july
rule r { port 80 } log, in phase july'
inside "in and no phase" \
	'p:3:24: error: expected the end of the line, "sample", "in phase", "}" or ",", not "in"' \
	'phase july
rule r { port 80 } log in july'
inside "a phase at the wrong place" \
	'p:2:20: error: expected an action (log, drop, pass, inject, forge, residual, rewrite, freeze, police, lose, delay, mark, on-path, in-path, probability), not "phase"' \
	'rule r { port 80 } phase july'
inside "a rate of 0" \
	'p:2:27: error: a rate is from 8bit to 10gbit, not "0kbit"; what lets nothing pass is drop' \
	'rule r { port 80 } police 0kbit'
inside "a rate too small" \
	'p:2:27: error: a rate is from 8bit to 10gbit, not "7bit"' \
	'rule r { port 80 } police 7bit'
inside "a rate too large" \
	'p:2:27: error: a rate is from 8bit to 10gbit, not "11gbit"' \
	'rule r { port 80 } police 11gbit'
inside "a rate beyond all numbers" \
	'p:2:27: error: a rate is from 8bit to 10gbit, not "99999999999999999999gbit"' \
	'rule r { port 80 } police 99999999999999999999gbit'
inside "a rate without unit" \
	'p:2:27: error: a rate needs its unit: write 16000bit for bits a second, or kbit, mbit, gbit' \
	'rule r { port 80 } police 16000'
inside "a rate in bytes" \
	'p:2:27: error: "16KB" is not a rate such as 16kbit, 2mbit or 500bit (a second)' \
	'rule r { port 80 } police 16KB'
inside "a rate missing" \
	'p:2:27: error: expected a word, not "per"' \
	'rule r { port 80 } police per host'
inside "a burst too small" \
	'p:2:40: error: a burst is from 64B to 256MB, not "63B"' \
	'rule r { port 80 } police 16kbit burst 63B'
inside "a burst too large" \
	'p:2:40: error: a burst is from 64B to 256MB, not "257MB"' \
	'rule r { port 80 } police 16kbit burst 257MB'
inside "a burst without unit" \
	'p:2:40: error: a burst needs its unit: write 8000B for bytes, or KB, MB' \
	'rule r { port 80 } police 16kbit burst 8000'
inside "a burst in bits" \
	'p:2:40: error: "8kbit" is not a size such as 8KB, 1500B or 1MB' \
	'rule r { port 80 } police 16kbit burst 8kbit'
inside "a burst twice" \
	'p:2:50: error: burst is given twice' \
	'rule r { port 80 } police 16kbit burst 8KB burst 9KB'
inside "a bucket of nobody" \
	'p:2:38: error: per is flow, host or rule, not "hots"; did you mean "host"?' \
	'rule r { port 80 } police 16kbit per hots'
inside "policed to nobody" \
	'p:2:37: error: a packet goes to client, server or both, not to "everyone"' \
	'rule r { port 80 } police 16kbit to everyone'
inside "a loss of nothing" \
	'p:2:25: error: with a probability of 0% it would never act; leave the rule out, or write more' \
	'rule r { port 80 } lose 0%'
inside "a loss of more than all" \
	'p:2:25: error: a probability is from 0% to 100%, with two decimals at most such as 26.35%, not "101%"' \
	'rule r { port 80 } lose 101%'
inside "a loss without sign" \
	'p:2:25: error: a probability stands with its %: write 5%' \
	'rule r { port 80 } lose 5'
inside "lost to nobody" \
	'p:2:31: error: a packet goes to client, server or both, not to "nobody"' \
	'rule r { port 80 } lose 5% to nobody'
inside "a delay of 0" \
	'p:2:26: error: a delay of 0 delays nothing; leave it out, or write more' \
	'rule r { port 80 } delay 0ms'
inside "a delay of 0 to 0" \
	'p:2:26: error: a delay of 0 delays nothing; leave it out, or write more' \
	'rule r { port 80 } delay p50 0ms p95 0ms to client'
inside "a delay without unit" \
	'p:2:26: error: a time needs its unit: write 200ms for milliseconds, or us, s, m, h' \
	'rule r { port 80 } delay 200'
inside "no delay" \
	'p:2:26: error: expected a word, not "to"' \
	'rule r { port 80 } delay to client'
inside "a mark beyond its mask" \
	'p:2:31: error: the mark 0x110 has bits that the mask 0xff leaves out: write 0x110/0x1ff, or leave the mask away' \
	'rule r { port 80 } mark 0x110/0xff'
inside "a mask of nothing" \
	'p:2:29: error: a mask says which bits of the mark are changed, and this one has none' \
	'rule r { port 80 } mark 0x0/0x0'
inside "a mark of 33 bits" \
	'p:2:25: error: a mark is a number of 32 bits such as 0x10, or with a mask 0x10/0xff, not "0x100000000"' \
	'rule r { port 80 } mark 0x100000000'
inside "a mark of none" \
	'p:2:25: error: a mark is a number of 32 bits such as 0x10, or with a mask 0x10/0xff, not "red"' \
	'rule r { port 80 } mark red'
inside "a mark without its mask" \
	'p:2:25: error: a mark is a number of 32 bits such as 0x10, or with a mask 0x10/0xff, not "0x10/"' \
	'rule r { port 80 } mark 0x10/'
inside "a sample of nothing" \
	'p:2:31: error: with a probability of 0% it would never act; leave the rule out, or write more' \
	'rule r { port 80 } log sample 0%'
inside "a sample of no log" \
	'p:2:20: error: expected an action (log, drop, pass, inject, forge, residual, rewrite, freeze, police, lose, delay, mark, on-path, in-path, probability), not "sample"' \
	'rule r { port 80 } sample 1%'
inside "a sample without sign" \
	'p:2:31: error: a probability stands with its %: write 100%' \
	'rule r { port 80 } log sample 100'
inside "policed from afar" \
	'p:2:35: error: a censor that is on-path has copies of packets: it can'\''t police, lose or delay them' \
	'rule r { port 80 } police 16kbit, on-path'
inside "let pass and policed" \
	'p:2:20: error: a rule that lets pass can'\''t also act; only log goes with pass' \
	'rule r { port 80 } pass, police 16kbit'
inside "policed twice" \
	'p:2:35: error: police is there twice in one rule
p:2:20: note: it is here' \
	'rule r { port 80 } police 16kbit, police 17kbit'
warned "no phase of any rule" \
	'p:2:7: warning: no rule says in which phase it is active, so the phases change nothing' \
	'phase july'
warned "a burst that most packets are longer than" \
	'p:2:40: warning: packets longer than the burst pass only when none is owed for: most are up to 1500B' \
	'rule r { port 80 } police 16kbit burst 1000B'
warned "what marks from afar" "" 'rule r { port 80 } on-path, mark 1'
warned "what goes on with a rate" "" 'rule r { port 80 } police 16kbit, residual 90s by src'
warned "a phase in which only others than it have rules" "" 'phase july
phase august
rule r { port 80 } log in phase july'

awk 'BEGIN { print "censor c {"; for (i = 0; i < 34; i++) print "\tphase p" i
	print "\trule r { port 80 } drop in phase p33\n}" }' >q
echo 'p:34:8: error: a policy has at most 32 phases' >wanted
refused "phases too many" <q
cat >wanted <<'END'
p: phases[0].from: error: "2017-02-30" is no date: 2017-02 has 28 days
p: phases[1]: error: a phase that ends on a date begins on one: "from" is missing
p: phases[3].from: error: phases stand in the order of their dates: "c", before this one, begins on 2017-08-01
p: phases[2].from: note: it is here
p: phases[4].titel: error: there is no such member; did you mean "title"?
p: rules[0].do.sample: error: what is sampled is logged: "log": true is missing beside it
p: rules[0].do.police.rate: error: a rate is from 8bit to 10gbit, not "0bit"; what lets nothing pass is drop
p: rules[0].do.police.per: error: per is flow, host or rule, not "hots"; did you mean "host"?
p: rules[0].do.lose.chance: error: a probability is from 0% to 100%, with two decimals at most such as 26.35%, not "200%"
p: rules[0].do.delay.time: error: a delay of 0 delays nothing; leave it out, or write more
p: rules[0].do.mark: error: the mark 0x110 has bits that the mask 0xff leaves out: write 0x110/0x1ff, or leave the mask away
p: rules[1].phases: error: a rule that is in no phase never acts; leave "phases" out for all of them
p: rules[0].phases[1]: error: no phase is called "juli"; did you mean "july"?
END
refused "JSON: the path is the place" <<'END'
{"censor": "c", "phases": [{"name": "a", "from": "2017-02-30"}, {"name": "b", "to": "2017-02-01"},
 {"name": "c", "from": "2017-08-01"}, {"name": "july", "from": "2017-07-18"}, {"name": "d", "titel": "x"}],
 "rules": [{"name": "r", "if": [{"field": "port", "values": [80]}], "phases": ["july", "juli"],
  "do": {"police": {"rate": 0, "burst": "8KB", "per": "hots"}, "lose": {"chance": "200%"},
   "delay": {"time": "0ms"}, "mark": {"value": 272, "mask": 255}, "sample": "1%"}},
  {"name": "s", "if": [{"field": "port", "values": [80]}], "phases": [], "do": {"log": true}}]}
END
cat >p <<'END'
{"censor": "c", "phases": [{"name": "july"}], "rules": [{"name": "r", "phases": ["july"],
 "if": [{"field": "port", "values": [80]}], "do": {"police": {"rate": "16kbit", "burst": "12KB"},
 "mark": {"value": 16}}}]}
END
is "JSON: units in words, and what may be left out" \
	'	rule r { port in 80 } police 16kbit burst 12KB, mark 0x10 in phase july' \
	"$("$censorctl" check --print p 2>&1 | grep rule)"
done_testing
