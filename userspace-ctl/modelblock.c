// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stddef.h>

#include "modelblock.h"
#include "print.h"
#include "value.h"

const char *const model_kind_names[MODEL_KINDS] = { "tcp", "ip", "detect" };

/** enum knob_shape - what stands behind a knob's name */
enum knob_shape {
	KNOB_CHOICE,	/* one of some words: a number by its place among them */
	KNOB_BITS,	/* several of some words, or none: bits */
	KNOB_NUMBER,
	KNOB_SWITCH,	/* on or off */
	KNOB_CHANCES,	/* words, each with a probability, or none: an array of u16 */
	KNOB_HUNDREDTHS,	/* a number with two digits behind the point */
	KNOB_PARTS,	/* words, each with a value of its own */
};

enum part_shape {
	PART_NUMBER,
	PART_TIME,
	PART_SET,	/* the word alone: a number that it stands for */
};

/** struct field - where a value is kept in the model, in how many bytes */
struct field {
	u16 offset;
	u8 size;
};

/**
 * struct knob_part - a word of a KNOB_PARTS
 * @least: of a number; what PART_SET sets
 * @most: of a number
 * @word_value: a word in place of the number, or NULL
 * @stands_for: what that word means
 */
struct knob_part {
	const char *word;
	struct field field;
	enum part_shape shape;
	u32 least, most;
	const char *word_value;
	u32 stands_for;
};

struct knob {
	const char *name;
	struct field field;
	enum knob_shape shape;
	const char *const *words;
	u32 least, most;
	const struct knob_part *parts;
};

#define IN(type, member)	\
	{ offsetof(struct type, member), sizeof(((struct type *)0)->member) }
#define TCP(member)		IN(censor_tcp_model, member)
#define IP(member)		IN(censor_ip_model, member)
#define DETECT(member)		IN(censor_detect_model, member)
#define WORDS(...)		((const char *const []){ __VA_ARGS__, NULL })

static const struct knob_part look_parts[] = {
	{ "packets", TCP(look_packets), PART_NUMBER, 0, 65535, NULL, 0 },
	{ "bytes", TCP(look_bytes), PART_NUMBER, 0, UINT32_MAX, NULL, 0 },
	{ "empty", TCP(look_empty), PART_NUMBER, 0, 255, NULL, 0 },
	{ "unknown", TCP(look_unknown), PART_NUMBER, 0, CENSOR_LOOK_NEVER - 1, "never",
	  CENSOR_LOOK_NEVER },
	{ "all", TCP(look_all), PART_SET, true, 0, NULL, 0 },
	{ "first", TCP(look_all), PART_SET, false, 0, NULL, 0 },
	{}
};

static const struct knob_part tcp_timeouts[] = {
	{ "syn", TCP(timeout_syn), PART_TIME, 0, 0, NULL, 0 },
	{ "syn+ack", TCP(timeout_synack), PART_TIME, 0, 0, NULL, 0 },
	{ "open", TCP(timeout), PART_TIME, 0, 0, NULL, 0 },
	{ "closing", TCP(timeout_closing), PART_TIME, 0, 0, NULL, 0 },
	{ "hole", TCP(timeout_hole), PART_TIME, 0, 0, "open", 0 },
	{}
};

static const struct knob_part ip_timeouts[] = {
	{ "", IP(timeout), PART_TIME, 0, 0, NULL, 0 },
	{}
};

static const struct knob_part udp_timeouts[] = {
	{ "", DETECT(udp_timeout), PART_TIME, 0, 0, NULL, 0 },
	{}
};

