// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>

#include "scan.h"
#include "parser.h"

enum brace {
	BRACE_CENSOR,
	BRACE_SET,
	BRACE_COND,
	BRACE_PACKETS,
	BRACE_MODEL,
};

enum next {
	NEXT_ANY,
	NEXT_NAME,
	NEXT_PATH,
	NEXT_LIE,
};

struct word {
	const char *text;
	int kind;
};

static const struct word statement_words[] = {
	{ "inside", INSIDE }, { "seed", SEED }, { "clock", CLOCK }, { "phase", PHASE },
	{ "tcp", TCP }, { "ip", IP }, { "detect", DETECT },
	{ "names", NAMES }, { "words", WORDS }, { "prefixes", PREFIXES }, { "numbers", NUMBERS },
	{ "answers", ANSWERS }, { "page", PAGE }, { "hours", HOURS }, { "load", LOAD },
	{ "inject", INJECT }, { "rule", RULE }, { "file", FILE_ }, { "log", LOG },
	{ "drop", DROP }, { "pass", PASS }, { "forge", FORGE }, { "residual", RESIDUAL },
	{ "rewrite", REWRITE }, { "freeze", FREEZE }, { "on-path", ON_PATH },
	{ "police", POLICE }, { "lose", LOSE }, { "mark", MARK }, { "sample", SAMPLE },
	{ "per", PER }, { "burst", BURST }, { "from", FROM }, { "phases", PHASES },
	{ "in-path", IN_PATH }, { "probability", PROBABILITY }, { "by", BY }, { "to", TO },
	{ "both", BOTH }, { "after", AFTER }, { "rearm", REARM }, { "with", WITH },
	{ "ttl", TTL }, { "count", COUNT }, { "aa", AA }, { "ip-ttl", IP_TTL },
	{ "ip-id", IP_ID }, { "df", DF }, { "delay", DELAY }, { "cyclic", CYCLIC },
	{ "encoded", ENCODED }, { "in", IN }, { "order", ORDER }, { "cursors", CURSORS },
	{ "censor", CENSOR }, { "model", MODEL }, {}
};

/* Behind forge, unless in quotes; all else is the name of a set of answers. */
static const struct word lie_words[] = {
	{ "nxdomain", NXDOMAIN }, { "refused", REFUSED }, { "cname", CNAME }, {}
};

static const struct word cond_words[] = {
	{ "and", AND }, { "not", NOT }, { "in", IN }, { "contains", CONTAINS },
	{ "confidence", CONFIDENCE }, {}
};

static const struct word packet_words[] = {
	{ "to", TO }, { "copies", COPIES }, { "seq", SEQ }, { "ttl", TTL }, { "ip-id", IP_ID },
	{ "df", DF }, { "window", WINDOW }, { "cyclic", CYCLIC }, { "delay", DELAY },
	{ "gap", GAP }, { "payload", PAYLOAD }, { "page", PAGE }, { "segment", SEGMENT },
	{ "on", ON }, {}
};

static int find_word(const struct word *words, const struct token *token)
{
	for (; words->text; words++)
		if (strlen(words->text) == token->len &&
		    !memcmp(words->text, token->text, token->len))
			return words->kind;
	return WORD;
}

/* Whether phases follow the word `in`: one token is not enough for the grammar to know. */
static bool before_phases(const struct scanner *scanner, const struct token *token)
{
	const char *at = token->text + token->len, *end = scanner->base + scanner->size;
	u32 len = 0;

	while (at < end && strchr(" \t\n", *at) && *at)
		at++;
	while (at + len < end && (isalnum((u8)at[len]) || strchr("._-", at[len])) && at[len])
		len++;
	return (len == 5 && !memcmp(at, "phase", 5)) || (len == 6 && !memcmp(at, "phases", 6));
}

