// SPDX-License-Identifier: GPL-2.0
// The calendar: a slider over the phases. Live, letting it go switches the phase.
"use strict";

const calendar = {
	dragged: false,
	asked: null,	// the phase that the server was asked for and has not told of yet
};

function calendar_name(phase)
{
	return phase.title || phase.name;
}

// "18 July 2017 – 1 August 2017"
function calendar_when(phases, at)
{
	const phase = phases[at];
	const next = phases.slice(at + 1).find((one) => one.from);
	const to = phase.to || (next && next.from);

	if (!phase.from)
		return `${phase.name}, in no calendar`;
	return to ? `${date_text(phase.from)} – ${date_text(to)}` : `from ${date_text(phase.from)}`;
}

// What is shown while the slider is moved and after.
function calendar_show(at)
{
	const phases = state.all.phases;
	const slider = document.getElementById("slider");
	const list = document.getElementById("phases").children;

	for (let i = 0; i < list.length; i++) {
		list[i].classList.toggle("here", i === state.looking);
		list[i].classList.toggle("wanted", i === at && i !== state.looking);
	}
	document.getElementById("policy").textContent = state.all.policy || "no policy in force";
	if (!phases.length) {
		document.getElementById("title").textContent =
			state.all.policy ? "One phase, always in force" : "Nothing is censored";
		document.getElementById("when").textContent = "";
		return;
	}
	slider.setAttribute("aria-valuetext",
			    `${calendar_when(phases, at)}: ${calendar_name(phases[at])}`);
	document.getElementById("title").textContent = calendar_name(phases[at]);
	document.getElementById("when").textContent = calendar_when(phases, at);
}

function calendar_choose(at)
{
	calendar.dragged = false;
	if (state.saved) {
		state.looking = at;
		board_draw([]);
		return;
	}
	calendar.asked = at;
	calendar_show(at);
	board_ask_phase(at);
}

// The server said no, or another phase took force.
function calendar_asked_done(at)
{
	if (calendar.asked !== at)
		return;
	calendar.asked = null;
	calendar_draw();
}

// The phases of another policy
function calendar_build()
{
	const phases = state.all.phases;
	const section = document.querySelector(".calendar");
	const list = document.getElementById("phases");
	const slider = document.getElementById("slider");

	section.hidden = phases.length < 2;
	section.style.setProperty("--n", Math.max(phases.length, 1));
	slider.max = Math.max(phases.length - 1, 0);
	list.replaceChildren(...phases.map((phase, at) => {
		const item = make("li", phase.from ? "" : "undated");

		item.append(make("b", "", date_text(phase.from, true) || phase.name),
			    make("span", "", calendar_name(phase)));
		item.title = calendar_name(phase);
		item.addEventListener("click", () => {
			slider.value = at;
			calendar_choose(at);
		});
		return item;
	}));
}

function calendar_draw()
{
	const slider = document.getElementById("slider");

	if (calendar.asked === state.looking)
		calendar.asked = null;
	if (calendar.dragged)
		return;
	const at = calendar.asked === null ? state.looking : calendar.asked;

	if (state.all.phases.length)
		slider.value = at;
	calendar_show(at);
}

document.getElementById("slider").addEventListener("input", (event) => {
	calendar.dragged = true;
	calendar_show(+event.target.value);
});
document.getElementById("slider").addEventListener("change", (event) => {
	calendar_choose(+event.target.value);
});

// Where it ends as it began, there is no "change".
for (const end of ["pointerup", "pointercancel", "keyup", "blur"])
	document.getElementById("slider").addEventListener(end, () => setTimeout(() => {
		calendar.dragged = false;
		if (state.all)
			calendar_draw();
	}));
