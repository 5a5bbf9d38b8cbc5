// SPDX-License-Identifier: GPL-2.0
/* The policy in force, back into an AST. */
#include <linux/genetlink.h>
#include <linux/nf_censor.h>

#include "engine/inspect.h"
#include "modelblock.h"
#include "netmodel.h"
#include "netshape.h"
#include "receive.h"

#define RECEIVE_TRIES	10

struct receiver {
	struct policy_ast *ast;
	u32 generation;
	bool any, mixed, bad;
};

static const char *text_of(struct receiver *receiver, const struct nlattr *attr)
{
	const char *text = netlink_string(attr, "");

	return arena_text(&receiver->ast->arena, text, strlen(text));
}

static struct censor_prefix address_of(const struct nlattr *attr, u8 family)
{
	struct censor_prefix prefix = { .family = family, .bits = family == 4 ? 32 : 128 };
	u32 len = mnl_attr_get_payload_len(attr);

	memcpy(prefix.addr, mnl_attr_get_payload(attr), min(len, family == 4 ? 4u : 16u));
	return prefix;
}

static struct censor_prefix prefix_of(const struct nlattr *nest)
{
	const struct nlattr *parts[NF_CENSOR_A_PREFIX_MAX + 1];
	struct censor_prefix prefix = {};

	netlink_nested(nest, parts, NF_CENSOR_A_PREFIX_MAX);
	if (parts[NF_CENSOR_A_PREFIX_V4])
		prefix = address_of(parts[NF_CENSOR_A_PREFIX_V4], 4);
	else if (parts[NF_CENSOR_A_PREFIX_V6])
		prefix = address_of(parts[NF_CENSOR_A_PREFIX_V6], 6);
	if (parts[NF_CENSOR_A_PREFIX_BITS])
		prefix.bits = netlink_u8(parts[NF_CENSOR_A_PREFIX_BITS]);
	return prefix;
}

static void read_field(const struct nlattr *nest, struct censor_field *field)
{
	const struct nlattr *parts[NF_CENSOR_A_FIELD_MAX + 1];

	if (!nest)
		return;
	netlink_nested(nest, parts, NF_CENSOR_A_FIELD_MAX);
	field->pick = netlink_u8(parts[NF_CENSOR_A_FIELD_PICK]);
	field->lo = netlink_u16(parts[NF_CENSOR_A_FIELD_LO]);
	field->hi = netlink_u16(parts[NF_CENSOR_A_FIELD_HI]);
}

static void read_inside(struct receiver *receiver, const struct nlattr *nest)
{
	struct policy_ast *ast = receiver->ast;

	memory_grow(ast->inside, ast->n_inside, ast->room_inside);
	ast->inside[ast->n_inside++] = (struct ast_prefix){ .prefix = prefix_of(nest) };
}

static void read_set(struct receiver *receiver, const struct nlattr *nest)
{
	const struct nlattr *parts[NF_CENSOR_A_SET_MAX + 1];
	const char *name = NULL;
	u8 kind;

	netlink_nested(nest, parts, NF_CENSOR_A_SET_MAX);
	if (parts[NF_CENSOR_A_SET_NAME])
		name = text_of(receiver, parts[NF_CENSOR_A_SET_NAME]);
	kind = netlink_u8(parts[NF_CENSOR_A_SET_KIND]);
	receiver->bad |= kind > CENSOR_KIND_NUMBERS;
	ast_add_set(receiver->ast, name, kind, parts[NF_CENSOR_A_SET_WORDS]);
}

static void read_elem(struct receiver *receiver, struct ast_set *set, const struct nlattr *attr)
{
	const struct nlattr *parts[NF_CENSOR_A_RANGE_MAX + 1];
	u32 type = mnl_attr_get_type(attr), len = mnl_attr_get_payload_len(attr);
	struct censor_prefix prefix;
	struct place none = {};

	if (type == NF_CENSOR_A_ELEMS_PREFIX && set->kind == CENSOR_KIND_PREFIXES) {
		prefix = prefix_of(attr);
		ast_add_prefix(set, &prefix, none);
	} else if (type == NF_CENSOR_A_ELEMS_RANGE && set->kind == CENSOR_KIND_NUMBERS) {
		netlink_nested(attr, parts, NF_CENSOR_A_RANGE_MAX);
		ast_add_range(set, netlink_u16(parts[NF_CENSOR_A_RANGE_LO]),
			      netlink_u16(parts[NF_CENSOR_A_RANGE_HI]), none);
	} else if (type >= NF_CENSOR_A_ELEMS_SUFFIX && type <= NF_CENSOR_A_ELEMS_LABEL &&
		   set->kind == CENSOR_KIND_NAMES && len && len <= CENSOR_TEXT_MAX) {
		ast_add_name(set, type - NF_CENSOR_A_ELEMS_SUFFIX,
			     arena_text(&receiver->ast->arena, mnl_attr_get_payload(attr), len),
			     len, none);
	} else {
		receiver->bad = true;
	}
}