static int classify(struct scanner *scanner, const struct token *token)
{
	int kind;

	if (scanner->depth >= 2) {
		if (scanner->brace == BRACE_COND)
			return find_word(cond_words, token);
		if (scanner->brace != BRACE_PACKETS)
			return WORD;
		kind = find_word(packet_words, token);
		if (kind == PAGE)
			scanner->next = NEXT_NAME;
		return kind;
	}
	kind = find_word(statement_words, token);
	switch (kind) {
	case NAMES:
	case WORDS:
	case PREFIXES:
	case NUMBERS:
	case ANSWERS:
	case PAGE:
	case HOURS:
	case LOAD:
		scanner->brace = BRACE_SET;
		scanner->next = NEXT_NAME;
		break;
	case TCP:
	case IP:
	case DETECT:
		scanner->brace = BRACE_MODEL;
		scanner->next = NEXT_NAME;
		break;
	case RULE:
		/* Behind per it is no statement. */
		if (scanner->last_kind == PER && token->place.line == scanner->given.place.line)
			return WORD;
		scanner->brace = BRACE_COND;
		scanner->next = NEXT_NAME;
		break;
	case INJECT:
		scanner->brace = BRACE_PACKETS;
		scanner->next = NEXT_NAME;
		break;
	case FORGE:
		scanner->next = NEXT_LIE;
		break;
	case WITH:
		/* Behind the name of forge cname: a set of answers. */
		if (scanner->last_kind == NAME)
			scanner->next = NEXT_NAME;
		break;
	case CENSOR:
	case MODEL:
		scanner->next = NEXT_NAME;
		break;
	case IN:
		return before_phases(scanner, token) ? IN_PHASE : IN;
	case PHASE:
	case PHASES:
		scanner->next = NEXT_NAME;
		scanner->names = scanner->last_kind == IN_PHASE;
		break;
	case FILE_:
		scanner->next = NEXT_PATH;
		break;
	case BY:
		scanner->tuple = true;
		break;
	}
	return kind;
}

/*
 * Whether a statement begins at the word: then a brace that is still open was forgotten. What
 * follows is looked at too, so that a set can hold words such as "rule".
 */
static bool begins_statement(const struct scanner *scanner, const struct token *token)
{
	const char *at = token->text + token->len, *end = scanner->base + scanner->size;
	int kind = find_word(statement_words, token);

	if (kind != NAMES && kind != WORDS && kind != PREFIXES && kind != NUMBERS &&
	    kind != ANSWERS && kind != INJECT && kind != RULE && kind != PAGE && kind != HOURS &&
	    kind != LOAD && kind != TCP && kind != IP && kind != DETECT)
		return false;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at == end || (*at != '"' && !isalnum((u8)*at)))
		return false;
	while (at < end && !strchr(" \t\n{},", *at))
		at++;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at < end && (*at == '{' || (end - at > 5 && !memcmp(at, "file ", 5)) ||
			    (end - at > 8 && !memcmp(at, "encoded ", 8)));
}

/* A word where a name, a path or a lie must come. */
static int named_kind(struct scanner *scanner, const struct token *token, u8 next)
{
	int kind;

	if (next == NEXT_PATH)
		return PATH;
	kind = next == NEXT_LIE ? find_word(lie_words, token) : WORD;
	if (kind == CNAME)
		scanner->next = NEXT_NAME;
	return kind == WORD ? NAME : kind;
}

static void missing_brace(struct scanner *scanner, const struct place *before)
{
	u32 inner = min(scanner->depth, (u32)SCAN_DEPTH) - 1;

	report_error(scanner->build->report, scanner->open[inner], "this { is never closed");
	if (before)
		report_note(scanner->build->report, *before,
			    "a } is missing before this statement");
}

