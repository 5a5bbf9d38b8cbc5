# SPDX-License-Identifier: GPL-2.0
# The last part of run: what was observed beside what was published, as a table or TAP, and as JSON.

FILENAME == "list" { strategy[++strategies] = $1; next }
FILENAME == "columns" { model[++models] = $1; next }
FILENAME == "published" {
	rate[$1, $2] = $3
	mark[$1, $2] = $4
	own[$1, $2] = $5
	if ($4 != "looked-up" && $4 != "memory")
		wrong("\"" $4 "\" is no mark of " $2)
	if ($5 != "" && ($3 <= 5 || $3 >= 80))
		wrong("a rate of " $3 " leaves the model nothing to say: " $2)
	next
}
{
	if ($4 != times)
		wrong($1 ", " strategy[$2] ": " $4 " connections, not " times)
	observed[$1, strategy[$2]] = 100 * $3 / $4
}

function wrong(what)
{
	print "run: " what >"/dev/stderr"
	bad = 1
}

function agrees(cell)
{
	if (rate[cell] >= 80)
		return observed[cell] >= 80
	if (rate[cell] <= 5)
		return observed[cell] <= 5
	return observed[cell] >= wanted(cell) - 10 && observed[cell] <= wanted(cell) + 10
}

function wanted(cell)
{
	return own[cell] != "" ? own[cell] : rate[cell]
}

function expected(cell)
{
	return rate[cell] >= 80 ? "\"passes\"" : rate[cell] <= 5 ? "\"blocked\"" : wanted(cell)
}

# What stands in the table: observed, then published in brackets, ~ from memory; ! where they disagree
function text(cell)
{
	if (!(cell in observed))
		return "?"
	if (!(cell in rate))
		return sprintf("%d", observed[cell] + 0.5)
	return sprintf("%d [%s%s]%s", observed[cell] + 0.5, mark[cell] == "memory" ? "~" : "",
		       rate[cell], agrees(cell) ? "" : "!")
}

function json(	i, j, cell, first)
{
	file = "../strategies.json"
	printf "[" >file
	for (i = 1; i <= models; i++) {
		for (j = 1; j <= strategies; j++) {
			cell = model[i] SUBSEP strategy[j]
			if (!(cell in observed))
				continue
			printf "%s\n{\"model\":\"%s\",\"strategy\":\"%s\",", first++ ? "," : "", model[i],
			       strategy[j] >file
			if (cell in rate)
				printf "\"published\":%s,\"certain\":%s,\"expected\":%s,\"observed\":%s,\"agree\":%s}",
				       rate[cell], mark[cell] == "memory" ? "false" : "true", expected(cell),
				       observed[cell], agrees(cell) ? "true" : "false" >file
			else
				printf "\"published\":null,\"certain\":null,\"expected\":null,\"observed\":%s,\"agree\":null}",
				       observed[cell] >file
		}
	}
	print "\n]" >file
	close(file)
}

# One block of columns at a time, so that a terminal's width is enough
function table(	from, to, i, j, cell, line)
{
	for (from = 1; from <= models; from = to) {
		line = sprintf("%-28s", "% that pass [published]")
		for (to = from; to <= models && to < from + 6; to++)
			line = line sprintf(" %16s", model[to])
		print line
		for (j = 1; j <= strategies; j++) {
			line = sprintf("%-28s", strategy[j])
			for (i = from; i < to; i++)
				line = line sprintf(" %16s", text(model[i] SUBSEP strategy[j]))
			print line
		}
		print ""
	}
}

END {
	for (i = 1; i <= models; i++) {
		counted[i] = right[i] = shown[i] = right_shown[i] = 0
		for (j = 1; j <= strategies; j++) {
			cell = model[i] SUBSEP strategy[j]
			if (!(cell in observed)) {
				wrong(model[i] ", " strategy[j] ": nothing was observed")
				continue
			}
			if (!(cell in rate))
				continue
			if (mark[cell] == "memory") {
				shown[i]++
				right_shown[i] += agrees(cell)
				continue
			}
			counted[i]++
			right[i] += agrees(cell)
			if (!agrees(cell))
				differ[i] = differ[i] sprintf("# %s: published %s, expected %s, observed %s\n",
							      strategy[j], rate[cell], expected(cell), observed[cell])
		}
		all_counted += counted[i]
		all_right += right[i]
		all_shown += shown[i]
		all_right_shown += right_shown[i]
	}
	json()
	if (output == "tap") {
		print "1.." models
		for (i = 1; i <= models; i++) {
			printf "%sok %d - %s: %d of %d published rates agree (and %d of %d from memory)\n",
			       right[i] == counted[i] ? "" : "not ", i, model[i], right[i], counted[i],
			       right_shown[i], shown[i]
			printf "%s", differ[i]
		}
	} else {
		table()
		print "[98] published, looked up: counted. [~98] from memory: shown only. ! they disagree."
		print "At least 80: it passes; at most 5: it is blocked; between: within 10 points. " \
		      times " connections each."
		for (i = 1; i <= models; i++)
			if (differ[i])
				printf "%s:\n%s", model[i], differ[i]
		printf "%d models, %d strategies: %d of %d published rates agree; from memory, not counted: %d of %d\n",
		       models, strategies, all_right, all_counted, all_right_shown, all_shown
	}
	exit bad || all_right != all_counted
}
