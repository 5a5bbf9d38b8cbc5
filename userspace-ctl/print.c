// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>

#include "delay.h"
#include "engine/inspect.h"
#include "event.h"
#include "print.h"
#include "utf8.h"
#include "value.h"

#define LINE_WIDTH	96

const char *print_prefix(const struct censor_prefix *prefix, char *buf)
{
	u32 most = prefix->family == 4 ? 32 : 128;
	size_t len;

	inet_ntop(prefix->family == 4 ? AF_INET : AF_INET6, prefix->addr, buf, PRINT_SIZE);
	len = strlen(buf);
	if (prefix->bits != most)
		snprintf(buf + len, PRINT_SIZE - len, "/%u", prefix->bits);
	return buf;
}

const char *print_range(u32 lo, u32 hi, char *buf)
{
	snprintf(buf, PRINT_SIZE, lo == hi ? "%u" : "%u-%u", lo, hi);
	return buf;
}

const char *print_field(const struct censor_field *field, u32 least, u32 most, char *buf)
{
	if (field->pick == CENSOR_PICK_MIRROR)
		return strcpy(buf, "mirror");
	if (field->lo == least && field->hi == most)
		return strcpy(buf, "random");
	return print_range(field->lo, field->hi, buf);
}

const char *print_duration(u32 ms, char *buf)
{
	if (ms % 1000)
		snprintf(buf, PRINT_SIZE, "%ums", ms);
	else if (ms % 3600000 == 0)
		snprintf(buf, PRINT_SIZE, "%uh", ms / 3600000);
	else
		snprintf(buf, PRINT_SIZE, "%us", ms / 1000);
	return buf;
}

const char *print_chance(u16 of, char *buf)
{
	if (of % 10)
		snprintf(buf, PRINT_SIZE, "%u.%02u%%", of / 100, of % 100);
	else if (of % 100)
		snprintf(buf, PRINT_SIZE, "%u.%u%%", of / 100, of % 100 / 10);
	else
		snprintf(buf, PRINT_SIZE, "%u%%", of / 100);
	return buf;
}

const char *print_bits(u32 bits, const char *const *words, u32 n, char sign, char *buf)
{
	char *at = buf;
	u32 i;

	*buf = '\0';
	for (i = 0; i < n; i++) {
		if (!(bits & 1u << i))
			continue;
		if (at != buf)
			*at++ = sign;
		at = stpcpy(at, words[i]);
	}
	return buf;
}

/* The marks that a form puts before and behind the text. */
static const struct { const char *before, *behind; } marks[CENSOR_FORM_COUNT] = {
	[CENSOR_FORM_SUFFIX] = { "", "" },
	[CENSOR_FORM_EXACT] = { "=", "" },
	[CENSOR_FORM_SUBDOMAIN] = { ".", "" },
	[CENSOR_FORM_ENDS] = { "*", "" },
	[CENSOR_FORM_SUBSTRING] = { "*", "*" },
	[CENSOR_FORM_PREFIX] = { "=", "*" },
	[CENSOR_FORM_LABEL] = { "", "*" },
};

/* Bytes that would be taken for a mark, or can't stand in a string, get a backslash. */
static void print_text(FILE *out, const char *text, u32 len, bool first, bool dot, bool last)
{
	u32 at = 0;

	while (at < len) {
		u32 code, n = utf8_char(text + at, len - at, &code);
		u8 c = text[at];

		if (!n || utf8_obeyed(code)) {
			fprintf(out, "\\x%02x", c);
			at++;
			continue;
		}
		if (c == '"' || c == '\\' || c == '*' || (first && !at && (c == '=' || c == '.')) ||
		    (dot && !at && c == '.') || (last && at + 1 == len && c == '.'))
			fputc('\\', out);
		fwrite(text + at, 1, n, out);
		at += n;
	}
}

void print_entry(FILE *out, const struct ast_name *name, bool words)
{
	bool plain = words && name->form == CENSOR_FORM_SUBSTRING;
	const char *before = plain ? "" : marks[name->form].before;
	const char *behind = plain ? "" : marks[name->form].behind;

	fputs(before, out);
	print_text(out, name->text, name->len, !*before, *before == '*' && !*behind,
		   !words && !*behind);
	fputs(behind, out);
}