static void read_elems(struct receiver *receiver, const struct nlattr *nest)
{
	struct ast_set *set = NULL;
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == NF_CENSOR_A_ELEMS_SET) {
			u32 index = netlink_u32(attr);

			set = index < receiver->ast->n_sets ? &receiver->ast->sets[index] : NULL;
		} else if (set) {
			read_elem(receiver, set, attr);
		} else {
			receiver->bad = true;
		}
	}
}

static void read_delay(struct receiver *receiver, const struct nlattr *nest,
		       struct censor_delay *delay)
{
	receiver->bad |= !netshape_read_delay(nest, delay);
}

static void read_phase(struct receiver *receiver, const struct nlattr *nest)
{
	struct ast_phase *phase = ast_add_phase(receiver->ast, "");

	receiver->bad |= !netshape_read_phase(nest, &phase->phase) ||
			 receiver->ast->n_phases > CENSOR_PHASES_MAX;
	phase->name = arena_text(&receiver->ast->arena, phase->phase.name,
				 strlen(phase->phase.name));
}

static void read_page(struct receiver *receiver, const struct nlattr *nest)
{
	struct policy_ast *ast = receiver->ast;
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == NF_CENSOR_A_PAGE_NAME)
			ast_add_page(ast, text_of(receiver, attr));
		else if (mnl_attr_get_type(attr) == NF_CENSOR_A_PAGE_DATA && ast->n_pages)
			ast_add_bytes(&ast->pages[ast->n_pages - 1], mnl_attr_get_payload(attr),
				      mnl_attr_get_payload_len(attr));
		else
			receiver->bad = true;
	}
}

static void read_hours(struct receiver *receiver, const struct nlattr *nest)
{
	struct ast_hours *hours = ast_add_hours(receiver->ast, "");
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case NF_CENSOR_A_HOURS_NAME:
			hours->name = text_of(receiver, attr);
			break;
		case NF_CENSOR_A_HOURS_OFFSET:
			hours->hours.offset_min = (s32)netlink_u32(attr);
			break;
		case NF_CENSOR_A_HOURS_CHANCE:
			if (hours->n < ARRAY_SIZE(hours->hours.chance))
				hours->hours.chance[hours->n++] = netlink_u16(attr);
			break;
		}
	}
	receiver->bad |= hours->n != ARRAY_SIZE(hours->hours.chance);
}

static void read_load(struct receiver *receiver, const struct nlattr *nest)
{
	const struct nlattr *parts[NF_CENSOR_A_LOAD_POINT_MAX + 1], *attr;
	struct ast_load *load = ast_add_load(receiver->ast, "");
	u8 n;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == NF_CENSOR_A_LOAD_NAME) {
			load->name = text_of(receiver, attr);
		} else if (load->load.n < CENSOR_LOAD_POINTS) {
			n = load->load.n++;
			netlink_nested(attr, parts, NF_CENSOR_A_LOAD_POINT_MAX);
			load->load.point[n].pps = netlink_u32(parts[NF_CENSOR_A_LOAD_POINT_PPS]);
			load->load.point[n].chance =
				netlink_u16(parts[NF_CENSOR_A_LOAD_POINT_CHANCE]);
		} else {
			receiver->bad = true;
		}
	}
}

/* An index that stands in the AST as 1 + itself, 0 for none. */
static u16 index_of(struct receiver *receiver, const struct nlattr *attr, u32 n)
{
	u32 index = netlink_u32(attr);

	if (!attr)
		return 0;
	receiver->bad |= index >= n;
	return index + 1;
}

