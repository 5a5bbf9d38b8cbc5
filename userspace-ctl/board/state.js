// SPDX-License-Identifier: GPL-2.0
// What the page knows: the screen as it was told whole, and what came since.
"use strict";

const state = {
	all: null,		// the last whole screen; its arrays grow
	cells: new Map(),	// "phase service probe" -> [outcome, count, said]
	saved: false,		// this is a report, not a live page
	looking: 0,		// the phase that is looked at: live, the one in force
};

// How many of each the page keeps.
const KEPT = { events: 512, samples: 900, switches: 256 };

const key = (phase, service, probe) => `${phase} ${service} ${probe}`;

function keep_cells(cells)
{
	const changed = [];

	for (const [phase, service, probe, outcome, count, said] of cells) {
		state.cells.set(key(phase, service, probe), [outcome, count, said]);
		changed.push(key(phase, service, probe));
	}
	return changed;
}

// A message of the server's into the state. Returns the keys of the cells that changed.
function state_apply(message)
{
	if (message.all) {
		state.all = message;
		state.cells.clear();
		keep_cells(message.cells);
		state.looking = message.phase;
		return [];
	}
	if (!state.all)
		return [];
	for (const part of ["services", "series", "events", "samples", "switches"])
		state.all[part].push(...message[part]);
	for (const part in KEPT)
		state.all[part].splice(0, state.all[part].length - KEPT[part]);
	for (const part of ["at", "phase", "date", "lost", "total"])
		state.all[part] = message[part];
	if (!state.saved)
		state.looking = message.phase;
	return keep_cells(message.cells);
}

// What happened to a service by a probe in a phase: [outcome, count, said]
function state_cell(phase, service, probe)
{
	return state.cells.get(key(phase, service, probe)) || [0, 0, 0];
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December"];

// A date of the policy's as people write it: "18 July 2017", short: "18 Jul"
function date_text(date, short)
{
	const parts = /^(\d+)-(\d+)-(\d+)(T(\d+:\d+))?/.exec(date || "");

	if (!parts)
		return "";
	const month = MONTHS[parts[2] - 1] || "";
	const hour = parts[5] && parts[5] !== "00:00" ? `, ${parts[5]}` : "";

	return `${+parts[3]} ${short ? month.slice(0, 3) : `${month} ${parts[1]}${hour}`}`;
}

// Bits a second, as in "16 k"
function rate_text(bits)
{
	const units = ["", " k", " M", " G"];
	let unit = 0;

	while (bits >= 999.5 && unit < units.length - 1) {
		bits /= 1000;
		unit++;
	}
	return `${bits >= 9.95 || !unit ? Math.round(bits) : bits.toFixed(1)}${units[unit]}`;
}

// An element with a class and a text; texts are never taken for HTML.
function make(tag, name, text)
{
	const element = document.createElement(tag);

	if (name)
		element.className = name;
	if (text !== undefined)
		element.textContent = text;
	return element;
}

function make_symbol(outcome)
{
	const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
	const use = document.createElementNS("http://www.w3.org/2000/svg", "use");

	svg.setAttribute("aria-hidden", "true");
	use.setAttribute("href", `#i-${outcome}`);
	svg.append(use);
	return svg;
}

// Colour, symbol and word of an outcome
function make_tile(outcome, name)
{
	const tile = make("div", `tile ${name || outcome}`), word = make("span");

	word.append(make_symbol(outcome), outcome);
	tile.append(word);
	return tile;
}