/* Whether an entry of a set can stand without quotes. */
static bool is_bare(const struct ast_name *name)
{
	u32 i;

	for (i = 0; i < name->len; i++)
		if (!isalnum((u8)name->text[i]) && !strchr("._-", name->text[i]))
			return false;
	return *name->text != '.' && name->text[name->len - 1] != '.';
}

static bool is_plain_name(const char *name)
{
	const char *at;

	for (at = name; *at; at++)
		if (!isalnum((u8)*at) && (at == name || !strchr("._-", *at)))
			return false;
	return at != name;
}

void print_title(FILE *out, const char *title)
{
	const char *at, *stop;

	fputc('"', out);
	for (at = title; *at; at = stop) {
		stop = at + strcspn(at, "\\");
		text_print(out, at, (size_t)(stop - at));
		for (; *stop == '\\'; stop++)
			fputs("\\\\", out);
	}
	fputc('"', out);
}

void print_name(FILE *out, const char *name)
{
	if (is_plain_name(name))
		fputs(name, out);
	else
		print_title(out, name);
}

/* A set of words with an entry that only names can have is printed as names. */
static bool set_words(const struct ast_set *set)
{
	u32 i;

	if (!set->words)
		return false;
	for (i = 0; i < set->n; i++)
		if (set->names[i].form == CENSOR_FORM_SUFFIX)
			return false;
	return true;
}

const char *cond_confidence(const struct policy_ast *ast, const struct ast_cond *cond)
{
	u32 i;

	if (cond->attr != CENSOR_ATTR_PROTOCOL)
		return NULL;
	for (i = 0; i < cond->n_sets; i++) {
		const struct ast_set *set = &ast->sets[cond->sets[i]];

		if (!set->name && set->n && CENSOR_CONFIDENCE_OF(set->ranges[0].lo))
			return censor_confidence_name(CENSOR_CONFIDENCE_OF(set->ranges[0].lo));
	}
	return NULL;
}

bool cond_contains(const struct policy_ast *ast, const struct ast_cond *cond)
{
	bool named = false, words = false, all = true;
	u32 i, j;

	if (censor_attr_kind(cond->attr) != CENSOR_KIND_NAMES)
		return false;
	for (i = 0; i < cond->n_sets; i++) {
		const struct ast_set *set = &ast->sets[cond->sets[i]];

		if (set->name) {
			named = true;
			words |= set_words(set);
			continue;
		}
		for (j = 0; j < set->n; j++)
			all &= set->names[j].form == CENSOR_FORM_SUBSTRING;
	}
	return named ? words : all;
}

/* One entry of a set, in @text. */
static void entry_text(FILE *out, const struct ast_set *set, u32 i, bool words, bool literal,
		       u8 attr)
{
	char buf[PRINT_SIZE];
	const char *word;

	switch (set->kind) {
	case CENSOR_KIND_NAMES:
		if (!literal && is_bare(&set->names[i])) {
			print_entry(out, &set->names[i], words);
			break;
		}
		fputc('"', out);
		print_entry(out, &set->names[i], words);
		fputc('"', out);
		break;
	case CENSOR_KIND_PREFIXES:
		fputs(print_prefix(&set->prefixes[i].prefix, buf), out);
		break;
	default:
		word = literal ? value_range_word(attr, set->ranges[i].lo, set->ranges[i].hi) :
		       NULL;
		fputs(word ? word : print_range(set->ranges[i].lo, set->ranges[i].hi, buf), out);
	}
}

/* Entries between braces, as many on a line as go. */
static void print_entries(FILE *out, const struct ast_set *set, bool words)
{
	u32 i, column = 0;
	char *text = NULL;
	size_t size;
	FILE *one;

	one = open_memstream(&text, &size);
	if (!one)
		return;
	fputs(" {", out);
	for (i = 0; i < set->n; i++) {
		rewind(one);
		entry_text(one, set, i, words, false, 0);
		fflush(one);
		if (!column || column + size + 2 > LINE_WIDTH) {
			fputs(i ? ",\n\t\t" : "\n\t\t", out);
			column = 16;
		} else {
			fputs(", ", out);
		}
		fwrite(text, 1, size, out);
		column += size + 2;
	}
	fputs("\n\t}\n", out);
	fclose(one);
	free(text);
}

static void print_set(FILE *out, const struct ast_set *set)
{
	static const char *const kinds[] = { "names", "prefixes", "numbers" };
	bool words = set_words(set);

	fprintf(out, "\t%s ", words ? "words" : kinds[set->kind]);
	print_name(out, set->name);
	print_entries(out, set, words);
}

