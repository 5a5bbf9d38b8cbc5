// SPDX-License-Identifier: GPL-2.0
/*
 * A policy to the kernel. Messages are full, and several are on their way at a time: the kernel
 * answers each while it is being sent, so what is to be kept small is the number of answers that
 * wait for us. For each message on its way it is known where its attributes were written.
 */
#include <linux/nf_censor.h>

#include "modelblock.h"
#include "netmodel.h"
#include "netshape.h"
#include "send.h"

#define SEND_WINDOW	16	/* messages that are not acknowledged yet */
#define ITEM_MAX	8192	/* no model, set, table, inject or rule takes more in a message */
#define ENTRY_MAX	512	/* nor an entry */
#define PIECE_MAX	4096	/* bytes of a page in one attribute */

struct origin {
	u32 offset;
	struct place place;
};

struct flight {
	struct origin *origins;
	u32 n, room;
	u32 seq;		/* 0: free */
};

struct sender {
	struct netlink *netlink;
	const struct policy_ast *ast;
	struct report *report;
	struct flight flights[SEND_WINDOW], *flight;
	struct nlmsghdr *message;
	u32 txn, generation, waiting, phase;
	int err;
	char buffer[NETLINK_SEND_SIZE] __attribute__((__aligned__(8)));
};

static struct flight *find_flight(struct sender *sender, u32 seq)
{
	u32 i;

	for (i = 0; i < SEND_WINDOW; i++)
		if (sender->flights[i].seq == seq)
			return &sender->flights[i];
	return NULL;
}

/* The kernel's refusal, where the attribute that it names was written. */
static void refused(struct sender *sender, const struct flight *flight)
{
	struct place place = sender->ast->place;
	u32 i;

	for (i = 0; flight && i < flight->n; i++)
		if (flight->origins[i].offset <= sender->netlink->offset)
			place = flight->origins[i].place;
	report_error(sender->report, place, "the kernel says: %s", sender->netlink->error);
}

/* Wait for one acknowledgement. */
static void settle(struct sender *sender)
{
	struct flight *flight;
	u32 seq = 0;
	int err;

	err = netlink_answer(sender->netlink, 0, NULL, NULL, &seq);
	flight = find_flight(sender, seq);
	if (err && !sender->err) {
		sender->err = err;
		refused(sender, flight);
	}
	/* The socket itself failed, or it answers what was not asked. */
	if (!flight || !seq) {
		if (!sender->err)
			sender->err = -EPROTO;
		sender->waiting = 0;
		return;
	}
	flight->seq = 0;
	sender->waiting--;
}

static void flush_message(struct sender *sender)
{
	int err;

	if (!sender->message || sender->err)
		return;
	if (mnl_nlmsg_get_payload_len(sender->message) > MNL_ALIGN(4) + 8) {
		err = netlink_send(sender->netlink, sender->message);
		if (err) {
			sender->err = err;
			refused(sender, NULL);
		} else {
			sender->flight->seq = sender->message->nlmsg_seq;
			sender->waiting++;
		}
	}
	sender->message = NULL;
}

/* A message with room for @need bytes. Return: NULL after an error */
static struct nlmsghdr *room_for(struct sender *sender, u32 need)
{
	if (sender->message && sender->message->nlmsg_len + need > NETLINK_SEND_SIZE)
		flush_message(sender);
	if (sender->err)
		return NULL;
	if (sender->message)
		return sender->message;
	while (sender->waiting == SEND_WINDOW)
		settle(sender);
	if (sender->err)
		return NULL;
	sender->flight = find_flight(sender, 0);
	sender->flight->n = 0;
	sender->message = netlink_message(sender->netlink, sender->buffer, NF_CENSOR_CMD_TXN_ADD,
					  NLM_F_ACK);
	mnl_attr_put_u32(sender->message, NF_CENSOR_A_POLICY_TXN_ID, sender->txn);
	return sender->message;
}

