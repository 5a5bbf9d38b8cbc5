// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>

#include "delay.h"
#include "engine/inspect.h"
#include "event.h"
#include "json.h"
#include "jsonshape.h"
#include "print.h"
#include "utf8.h"
#include "value.h"

/* Writing */

json_t *json_text(const char *text)
{
	json_t *string = json_string(text);
	char *quoted = NULL;
	FILE *stream;
	size_t size;

	if (string)
		return string;
	stream = open_memstream(&quoted, &size);
	if (stream) {
		json_print_string(stream, text, strlen(text));
		fclose(stream);
		string = json_loads(quoted, JSON_DECODE_ANY, NULL);
		free(quoted);
	}
	return string ? string : json_string("?");
}

static json_t *entries_of(const struct ast_set *set, bool words, int attr)
{
	json_t *array = json_array();
	char buf[PRINT_SIZE], *text;
	const char *word;
	size_t size;
	FILE *out;
	u32 i;

	out = open_memstream(&text, &size);
	for (i = 0; out && i < set->n; i++) {
		switch (set->kind) {
		case CENSOR_KIND_NAMES:
			rewind(out);
			print_entry(out, &set->names[i], words);
			fflush(out);
			json_array_append_new(array, json_stringn(text, size));
			break;
		case CENSOR_KIND_PREFIXES:
			json_array_append_new(array,
					      json_string(print_prefix(&set->prefixes[i].prefix,
								       buf)));
			break;
		default:
			word = attr >= 0 ? value_range_word(attr, set->ranges[i].lo,
							    set->ranges[i].hi) : NULL;
			if (word)
				json_array_append_new(array, json_string(word));
			else if (set->ranges[i].lo == set->ranges[i].hi)
				json_array_append_new(array, json_integer(set->ranges[i].lo));
			else
				json_array_append_new(array,
						      json_string(print_range(set->ranges[i].lo,
									      set->ranges[i].hi,
									      buf)));
		}
	}
	if (out) {
		fclose(out);
		free(text);
	}
	return array;
}

static json_t *set_of(const struct ast_set *set)
{
	static const char *const kinds[] = { "names", "prefixes", "numbers" };

	return json_pack("{s:o, s:s, s:o}", "name", json_text(set->name), "kind",
			 set->words ? "words" : kinds[set->kind], "entries",
			 entries_of(set, set->words, -1));
}

static json_t *pool_of(const struct ast_pool *pool)
{
	struct ast_set set = {
		.kind = CENSOR_KIND_PREFIXES, .prefixes = pool->addresses, .n = pool->n,
	};

	return json_pack("{s:o, s:o}", "name", json_text(pool->name), "addresses",
			 entries_of(&set, false, -1));
}

static json_t *field_of(const struct censor_field *field, u32 least, u32 most)
{
	char buf[PRINT_SIZE * 2];

	print_field(field, least, most, buf);
	if (field->pick == CENSOR_PICK_CYCLIC)
		strcat(buf, " cyclic");
	return json_string(buf);
}

/* "a, b" as an array */
static json_t *items_of(const char *items)
{
	json_t *array = json_array();
	const char *end;

	for (;; items = end + 2) {
		end = strstr(items, ", ");
		json_array_append_new(array, json_stringn(items, end ? (size_t)(end - items) :
							  strlen(items)));
		if (!end)
			return array;
	}
}

static void set_knob(void *object, const char *name, const char *items, bool list)
{
	json_t *value;

	if (list)
		value = strcmp(items, "none") ? items_of(items) : json_array();
	else if (!strcmp(items, "on") || !strcmp(items, "off"))
		value = json_boolean(!strcmp(items, "on"));
	else if (strspn(items, "0123456789") == strlen(items))
		value = json_integer(atoll(items));
	else
		value = json_string(items);
	json_object_set_new(object, name, value);
}

