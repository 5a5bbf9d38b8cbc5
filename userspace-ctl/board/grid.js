// SPDX-License-Identifier: GPL-2.0
// The grid: what a user of each service meets, by each probe, in the phase that is looked at.
"use strict";

const GRID_ROWS = 14;	// more of them, and only those that were tried are shown at first

const grid = { all: null };	// whether all rows are wanted; null: nobody said

// What an outcome means to the user
const MEANS = {
	passed: "works",
	watched: "works, noted",
	marked: "left to other rules",
	slowed: "works, slowly",
	disrupted: "loses some packets",
	forged: "false answer",
	reset: "cut off",
	dropped: "no answer",
};

// What the rules said in the phase before in the calendar: SAID, or null where there is none
function grid_before(service, probe)
{
	const phases = state.all.phases, at = state.looking;

	return at > 0 && phases[at] && phases[at].from && phases[at - 1].from ?
	       state_cell(at - 1, service, probe)[2] : null;
}

function grid_changed(service, probe)
{
	const before = grid_before(service, probe);

	return before !== null && before !== state_cell(state.looking, service, probe)[2];
}

// Columns and rows that have anything in any phase, and the rows that were tried
function grid_used()
{
	const probes = new Set(), services = new Set(), tried = new Set();

	for (const [name, [outcome, , said]] of state.cells) {
		const [, service, probe] = name.split(" ");

		if (!outcome && !said)
			continue;
		probes.add(+probe);
		services.add(+service);
		if (outcome)
			tried.add(+service);
	}
	const sorted = (set) => [...set].sort((a, b) => a - b);

	return [sorted(probes), sorted(services), sorted(tried)];
}

// The columns' names; where rows are left out, a button that brings them.
function grid_head(probes, services, tried, all)
{
	const row = make("tr"), first = make("th");

	if (tried.length && tried.length < services.length) {
		const button = make("button", "", all ? `only tried: ${tried.length}` :
							`all ${services.length} services`);

		button.type = "button";
		button.addEventListener("click", () => {
			grid.all = !all;
			grid_draw([]);
		});
		first.append(button);
	}
	row.append(first, ...probes.map((probe) => make("th", "", state.all.probes[probe])));
	document.getElementById("probes").replaceChildren(row);
}

function grid_cell(service, probe, changed)
{
	const [outcome, count, said] = state_cell(state.looking, service, probe);
	const cell = make("td"), word = state.all.outcomes[outcome || said];
	const turned = grid_changed(service, probe);
	let tile;

	if (turned)
		cell.className = "new";
	if (!outcome && !said) {
		if (turned) {
			cell.append(make("div", "tile lifted", "lifted"));
			cell.title = "No rule is in force any more";
		}
		return cell;
	}
	tile = make_tile(word, outcome ? word : "said");
	if (outcome && count > 1)
		tile.append(make("i", "", `×${count}`));
	if (changed.has(key(state.looking, service, probe)))
		tile.classList.add("just");
	cell.title = (outcome ? `${word}, ${count} times: ${MEANS[word]}` :
				`not tried; the rule says: ${word}`) +
		     (turned ? "; new in this phase" : "");
	cell.append(tile);
	return cell;
}

// The rows are as high as there is room for, within reason.
function grid_fit(services, columns)
{
	const section = document.querySelector(".grid");
	const head = document.getElementById("probes").clientHeight;
	const wide = section.clientWidth * 0.76 / columns / plot_em();
	const row = (section.clientHeight - head) / Math.max(services.length, 1) / plot_em();
	const longest = Math.max(0, ...services.map((one) => state.all.services[one].length));

	section.style.setProperty("--row", `${Math.min(2.6, Math.max(1.4, row)) - 0.15}rem`);
	section.classList.toggle("large", row > 2.1 && wide > 7.2);
	section.classList.toggle("long", longest > 12);
}

function grid_draw(changes)
{
	const [probes, services, tried] = grid_used();
	const all = grid.all === null ? services.length <= GRID_ROWS || !tried.length : grid.all;
	const rows = all ? services : services.filter((service) => tried.includes(service) ||
		probes.some((probe) => grid_changed(service, probe)));
	const changed = new Set(changes);
	const body = document.getElementById("services");

	document.getElementById("empty").hidden = services.length > 0;
	grid_head(probes, services, tried, all);
	grid_fit(rows, probes.length);
	body.replaceChildren(...rows.map((service) => {
		const row = make("tr"), name = make("th", "", state.all.services[service]);

		name.scope = "row";
		name.title = state.all.services[service];
		row.append(name, ...probes.map((probe) => grid_cell(service, probe, changed)));
		return row;
	}));
}

// Of the outcomes that there are in this policy
function grid_legend()
{
	const there = new Set();

	for (const [outcome, , said] of state.cells.values())
		there.add(outcome).add(said);
	const items = [...there].filter((outcome) => outcome).sort((a, b) => a - b).map((outcome) => {
		const word = state.all.outcomes[outcome], item = make("li");

		item.append(make_tile(word), MEANS[word] || "");
		return item;
	});
	const said = make("li");

	const bar = make("li");

	said.append(make("div", "tile said", "dashed"), "untried rule");
	bar.append(make("div", "bar"), "new");
	items.push(said, make("li", "", "blank: no rule"), bar);
	document.getElementById("legend").replaceChildren(...items);
}