/* What is put next was written there. */
static void written_at(struct sender *sender, struct place place)
{
	struct flight *flight = sender->flight;

	memory_grow(flight->origins, flight->n, flight->room);
	flight->origins[flight->n++] = (struct origin){
		.offset = sender->message->nlmsg_len, .place = place,
	};
}

static void put_prefix(struct nlmsghdr *message, u16 type, const struct censor_prefix *prefix)
{
	struct nlattr *nest = mnl_attr_nest_start(message, type);

	if (prefix->family == 4)
		mnl_attr_put(message, NF_CENSOR_A_PREFIX_V4, 4, prefix->addr);
	else
		mnl_attr_put(message, NF_CENSOR_A_PREFIX_V6, 16, prefix->addr);
	mnl_attr_put_u8(message, NF_CENSOR_A_PREFIX_BITS, prefix->bits);
	mnl_attr_nest_end(message, nest);
}

static void put_range(struct nlmsghdr *message, const struct ast_range *range)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_ELEMS_RANGE);

	mnl_attr_put_u16(message, NF_CENSOR_A_RANGE_LO, range->lo);
	mnl_attr_put_u16(message, NF_CENSOR_A_RANGE_HI, range->hi);
	mnl_attr_nest_end(message, nest);
}

static void put_field(struct nlmsghdr *message, u16 type, const struct censor_field *field)
{
	struct nlattr *nest = mnl_attr_nest_start(message, type);

	mnl_attr_put_u8(message, NF_CENSOR_A_FIELD_PICK, field->pick);
	mnl_attr_put_u16(message, NF_CENSOR_A_FIELD_LO, field->lo);
	mnl_attr_put_u16(message, NF_CENSOR_A_FIELD_HI, field->hi);
	mnl_attr_nest_end(message, nest);
}

static void put_flag(struct nlmsghdr *message, u16 type, bool flag)
{
	if (flag)
		mnl_attr_put(message, type, 0, NULL);
}

static void send_models(struct sender *sender)
{
	struct nlmsghdr *message = room_for(sender, ITEM_MAX);
	const struct policy_ast *ast = sender->ast;

	if (!message)
		return;
	written_at(sender, ast->place);
	mnl_attr_put_u32(message, NF_CENSOR_A_POLICY_CLOCK, ast->clock);
	written_at(sender, ast->model_given[MODEL_TCP] ? ast->model_places[MODEL_TCP] : ast->place);
	netmodel_put_tcp(message, &ast->tcp);
	written_at(sender, ast->model_given[MODEL_IP] ? ast->model_places[MODEL_IP] : ast->place);
	netmodel_put_ip(message, &ast->ip);
	written_at(sender, ast->model_given[MODEL_DETECT] ? ast->model_places[MODEL_DETECT] :
							    ast->place);
	netmodel_put_detect(message, &ast->detect);
}

static void send_set(struct sender *sender, const struct ast_set *set)
{
	struct nlmsghdr *message = room_for(sender, ITEM_MAX);
	struct nlattr *nest;

	if (!message)
		return;
	written_at(sender, set->place);
	nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_SET);
	if (set->name)
		mnl_attr_put_strz(message, NF_CENSOR_A_SET_NAME, set->name);
	mnl_attr_put_u8(message, NF_CENSOR_A_SET_KIND, set->kind);
	put_flag(message, NF_CENSOR_A_SET_WORDS, set->words);
	mnl_attr_nest_end(message, nest);
}

static void put_entry(struct sender *sender, const struct ast_set *set, u32 i)
{
	struct nlmsghdr *message = sender->message;

	switch (set->kind) {
	case CENSOR_KIND_NAMES:
		written_at(sender, set->names[i].place);
		mnl_attr_put(message, NF_CENSOR_A_ELEMS_SUFFIX + set->names[i].form,
			     set->names[i].len, set->names[i].text);
		break;
	case CENSOR_KIND_PREFIXES:
		written_at(sender, set->prefixes[i].place);
		put_prefix(message, NF_CENSOR_A_ELEMS_PREFIX, &set->prefixes[i].prefix);
		break;
	default:
		written_at(sender, set->ranges[i].place);
		put_range(message, &set->ranges[i]);
	}
}