/* What differs from a named model, or from the default; NULL if that is nothing */
static json_t *model_of(enum model_kind kind, const void *model, const char *name)
{
	json_t *object = json_object();
	union model base;

	if (*name && model_known(kind, name, &base))
		json_object_set_new(object, "model", json_string(name));
	else
		model_default(kind, &base);
	model_differs(kind, model, &base, set_knob, object);
	if (json_object_size(object))
		return object;
	json_decref(object);
	return NULL;
}

/* A string that the functions of print.h write; @write gets @part. */
static json_t *printed(void (*write)(FILE *out, const void *part), const void *part)
{
	json_t *string = NULL;
	char *text = NULL;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	if (out) {
		write(out, part);
		fclose(out);
		string = json_stringn(text, size);
		free(text);
	}
	return string;
}

static void write_page(FILE *out, const void *part)
{
	const struct ast_page *page = part;

	print_bytes(out, page->data, page->n);
}

static void write_payload(FILE *out, const void *part)
{
	print_payload(out, part, false);
}

static json_t *page_of(const struct ast_page *page)
{
	return json_pack("{s:o, s:o}", "name", json_text(page->name), "data",
			 printed(write_page, page));
}

static json_t *hours_of(const struct ast_hours *hours)
{
	json_t *chances = json_array();
	char buf[PRINT_SIZE];
	u32 i;

	for (i = 0; i < 24; i++)
		json_array_append_new(chances,
				      json_string(print_chance(hours->hours.chance[i], buf)));
	return json_pack("{s:o, s:s, s:o}", "name", json_text(hours->name), "zone",
			 print_zone(hours->hours.offset_min, buf), "probabilities", chances);
}

static json_t *load_of(const struct ast_load *load)
{
	json_t *points = json_array();
	char buf[PRINT_SIZE];
	u32 i;

	for (i = 0; i < load->load.n && i < CENSOR_LOAD_POINTS; i++)
		json_array_append_new(points, json_pack("[I, s]",
			(json_int_t)load->load.point[i].pps,
			print_chance(load->load.point[i].chance, buf)));
	return json_pack("{s:o, s:o}", "name", json_text(load->name), "points", points);
}

static json_t *seq_of(const struct censor_packet *packet)
{
	json_t *seq;
	u32 i;

	if (packet->seq_next)
		return json_string("next");
	seq = json_array();
	for (i = 0; i < packet->n_seq; i++)
		json_array_append_new(seq, json_integer((s32)packet->seq[i]));
	return seq;
}

static json_t *packet_of(const struct policy_ast *ast, const struct censor_packet *packet)
{
	char buf[PRINT_SIZE];
	json_t *object;

	object = json_pack("{s:s, s:s, s:i, s:o, s:o, s:o, s:b, s:o}", "flags", packet->flags ?
			   print_bits(packet->flags, value_flag_names, 8, '+', buf) : "none",
			   "to", value_to_names[packet->to & 3], "copies", packet->copies, "seq",
			   seq_of(packet), "ttl", field_of(&packet->ttl, 1, 255),
			   "ip-id", field_of(&packet->ip_id, 0, 65535), "df", packet->df,
			   "window", field_of(&packet->window, 0, 65535));
	if (packet->on && packet->on < CENSOR_ONS)
		json_object_set_new(object, "on", json_string(value_on_names[packet->on]));
	if (packet->page) {
		json_object_set_new(object, "page", json_text(ast->pages[packet->page - 1].name));
		json_object_set_new(object, "segment", json_integer(packet->segment));
	} else if (packet->payload_len) {
		json_object_set_new(object, "payload", printed(write_payload, packet));
	}
	return object;
}

static void set_delay(json_t *object, const char *key, const struct censor_delay *delay)
{
	char buf[DELAY_SIZE];

	if (delay->n)
		json_object_set_new(object, key, json_string(print_delay(delay, buf)));
}

