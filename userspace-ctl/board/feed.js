// SPDX-License-Identifier: GPL-2.0
// The events, newest first, with the bytes that gave them away.
"use strict";

const FEED_SHOWN = 40;	// events
const FEED_BEFORE = 20;	// bytes of context before what was found
const FEED_BYTES = 72;	// bytes shown
const FEED_HEX = 12;	// of them, of what is no text

const feed = { last: -2, looking: -1 };

const printable = (code) => code >= 0x20 && code < 0x7f;

// Bytes as people read them: what has no sign of its own is a dot
function feed_run(text, into)
{
	for (const run of text.match(/[\x20-\x7e]+|[^\x20-\x7e]+/g) || []) {
		if (printable(run.charCodeAt(0)))
			into.append(run);
		else
			into.append(make("span", "dot", "·".repeat(run.length)));
	}
}

const hex = (text) => [...text].map((sign) => sign.charCodeAt(0).toString(16).padStart(2, "0"))
			       .join(" ");

// What was found, in the middle of what the packet says around it; where it is no text, its bytes
function feed_bytes(excerpt)
{
	const line = make("p", "bytes");
	const [at, len] = excerpt.found;
	const from = len ? Math.max(0, at - FEED_BEFORE) : 0;
	const found = excerpt.text.slice(at, at + len);
	const text = found.replace(/[^\x20-\x7e]/g, "").length * 2 > len;
	const mark = make("mark");

	if (from + excerpt.at > 0)
		line.append(make("span", "dot", "…"));
	feed_run(excerpt.text.slice(from, at), line);
	if (len) {
		if (text)
			feed_run(found, mark);
		else
			mark.textContent = hex(found.slice(0, FEED_HEX)) +
					   (len > FEED_HEX ? " …" : "");
		line.append(mark);
	}
	feed_run(excerpt.text.slice(at + len, from + FEED_BYTES), line);
	line.title = hex(excerpt.text);
	return line;
}

// How the censor knew
function feed_by(event)
{
	const probe = state.all.probes[event.probe];
	const value = event.field === "protocol" || event.value === null ? "" : ` ${event.value}`;
	const residual = event.residual ? ", still blocked from before" : "";

	return `${probe}${value} (${event.rule})${residual}`;
}

function feed_item(event)
{
	const item = make("li"), met = make("div", "met");
	const outcome = state.all.outcomes[event.outcome];

	met.append(make("time", "", event.time.slice(11, 19)),
		   make("b", "", state.all.services[event.service]));
	if (event.outcome)
		met.append(make_tile(outcome));
	met.append(make("span", "by", feed_by(event)));
	met.title = `${event.flow}: ${event.action}`;
	item.append(met);
	if (event.excerpt)
		item.append(feed_bytes(event.excerpt));
	return item;
}

function feed_draw()
{
	const events = state.all.events.filter((one) => !state.saved || one.phase === state.looking);
	const list = document.getElementById("events");
	const count = document.getElementById("count");
	const last = events.length ? events[events.length - 1].n : -1;

	if (feed.last === last && feed.looking === state.looking)
		return;
	feed.last = last;
	feed.looking = state.looking;
	list.replaceChildren(...events.slice(-FEED_SHOWN).reverse().map(feed_item));
	count.textContent = `${state.all.total} events` +
			    (state.all.lost ? `, ${state.all.lost} lost on the way` : "");
}