static void send_entries(struct sender *sender, const struct ast_set *set, u32 index)
{
	struct nlmsghdr *message;
	struct nlattr *nest;
	u32 i = 0;

	while (i < set->n) {
		message = room_for(sender, 2 * ENTRY_MAX);
		if (!message)
			return;
		written_at(sender, set->place);
		nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_ELEMS);
		mnl_attr_put_u32(message, NF_CENSOR_A_ELEMS_SET, index);
		while (i < set->n && message->nlmsg_len + ENTRY_MAX <= NETLINK_SEND_SIZE)
			put_entry(sender, set, i++);
		mnl_attr_nest_end(message, nest);
	}
}

static void send_pool(struct sender *sender, const struct ast_pool *pool)
{
	struct nlmsghdr *message;
	struct nlattr *nest;
	u32 i = 0;

	do {
		message = room_for(sender, 2 * ENTRY_MAX);
		if (!message)
			return;
		written_at(sender, pool->place);
		nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_POOL);
		if (!i)
			mnl_attr_put_strz(message, NF_CENSOR_A_POOL_NAME, pool->name);
		for (; i < pool->n && message->nlmsg_len + ENTRY_MAX <= NETLINK_SEND_SIZE; i++) {
			const struct censor_prefix *address = &pool->addresses[i].prefix;

			written_at(sender, pool->addresses[i].place);
			if (address->family == 4)
				mnl_attr_put(message, NF_CENSOR_A_POOL_V4, 4, address->addr);
			else
				mnl_attr_put(message, NF_CENSOR_A_POOL_V6, 16, address->addr);
		}
		mnl_attr_nest_end(message, nest);
	} while (i < pool->n);
}

static void send_page(struct sender *sender, const struct ast_page *page)
{
	struct nlmsghdr *message;
	struct nlattr *nest;
	u32 at = 0, piece;

	do {
		message = room_for(sender, 2 * PIECE_MAX);
		if (!message)
			return;
		written_at(sender, page->place);
		nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_PAGE);
		if (!at)
			mnl_attr_put_strz(message, NF_CENSOR_A_PAGE_NAME, page->name);
		piece = min(page->n - at, (u32)PIECE_MAX);
		if (piece)
			mnl_attr_put(message, NF_CENSOR_A_PAGE_DATA, piece, page->data + at);
		mnl_attr_nest_end(message, nest);
		at += piece;
	} while (at < page->n);
}

static void send_hours(struct sender *sender, const struct ast_hours *written)
{
	struct nlmsghdr *message = room_for(sender, ITEM_MAX);
	const struct censor_hours *hours = &written->hours;
	struct nlattr *nest;
	u32 i;

	if (!message)
		return;
	written_at(sender, written->place);
	nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_HOURS);
	mnl_attr_put_strz(message, NF_CENSOR_A_HOURS_NAME, written->name);
	mnl_attr_put_u32(message, NF_CENSOR_A_HOURS_OFFSET, (s32)hours->offset_min);
	for (i = 0; i < ARRAY_SIZE(hours->chance); i++)
		mnl_attr_put_u16(message, NF_CENSOR_A_HOURS_CHANCE, hours->chance[i]);
	mnl_attr_nest_end(message, nest);
}

static void send_load(struct sender *sender, const struct ast_load *written)
{
	struct nlmsghdr *message = room_for(sender, ITEM_MAX);
	const struct censor_load *load = &written->load;
	struct nlattr *nest, *point;
	u32 i;

	if (!message)
		return;
	written_at(sender, written->place);
	nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_LOAD);
	mnl_attr_put_strz(message, NF_CENSOR_A_LOAD_NAME, written->name);
	for (i = 0; i < load->n; i++) {
		point = mnl_attr_nest_start(message, NF_CENSOR_A_LOAD_POINT);
		mnl_attr_put_u32(message, NF_CENSOR_A_LOAD_POINT_PPS, load->point[i].pps);
		mnl_attr_put_u16(message, NF_CENSOR_A_LOAD_POINT_CHANCE, load->point[i].chance);
		mnl_attr_nest_end(message, point);
	}
	mnl_attr_nest_end(message, nest);
}