static json_t *inject_of(const struct policy_ast *ast, const struct ast_inject *inject)
{
	json_t *object = json_object(), *packets = json_array();
	u32 i;

	for (i = 0; i < inject->n; i++)
		json_array_append_new(packets, packet_of(ast, &inject->packets[i].packet));
	json_object_set_new(object, "name", json_text(inject->name));
	set_delay(object, "delay", &inject->delay);
	set_delay(object, "gap", &inject->gap);
	json_object_set_new(object, "packets", packets);
	return object;
}

static json_t *cond_of(const struct policy_ast *ast, const struct ast_cond *cond)
{
	bool contains = cond_contains(ast, cond);
	json_t *values = json_array(), *object;
	const char *confidence;
	u32 i;

	for (i = 0; i < cond->n_sets; i++) {
		const struct ast_set *set = &ast->sets[cond->sets[i]];

		if (set->name) {
			json_array_append_new(values, json_pack("{s:o}", "set",
								json_text(set->name)));
		} else {
			json_t *entries = entries_of(set, contains, cond->attr);

			json_array_extend(values, entries);
			json_decref(entries);
		}
	}
	object = json_pack("{s:s, s:s, s:o}", "field", censor_attr_name(cond->attr), "operator",
			   contains ? "contains" : "in", "values", values);
	if (cond->negate)
		json_object_set_new(object, "not", json_true());
	confidence = cond_confidence(ast, cond);
	if (confidence)
		json_object_set_new(object, "confidence", json_string(confidence));
	return object;
}

static json_t *forge_of(const struct policy_ast *ast, const struct ast_rule *rule)
{
	const struct censor_forge *forge = &rule->rule.forge;
	json_t *object = json_object();
	char ttl[PRINT_SIZE];

	if (rule->alias)
		json_object_set_new(object, "cname", json_text(rule->alias));
	else if (forge->lie != CENSOR_LIE_ADDRESS)
		json_object_set_new(object, value_lie_names[forge->lie % CENSOR_LIES], json_true());
	if (forge->pool != CENSOR_NO_POOL)
		json_object_set_new(object, "answers", json_text(ast->pools[forge->pool].name));
	if (forge->in_order)
		json_object_set_new(object, "cursors", json_integer(forge->cursors));
	if (forge->pool != CENSOR_NO_POOL || rule->alias)
		json_object_set_new(object, "ttl",
				    json_string(print_range(forge->ttl_lo, forge->ttl_hi, ttl)));
	if (forge->pool != CENSOR_NO_POOL)
		json_object_set_new(object, "count", json_integer(forge->count));
	json_object_set_new(object, "aa", json_boolean(forge->aa));
	json_object_set_new(object, "ip-ttl", field_of(&forge->ip_ttl, 1, 255));
	json_object_set_new(object, "ip-id", field_of(&forge->ip_id, 0, 65535));
	json_object_set_new(object, "df", json_boolean(forge->df));
	return object;
}

static json_t *residual_of(const struct policy_ast *ast, const struct ast_rule *rule)
{
	const struct censor_residual *residual = &rule->rule.residual;
	char time[PRINT_SIZE], buf[PRINT_SIZE];
	json_t *object;

	object = json_pack("{s:s, s:s}", "for", print_duration(residual->ms, time), "by",
			   print_bits(residual->tuple, value_tuple_names, 4, ',', buf));
	if (residual->both)
		json_object_set_new(object, "both", json_true());
	set_delay(object, "after", &rule->onset);
	if (residual->rearm && residual->rearm < CENSOR_REARMS)
		json_object_set_new(object, "rearm",
				    json_string(value_rearm_names[residual->rearm]));
	if (residual->act == CENSOR_RESIDUAL_DROP)
		json_object_set_new(object, "with", json_string("drop"));
	else if (residual->act == CENSOR_RESIDUAL_INJECT)
		json_object_set_new(object, "with", json_pack("{s:o}", "inject",
			json_text(ast->injects[residual->inject].name)));
	if (residual->chance != CENSOR_CERTAIN)
		json_object_set_new(object, "probability",
				    json_string(print_chance(residual->chance, buf)));
	return object;
}

