// SPDX-License-Identifier: GPL-2.0
// The page: listens to its server, or shows what is saved in it; asks for another phase.
"use strict";

const BOARD_PATIENCE = 2000;	// milliseconds until what the kernel took is to be told

const token = new URLSearchParams(location.search).get("token") || "";

function board_note(text)
{
	const note = document.getElementById("note");

	note.textContent = text;
	note.hidden = !text;
}

function board_live(text, name)
{
	const live = document.getElementById("live");

	live.textContent = text;
	live.className = `live ${name}`;
}

function board_draw(changed)
{
	calendar_draw();
	grid_draw(changed);
	feed_draw();
	plot_draw();
}

function board_message(message)
{
	const changed = state_apply(message);

	if (!state.all)
		return;
	if (message.all) {
		calendar_build();
		board_live(state.saved ? "recorded" : message.replay ? "replay" : "live", "on");
	}
	if (message.all || changed.length)
		grid_legend();
	document.title = `${state.all.policy || "no policy"}: nf_censor`;
	board_draw(changed);
}

const asking = { now: false, next: null };

// One request at a time, in order; of those that come meanwhile, the last.
async function board_ask_phase(at)
{
	if (asking.now) {
		asking.next = at;
		return;
	}
	asking.now = true;
	try {
		const answer = await fetch(`/phase?token=${token}`, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ phase: state.all.phases[at].name }),
		});

		board_note(answer.ok ? "" : await answer.text());
		setTimeout(calendar_asked_done, answer.ok ? BOARD_PATIENCE : 0, at);
	} catch (error) {
		board_note("The server does not answer: is censorctl board still running?");
		calendar_asked_done(at);
	}
	asking.now = false;
	if (asking.next !== null) {
		const next = asking.next;

		asking.next = null;
		board_ask_phase(next);
	}
}

function board_listen()
{
	const source = new EventSource(`/events?token=${token}`);

	source.onmessage = (event) => board_message(JSON.parse(event.data));
	source.onerror = () => board_live(source.readyState === EventSource.CLOSED ?
					  "ended" : "connection lost, trying again", "off");
}

function board_theme(dark)
{
	document.documentElement.classList.toggle("dark", dark);
	document.getElementById("theme").textContent = dark ? "Light" : "Dark";
	if (state.all)
		plot_draw();
}

function board_start()
{
	const saved = document.getElementById("saved");

	board_theme(matchMedia("(prefers-color-scheme: dark)").matches);
	document.getElementById("theme").addEventListener("click", () =>
		board_theme(!document.documentElement.classList.contains("dark")));
	new ResizeObserver(() => state.all && board_draw([])).observe(document.querySelector("main"));
	if (!saved) {
		board_listen();
		return;
	}
	state.saved = true;
	board_message(JSON.parse(saved.textContent));
}

board_start();