/* In the order in which they are listed. */
static const struct knob tcp_knobs[] = {
	{ .name = "create", TCP(create), KNOB_BITS, WORDS("syn", "syn+ack", "data", "fin") },
	{ .name = "restart", TCP(restart), KNOB_BITS, WORDS("syn", "syn+ack") },
	{ .name = "handshake", TCP(handshake), KNOB_CHOICE,
	  WORDS("none", "syn", "syn+ack", "full") },
	{ .name = "client", TCP(client), KNOB_CHOICE,
	  WORDS("first", "syn", "creator", "inside", "both") },
	{ .name = "resync", TCP(resync), KNOB_CHANCES,
	  WORDS("syn", "syn+ack", "bad-ack", "rst-early", "rst", "fin-early", "fin",
		"server-data") },
	{ .name = "sync", TCP(sync), KNOB_BITS, WORDS("data", "client", "syn+ack", "syn") },
	{ .name = "teardown", TCP(teardown), KNOB_CHANCES, WORDS("rst", "rst+ack", "fin") },
	{ .name = "teardown-match", TCP(teardown_match), KNOB_CHOICE,
	  WORDS("nothing", "ports", "tuple", "window") },
	{ .name = "reassembly", TCP(reassembly), KNOB_CHOICE, WORDS("none", "in-order", "full") },
	{ .name = "overlap", TCP(overlap), KNOB_CHOICE, WORDS("first", "last") },
	{ .name = "overlap-early", TCP(overlap_early), KNOB_CHOICE, WORDS("first", "last") },
	{ .name = "holes", TCP(holes), KNOB_CHOICE, WORDS("wait", "skip", "stop") },
	{ .name = "buffer", TCP(buffer), KNOB_NUMBER, .least = 1, .most = CENSOR_STREAM_MAX },
	{ .name = "first-segment", TCP(first_segment), KNOB_NUMBER, .most = 65535 },
	{ .name = "look", .shape = KNOB_PARTS, .parts = look_parts },
	{ .name = "check", TCP(checks), KNOB_BITS,
	  WORDS("checksum", "ip-checksum", "data-offset", "ack", "ack-flag", "md5", "timestamp",
		"window", "flags", "options", "header-20", "isn") },
	{ .name = "sees", TCP(sees), KNOB_CHOICE, WORDS("both", "client") },
	{ .name = "syn-data", TCP(syn_data), KNOB_SWITCH },
	{ .name = "tls-records", TCP(tls_records), KNOB_SWITCH },
	{ .name = "timeout", .shape = KNOB_PARTS, .parts = tcp_timeouts },
	{}
};

static const struct knob ip_knobs[] = {
	{ .name = "fragments", IP(fragments), KNOB_CHOICE, WORDS("ignore", "reassemble", "hold") },
	{ .name = "overlap", IP(overlap), KNOB_CHOICE, WORDS("first", "last", "original", "drop") },
	{ .name = "queue", IP(queue), KNOB_NUMBER, .least = 1, .most = CENSOR_FRAGMENTS_MAX },
	{ .name = "full", IP(full), KNOB_CHOICE, WORDS("pass", "drop") },
	{ .name = "ttl", IP(ttl), KNOB_CHOICE, WORDS("own", "first") },
	{ .name = "timeout", .shape = KNOB_PARTS, .parts = ip_timeouts },
	{}
};

static const struct knob detect_knobs[] = {
	{ .name = "udp-look", DETECT(udp_look), KNOB_NUMBER, .most = 65535 },
	{ .name = "udp-timeout", .shape = KNOB_PARTS, .parts = udp_timeouts },
	{ .name = "quic-versions", DETECT(quic_versions), KNOB_BITS,
	  WORDS("v1", "v2", "draft-29") },
	{ .name = "quic-tag", DETECT(quic_tag), KNOB_SWITCH },
	{ .name = "quic-assemble", DETECT(quic_assemble), KNOB_CHOICE,
	  WORDS("frame", "datagram", "flow") },
	{ .name = "quic-ports", DETECT(quic_ports), KNOB_CHOICE, WORDS("any", "higher") },
	{ .name = "quic-first", DETECT(quic_first), KNOB_SWITCH },
	{ .name = "quic-rate", DETECT(quic_rate), KNOB_NUMBER, .most = UINT32_MAX },
	{ .name = "http-header-name", DETECT(http_header_name), KNOB_NUMBER, .most = 65535 },
	{ .name = "http-reach", DETECT(http_reach), KNOB_NUMBER, .most = 65535 },
	{ .name = "dns-name", DETECT(dns_name), KNOB_NUMBER, .least = 1, .most = 253 },
	{ .name = "dns-dots", DETECT(dns_dots), KNOB_SWITCH },
	{ .name = "dns-questions", DETECT(dns_questions), KNOB_NUMBER, .least = 1,
	  .most = CENSOR_QUESTIONS_MAX },
	{ .name = "fet-low", DETECT(fet_low), KNOB_HUNDREDTHS, .most = 800 },
	{ .name = "fet-high", DETECT(fet_high), KNOB_HUNDREDTHS, .most = 800 },
	{ .name = "fet-prefix", DETECT(fet_prefix), KNOB_NUMBER, .least = 1,
	  .most = 65535 },
	{ .name = "fet-percent", DETECT(fet_percent), KNOB_NUMBER, .most = 100 },
	{ .name = "fet-run", DETECT(fet_run), KNOB_NUMBER, .most = 65535 },
	{ .name = "fet-tls", DETECT(fet_tls), KNOB_NUMBER, .most = 255 },
	{ .name = "openvpn-opcodes", DETECT(openvpn_opcodes), KNOB_NUMBER, .most = 65535 },
	{ .name = "openvpn-acks", DETECT(openvpn_acks), KNOB_SWITCH },
	{ .name = "tls-in-tls", DETECT(tls_in_tls), KNOB_SWITCH },
	{}
};