static void read_packet(struct receiver *receiver, struct ast_inject *inject,
			const struct nlattr *nest)
{
	const struct nlattr *parts[NF_CENSOR_A_PACKET_MAX + 1], *attr;
	struct censor_packet *packet = &ast_add_packet(inject)->packet;

	netlink_nested(nest, parts, NF_CENSOR_A_PACKET_MAX);
	packet->flags = netlink_u8(parts[NF_CENSOR_A_PACKET_FLAGS]);
	packet->to = netlink_u8(parts[NF_CENSOR_A_PACKET_TO]);
	packet->copies = netlink_u8(parts[NF_CENSOR_A_PACKET_COPIES]);
	packet->df = parts[NF_CENSOR_A_PACKET_DF];
	read_field(parts[NF_CENSOR_A_PACKET_TTL], &packet->ttl);
	read_field(parts[NF_CENSOR_A_PACKET_IP_ID], &packet->ip_id);
	read_field(parts[NF_CENSOR_A_PACKET_WINDOW], &packet->window);
	packet->on = netlink_u8(parts[NF_CENSOR_A_PACKET_ON]);
	receiver->bad |= packet->on >= CENSOR_ONS;
	packet->seq_next = parts[NF_CENSOR_A_PACKET_SEQ_NEXT];
	attr = parts[NF_CENSOR_A_PACKET_PAYLOAD];
	if (attr) {
		packet->payload_len = min(mnl_attr_get_payload_len(attr), CENSOR_PAYLOAD_SIZE);
		memcpy(packet->payload, mnl_attr_get_payload(attr), packet->payload_len);
	}
	packet->page = index_of(receiver, parts[NF_CENSOR_A_PACKET_PAGE], receiver->ast->n_pages);
	if (parts[NF_CENSOR_A_PACKET_SEGMENT])
		packet->segment = netlink_u16(parts[NF_CENSOR_A_PACKET_SEGMENT]);
	if (parts[NF_CENSOR_A_PACKET_SEQ])
		packet->n_seq = 0;
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == NF_CENSOR_A_PACKET_SEQ &&
		    packet->n_seq < CENSOR_COPIES_MAX)
			packet->seq[packet->n_seq++] = netlink_u32(attr);
}

static void read_inject(struct receiver *receiver, const struct nlattr *nest)
{
	struct ast_inject *inject = ast_add_inject(receiver->ast, "");
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case NF_CENSOR_A_INJECT_NAME:
			inject->name = text_of(receiver, attr);
			break;
		case NF_CENSOR_A_INJECT_DELAY:
			read_delay(receiver, attr, &inject->delay);
			break;
		case NF_CENSOR_A_INJECT_GAP:
			read_delay(receiver, attr, &inject->gap);
			break;
		case NF_CENSOR_A_INJECT_PACKET:
			read_packet(receiver, inject, attr);
			break;
		}
	}
}

static void read_pool(struct receiver *receiver, const struct nlattr *nest)
{
	struct policy_ast *ast = receiver->ast;
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		u32 type = mnl_attr_get_type(attr);
		struct censor_prefix address;

		if (type == NF_CENSOR_A_POOL_NAME) {
			ast_add_pool(ast, text_of(receiver, attr));
		} else if ((type == NF_CENSOR_A_POOL_V4 || type == NF_CENSOR_A_POOL_V6) &&
			   ast->n_pools) {
			address = address_of(attr, type == NF_CENSOR_A_POOL_V4 ? 4 : 6);
			ast_add_address(&ast->pools[ast->n_pools - 1], &address,
					(struct place){});
		} else {
			receiver->bad = true;
		}
	}
}

static void read_forge(struct receiver *receiver, const struct nlattr *nest, struct ast_rule *rule)
{
	const struct nlattr *parts[NF_CENSOR_A_FORGE_MAX + 1];
	struct censor_forge *forge = &rule->rule.forge;
	u16 pool;

	netlink_nested(nest, parts, NF_CENSOR_A_FORGE_MAX);
	pool = index_of(receiver, parts[NF_CENSOR_A_FORGE_POOL], receiver->ast->n_pools);
	forge->pool = pool ? pool - 1 : CENSOR_NO_POOL;
	forge->lie = netlink_u8(parts[NF_CENSOR_A_FORGE_LIE]);
	receiver->bad |= forge->lie >= CENSOR_LIES || (!pool && forge->lie == CENSOR_LIE_ADDRESS);
	if (parts[NF_CENSOR_A_FORGE_CNAME])
		rule->alias = text_of(receiver, parts[NF_CENSOR_A_FORGE_CNAME]);
	forge->in_order = parts[NF_CENSOR_A_FORGE_CURSORS];
	if (forge->in_order)
		forge->cursors = netlink_u8(parts[NF_CENSOR_A_FORGE_CURSORS]);
	forge->count = netlink_u8(parts[NF_CENSOR_A_FORGE_COUNT]);
	forge->aa = parts[NF_CENSOR_A_FORGE_AA];
	forge->df = parts[NF_CENSOR_A_FORGE_DF];
	forge->ttl_lo = netlink_u32(parts[NF_CENSOR_A_FORGE_TTL_LO]);
	forge->ttl_hi = netlink_u32(parts[NF_CENSOR_A_FORGE_TTL_HI]);
	read_field(parts[NF_CENSOR_A_FORGE_IP_TTL], &forge->ip_ttl);
	read_field(parts[NF_CENSOR_A_FORGE_IP_ID], &forge->ip_id);
	read_delay(receiver, parts[NF_CENSOR_A_FORGE_DELAY], &rule->forge_delay);
}