static void send_phase(struct sender *sender, const struct ast_phase *phase)
{
	struct nlmsghdr *message = room_for(sender, ITEM_MAX);

	if (!message)
		return;
	written_at(sender, phase->place);
	netshape_put_phase(message, phase->name, &phase->phase);
}

static void put_packet(struct nlmsghdr *message, const struct censor_packet *packet)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_INJECT_PACKET);
	u32 i;

	mnl_attr_put_u8(message, NF_CENSOR_A_PACKET_FLAGS, packet->flags);
	mnl_attr_put_u8(message, NF_CENSOR_A_PACKET_TO, packet->to);
	mnl_attr_put_u8(message, NF_CENSOR_A_PACKET_COPIES, packet->copies);
	put_flag(message, NF_CENSOR_A_PACKET_DF, packet->df);
	put_field(message, NF_CENSOR_A_PACKET_TTL, &packet->ttl);
	put_field(message, NF_CENSOR_A_PACKET_IP_ID, &packet->ip_id);
	put_field(message, NF_CENSOR_A_PACKET_WINDOW, &packet->window);
	for (i = 0; i < packet->n_seq; i++)
		mnl_attr_put_u32(message, NF_CENSOR_A_PACKET_SEQ, packet->seq[i]);
	mnl_attr_put_u8(message, NF_CENSOR_A_PACKET_ON, packet->on);
	put_flag(message, NF_CENSOR_A_PACKET_SEQ_NEXT, packet->seq_next);
	if (packet->payload_len)
		mnl_attr_put(message, NF_CENSOR_A_PACKET_PAYLOAD, packet->payload_len,
			     packet->payload);
	if (packet->page) {
		mnl_attr_put_u32(message, NF_CENSOR_A_PACKET_PAGE, packet->page - 1);
		mnl_attr_put_u16(message, NF_CENSOR_A_PACKET_SEGMENT, packet->segment);
	}
	mnl_attr_nest_end(message, nest);
}

static void send_inject(struct sender *sender, const struct ast_inject *inject)
{
	struct nlmsghdr *message = room_for(sender, ITEM_MAX);
	struct nlattr *nest;
	u32 i;

	if (!message)
		return;
	written_at(sender, inject->place);
	nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_INJECT);
	mnl_attr_put_strz(message, NF_CENSOR_A_INJECT_NAME, inject->name);
	netshape_put_delay(message, NF_CENSOR_A_INJECT_DELAY, &inject->delay);
	netshape_put_delay(message, NF_CENSOR_A_INJECT_GAP, &inject->gap);
	for (i = 0; i < inject->n; i++) {
		written_at(sender, inject->packets[i].place);
		put_packet(message, &inject->packets[i].packet);
	}
	mnl_attr_nest_end(message, nest);
}

static void put_forge(struct nlmsghdr *message, const struct ast_rule *rule)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_RULE_FORGE);
	const struct censor_forge *forge = &rule->rule.forge;

	mnl_attr_put_u8(message, NF_CENSOR_A_FORGE_LIE, forge->lie);
	if (forge->pool != CENSOR_NO_POOL)
		mnl_attr_put_u32(message, NF_CENSOR_A_FORGE_POOL, forge->pool);
	if (rule->alias)
		mnl_attr_put_strz(message, NF_CENSOR_A_FORGE_CNAME, rule->alias);
	if (forge->in_order)
		mnl_attr_put_u8(message, NF_CENSOR_A_FORGE_CURSORS, forge->cursors);
	mnl_attr_put_u8(message, NF_CENSOR_A_FORGE_COUNT, forge->count);
	put_flag(message, NF_CENSOR_A_FORGE_AA, forge->aa);
	put_flag(message, NF_CENSOR_A_FORGE_DF, forge->df);
	mnl_attr_put_u32(message, NF_CENSOR_A_FORGE_TTL_LO, forge->ttl_lo);
	mnl_attr_put_u32(message, NF_CENSOR_A_FORGE_TTL_HI, forge->ttl_hi);
	put_field(message, NF_CENSOR_A_FORGE_IP_TTL, &forge->ip_ttl);
	put_field(message, NF_CENSOR_A_FORGE_IP_ID, &forge->ip_id);
	netshape_put_delay(message, NF_CENSOR_A_FORGE_DELAY, &rule->forge_delay);
	mnl_attr_nest_end(message, nest);
}

