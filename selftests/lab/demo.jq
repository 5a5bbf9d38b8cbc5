# SPDX-License-Identifier: GPL-2.0
# Puts the demo's rows together: the plan and the clients' results (lines of fields separated by tabs,
# see demo) and the kernel's events. One array of objects.

def lines: split("\n") | map(select(. != "") | split("\t"));

# Events of a flow, whichever side sent the packet.
def of_flow($port):
	select((.flow.saddr == "192.0.2.10" or .flow.saddr == "2001:db8:1::10") and .flow.sport == $port
	    or (.flow.daddr == "192.0.2.10" or .flow.daddr == "2001:db8:1::10") and .flow.dport == $port);

def in_order: reduce .[] as $one ([]; if index([$one]) then . else . + [$one] end);

# What the client saw, and the part of the packet by which the censor may have found it.
{
	forged: {class: ["forged"], action: "^forge "},
	reset: {class: ["reset"], action: "^inject .*residual"},
	refused: {class: ["refused", "reset"], action: "^inject ", residual: true},
	dropped: {class: ["dropped"], action: "^drop$"},
	logged: {class: ["answer"], action: "^log$"},
	open: {class: ["answer"], action: null}
} as $promises
| {dns: "^dns[.]", http: "^http[.]", https: "^tls[.]", sni: "^tls[.]", imaps: "^ip", smtps: "^ip"} as $fields
| ($results | lines | map({key: .[0], value: {class: .[1], words: .[2]}}) | from_entries) as $seen
| [$plan | lines[]
	| (.[0] | tonumber) as $port
	| .[3] as $kind
	| ($seen[.[0]] // {class: "none", words: "the client said nothing"}) as $client
	| $promises[.[8]] as $promise
	# The first event of each rule: what follows on the same flow is its aftermath.
	| [$events[] | objects | select(.flow) | of_flow($port)] as $mine
	| ($mine | map(.rule) | in_order) as $rules
	| [$rules[] as $rule | first($mine[] | select(.rule == $rule))] as $first
	| {
		service: .[1],
		probe: .[2],
		name: .[5],
		expected: .[8],
		observed: $client.words,
		action: (if $first == [] then null else $first | map(.action) | in_order | join("; ") end),
		rule: (if $first == [] then null else $rules | join(", ") end),
		field: (if $first == [] then null else $first | map(.field) | in_order | join(", ") end),
		ok: ($promise != null
			and ([$client.class] | inside($promise.class))
			and (if $promise.action == null then
				$first == []
			else
				$first != [] and all($first[];
					(.action | test($promise.action))
					and (if $promise.residual then .residual == true
					     else (.residual != true) and (.field | test($fields[$kind])) end))
			end))
	}]
