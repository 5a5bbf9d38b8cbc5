// SPDX-License-Identifier: GPL-2.0
// The throughput of each service, or rule of several: what passes as a line, what is lost as a thin
// one. A line has its name at its end, and a dash of its own.
"use strict";

const PLOT_SECONDS = 120;	// that are shown live
const PLOT_FLOOR = 100;	// bit/s: the logarithmic axis' zero
const PLOT_COLOURS = {
	light: ["#0072b2", "#b84a00", "#00694b", "#8a3a74", "#7a5c00", "#111418"],
	dark: ["#56b4e9", "#ff8a3d", "#1fd0a0", "#e79bd3", "#f0e442", "#f5f7fa"],
};
const PLOT_DASHES = [[], [10, 5], [3, 4], [14, 4, 3, 4], [6, 3], [2, 6]];
const PLOT_LINES = 6;		// those that lose, and the busiest

const plot = { chart: null, log: true, shape: "", shown: [] };

const plot_dark = () => document.documentElement.classList.contains("dark");
const plot_css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const plot_em = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

// Samples that are drawn
function plot_samples()
{
	const samples = state.all.samples;
	const end = samples.length ? samples[samples.length - 1][0] : 0;

	return samples.filter((one) => state.saved || one[0] >= end - PLOT_SECONDS);
}

// The series to be drawn: those that lose anything first, then the busiest, in their own order
function plot_series()
{
	const samples = plot_samples();
	const weights = state.all.series.map((name, at) => {
		let passed = 0, lost = 0;

		for (const sample of samples) {
			const [p, l] = sample[at + 1] || [0, 0];

			passed += p;
			lost += l;
		}
		return { at, lost: lost > 0, weight: passed + lost };
	});

	return weights.filter((one) => one.weight > 0)
		      .sort((a, b) => b.lost - a.lost || b.weight - a.weight).slice(0, PLOT_LINES)
		      .map((one) => one.at).sort((a, b) => a - b);
}

function plot_data(shown)
{
	const samples = plot_samples();
	const drawn = (bits) => plot.log ? Math.max(bits, PLOT_FLOOR) : bits;
	// Where nothing is sent there is no line; where all of it is lost, there is one at zero.
	const line = (at, part) => samples.map((one) => {
		const rates = one[at + 1] || [0, 0];

		return rates[part] > 0 || !part && rates[1] > 0 ? drawn(rates[part]) : null;
	});

	return [samples.map((one) => one[0]), ...shown.flatMap((at) => [line(at, 0), line(at, 1)])];
}

// The last sample in which a series had any traffic
function plot_last(samples, at)
{
	let i = samples.length - 1;

	while (i > 0 && !(samples[i][at + 1] && samples[i][at + 1][0] + samples[i][at + 1][1] > 0))
		i--;
	return i;
}

// Names at the lines' ends: beside the plot, moved apart where they would stand on each other; of
// lines that ended before, above their end.
function plot_names(chart)
{
	const context = chart.ctx, ratio = devicePixelRatio, height = 1.25 * plot_em() * ratio;
	const right = chart.bbox.left + chart.bbox.width, bottom = chart.bbox.top + chart.bbox.height;
	const samples = plot_samples(), names = [];
	const font = (weight) => `${weight} ${0.92 * plot_em() * ratio}px ${plot_css("--font")}`;

	context.save();
	context.textBaseline = "middle";
	plot.shown.forEach((at, i) => {
		const last = plot_last(samples, at), [passed, lost] = samples[last][at + 1] || [0, 0];
		const y = chart.valToPos(plot.log ? Math.max(passed, PLOT_FLOOR) : passed, "y", true);
		const name = { y, colour: chart.series[2 * i + 1].colour, text: state.all.series[at],
			       rate: passed || !lost ? rate_text(passed) : "all lost" };

		if (last >= samples.length - 3) {
			names.push(name);
			return;
		}
		context.textAlign = "right";
		context.font = font(700);
		context.fillStyle = name.colour;
		const text = `${name.text} ${name.rate}`;
		const least = chart.bbox.left + context.measureText(text).width + 4;

		context.fillText(text, Math.max(chart.valToPos(samples[last][0], "x", true), least),
				 y - 0.7 * height);
	});
	names.sort((a, b) => a.y - b.y);
	names.forEach((name, i) => {
		name.at = i ? Math.max(name.y, names[i - 1].at + height) : name.y;
	});
	for (let i = names.length - 1, most = bottom; i >= 0; i--, most = names[i + 1].at - height)
		names[i].at = Math.min(names[i].at, most);
	context.textAlign = "left";
	for (const name of names) {
		context.font = font(700);
		context.fillStyle = name.colour;
		context.fillText(name.text, right + 0.4 * height, name.at);
		const wide = context.measureText(`${name.text} `).width;

		context.font = font(400);
		context.fillStyle = plot_css("--text");
		context.fillText(name.rate, right + 0.4 * height + wide, name.at);
	}
	context.restore();
}