static void print_pool(FILE *out, const struct ast_pool *pool)
{
	struct ast_set set = {
		.kind = CENSOR_KIND_PREFIXES, .prefixes = pool->addresses, .n = pool->n,
	};

	fputs("\tanswers ", out);
	print_name(out, pool->name);
	print_entries(out, &set, false);
}

static void print_option(FILE *out, const char *name, const struct censor_field *field, u32 least,
			 u32 most)
{
	char buf[PRINT_SIZE];

	fprintf(out, " %s %s%s", name, print_field(field, least, most, buf),
		field->pick == CENSOR_PICK_CYCLIC ? " cyclic" : "");
}

static bool is_fixed(const struct censor_field *field, u16 number)
{
	return field->pick == CENSOR_PICK_RANGE && field->lo == number && field->hi == number;
}

static void print_packet(FILE *out, const struct policy_ast *ast,
			 const struct censor_packet *packet)
{
	char buf[PRINT_SIZE];
	u32 i;

	fprintf(out, "\t\t%s to %s", packet->flags ?
		print_bits(packet->flags, value_flag_names, 8, '+', buf) : "none",
		value_to_names[packet->to & 3]);
	if (packet->on && packet->on < CENSOR_ONS)
		fprintf(out, " on %s", value_on_names[packet->on]);
	if (packet->copies != 1)
		fprintf(out, " copies %u", packet->copies);
	if (packet->seq_next) {
		fputs(" seq next", out);
	} else if (packet->n_seq != 1 || packet->seq[0]) {
		fputs(" seq", out);
		for (i = 0; i < packet->n_seq; i++)
			fprintf(out, " %d", (s32)packet->seq[i]);
	}
	if (!is_fixed(&packet->ttl, 64))
		print_option(out, "ttl", &packet->ttl, 1, 255);
	if (!is_fixed(&packet->ip_id, 0))
		print_option(out, "ip-id", &packet->ip_id, 0, 65535);
	if (packet->df)
		fputs(" df on", out);
	if (!is_fixed(&packet->window, 0))
		print_option(out, "window", &packet->window, 0, 65535);
	if (packet->page) {
		fputs(" page ", out);
		print_name(out, ast->pages[packet->page - 1].name);
		if (packet->segment != SEGMENT_DEFAULT)
			fprintf(out, " segment %u", packet->segment);
	} else if (packet->payload_len) {
		fputs(" payload ", out);
		print_payload(out, packet, true);
	}
	fputc('\n', out);
}

static void print_inject(FILE *out, const struct policy_ast *ast, const struct ast_inject *inject)
{
	char buf[DELAY_SIZE];
	u32 i;

	fputs("\tinject ", out);
	print_name(out, inject->name);
	fputs(" {\n", out);
	if (inject->delay.n)
		fprintf(out, "\t\tdelay %s\n", print_delay(&inject->delay, buf));
	if (inject->gap.n)
		fprintf(out, "\t\tgap %s\n", print_delay(&inject->gap, buf));
	for (i = 0; i < inject->n; i++)
		print_packet(out, ast, &inject->packets[i].packet);
	fputs("\t}\n", out);
}

static void print_cond(FILE *out, const struct policy_ast *ast, const struct ast_cond *cond)
{
	bool contains = cond_contains(ast, cond), first = true;
	const char *confidence;
	u32 i, j;

	fputs(censor_attr_name(cond->attr), out);
	if (cond->negate)
		fputs(" not", out);
	if (contains)
		fputs(" contains", out);
	else if (cond->attr != CENSOR_ATTR_FROM && cond->attr != CENSOR_ATTR_CLIENT)
		fputs(" in", out);
	for (i = 0; i < cond->n_sets; i++) {
		const struct ast_set *set = &ast->sets[cond->sets[i]];

		if (set->name) {
			fprintf(out, "%s%s", first ? " " : ", ", set->name);
			first = false;
			continue;
		}
		for (j = 0; j < set->n; j++) {
			fputs(first ? " " : ", ", out);
			entry_text(out, set, j, contains, true, cond->attr);
			first = false;
		}
	}
	confidence = cond_confidence(ast, cond);
	if (confidence)
		fprintf(out, " confidence %s", confidence);
}