static void read_residual(struct receiver *receiver, const struct nlattr *nest,
			  struct ast_rule *rule)
{
	const struct nlattr *parts[NF_CENSOR_A_RESIDUAL_MAX + 1];
	struct censor_residual *residual = &rule->rule.residual;
	u32 inject;

	netlink_nested(nest, parts, NF_CENSOR_A_RESIDUAL_MAX);
	residual->ms = netlink_u32(parts[NF_CENSOR_A_RESIDUAL_MS]);
	residual->tuple = netlink_u8(parts[NF_CENSOR_A_RESIDUAL_TUPLE]);
	residual->both = parts[NF_CENSOR_A_RESIDUAL_BOTH];
	read_delay(receiver, parts[NF_CENSOR_A_RESIDUAL_ONSET], &rule->onset);
	residual->rearm = netlink_u8(parts[NF_CENSOR_A_RESIDUAL_REARM]);
	residual->act = netlink_u8(parts[NF_CENSOR_A_RESIDUAL_ACT]);
	receiver->bad |= residual->rearm >= CENSOR_REARMS ||
			 residual->act >= CENSOR_RESIDUAL_ACTS;
	inject = netlink_u32(parts[NF_CENSOR_A_RESIDUAL_INJECT]);
	receiver->bad |= residual->act == CENSOR_RESIDUAL_INJECT &&
			 inject >= receiver->ast->n_injects;
	residual->inject = inject;
	residual->chance = netlink_u16(parts[NF_CENSOR_A_RESIDUAL_CHANCE]);
}

static void read_freeze(const struct nlattr *nest, struct censor_freeze *freeze)
{
	const struct nlattr *parts[NF_CENSOR_A_FREEZE_MAX + 1];

	netlink_nested(nest, parts, NF_CENSOR_A_FREEZE_MAX);
	freeze->lo = netlink_u32(parts[NF_CENSOR_A_FREEZE_LO]);
	freeze->hi = netlink_u32(parts[NF_CENSOR_A_FREEZE_HI]);
	freeze->bytes = parts[NF_CENSOR_A_FREEZE_BYTES];
}

static void read_chance(struct receiver *receiver, const struct nlattr *nest,
			struct censor_chance *chance)
{
	const struct nlattr *parts[NF_CENSOR_A_CHANCE_MAX + 1];

	netlink_nested(nest, parts, NF_CENSOR_A_CHANCE_MAX);
	chance->of = netlink_u16(parts[NF_CENSOR_A_CHANCE_OF]);
	chance->tuple = netlink_u8(parts[NF_CENSOR_A_CHANCE_TUPLE]);
	chance->hours = index_of(receiver, parts[NF_CENSOR_A_CHANCE_HOURS],
				 receiver->ast->n_hours);
	chance->load = index_of(receiver, parts[NF_CENSOR_A_CHANCE_LOAD], receiver->ast->n_loads);
}