/* The next token, with the braces counted; line ends are all there. */
static int raw_token(struct scanner *scanner, struct token *token)
{
	enum lexeme lexeme;
	u8 next = scanner->next;

	if (scanner->queued) {
		int kind = scanner->queue[--scanner->queued];

		*token = scanner->last;
		if (kind == '}')
			scanner->depth--;
		else if (kind != END)
			return classify(scanner, token);
		return kind;
	}
	lexeme = lexer_next(scanner, token);
	/* A name that is missing at a line's end isn't the next line's first word. */
	scanner->next = NEXT_ANY;
	switch (lexeme) {
	case LEX_WORD:
		if (scanner->depth >= 2 && scanner->after_newline &&
		    begins_statement(scanner, token)) {
			missing_brace(scanner, &token->place);
			scanner->last = *token;
			scanner->queue[0] = WORD;
			scanner->queue[1] = END;
			scanner->queue[2] = '}';
			scanner->queued = 3;
			scanner->depth = 2;
			scanner->quiet = true;
			return raw_token(scanner, token);
		}
		scanner->after_newline = false;
		if (next != NEXT_ANY)
			return named_kind(scanner, token, next);
		scanner->names = false;
		return classify(scanner, token);
	case LEX_STRING:
		scanner->after_newline = false;
		if (next != NEXT_ANY)
			return next == NEXT_PATH ? PATH : NAME;
		return STRING;
	case LEX_COMMA:
		if (scanner->names)
			scanner->next = NEXT_NAME;
		return ',';
	case LEX_OPEN:
		if (scanner->depth < SCAN_DEPTH)
			scanner->open[scanner->depth] = token->place;
		scanner->depth++;
		return '{';
	case LEX_CLOSE:
		if (scanner->depth)
			scanner->depth--;
		return '}';
	case LEX_SEMICOLON:
		return END;
	case LEX_NEWLINE:
		/* Behind a comma the list goes on. */
		if (scanner->last_kind == ',')
			scanner->next = next;
		scanner->after_newline = true;
		return END;
	default:
		if (scanner->depth && !scanner->skip_all) {
			missing_brace(scanner, NULL);
			scanner->quiet = true;
		}
		scanner->depth = 0;
		return YYEOF;
	}
}

static int next_token(struct scanner *scanner, struct token *token)
{
	int kind = scanner->ahead_kind;

	if (kind < 0)
		return raw_token(scanner, token);
	scanner->ahead_kind = -1;
	*token = scanner->ahead;
	return kind;
}

/*
 * A line end that can't end anything is left out: behind what must go on, before what goes on,
 * and behind another.
 */
static bool end_counts(struct scanner *scanner)
{
	switch (scanner->last_kind) {
	case 0:
	case END:
	case ',':
	case '{':
	case AND:
	case NOT:
	case IN:
	case IN_PHASE:
	case CONTAINS:
	case CONFIDENCE:
		return false;
	}
	if (scanner->ahead_kind < 0)
		scanner->ahead_kind = raw_token(scanner, &scanner->ahead);
	switch (scanner->ahead_kind) {
	case END:
	case ',':
	case '{':
	case '}':
	case AND:
	case CONFIDENCE:
	case IN_PHASE:
	case YYEOF:
		return false;
	}
	return true;
}

int scan_token(struct token *token, struct place *place, struct parse *parse)
{
	struct scanner *scanner = &parse->scanner;
	int kind;

	for (;;) {
		/* Where a line end is looked beyond, braces have been counted beyond it too. */
		u32 depth = scanner->depth;

		kind = next_token(scanner, token);
		if (kind == YYEOF)
			break;
		if (scanner->skip_all)
			continue;
		if (scanner->skip) {
			bool stop = kind == END ? depth <= 1 : !scanner->depth;

			if (!stop)
				continue;
			scanner->skip = false;
			break;
		}
		if (kind != END || end_counts(scanner))
			break;
	}
	if (kind == RULE || kind == INJECT || kind == NAMES)
		scanner->quiet = false;
	scanner->last_kind = kind;
	scanner->given = *token;
	*place = token->place;
	return kind;
}

void scan_recover(struct scanner *scanner)
{
	if (!scanner->depth && scanner->last_kind != '}')
		scanner->skip_all = true;
	else if (scanner->last_kind == END ? scanner->depth > 1 :
		 scanner->last_kind != '}' || scanner->depth)
		scanner->skip = true;
}

void scan_start(struct scanner *scanner, struct build *build, u32 file)
{
	const struct report_file *text = &build->report->files[file];

	memset(scanner, 0, sizeof(*scanner));
	scanner->build = build;
	scanner->base = text->text;
	scanner->size = text->size;
	scanner->file = file;
	scanner->line = 1;
	scanner->ahead_kind = -1;
	if (text->size >= 3 && !memcmp(text->text, "\xef\xbb\xbf", 3)) {
		struct place place = { .line = 1, .column = 1, .len = 3, .file = file };

		report_error(build->report, place,
			     "the file begins with a byte order mark (BOM): save it as UTF-8 without one");
		scanner->offset = 3;
	}
	lexer_start(scanner);
}

void scan_stop(struct scanner *scanner)
{
	lexer_stop(scanner);
}