static json_t *freeze_of(const struct censor_freeze *freeze)
{
	char range[PRINT_SIZE], text[2 * PRINT_SIZE];

	snprintf(text, sizeof(text), "%s %s", print_range(freeze->lo, freeze->hi, range),
		 freeze->bytes ? "bytes" : "packets");
	return json_pack("{s:s}", "after", text);
}

static json_t *chance_of(const struct policy_ast *ast, const struct censor_chance *chance)
{
	char buf[PRINT_SIZE];
	json_t *object = json_pack("{s:s}", "of", print_chance(chance->of, buf));

	if (chance->tuple)
		json_object_set_new(object, "by", json_string(print_bits(chance->tuple,
							value_tuple_names, 4, ',', buf)));
	if (chance->hours)
		json_object_set_new(object, "hours",
				    json_text(ast->hours[chance->hours - 1].name));
	if (chance->load)
		json_object_set_new(object, "load", json_text(ast->loads[chance->load - 1].name));
	return object;
}

static json_t *actions_of(const struct policy_ast *ast, const struct ast_rule *written)
{
	const struct censor_rule *rule = &written->rule;
	const struct censor_chance *chance = &rule->chance;
	json_t *object = json_object(), *forge;
	char buf[PRINT_SIZE];

	if (rule->actions & CENSOR_DO_LOG)
		json_object_set_new(object, "log", json_true());
	if (rule->actions & CENSOR_DO_DROP)
		json_object_set_new(object, "drop", rule->drop_to == CENSOR_TO_BOTH ?
				    json_true() :
				    json_pack("{s:s}", "to", value_to_names[rule->drop_to & 3]));
	if (rule->actions & CENSOR_DO_PASS)
		json_object_set_new(object, "pass", json_true());
	if (rule->actions & CENSOR_DO_INJECT)
		json_object_set_new(object, "inject",
				    json_text(ast->injects[rule->inject].name));
	if (rule->actions & CENSOR_DO_FORGE) {
		forge = forge_of(ast, written);
		set_delay(forge, "delay", &written->forge_delay);
		json_object_set_new(object, "forge", forge);
	}
	if (rule->actions & CENSOR_DO_RESIDUAL)
		json_object_set_new(object, "residual", residual_of(ast, written));
	if (rule->actions & CENSOR_DO_REWRITE)
		json_object_set_new(object, "rewrite", json_pack("{s:s, s:s}", "flags",
			rule->rewrite_flags ? print_bits(rule->rewrite_flags, value_flag_names, 8,
							 '+', buf) : "none",
			"to", value_to_names[rule->rewrite_to & 3]));
	if (rule->actions & CENSOR_DO_FREEZE)
		json_object_set_new(object, "freeze", freeze_of(&rule->freeze));
	json_set_shape(object, written);
	if (rule->path == CENSOR_PATH_ON)
		json_object_set_new(object, "on-path", json_true());
	if (chance->of != CENSOR_CERTAIN || chance->tuple || chance->hours || chance->load)
		json_object_set_new(object, "probability", chance_of(ast, chance));
	return object;
}

static json_t *rule_of(const struct policy_ast *ast, const struct ast_rule *rule, bool hits)
{
	json_t *conds = json_array(), *object;
	u32 i;

	for (i = 0; i < rule->n; i++)
		json_array_append_new(conds, cond_of(ast, &rule->conds[i]));
	object = json_pack("{s:o, s:o, s:o}", "name", json_text(rule->name), "if", conds, "do",
			   actions_of(ast, rule));
	json_set_in_phases(object, ast, rule);
	if (hits)
		json_set_counters(object, &rule->counters);
	return object;
}