static void read_cond(struct receiver *receiver, struct ast_rule *rule, const struct nlattr *nest)
{
	struct ast_cond *cond = ast_add_cond(rule);
	const struct nlattr *attr;
	u32 i;

	mnl_attr_for_each_nested(attr, nest) {
		u32 index;

		switch (mnl_attr_get_type(attr)) {
		case NF_CENSOR_A_COND_ATTR:
			cond->attr = netlink_u8(attr);
			receiver->bad |= cond->attr >= CENSOR_ATTR_COUNT;
			break;
		case NF_CENSOR_A_COND_NEGATE:
			cond->negate = true;
			break;
		case NF_CENSOR_A_COND_SET:
			index = netlink_u32(attr);
			if (index >= receiver->ast->n_sets) {
				receiver->bad = true;
				break;
			}
			memory_grow(cond->sets, cond->n_sets, cond->room_sets);
			cond->sets[cond->n_sets++] = index;
			break;
		}
	}
	/* Who shows it reads entries of its attribute's kind. */
	for (i = 0; i < cond->n_sets && !receiver->bad; i++)
		receiver->bad = receiver->ast->sets[cond->sets[i]].kind !=
				censor_attr_kind(cond->attr);
}

/* Likewise, of what is done to each later packet of a flow. */
static void read_shape(struct receiver *receiver, const struct nlattr **parts,
		       struct ast_rule *written)
{
	struct censor_rule *rule = &written->rule;
	const struct nlattr *police = parts[NF_CENSOR_A_RULE_POLICE];
	const struct nlattr *lose = parts[NF_CENSOR_A_RULE_LOSE];
	const struct nlattr *hold = parts[NF_CENSOR_A_RULE_HOLD];
	const struct nlattr *mark = parts[NF_CENSOR_A_RULE_MARK];

	rule->sample = netlink_u16(parts[NF_CENSOR_A_RULE_SAMPLE]);
	if (rule->actions & CENSOR_DO_POLICE)
		receiver->bad |= !police || !netshape_read_police(police, &rule->police);
	if (rule->actions & CENSOR_DO_LOSE)
		receiver->bad |= !lose || !netshape_read_lose(lose, &rule->lose);
	if (rule->actions & CENSOR_DO_DELAY)
		receiver->bad |= !hold || !netshape_read_hold(hold, &rule->hold, &written->hold);
	if (rule->actions & CENSOR_DO_MARK)
		receiver->bad |= !mark || !netshape_read_mark(mark, &rule->mark);
}

/* What belongs to an action that the rule has must be there. */
static void read_actions(struct receiver *receiver, const struct nlattr **parts,
			 struct ast_rule *rule)
{
	u32 actions = rule->rule.actions;
	u32 inject = netlink_u32(parts[NF_CENSOR_A_RULE_INJECT]);

	receiver->bad |= actions > CENSOR_DO_ALL;
	receiver->bad |= actions & CENSOR_DO_INJECT && inject >= receiver->ast->n_injects;
	rule->rule.inject = inject;
	if (parts[NF_CENSOR_A_RULE_FORGE])
		read_forge(receiver, parts[NF_CENSOR_A_RULE_FORGE], rule);
	else
		receiver->bad |= actions & CENSOR_DO_FORGE;
	if (parts[NF_CENSOR_A_RULE_RESIDUAL])
		read_residual(receiver, parts[NF_CENSOR_A_RULE_RESIDUAL], rule);
	else
		receiver->bad |= actions & CENSOR_DO_RESIDUAL;
	if (parts[NF_CENSOR_A_RULE_FREEZE])
		read_freeze(parts[NF_CENSOR_A_RULE_FREEZE], &rule->rule.freeze);
	else
		receiver->bad |= actions & CENSOR_DO_FREEZE;
	if (parts[NF_CENSOR_A_RULE_DROP_TO])
		rule->rule.drop_to = netlink_u8(parts[NF_CENSOR_A_RULE_DROP_TO]);
	if (parts[NF_CENSOR_A_RULE_REWRITE_TO])
		rule->rule.rewrite_to = netlink_u8(parts[NF_CENSOR_A_RULE_REWRITE_TO]);
	rule->rule.rewrite_flags = netlink_u8(parts[NF_CENSOR_A_RULE_REWRITE_FLAGS]);
	read_shape(receiver, parts, rule);
}