/* Addresses of a pool, or what else is told; a pool that is called like that stands in quotes. */
static void print_lie(FILE *out, const struct policy_ast *ast, const struct ast_rule *rule)
{
	const struct censor_forge *forge = &rule->rule.forge;
	const char *pool = forge->pool == CENSOR_NO_POOL ? NULL : ast->pools[forge->pool].name;
	u32 i;

	if (forge->lie != CENSOR_LIE_ADDRESS)
		fputs(value_lie_names[forge->lie % CENSOR_LIES], out);
	if (rule->alias) {
		fputc(' ', out);
		print_name(out, rule->alias);
	}
	if (!pool)
		return;
	if (forge->lie == CENSOR_LIE_CNAME)
		fputs(" with ", out);
	for (i = 1; i < CENSOR_LIES; i++)
		if (!strcmp(pool, value_lie_names[i]))
			break;
	if (i < CENSOR_LIES)
		fprintf(out, "\"%s\"", pool);
	else
		print_name(out, pool);
}

static void print_forge(FILE *out, const struct policy_ast *ast, const struct ast_rule *rule)
{
	const struct censor_forge *forge = &rule->rule.forge;
	char buf[PRINT_SIZE];

	print_lie(out, ast, rule);
	if (forge->in_order)
		fputs(" in order", out);
	if (forge->cursors > 1)
		fprintf(out, " cursors %u", forge->cursors);
	if (forge->ttl_lo != 300 || forge->ttl_hi != 300)
		fprintf(out, " ttl %s", print_range(forge->ttl_lo, forge->ttl_hi, buf));
	if (forge->count != 1)
		fprintf(out, " count %u", forge->count);
	if (forge->aa)
		fputs(" aa", out);
	if (!is_fixed(&forge->ip_ttl, 64))
		print_option(out, "ip-ttl", &forge->ip_ttl, 1, 255);
	if (forge->ip_id.pick != CENSOR_PICK_RANGE || forge->ip_id.lo || forge->ip_id.hi != 65535)
		print_option(out, "ip-id", &forge->ip_id, 0, 65535);
	if (forge->df)
		fputs(" df on", out);
}

static void print_residual(FILE *out, const struct policy_ast *ast, const struct ast_rule *rule)
{
	const struct censor_residual *residual = &rule->rule.residual;
	char buf[PRINT_SIZE], delay[DELAY_SIZE];

	fprintf(out, " %s", print_duration(residual->ms, buf));
	fprintf(out, " by %s", print_bits(residual->tuple, value_tuple_names, 4, ',', buf));
	if (residual->both)
		fputs(" both", out);
	if (rule->onset.n)
		fprintf(out, " after %s", print_delay(&rule->onset, delay));
	if (residual->rearm && residual->rearm < CENSOR_REARMS)
		fprintf(out, " rearm %s", value_rearm_names[residual->rearm]);
	if (residual->act == CENSOR_RESIDUAL_DROP) {
		fputs(" with drop", out);
	} else if (residual->act == CENSOR_RESIDUAL_INJECT) {
		fputs(" with inject ", out);
		print_name(out, ast->injects[residual->inject].name);
	}
	if (residual->chance != CENSOR_CERTAIN)
		fprintf(out, " probability %s", print_chance(residual->chance, buf));
}

/* What stands behind the word of an action. */
static void print_action(FILE *out, const struct policy_ast *ast, const struct ast_rule *written,
			 u32 action)
{
	const struct censor_rule *rule = &written->rule;
	char buf[DELAY_SIZE];

	switch (action) {
	case CENSOR_DO_LOG:
		if (rule->sample)
			fprintf(out, " sample %s", print_chance(rule->sample, buf));
		break;
	case CENSOR_DO_DROP:
		if (rule->drop_to != CENSOR_TO_BOTH)
			fprintf(out, " to %s", value_to_names[rule->drop_to & 3]);
		break;
	case CENSOR_DO_INJECT:
		fputc(' ', out);
		print_name(out, ast->injects[rule->inject].name);
		break;
	case CENSOR_DO_FORGE:
		fputc(' ', out);
		print_forge(out, ast, written);
		if (written->forge_delay.n)
			fprintf(out, " delay %s", print_delay(&written->forge_delay, buf));
		break;
	case CENSOR_DO_RESIDUAL:
		print_residual(out, ast, written);
		break;
	case CENSOR_DO_REWRITE:
		fprintf(out, " %s", rule->rewrite_flags ?
			print_bits(rule->rewrite_flags, value_flag_names, 8, '+', buf) : "none");
		if (rule->rewrite_to != CENSOR_TO_CLIENT)
			fprintf(out, " to %s", value_to_names[rule->rewrite_to & 3]);
		break;
	case CENSOR_DO_FREEZE:
		fprintf(out, " after %s %s", print_range(rule->freeze.lo, rule->freeze.hi, buf),
			rule->freeze.bytes ? "bytes" : "packets");
		break;
	case CENSOR_DO_POLICE:
	case CENSOR_DO_LOSE:
	case CENSOR_DO_DELAY:
	case CENSOR_DO_MARK:
		print_shape(out, written, action);
		break;
	}
}

