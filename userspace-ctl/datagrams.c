// SPDX-License-Identifier: GPL-2.0
#include "datagrams.h"

#define SLOTS	512u	/* a power of two */

/* Memory for the bytes is taken only where there are fragments, so a capture without is cheap. */
struct datagram {
	struct datagram *older, *newer, *chain;
	struct held_list held;
	struct censor_frags frags;
};

void held_init(struct held_list *list)
{
	list->first = NULL;
	list->last = &list->first;
}

void held_move(struct held_list *to, struct held_list *from)
{
	if (!from->first)
		return;
	*to = *from;
	held_init(from);
}

static u64 held_count(const struct held_list *list)
{
	const struct held *held;
	u64 n = 0;

	for (held = list->first; held; held = held->next)
		n++;
	return n;
}

void held_free(struct held_list *list)
{
	struct held *held = list->first, *next;

	for (; held; held = next) {
		next = held->next;
		free(held);
	}
	held_init(list);
}

/* A copy, for the capture's own bytes stand only until the next packet is read. */
static bool hold(struct held_list *list, const struct capture_packet *packet)
{
	struct held *held = malloc(sizeof(*held) + packet->header->caplen);

	if (!held)
		return false;
	held->next = NULL;
	held->header = *packet->header;
	held->packet = *packet;
	held->packet.header = &held->header;
	held->packet.data = held->data;
	memcpy(held->data, packet->data, packet->header->caplen);
	*list->last = held;
	list->last = &held->next;
	return true;
}

void datagrams_init(struct datagrams *table)
{
	memset(table, 0, sizeof(*table));
}

static struct datagram **slot_of(const struct datagrams *table, const struct censor_key *key)
{
	return &table->slots[censor_key_hash(key) & (SLOTS - 1)];
}

/* With what is held of it. */
static void forget(struct datagrams *table, struct datagram *datagram)
{
	struct datagram **at = slot_of(table, &datagram->frags.key);

	while (*at != datagram)
		at = &(*at)->chain;
	*at = datagram->chain;
	if (datagram->older)
		datagram->older->newer = datagram->newer;
	else
		table->oldest = datagram->newer;
	if (datagram->newer)
		datagram->newer->older = datagram->older;
	else
		table->newest = datagram->older;
	table->n--;
	table->lost += held_count(&datagram->held);
	held_free(&datagram->held);
	free(datagram);
}

static bool make_room(struct datagrams *table)
{
	struct datagram *datagram = table->oldest;

	if (table->n < DATAGRAMS_MAX)
		return true;
	while (datagram && !datagram->frags.over)
		datagram = datagram->newer;
	if (datagram)
		forget(table, datagram);
	return datagram;
}

void datagrams_finish(struct datagrams *table)
{
	while (table->oldest)
		forget(table, table->oldest);
}

void datagrams_free(struct datagrams *table)
{
	datagrams_finish(table);
	free(table->slots);
	table->slots = NULL;
}

static struct datagram *find(const struct datagrams *table, const struct censor_key *key)
{
	struct datagram *datagram = *slot_of(table, key);

	while (datagram && memcmp(&datagram->frags.key, key, sizeof(*key)))
		datagram = datagram->chain;
	return datagram;
}

static struct datagram *make(struct datagrams *table, const struct censor_key *key, u64 now)
{
	struct datagram *datagram, **slot = slot_of(table, key);

	if (!make_room(table))
		return NULL;
	datagram = malloc(sizeof(*datagram));
	if (!datagram)
		return NULL;
	held_init(&datagram->held);
	censor_frags_start(&datagram->frags, key, now);
	datagram->older = table->newest;
	datagram->newer = NULL;
	datagram->chain = *slot;
	*slot = datagram;
	if (table->newest)
		table->newest->newer = datagram;
	else
		table->oldest = datagram;
	table->newest = datagram;
	table->n++;
	return datagram;
}

enum censor_frag_fate datagrams_add(struct datagrams *table, const struct censor_ip_model *model,
				    const struct censor_packet_view *view,
				    const struct capture_packet *packet, u64 now,
				    struct held_list *kept, struct censor_frags **frags)
{
	enum censor_frag_fate fate;
	struct datagram *datagram;
	struct censor_key key;

	if (!table->slots)
		table->slots = calloc(SLOTS, sizeof(struct datagram *));
	if (!table->slots)
		goto full;
	/* The oldest began first: behind one that has time left none is over. */
	while (table->oldest && censor_frags_ended(&table->oldest->frags, model, now))
		forget(table, table->oldest);
	censor_frags_key(view, &key);
	datagram = find(table, &key);
	if (!datagram)
		datagram = make(table, &key, now);
	if (!datagram)
		goto full;
	*frags = &datagram->frags;
	fate = censor_frags_add(&datagram->frags, model, view, packet->data + packet->ip,
				packet->cap);
	switch (fate) {
	case CENSOR_FRAG_KEEP:
		if (hold(&datagram->held, packet))
			return fate;
		datagram->frags.over = true;
		table->crowded++;
		fate = CENSOR_FRAG_RELEASE;
		break;
	case CENSOR_FRAG_LOSE:
		table->dropped += 1 + held_count(&datagram->held);
		held_free(&datagram->held);
		return fate;
	default:
		break;
	}
	held_move(kept, &datagram->held);
	return fate;
full:
	table->crowded++;
	return CENSOR_FRAG_PASS;
}