static void read_rule(struct receiver *receiver, const struct nlattr *nest)
{
	struct ast_rule *rule = ast_add_rule(receiver->ast, "");
	const struct nlattr *parts[NF_CENSOR_A_RULE_MAX + 1], *attr;

	netlink_nested(nest, parts, NF_CENSOR_A_RULE_MAX);
	rule->name = text_of(receiver, parts[NF_CENSOR_A_RULE_NAME]);
	rule->rule.actions = netlink_u32(parts[NF_CENSOR_A_RULE_ACTIONS]);
	netshape_read_counters(parts, &rule->counters);
	if (parts[NF_CENSOR_A_RULE_PHASES])
		rule->rule.phases = netlink_u32(parts[NF_CENSOR_A_RULE_PHASES]);
	rule->rule.path = netlink_u8(parts[NF_CENSOR_A_RULE_PATH]);
	receiver->bad |= rule->rule.path >= CENSOR_PATHS;
	if (parts[NF_CENSOR_A_RULE_CHANCE])
		read_chance(receiver, parts[NF_CENSOR_A_RULE_CHANCE], &rule->rule.chance);
	read_actions(receiver, parts, rule);
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == NF_CENSOR_A_RULE_COND)
			read_cond(receiver, rule, attr);
}

static void read_part(const struct nlmsghdr *message, void *data)
{
	struct receiver *receiver = data;
	struct policy_ast *ast = receiver->ast;
	const struct nlattr *attr;
	u32 generation;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case NF_CENSOR_A_POLICY_GENERATION:
			generation = netlink_u32(attr);
			receiver->mixed |= receiver->any && generation != receiver->generation;
			receiver->any |= generation != 0;
			receiver->generation = generation;
			break;
		case NF_CENSOR_A_POLICY_NAME:
			ast->name = text_of(receiver, attr);
			break;
		case NF_CENSOR_A_POLICY_SEED:
			ast->seed = netlink_u64(attr);
			break;
		case NF_CENSOR_A_POLICY_CLOCK:
			ast->clock = netlink_u32(attr);
			break;
		case NF_CENSOR_A_POLICY_TCP:
			ast->model_given[MODEL_TCP] = netmodel_read_tcp(attr, &ast->tcp);
			break;
		case NF_CENSOR_A_POLICY_IP:
			ast->model_given[MODEL_IP] = netmodel_read_ip(attr, &ast->ip);
			break;
		case NF_CENSOR_A_POLICY_DETECT:
			ast->model_given[MODEL_DETECT] = netmodel_read_detect(attr, &ast->detect);
			break;
		case NF_CENSOR_A_POLICY_PAGE:
			read_page(receiver, attr);
			break;
		case NF_CENSOR_A_POLICY_HOURS:
			read_hours(receiver, attr);
			break;
		case NF_CENSOR_A_POLICY_LOAD:
			read_load(receiver, attr);
			break;
		case NF_CENSOR_A_POLICY_PHASE:
			read_phase(receiver, attr);
			break;
		case NF_CENSOR_A_POLICY_INSIDE:
			read_inside(receiver, attr);
			break;
		case NF_CENSOR_A_POLICY_SET:
			read_set(receiver, attr);
			break;
		case NF_CENSOR_A_POLICY_ELEMS:
			read_elems(receiver, attr);
			break;
		case NF_CENSOR_A_POLICY_INJECT:
			read_inject(receiver, attr);
			break;
		case NF_CENSOR_A_POLICY_POOL:
			read_pool(receiver, attr);
			break;
		case NF_CENSOR_A_POLICY_RULE:
			read_rule(receiver, attr);
			break;
		}
	}
}

static int receive_error(struct netlink *netlink, int err, const char *text)
{
	snprintf(netlink->error, sizeof(netlink->error), "%s", text);
	return err;
}

int policy_receive(struct netlink *netlink, struct policy_ast **ast, u32 *generation)
{
	char buffer[64] __attribute__((__aligned__(8)));
	int try, err;

	*ast = NULL;
	*generation = 0;
	for (try = 0; try < RECEIVE_TRIES; try++) {
		struct receiver receiver = { .ast = ast_create() };

		err = netlink_request(netlink,
				      netlink_message(netlink, buffer, NF_CENSOR_CMD_POLICY_GET,
						      NLM_F_DUMP),
				      read_part, &receiver);
		if (!err && !netlink->interrupted && !receiver.mixed && !receiver.bad) {
			*generation = receiver.generation;
			if (receiver.any)
				*ast = receiver.ast;
			else
				policy_free(receiver.ast);
			return 0;
		}
		policy_free(receiver.ast);
		if (err)
			return err;
		if (receiver.bad && !netlink->interrupted && !receiver.mixed)
			return receive_error(netlink, -EBADMSG,
					     "the kernel lists a policy that this censorctl doesn't understand");
	}
	return receive_error(netlink, -EAGAIN, "the policy was replaced again and again meanwhile");
}
