# SPDX-License-Identifier: GPL-2.0
# Puts the demo together: the rows of the story, the probes of year with what their clients saw, and the
# kernel's events of each.

def lines: split("\n") | map(select(. != "" and (startswith("#") | not)) | split("\t"));

# The client's port, whichever side sent the packet, and the server's address.
def inside: . == "192.0.2.10" or . == "2001:db8:1::10";
def client_port: if .flow.saddr | inside then .flow.sport else .flow.dport end;
def server: if .flow.saddr | inside then .flow.daddr else .flow.saddr end;

# The events that are a probe's own, by its phase and what year says of it.
def own($selector; $phase):
	($selector | split(" ")) as [$by, $what]
	| map(select(.phase == $phase))
	| if $by == "port" then map(select(client_port == ($what | tonumber)))
	elif $by == "ports" then ($what | split("-") | map(tonumber)) as [$from, $to]
		| map(select(client_port >= $from and client_port <= $to))
	elif $by == "host" then map(select(server == $what))
	else [] end;

def in_order: reduce .[] as $one ([]; if index([$one]) then . else . + [$one] end);

# How often each of some words is there, in the order in which they come.
def counted: . as $all
	| in_order
	| map(. as $one | ($all | map(select(. == $one)) | length) as $n
		| if $n == 1 then . else "\(.) (\($n))" end)
	| join("; ");

# What the client is to see, and what the censor is to do: the action of each rule's first event.
{
	forged: {class: ["forged"], words: "a false answer", action: "^forge "},
	reset: {class: ["reset"], words: "reset", action: "^inject "},
	refused: {class: ["refused", "reset"], words: "reset at once", action: "^inject ",
		residual: true},
	dropped: {class: ["dropped"], words: "no answer", action: "^drop"},
	cut: {class: ["dropped"], words: "no answer", action: "^(drop|police )"},
	starved: {class: ["dropped"], words: "no answer in time", action: "^police "},
	logged: {class: ["answer"], words: "works, watched", action: "^log$"},
	counted: {class: ["counted"], words: "works, counted", action: "^log$"},
	slow: {class: ["slow"], words: "the policy's rate", action: "^police "},
	through: {class: ["answer"], words: "works", action: "^police "},
	open: {class: ["answer"], words: "works", action: null},
	either: {class: ["answer", "reset"], words: "passes or is reset", either: true},
	some: {class: ["some"], words: "some pass, some do not", quiet: true},
	same: {class: ["same"], words: "the same pass", quiet: true},
	other: {class: ["other"], words: "others pass", quiet: true}
} as $promises
# What stands in the place of what was to be seen, where that was not.
| {
	forged: "a false answer", reset: "reset", refused: "refused", dropped: "no answer", none: "nothing said",
	slow: "the policy's rate", counted: "works, counted", some: "some pass, some do not",
	same: "the same pass", answer: "works", other: "something else"
} as $outcomes
| [$events[] | objects | select(.flow)] as $events
| ($probes | lines | map(. as [$row, $phase, $service, $probe, $expected, $selector, $class, $words]
	| ($promises[$expected] // error("what is \($expected)?")) as $promise
	| ($events | own($selector; $phase)) as $mine
	# The first event of each rule: what follows on the same flow is its aftermath.
	| ($mine | map(.rule) | in_order) as $rules
	| [$rules[] as $rule | first($mine[] | select(.rule == $rule))] as $first
	| (if $promise.either then (if $class == "answer" then null else "^inject " end)
	   else $promise.action end) as $action
	| {
		row: ($row | tonumber),
		phase: $phase,
		service: $service,
		probe: $probe,
		expected: $promise.words,
		class: $class,
		observed: $words,
		action: (if $first == [] then null else $first | map(.action) | in_order | join("; ") end),
		rule: (if $first == [] then null else $rules | join(", ") end),
		matched: (if $first == [] then null else
			$first | map("\(.field) \(.value)") | in_order | join(", ") end),
		outcome: $outcomes[$class],
		ok: (([$class] | inside($promise.class))
			and ($promise.quiet
			or (if $action == null then $first == []
			else $first != [] and all($first[];
				(.action | test($action))
				and ((.residual == true) == ($promise.residual == true))) end)))
	}
	# As promised, it is called what it was promised as; else with what the censor did.
	| .outcome = if .ok then .expected else "\(.outcome), \(.action // "the censor did nothing")" end)) as $probes
| {
	policy: "cn-2017",
	seed: ($seed | tonumber),
	kernel: $release,
	seconds: ($seconds | tonumber),
	rows: [$rows | lines[] | . as [$row, $when, $says]
		| ($row | tonumber) as $row
		| [$probes[] | select(.row == $row)] as $mine
		| {
			row: $row,
			when: $when,
			says: $says,
			expected: ($mine | map(.expected) | counted),
			observed: ($mine | map(.outcome) | counted),
			ok: ($mine != [] and all($mine[]; .ok)),
			probes: $mine
		}],
	rate: ($rate | tonumber),
	series: [$series | lines | group_by(.[0:2])[]
		| {tool: .[0][0], hour: .[0][1], points: map([(.[2] | tonumber), (.[3] | tonumber)])}]
}