/* How surely the rule acts, unless that is always. */
static void print_probability(FILE *out, const struct policy_ast *ast,
			      const struct censor_chance *chance)
{
	char buf[PRINT_SIZE];

	if (chance->of == CENSOR_CERTAIN && !chance->tuple && !chance->hours && !chance->load)
		return;
	fprintf(out, ", probability %s", print_chance(chance->of, buf));
	if (chance->tuple)
		fprintf(out, " by %s", print_bits(chance->tuple, value_tuple_names, 4, ',', buf));
	if (chance->hours) {
		fputs(" hours ", out);
		print_name(out, ast->hours[chance->hours - 1].name);
	}
	if (chance->load) {
		fputs(" load ", out);
		print_name(out, ast->loads[chance->load - 1].name);
	}
}

static void print_actions(FILE *out, const struct policy_ast *ast, const struct ast_rule *rule)
{
	u32 actions = rule->rule.actions, i;
	bool first = true;

	for (i = 0; i < ARRAY_SIZE(value_action_names); i++) {
		if (!(actions & 1u << i))
			continue;
		fprintf(out, "%s%s", first ? " " : ", ", value_action_names[i]);
		first = false;
		print_action(out, ast, rule, 1u << i);
	}
	if (rule->rule.path == CENSOR_PATH_ON)
		fputs(", on-path", out);
	print_probability(out, ast, &rule->rule.chance);
	print_in_phase(out, ast, rule);
}

static void print_rule(FILE *out, const struct policy_ast *ast, const struct ast_rule *rule,
		       bool hits)
{
	u32 i;

	fputs("\trule ", out);
	print_name(out, rule->name);
	fputs(" { ", out);
	for (i = 0; i < rule->n; i++) {
		if (i)
			fputs(" and ", out);
		print_cond(out, ast, &rule->conds[i]);
	}
	fputs(" }", out);
	print_actions(out, ast, rule);
	if (hits)
		print_counters(out, &rule->counters);
	fputc('\n', out);
}

void policy_print(FILE *out, const struct policy_ast *ast, bool hits)
{
	char buf[PRINT_SIZE];
	u32 i;

	fputs("censor ", out);
	print_name(out, ast->name);
	fputs(" {\n", out);
	for (i = 0; i < ast->n_inside; i++)
		fprintf(out, "%s%s%s", i ? ", " : "\tinside ",
			print_prefix(&ast->inside[i].prefix, buf),
			i + 1 < ast->n_inside ? "" : "\n");
	if (ast->seed != 1)
		fprintf(out, "\tseed %" PRIu64 "\n", ast->seed);
	if (ast->clock != 1)
		fprintf(out, "\tclock %ux\n", ast->clock);
	for (i = 0; i < ast->n_phases; i++)
		print_phase(out, &ast->phases[i]);
	print_model(out, MODEL_TCP, &ast->tcp, ast->tcp.name);
	print_model(out, MODEL_IP, &ast->ip, ast->ip.name);
	print_model(out, MODEL_DETECT, &ast->detect, ast->detect.name);
	for (i = 0; i < ast->n_sets; i++)
		if (ast->sets[i].name)
			print_set(out, &ast->sets[i]);
	for (i = 0; i < ast->n_pools; i++)
		print_pool(out, &ast->pools[i]);
	for (i = 0; i < ast->n_pages; i++)
		print_page(out, &ast->pages[i]);
	for (i = 0; i < ast->n_hours; i++)
		print_hours(out, &ast->hours[i]);
	for (i = 0; i < ast->n_loads; i++)
		print_load(out, &ast->loads[i]);
	for (i = 0; i < ast->n_injects; i++)
		print_inject(out, ast, &ast->injects[i]);
	for (i = 0; i < ast->n_rules; i++)
		print_rule(out, ast, &ast->rules[i], hits);
	fputs("}\n", out);
}