static void put_residual(struct nlmsghdr *message, const struct censor_residual *residual,
			 const struct censor_delay *onset)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_RULE_RESIDUAL);

	mnl_attr_put_u32(message, NF_CENSOR_A_RESIDUAL_MS, residual->ms);
	mnl_attr_put_u8(message, NF_CENSOR_A_RESIDUAL_TUPLE, residual->tuple);
	put_flag(message, NF_CENSOR_A_RESIDUAL_BOTH, residual->both);
	netshape_put_delay(message, NF_CENSOR_A_RESIDUAL_ONSET, onset);
	mnl_attr_put_u8(message, NF_CENSOR_A_RESIDUAL_REARM, residual->rearm);
	mnl_attr_put_u8(message, NF_CENSOR_A_RESIDUAL_ACT, residual->act);
	if (residual->act == CENSOR_RESIDUAL_INJECT)
		mnl_attr_put_u32(message, NF_CENSOR_A_RESIDUAL_INJECT, residual->inject);
	mnl_attr_put_u16(message, NF_CENSOR_A_RESIDUAL_CHANCE, residual->chance);
	mnl_attr_nest_end(message, nest);
}

static void put_freeze(struct nlmsghdr *message, const struct censor_freeze *freeze)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_RULE_FREEZE);

	mnl_attr_put_u32(message, NF_CENSOR_A_FREEZE_LO, freeze->lo);
	mnl_attr_put_u32(message, NF_CENSOR_A_FREEZE_HI, freeze->hi);
	put_flag(message, NF_CENSOR_A_FREEZE_BYTES, freeze->bytes);
	mnl_attr_nest_end(message, nest);
}

static void put_chance(struct nlmsghdr *message, const struct censor_chance *chance)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_RULE_CHANCE);

	mnl_attr_put_u16(message, NF_CENSOR_A_CHANCE_OF, chance->of);
	mnl_attr_put_u8(message, NF_CENSOR_A_CHANCE_TUPLE, chance->tuple);
	if (chance->hours)
		mnl_attr_put_u32(message, NF_CENSOR_A_CHANCE_HOURS, chance->hours - 1);
	if (chance->load)
		mnl_attr_put_u32(message, NF_CENSOR_A_CHANCE_LOAD, chance->load - 1);
	mnl_attr_nest_end(message, nest);
}

/* The word of an action is the place of all that belongs to it. */
static void action_at(struct sender *sender, const struct ast_rule *rule, u32 action)
{
	written_at(sender, rule->action_places[__builtin_ctz(action)]);
}

/* What is done to each later packet of the flow. */
static void put_shape(struct sender *sender, const struct ast_rule *written)
{
	const struct censor_rule *rule = &written->rule;
	struct nlmsghdr *message = sender->message;

	if (rule->actions & CENSOR_DO_POLICE) {
		action_at(sender, written, CENSOR_DO_POLICE);
		netshape_put_police(message, &rule->police);
	}
	if (rule->actions & CENSOR_DO_LOSE) {
		action_at(sender, written, CENSOR_DO_LOSE);
		netshape_put_lose(message, &rule->lose);
	}
	if (rule->actions & CENSOR_DO_DELAY) {
		action_at(sender, written, CENSOR_DO_DELAY);
		netshape_put_hold(message, &rule->hold, &written->hold);
	}
	if (rule->actions & CENSOR_DO_MARK) {
		action_at(sender, written, CENSOR_DO_MARK);
		netshape_put_mark(message, &rule->mark);
	}
}