json_t *json_of_policy(const struct policy_ast *ast, bool hits)
{
	json_t *object = json_object(), *inside = json_array(), *sets = json_array();
	json_t *pools = json_array(), *injects = json_array(), *rules = json_array();
	json_t *pages = json_array(), *hours = json_array(), *loads = json_array(), *model;
	char buf[PRINT_SIZE];
	u32 i;

	for (i = 0; i < ast->n_inside; i++)
		json_array_append_new(inside,
				      json_string(print_prefix(&ast->inside[i].prefix, buf)));
	for (i = 0; i < ast->n_sets; i++)
		if (ast->sets[i].name)
			json_array_append_new(sets, set_of(&ast->sets[i]));
	for (i = 0; i < ast->n_pools; i++)
		json_array_append_new(pools, pool_of(&ast->pools[i]));
	for (i = 0; i < ast->n_pages; i++)
		json_array_append_new(pages, page_of(&ast->pages[i]));
	for (i = 0; i < ast->n_hours; i++)
		json_array_append_new(hours, hours_of(&ast->hours[i]));
	for (i = 0; i < ast->n_loads; i++)
		json_array_append_new(loads, load_of(&ast->loads[i]));
	for (i = 0; i < ast->n_injects; i++)
		json_array_append_new(injects, inject_of(ast, &ast->injects[i]));
	for (i = 0; i < ast->n_rules; i++)
		json_array_append_new(rules, rule_of(ast, &ast->rules[i], hits));
	json_object_set_new(object, "censor", json_text(ast->name));
	json_object_set_new(object, "inside", inside);
	/* JSON's numbers are exact up to 2^53 with most readers. */
	if (ast->seed <= 1ull << 53) {
		json_object_set_new(object, "seed", json_integer(ast->seed));
	} else {
		snprintf(buf, sizeof(buf), "%" PRIu64, ast->seed);
		json_object_set_new(object, "seed", json_string(buf));
	}
	json_object_set_new(object, "clock", json_integer(ast->clock));
	json_set_phases(object, ast);
	model = model_of(MODEL_TCP, &ast->tcp, ast->tcp.name);
	if (model)
		json_object_set_new(object, "tcp", model);
	model = model_of(MODEL_IP, &ast->ip, ast->ip.name);
	if (model)
		json_object_set_new(object, "ip", model);
	model = model_of(MODEL_DETECT, &ast->detect, ast->detect.name);
	if (model)
		json_object_set_new(object, "detect", model);
	json_object_set_new(object, "sets", sets);
	json_object_set_new(object, "answers", pools);
	json_object_set_new(object, "pages", pages);
	json_object_set_new(object, "hours", hours);
	json_object_set_new(object, "loads", loads);
	json_object_set_new(object, "injects", injects);
	json_object_set_new(object, "rules", rules);
	return object;
}

char *json_format(const json_t *value, size_t flags)
{
	char *raw = json_dumps(value, flags), *text = NULL;
	size_t len = raw ? strlen(raw) : 0, at, begun = 0, size;
	FILE *out = raw ? open_memstream(&text, &size) : NULL;
	u32 code, n;

	/* Beyond ASCII jansson leaves all as it is, which is in strings only. */
	for (at = 0; out && at < len; at += n) {
		n = utf8_char(raw + at, len - at, &code);
		if (!n)
			n = 1;
		else if (code >= 0x7f && utf8_obeyed(code)) {
			fwrite(raw + begun, 1, at - begun, out);
			fprintf(out, "\\u%04x", code);
			begun = at + n;
		}
	}
	if (out) {
		fwrite(raw + begun, 1, len - begun, out);
		fclose(out);
	}
	free(raw);
	return text;
}

void json_write(FILE *out, const json_t *value, size_t flags)
{
	char *text = json_format(value, flags);

	if (text)
		fputs(text, out);
	fputc('\n', out);
	free(text);
}

void json_print(FILE *out, json_t *value, bool indent)
{
	json_write(out, value, indent ? JSON_INDENT(2) : JSON_COMPACT);
	json_decref(value);
}