// When each phase began; the one that is looked at has a ground of its own.
function plot_phases(chart)
{
	const context = chart.ctx, ratio = devicePixelRatio;
	const { left, top, width, height } = chart.bbox;
	const switches = state.all.switches, phases = state.all.phases;

	context.save();
	context.beginPath();
	context.rect(left, top, width, height);
	context.clip();
	context.font = `${0.85 * plot_em() * ratio}px ${plot_css("--font")}`;
	context.textBaseline = "top";
	context.textAlign = "left";
	switches.forEach(([at, phase], i) => {
		const from = Math.max(left, chart.valToPos(at, "x", true));
		const to = i + 1 < switches.length ? chart.valToPos(switches[i + 1][0], "x", true) :
						     left + width;

		if (to < left || !phases[phase])
			return;
		if (phase === state.looking) {
			context.fillStyle = plot_css("--panel");
			context.fillRect(from, top, to - from, height);
		}
		context.fillStyle = plot_css("--soft");
		context.fillRect(from, top, 2 * ratio, height);
		if (to - from > context.measureText(phases[phase].name).width + 8 * ratio)
			context.fillText(phases[phase].name, from + 6 * ratio, top + 3 * ratio);
	});
	context.restore();
}

// How much the names need beside the plot
function plot_room(shown)
{
	const context = document.createElement("canvas").getContext("2d");

	context.font = `700 ${0.92 * plot_em()}px ${plot_css("--font")}`;
	const samples = plot_samples();
	const going = shown.filter((at) => plot_last(samples, at) >= samples.length - 3);

	return Math.max(...going.map((at) => context.measureText(state.all.series[at]).width), 0) +
	       4.2 * plot_em();
}

// Of a logarithmic axis, the powers of ten
const plot_powers = (chart, values) => values.map((value) =>
	!plot.log || /^10*$/.test(Math.round(value)) ? value : null);

// Seconds as in "1:05"
const plot_clock = (seconds) =>
	`${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;

const plot_level = (bits) => {
	if (bits === null)
		return "";
	return plot.log && bits <= PLOT_FLOOR ? "0" : rate_text(bits);
};

function plot_scales()
{
	// Above a whole power of ten there is room for the phases' names.
	const decades = (most) => 10 ** (Math.ceil(Math.log10(most || 1)) + 0.3);

	return {
		x: { time: false, range: (chart, least, most) => state.saved ?
			[least, Math.max(most, least + 1)] :
			[Math.max(0, most - PLOT_SECONDS), Math.max(most, 10)] },
		y: plot.log ?
			{ distr: 3, range: (chart, least, most) =>
				[PLOT_FLOOR, Math.max(1e5, decades(most))] } :
			{ range: (chart, least, most) => [0, Math.max(1000, most * 1.1)] },
	};
}

function plot_axes(em)
{
	const axis = {
		stroke: plot_css("--text"),
		font: `${0.88 * em}px ${plot_css("--font")}`,
		grid: { stroke: plot_css("--line"), width: 1, dash: [2, 4] },
		ticks: { show: false },
	};

	return [
		{ ...axis, size: 1.6 * em, incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600],
		  values: (chart, values) => values.map(plot_clock) },
		{ ...axis, size: 3.4 * em, filter: plot_powers,
		  grid: { ...axis.grid, filter: plot_powers },
		  values: (chart, values) => values.map(plot_level) },
	];
}

function plot_lines(shown)
{
	const colours = PLOT_COLOURS[plot_dark() ? "dark" : "light"];

	return shown.flatMap((at, i) => {
		const colour = colours[i % colours.length], label = state.all.series[at];

		return [{ label, stroke: colour, width: 4, dash: PLOT_DASHES[i % PLOT_DASHES.length],
			  points: { size: 7, fill: colour, stroke: colour }, colour },
			{ label: `${label}, lost`, stroke: colour, width: 1.5, dash: [2, 3],
			  points: { show: false } }];
	});
}

function plot_make(shown, width, height)
{
	const em = plot_em();

	return new uPlot({
		width, height,
		series: [{}, ...plot_lines(shown)],
		padding: [0.8 * em, plot_room(shown), 0, 0],
		legend: { show: false },
		cursor: { show: false },
		scales: plot_scales(),
		axes: plot_axes(em),
		hooks: { drawClear: [plot_phases], draw: [plot_names] },
	}, plot_data(shown), document.getElementById("plot"));
}

function plot_draw()
{
	const place = document.getElementById("plot");
	const shown = plot_series();
	const shape = [shown, plot_room(shown), plot.log, plot_dark(), place.clientWidth,
		       place.clientHeight].join(" ");

	if (!place.clientWidth || !place.clientHeight)
		return;
	plot.shown = shown;
	if (plot.shape !== shape) {
		if (plot.chart)
			plot.chart.destroy();
		plot.shape = shape;
		plot.chart = plot_make(shown, place.clientWidth, place.clientHeight);
		return;
	}
	plot.chart.setData(plot_data(shown));
}

function plot_scale(log)
{
	plot.log = log;
	document.getElementById("log").setAttribute("aria-pressed", log);
	document.getElementById("linear").setAttribute("aria-pressed", !log);
	if (state.all)
		plot_draw();
}

document.getElementById("log").addEventListener("click", () => plot_scale(true));
document.getElementById("linear").addEventListener("click", () => plot_scale(false));