static void put_actions(struct sender *sender, const struct ast_rule *rule)
{
	struct nlmsghdr *message = sender->message;
	u32 actions = rule->rule.actions;

	if (actions & CENSOR_DO_DROP) {
		action_at(sender, rule, CENSOR_DO_DROP);
		mnl_attr_put_u8(message, NF_CENSOR_A_RULE_DROP_TO, rule->rule.drop_to);
	}
	if (actions & CENSOR_DO_INJECT) {
		written_at(sender, rule->inject.place);
		mnl_attr_put_u32(message, NF_CENSOR_A_RULE_INJECT, rule->rule.inject);
	}
	if (actions & CENSOR_DO_FORGE) {
		action_at(sender, rule, CENSOR_DO_FORGE);
		put_forge(message, rule);
	}
	if (actions & CENSOR_DO_RESIDUAL) {
		action_at(sender, rule, CENSOR_DO_RESIDUAL);
		put_residual(message, &rule->rule.residual, &rule->onset);
	}
	if (actions & CENSOR_DO_REWRITE) {
		action_at(sender, rule, CENSOR_DO_REWRITE);
		mnl_attr_put_u8(message, NF_CENSOR_A_RULE_REWRITE_TO, rule->rule.rewrite_to);
		mnl_attr_put_u8(message, NF_CENSOR_A_RULE_REWRITE_FLAGS,
				rule->rule.rewrite_flags);
	}
	if (actions & CENSOR_DO_FREEZE) {
		action_at(sender, rule, CENSOR_DO_FREEZE);
		put_freeze(message, &rule->rule.freeze);
	}
	if (actions & CENSOR_DO_SHAPE)
		put_shape(sender, rule);
}

static void send_rule(struct sender *sender, const struct ast_rule *rule)
{
	struct nlmsghdr *message = room_for(sender, ITEM_MAX);
	struct nlattr *nest, *cond_nest;
	u32 i, j;

	if (!message)
		return;
	written_at(sender, rule->place);
	nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_RULE);
	mnl_attr_put_strz(message, NF_CENSOR_A_RULE_NAME, rule->name);
	mnl_attr_put_u32(message, NF_CENSOR_A_RULE_ACTIONS, rule->rule.actions);
	mnl_attr_put_u8(message, NF_CENSOR_A_RULE_PATH, rule->rule.path);
	put_chance(message, &rule->rule.chance);
	if (rule->rule.phases != CENSOR_PHASES_ALL)
		mnl_attr_put_u32(message, NF_CENSOR_A_RULE_PHASES, rule->rule.phases);
	if (rule->rule.sample)
		mnl_attr_put_u16(message, NF_CENSOR_A_RULE_SAMPLE, rule->rule.sample);
	put_actions(sender, rule);
	for (i = 0; i < rule->n; i++) {
		const struct ast_cond *cond = &rule->conds[i];

		written_at(sender, cond->place);
		cond_nest = mnl_attr_nest_start(message, NF_CENSOR_A_RULE_COND);
		mnl_attr_put_u8(message, NF_CENSOR_A_COND_ATTR, cond->attr);
		put_flag(message, NF_CENSOR_A_COND_NEGATE, cond->negate);
		for (j = 0; j < cond->n_sets; j++)
			mnl_attr_put_u32(message, NF_CENSOR_A_COND_SET, cond->sets[j]);
		mnl_attr_nest_end(message, cond_nest);
	}
	mnl_attr_nest_end(message, nest);
}

static void send_inside(struct sender *sender, const struct ast_prefix *inside)
{
	struct nlmsghdr *message = room_for(sender, ENTRY_MAX);

	if (!message)
		return;
	written_at(sender, inside->place);
	put_prefix(message, NF_CENSOR_A_POLICY_INSIDE, &inside->prefix);
}