_Static_assert(ARRAY_SIZE(detect_knobs) <= MODEL_KNOBS_MAX, "likewise");
_Static_assert(ARRAY_SIZE(tcp_knobs) <= MODEL_KNOBS_MAX, "every knob has its bit");

static const struct knob *const knobs_of[MODEL_KINDS] = { tcp_knobs, ip_knobs, detect_knobs };

/* The values of fields */

static u32 field_get(const void *model, struct field field)
{
	const char *at = (const char *)model + field.offset;
	u32 value = 0;

	switch (field.size) {
	case 1:
		value = *(const u8 *)at;
		break;
	case 2:
		value = *(const u16 *)at;
		break;
	default:
		value = *(const u32 *)at;
	}
	return value;
}

static void field_set(void *model, struct field field, u32 value)
{
	char *at = (char *)model + field.offset;

	switch (field.size) {
	case 1:
		*(u8 *)at = value;
		break;
	case 2:
		*(u16 *)at = value;
		break;
	default:
		*(u32 *)at = value;
	}
}

/* The nth of a knob's probabilities. */
static struct field chance_field(const struct knob *knob, u32 n)
{
	return (struct field){ .offset = knob->field.offset + n * sizeof(u16),
			       .size = sizeof(u16) };
}

/* Reading */

static bool word_is(const struct token *token, const char *word)
{
	return strlen(word) == token->len && !strncasecmp(word, token->text, token->len);
}

static const char *next_knob(const void *from, u32 i)
{
	const struct knob *knobs = from;

	return knobs[i].name;
}

static const struct knob *find_knob(enum model_kind kind, const struct token *name)
{
	const struct knob *knob;

	for (knob = knobs_of[kind]; knob->name; knob++)
		if (word_is(name, knob->name))
			return knob;
	return NULL;
}

void model_default(enum model_kind kind, union model *model)
{
	memset(model, 0, sizeof(*model));
	switch (kind) {
	case MODEL_TCP:
		censor_tcp_default(&model->tcp);
		break;
	case MODEL_IP:
		censor_ip_default(&model->ip);
		break;
	default:
		censor_detect_default(&model->detect);
	}
}

void block_begin(struct model_block *block, enum model_kind kind, const struct token *at)
{
	memset(block, 0, sizeof(*block));
	block->kind = kind;
	block->place = at->place;
	model_default(kind, &block->model);
}

void block_named(struct build *build, struct model_block *block, const struct token *name)
{
	if (!model_read(build, block->kind, name, &block->model))
		block->broken = true;
}

