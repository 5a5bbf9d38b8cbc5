// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>

#include "engine/inspect.h"
#include "json.h"
#include "print.h"
#include "value.h"

/* Writing */

static json_t *json_text(const char *text)
{
	json_t *string = json_string(text);

	/* A name of bytes that are no UTF-8 can come from another client of the kernel's. */
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
			word = attr >= 0 && set->ranges[i].lo == set->ranges[i].hi ?
			       value_keyword_of(attr, set->ranges[i].lo) : NULL;
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

static json_t *packet_of(const struct censor_packet *packet)
{
	static const char *const to[] = { "nobody", "client", "server", "both" };
	json_t *seq = json_array();
	char buf[PRINT_SIZE];
	u32 i;

	for (i = 0; i < packet->n_seq; i++)
		json_array_append_new(seq, json_integer((s32)packet->seq[i]));
	return json_pack("{s:s, s:s, s:i, s:o, s:o, s:o, s:b, s:o}", "flags", packet->flags ?
			 print_bits(packet->flags, value_flag_names, 8, '+', buf) : "none",
			 "to", to[packet->to & 3], "copies", packet->copies, "seq", seq,
			 "ttl", field_of(&packet->ttl, 1, 255),
			 "ip-id", field_of(&packet->ip_id, 0, 65535), "df", packet->df,
			 "window", field_of(&packet->window, 0, 65535));
}

static json_t *inject_of(const struct ast_inject *inject)
{
	json_t *packets = json_array();
	u32 i;

	for (i = 0; i < inject->n; i++)
		json_array_append_new(packets, packet_of(&inject->packets[i].packet));
	return json_pack("{s:o, s:o}", "name", json_text(inject->name), "packets", packets);
}

static json_t *cond_of(const struct policy_ast *ast, const struct ast_cond *cond)
{
	bool contains = cond_contains(ast, cond);
	json_t *values = json_array(), *object;
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
	return object;
}

static json_t *forge_of(const struct policy_ast *ast, const struct censor_forge *forge)
{
	char ttl[PRINT_SIZE];

	return json_pack("{s:o, s:s, s:i, s:b, s:o, s:o, s:b}", "answers",
			 json_text(ast->pools[forge->pool].name), "ttl",
			 print_range(forge->ttl_lo, forge->ttl_hi, ttl), "count", forge->count,
			 "aa", forge->aa, "ip-ttl", field_of(&forge->ip_ttl, 1, 255), "ip-id",
			 field_of(&forge->ip_id, 0, 65535), "df", forge->df);
}

static json_t *actions_of(const struct policy_ast *ast, const struct censor_rule *rule)
{
	char time[PRINT_SIZE], tuple[PRINT_SIZE];
	json_t *object = json_object();

	if (rule->actions & CENSOR_DO_LOG)
		json_object_set_new(object, "log", json_true());
	if (rule->actions & CENSOR_DO_DROP)
		json_object_set_new(object, "drop", json_true());
	if (rule->actions & CENSOR_DO_PASS)
		json_object_set_new(object, "pass", json_true());
	if (rule->actions & CENSOR_DO_INJECT)
		json_object_set_new(object, "inject",
				    json_text(ast->injects[rule->inject].name));
	if (rule->actions & CENSOR_DO_FORGE)
		json_object_set_new(object, "forge", forge_of(ast, &rule->forge));
	if (rule->actions & CENSOR_DO_RESIDUAL)
		json_object_set_new(object, "residual", json_pack("{s:s, s:s}", "for",
			print_duration(rule->residual_ms, time), "by",
			print_bits(rule->tuple, value_tuple_names, 4, ',', tuple)));
	return object;
}

static json_t *rule_of(const struct policy_ast *ast, const struct ast_rule *rule, bool hits)
{
	json_t *conds = json_array(), *object;
	u32 i;

	for (i = 0; i < rule->n; i++)
		json_array_append_new(conds, cond_of(ast, &rule->conds[i]));
	object = json_pack("{s:o, s:o, s:o}", "name", json_text(rule->name), "if", conds, "do",
			   actions_of(ast, &rule->rule));
	if (hits)
		json_object_set_new(object, "hits", json_integer(rule->hits));
	return object;
}

json_t *json_of_policy(const struct policy_ast *ast, bool hits)
{
	json_t *object = json_object(), *inside = json_array(), *sets = json_array();
	json_t *pools = json_array(), *injects = json_array(), *rules = json_array();
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
	for (i = 0; i < ast->n_injects; i++)
		json_array_append_new(injects, inject_of(&ast->injects[i]));
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
	json_object_set_new(object, "sets", sets);
	json_object_set_new(object, "answers", pools);
	json_object_set_new(object, "injects", injects);
	json_object_set_new(object, "rules", rules);
	return object;
}

void json_print(FILE *out, json_t *value, bool indent)
{
	json_dumpf(value, out, indent ? JSON_INDENT(2) : JSON_COMPACT);
	fputc('\n', out);
	json_decref(value);
}