static void send_parts(struct sender *sender)
{
	const struct policy_ast *ast = sender->ast;
	u32 i;

	send_models(sender);
	for (i = 0; i < ast->n_inside; i++)
		send_inside(sender, &ast->inside[i]);
	for (i = 0; i < ast->n_sets; i++)
		send_set(sender, &ast->sets[i]);
	for (i = 0; i < ast->n_sets; i++)
		send_entries(sender, &ast->sets[i], i);
	for (i = 0; i < ast->n_pages; i++)
		send_page(sender, &ast->pages[i]);
	for (i = 0; i < ast->n_hours; i++)
		send_hours(sender, &ast->hours[i]);
	for (i = 0; i < ast->n_loads; i++)
		send_load(sender, &ast->loads[i]);
	for (i = 0; i < ast->n_phases; i++)
		send_phase(sender, &ast->phases[i]);
	for (i = 0; i < ast->n_injects; i++)
		send_inject(sender, &ast->injects[i]);
	for (i = 0; i < ast->n_pools; i++)
		send_pool(sender, &ast->pools[i]);
	for (i = 0; i < ast->n_rules; i++)
		send_rule(sender, &ast->rules[i]);
	flush_message(sender);
	while (sender->waiting)
		settle(sender);
}

static void read_begin(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *table[NF_CENSOR_A_POLICY_MAX + 1];
	struct sender *sender = data;

	netlink_attrs(message, table, NF_CENSOR_A_POLICY_MAX);
	if (table[NF_CENSOR_A_POLICY_TXN_ID])
		sender->txn = netlink_u32(table[NF_CENSOR_A_POLICY_TXN_ID]);
	if (table[NF_CENSOR_A_POLICY_GENERATION])
		sender->generation = netlink_u32(table[NF_CENSOR_A_POLICY_GENERATION]);
}

static void send_begin(struct sender *sender)
{
	struct nlmsghdr *message = netlink_message(sender->netlink, sender->buffer,
						   NF_CENSOR_CMD_TXN_BEGIN, NLM_F_ACK);

	mnl_attr_put_strz(message, NF_CENSOR_A_POLICY_NAME, sender->ast->name);
	mnl_attr_put_u64(message, NF_CENSOR_A_POLICY_SEED, sender->ast->seed);
	sender->err = netlink_request(sender->netlink, message, read_begin, sender);
	if (sender->err)
		refused(sender, NULL);
}

static void send_end(struct sender *sender, u8 command, bool dry_run)
{
	struct nlmsghdr *message = netlink_message(sender->netlink, sender->buffer, command,
						   NLM_F_ACK);
	int err;

	mnl_attr_put_u32(message, NF_CENSOR_A_POLICY_TXN_ID, sender->txn);
	put_flag(message, NF_CENSOR_A_POLICY_DRY_RUN, dry_run);
	if (command == NF_CENSOR_CMD_TXN_COMMIT && sender->ast->n_phases)
		mnl_attr_put_u8(message, NF_CENSOR_A_POLICY_PHASE_INDEX, sender->phase);
	err = netlink_request(sender->netlink, message, read_begin, sender);
	if (err && !sender->err) {
		sender->err = err;
		refused(sender, NULL);
	}
}

int policy_send(struct netlink *netlink, const struct policy_ast *ast, u32 phase, bool dry_run,
		struct report *report, u32 *generation)
{
	struct sender *sender = memory_zeroed(1, sizeof(*sender));
	u32 i;
	int err;

	sender->netlink = netlink;
	sender->ast = ast;
	sender->report = report;
	sender->phase = phase;
	send_begin(sender);
	if (!sender->err) {
		send_parts(sender);
		/* A socket that closes takes its transaction with it, should this fail too. */
		send_end(sender, sender->err ? NF_CENSOR_CMD_TXN_ABORT : NF_CENSOR_CMD_TXN_COMMIT,
			 dry_run && !sender->err);
	}
	*generation = sender->generation;
	err = sender->err;
	for (i = 0; i < SEND_WINDOW; i++)
		free(sender->flights[i].origins);
	free(sender);
	return err;
}