static void unknown_knob(struct build *build, struct model_block *block, const struct token *name)
{
	const struct knob *knobs = knobs_of[block->kind], *knob;
	const char *kind = model_kind_names[block->kind];
	const char *near = nearest(name->text, name->len, next_knob, knobs);
	enum model_kind other;
	char list[512];
	u32 at = 0;

	for (other = 0; !near && other < MODEL_KINDS; other++) {
		if (!find_knob(other, name))
			continue;
		report_error(build->report, name->place, "%.*s is a knob of %s, not of %s",
			     SHOWN(name), model_kind_names[other], kind);
		return;
	}
	report_error(build->report, name->place, "%s has no knob \"%.*s\"%s%s%s", kind, SHOWN(name),
		     near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	if (near)
		return;
	for (knob = knobs; knob->name; knob++)
		at += snprintf(list + at, sizeof(list) - at, "%s%s", at ? ", " : "", knob->name);
	report_note(build->report, name->place, "its knobs are %s", list);
}

void block_knob(struct build *build, struct model_block *block, const struct token *name)
{
	const struct knob *knob = find_knob(block->kind, name);
	u32 number = knob ? knob - knobs_of[block->kind] : 0, i;

	block->knob = knob;
	block->knob_token = *name;
	block->items = 0;
	if (!knob) {
		unknown_knob(build, block, name);
		block->broken = true;
		return;
	}
	if (block->given & 1u << number && (knob->shape != KNOB_PARTS || !*knob->parts->word)) {
		report_error(build->report, name->place, "%s is given twice", knob->name);
		report_note(build->report, block->places[number], "it is here");
		block->broken = true;
		block->knob = NULL;
		return;
	}
	if (!(block->given & 1u << number))
		block->places[number] = name->place;
	block->given |= 1u << number;
	if (knob->shape == KNOB_BITS)
		field_set(&block->model, knob->field, 0);
	for (i = 0; knob->shape == KNOB_CHANCES && knob->words[i]; i++)
		field_set(&block->model, chance_field(knob, i), 0);
}

/* A word of a knob that has several: its number, or -1 */
static int read_word(struct build *build, struct model_block *block, const struct token *word)
{
	const struct knob *knob = block->knob;
	u32 *parts = &block->parts[knob - knobs_of[block->kind]];
	const char *words[32] = {};
	u8 number;
	u32 i;

	for (i = 0; knob->parts && knob->parts[i].word; i++)
		words[i] = knob->parts[i].word;
	if (!value_choice(build->report, word, knob->name, knob->parts ? words : knob->words,
			  &number))
		return -1;
	if (*parts & 1u << number) {
		report_error(build->report, word->place, "%s is there twice",
			     knob->parts ? words[number] : knob->words[number]);
		return -1;
	}
	*parts |= 1u << number;
	return number;
}

/* No second word goes with this knob. */
static bool alone(struct build *build, struct model_block *block, const struct token *word,
		  const struct token *value)
{
	if (!value)
		return true;
	if (block->knob->shape == KNOB_BITS)
		report_error(build->report, value->place,
			     "the words of %s are joined by commas: write %.*s, %.*s",
			     block->knob->name, SHOWN(word), SHOWN(value));
	else
		report_error(build->report, value->place,
			     "%s has one value, and \"%.*s\" is a second",
			     block->knob->name, SHOWN(value));
	return false;
}

static bool read_part(struct build *build, struct model_block *block, const struct token *word,
		      const struct token *value)
{
	const struct knob_part *part = block->knob->parts;
	struct report *report = build->report;
	u32 number;
	int index;

	if (!*part->word) {
		if (!alone(build, block, word, value))
			return false;
		value = word;
	} else {
		index = read_word(build, block, word);
		if (index < 0)
			return false;
		part += index;
	}
	if (part->shape == PART_SET) {
		if (value)
			report_error(report, value->place, "%s %s stands alone, without \"%.*s\"",
				     block->knob->name, part->word, SHOWN(value));
		field_set(&block->model, part->field, part->least);
		return !value;
	}
	if (!value) {
		report_error(report, word->place, part->shape == PART_TIME ?
			     "%s %s needs its time, as in %s %s 60s" :
			     "%s %s needs its number, as in %s %s 100", block->knob->name,
			     part->word, block->knob->name, part->word);
		return false;
	}
	if (part->word_value && word_is(value, part->word_value)) {
		field_set(&block->model, part->field, part->stands_for);
		return true;
	}
	if (part->shape == PART_TIME ? !value_duration(report, value, &number) :
	    !value_integer(report, value, part->word, part->least, part->most, &number))
		return false;
	field_set(&block->model, part->field, number);
	return true;
}

static bool read_chance(struct build *build, struct model_block *block, const struct token *word,
			const struct token *value)
{
	int number = read_word(build, block, word);
	u16 chance = CENSOR_CERTAIN;

	if (number < 0 || (value && !value_chance(build->report, value, &chance)))
		return false;
	field_set(&block->model, chance_field(block->knob, number), chance);
	return true;
}

/* Such as 3.4 or 3.40 */
static bool read_hundredths(struct build *build, const struct knob *knob,
			    const struct token *word, u32 *value)
{
	char text[8];
	u32 whole = 0, part = 0, i, digits = 0;
	bool point = false;

	snprintf(text, sizeof(text), "%.*s", (int)word->len, word->text);
	for (i = 0; text[i]; i++) {
		if (text[i] == '.' && !point && i) {
			point = true;
		} else if (isdigit((u8)text[i]) && digits < 2) {
			u32 digit = text[i] - '0';

			if (point) {
				digits++;
				part = part * 10 + digit;
			} else {
				whole = whole * 10 + digit;
			}
		} else {
			break;
		}
	}
	*value = whole * 100 + (digits == 1 ? part * 10 : part);
	if (i && !text[i] && word->len < sizeof(text) && point == !!digits &&
	    *value >= knob->least && *value <= knob->most)
		return true;
	report_error(build->report, word->place,
		     "%s is a number from %u to %u with two digits behind the point, as in 3.40",
		     knob->name, knob->least / 100, knob->most / 100);
	return false;
}

static bool read_item(struct build *build, struct model_block *block, const struct token *word,
		      const struct token *value)
{
	const struct knob *knob = block->knob;
	void *model = &block->model;
	int number;
	u32 integer;
	u8 choice;
	bool on;

	switch (knob->shape) {
	case KNOB_CHOICE:
		if (!value_choice(build->report, word, knob->name, knob->words, &choice))
			return false;
		field_set(model, knob->field, choice);
		break;
	case KNOB_NUMBER:
		if (!value_integer(build->report, word, knob->name, knob->least, knob->most,
				   &integer))
			return false;
		field_set(model, knob->field, integer);
		break;
	case KNOB_HUNDREDTHS:
		if (!read_hundredths(build, knob, word, &integer))
			return false;
		field_set(model, knob->field, integer);
		break;
	case KNOB_SWITCH:
		if (!value_switch(build->report, word, knob->name, &on))
			return false;
		field_set(model, knob->field, on);
		break;
	case KNOB_BITS:
		number = read_word(build, block, word);
		if (number < 0)
			return false;
		field_set(model, knob->field, field_get(model, knob->field) | 1u << number);
		break;
	case KNOB_CHANCES:
		return read_chance(build, block, word, value);
	case KNOB_PARTS:
		return read_part(build, block, word, value);
	}
	return alone(build, block, word, value);
}

void block_item(struct build *build, struct model_block *block, const struct token *word,
		const struct token *value)
{
	const struct knob *knob = block->knob;
	bool several;

	if (!knob)
		return;
	several = knob->shape == KNOB_BITS || knob->shape == KNOB_CHANCES;
	if (several && !block->items && !value && word_is(word, "none")) {
		block->items = UINT32_MAX;
		return;
	}
	if (block->items == UINT32_MAX || (several && word_is(word, "none"))) {
		report_error(build->report, word->place, "none stands alone");
		block->broken = true;
	} else if (block->items && !several && (knob->shape != KNOB_PARTS || !*knob->parts->word)) {
		report_error(build->report, word->place,
			     "%s has one value, and \"%.*s\" is a second", knob->name, SHOWN(word));
		block->broken = true;
	} else {
		if (!read_item(build, block, word, value))
			block->broken = true;
		block->items++;
	}
}

/* Whether a sentence has the name of a knob in it, as a word. */
static bool speaks_of(const char *sentence, const char *name)
{
	size_t len = strlen(name);
	const char *at;

	for (at = strstr(sentence, name); at; at = strstr(at + 1, name))
		if ((at == sentence || at[-1] == ' ') && !isalnum((u8)at[len]) && at[len] != '-')
			return true;
	return false;
}

/*
 * Where a contradiction is shown: at the last knob of this block that the sentence speaks of, as
 * that is the one that doesn't go with what stood before it; else at the block.
 */
static struct place fault(const struct model_block *block, const char *why)
{
	const struct knob *knobs = knobs_of[block->kind];
	struct place place = block->place;
	u32 i;

	for (i = 0; knobs[i].name; i++) {
		const struct place *at = &block->places[i];

		if (!(block->given & 1u << i) || !speaks_of(why, knobs[i].name))
			continue;
		if (at->line > place.line || (at->line == place.line && at->column > place.column))
			place = *at;
	}
	return place;
}

void block_end(struct build *build, struct model_block *block)
{
	struct censor_tcp_model *tcp = &block->model.tcp;
	const struct token restart = { .text = "restart", .len = 7 };
	const char *why = NULL;
	u32 number;

	if (block->broken)
		return;
	switch (block->kind) {
	case MODEL_TCP:
		/* What was said of create alone goes for restart as well. */
		number = find_knob(MODEL_TCP, &restart) - tcp_knobs;
		if (!(block->given & 1u << number))
			tcp->restart &= tcp->create;
		censor_tcp_check(tcp, &why);
		break;
	case MODEL_IP:
		censor_ip_check(&block->model.ip, &why);
		break;
	default:
		censor_detect_check(&block->model.detect, &why);
	}
	if (why) {
		report_error(build->report, fault(block, why), "%s", why);
		block->broken = true;
	}
}

void build_model(struct build *build, const struct model_block *block)
{
	struct policy_ast *ast = build->ast;
	bool *given = &ast->model_given[block->kind];
	struct place *place = &ast->model_places[block->kind];

	if (*given) {
		report_error(build->report, block->place, "%s is there twice",
			     model_kind_names[block->kind]);
		report_note(build->report, *place, "it is here");
		return;
	}
	*given = true;
	*place = block->place;
	switch (block->kind) {
	case MODEL_TCP:
		ast->tcp = block->model.tcp;
		break;
	case MODEL_IP:
		ast->ip = block->model.ip;
		break;
	default:
		ast->detect = block->model.detect;
	}
}

/* Printing */

static bool knob_differs(const struct knob *knob, const void *model, const void *base)
{
	const struct knob_part *part;

	for (part = knob->parts; part && part->word; part++)
		if (field_get(model, part->field) != field_get(base, part->field))
			return true;
	return !knob->parts && memcmp((const char *)model + knob->field.offset,
				      (const char *)base + knob->field.offset, knob->field.size);
}

static void print_parts(FILE *out, const struct knob *knob, const void *model, const void *base)
{
	const struct knob_part *part;
	char buf[PRINT_SIZE];
	bool first = true;

	for (part = knob->parts; part->word; part++) {
		u32 value = field_get(model, part->field);

		if (value == field_get(base, part->field) ||
		    (part->shape == PART_SET && value != part->least))
			continue;
		fprintf(out, "%s%s", first ? "" : ", ", part->word);
		first = false;
		if (part->shape == PART_SET)
			continue;
		if (*part->word)
			fputc(' ', out);
		if (part->word_value && value == part->stands_for)
			fputs(part->word_value, out);
		else if (part->shape == PART_TIME)
			fputs(print_duration(value, buf), out);
		else
			fprintf(out, "%u", value);
	}
}

static void print_chances(FILE *out, const struct knob *knob, const void *model)
{
	char buf[PRINT_SIZE];
	bool first = true;
	u32 i;

	for (i = 0; knob->words[i]; i++) {
		u32 chance = field_get(model, chance_field(knob, i));

		if (!chance)
			continue;
		fprintf(out, "%s%s", first ? "" : ", ", knob->words[i]);
		first = false;
		if (chance != CENSOR_CERTAIN)
			fprintf(out, " %s", print_chance(chance, buf));
	}
	if (first)
		fputs("none", out);
}

static void print_knob(FILE *out, const struct knob *knob, const void *model, const void *base)
{
	u32 value = knob->shape == KNOB_CHANCES || knob->shape == KNOB_PARTS ? 0 :
		    field_get(model, knob->field), i;
	const char *comma = "";

	switch (knob->shape) {
	case KNOB_CHOICE:
		for (i = 0; i < value && knob->words[i]; i++)
			;
		fputs(knob->words[i] ? knob->words[i] : "?", out);
		break;
	case KNOB_NUMBER:
		fprintf(out, "%u", value);
		break;
	case KNOB_HUNDREDTHS:
		fprintf(out, "%u.%02u", value / 100, value % 100);
		break;
	case KNOB_SWITCH:
		fputs(value ? "on" : "off", out);
		break;
	case KNOB_BITS:
		for (i = 0; knob->words[i]; i++) {
			if (!(value & 1u << i))
				continue;
			fprintf(out, "%s%s", comma, knob->words[i]);
			comma = ", ";
		}
		if (!*comma)
			fputs("none", out);
		break;
	case KNOB_CHANCES:
		print_chances(out, knob, model);
		break;
	case KNOB_PARTS:
		print_parts(out, knob, model, base);
	}
}

u32 model_differs(enum model_kind kind, const void *model, const void *base,
		  void (*put)(void *to, const char *name, const char *items, bool list),
		  void *to)
{
	const struct knob *knob;
	u32 n = 0;

	for (knob = knobs_of[kind]; knob->name; knob++) {
		char *items = NULL;
		size_t size;
		FILE *out;

		if (!knob_differs(knob, model, base))
			continue;
		out = open_memstream(&items, &size);
		if (!out)
			continue;
		print_knob(out, knob, model, base);
		fclose(out);
		put(to, knob->name, items, knob->shape == KNOB_BITS ||
		    knob->shape == KNOB_CHANCES || (knob->parts && *knob->parts->word));
		free(items);
		n++;
	}
	return n;
}
