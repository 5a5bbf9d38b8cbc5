/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A compiled policy: what it says, how a host builds one, and what the packet path reads of it.
 *
 * A policy is built by one writer with the censor_policy_add_*() calls, sealed once, and from
 * then on immutable: any number of packets may read it without a lock, and it is replaced whole.
 */
#ifndef _CENSOR_POLICY_H
#define _CENSOR_POLICY_H

#include "host.h"
#include "model.h"
#include "names.h"
#include "numbers.h"
#include "prefixes.h"

#define CENSOR_NAME_MAX		64	/* a set's, rule's … name with its NUL */
#define CENSOR_SETS_MAX		16384
#define CENSOR_RULES_MAX	16384
#define CENSOR_INJECTS_MAX	256
#define CENSOR_POOLS_MAX	256
#define CENSOR_CONDS_MAX	16	/* conditions of one rule */
#define CENSOR_COND_SETS_MAX	32	/* sets of one condition */
#define CENSOR_PACKETS_MAX	8	/* packet descriptions of one inject */
#define CENSOR_COPIES_MAX	8	/* copies of one description */
#define CENSOR_INSIDE_MAX	64	/* prefixes of the inside */
#define CENSOR_ANSWERS_MAX	16	/* addresses in one forged DNS answer */
#define CENSOR_CURSORS_MAX	16	/* that walk a pool */
#define CENSOR_ALIASES_MAX	1024
#define CENSOR_ALIAS_SIZE	254	/* a name in DNS with its NUL */
#define CENSOR_PAYLOAD_SIZE	64	/* bytes of a packet's own payload */
#define CENSOR_SENT_MAX		1024	/* packets that an inject sends for one that triggers it */
#define CENSOR_PAGES_MAX	256
#define CENSOR_PAGE_SIZE	8192	/* bytes of a page */
#define CENSOR_SEGMENT_MAX	1400	/* bytes of a page in one packet */
#define CENSOR_DELAYS_MAX	1024
#define CENSOR_DELAY_POINTS	8
#define CENSOR_TABLES_MAX	64	/* tables of hours, and as many of load */
#define CENSOR_LOAD_POINTS	32
#define CENSOR_CLOCK_MAX	10000	/* how many times faster a policy's clock may be */
#define CENSOR_PHASES_MAX	32
#define CENSOR_TITLE_SIZE	128	/* a phase's title with its NUL */
#define CENSOR_RATE_MIN		8		/* bits a second that a police may let pass */
#define CENSOR_RATE_MAX		10000000000ull
#define CENSOR_BURST_MIN	64		/* bytes */
#define CENSOR_BURST_MAX	0x10000000
#define CENSOR_HOLD_MAX		60000000	/* microseconds that a packet may be delayed */
#define CENSOR_HOSTS		4096	/* buckets of a police per host: a power of two */

/** enum censor_attr - what a condition reads; the order is that of the uapi's enum. */
enum censor_attr {
	CENSOR_ATTR_FROM,		/* number: CENSOR_INSIDE or CENSOR_OUTSIDE */
	CENSOR_ATTR_PROTO,		/* number: IP protocol */
	CENSOR_ATTR_IP,			/* prefix: either address of the packet */
	CENSOR_ATTR_IP_SRC,
	CENSOR_ATTR_IP_DST,
	CENSOR_ATTR_PORT,		/* number: either port of the packet */
	CENSOR_ATTR_PORT_SRC,
	CENSOR_ATTR_PORT_DST,
	CENSOR_ATTR_DNS_QNAME,		/* text */
	CENSOR_ATTR_DNS_QTYPE,		/* number */
	CENSOR_ATTR_HTTP_HOST,		/* text */
	CENSOR_ATTR_HTTP_TARGET,	/* text */
	CENSOR_ATTR_TLS_SNI,		/* text */
	CENSOR_ATTR_CLIENT,		/* number: the side that the connection's client is on */
	CENSOR_ATTR_PROTOCOL,		/* numbers: CENSOR_PROTOCOL_NUMBER() of each that the flow
					 * is recognised as; unknown once nobody looks any more
					 */
	CENSOR_ATTR_TLS_ALPN,		/* texts */
	CENSOR_ATTR_TLS_VERSION,	/* number, as on the wire */
	CENSOR_ATTR_TLS_HAS,		/* numbers: enum censor_tls_has */
	CENSOR_ATTR_TLS_CERT,		/* texts */
	CENSOR_ATTR_TLS_JA3,		/* text */
	CENSOR_ATTR_TLS_JA4,		/* text */
	CENSOR_ATTR_QUIC_SNI,		/* text */
	CENSOR_ATTR_QUIC_VERSION,	/* number: enum censor_quic_version */
	CENSOR_ATTR_HTTP_TEXT,		/* text */
	CENSOR_ATTR_FTP_COMMAND,	/* text */
	CENSOR_ATTR_SMTP_COMMAND,	/* text */
	CENSOR_ATTR_DNS_QCLASS,		/* number */
	CENSOR_ATTR_DNS_QDCOUNT,	/* number */
	CENSOR_ATTR_COUNT,
};

#define CENSOR_ATTR_BIT(attr)	(1u << (attr))
/* What every packet has, or its flow's handshake; all other attributes come from a detector. */
#define CENSOR_ATTRS_PACKET	((CENSOR_ATTR_BIT(CENSOR_ATTR_DNS_QNAME) - 1) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_CLIENT))
#define CENSOR_ATTRS_DNS	(CENSOR_ATTR_BIT(CENSOR_ATTR_DNS_QNAME) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_DNS_QTYPE) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_DNS_QCLASS) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_DNS_QDCOUNT))
#define CENSOR_ATTRS_HTTP	(CENSOR_ATTR_BIT(CENSOR_ATTR_HTTP_HOST) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_HTTP_TARGET) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_HTTP_TEXT))
/* Of a ClientHello, however it came. */
#define CENSOR_ATTRS_HELLO	(CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_ALPN) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_VERSION) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_HAS) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_JA3) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_JA4))
#define CENSOR_ATTRS_TLS	(CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_SNI) | CENSOR_ATTRS_HELLO)
#define CENSOR_ATTRS_CERT	CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_CERT)
#define CENSOR_ATTRS_QUIC	(CENSOR_ATTR_BIT(CENSOR_ATTR_QUIC_SNI) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_QUIC_VERSION) | CENSOR_ATTRS_HELLO)
#define CENSOR_ATTRS_LINES	(CENSOR_ATTR_BIT(CENSOR_ATTR_FTP_COMMAND) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_SMTP_COMMAND))
#define CENSOR_ATTRS_PROTOCOL	CENSOR_ATTR_BIT(CENSOR_ATTR_PROTOCOL)
/* What only a TCP stream can show, and what a stream can show at all. */
#define CENSOR_ATTRS_TCP	(CENSOR_ATTRS_HTTP | CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_SNI) | \
				 CENSOR_ATTRS_CERT | CENSOR_ATTRS_LINES)
#define CENSOR_ATTRS_STREAM	(CENSOR_ATTRS_TCP | CENSOR_ATTRS_DNS | CENSOR_ATTRS_HELLO | \
				 CENSOR_ATTRS_PROTOCOL)

/**
 * censor_attrs_messages() - how many messages would have to be one
 * @attrs: of a rule's conditions: where there are two, none can ever match
 */
static inline u32 censor_attrs_messages(u32 attrs)
{
	static const u32 messages[] = {
		CENSOR_ATTRS_DNS, CENSOR_ATTRS_HTTP, CENSOR_ATTRS_CERT,
		CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_SNI),
		CENSOR_ATTR_BIT(CENSOR_ATTR_QUIC_SNI) | CENSOR_ATTR_BIT(CENSOR_ATTR_QUIC_VERSION),
		CENSOR_ATTR_BIT(CENSOR_ATTR_FTP_COMMAND),
		CENSOR_ATTR_BIT(CENSOR_ATTR_SMTP_COMMAND),
	};
	const u32 either = CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_SNI) |
			   CENSOR_ATTR_BIT(CENSOR_ATTR_QUIC_SNI) |
			   CENSOR_ATTR_BIT(CENSOR_ATTR_QUIC_VERSION);
	u32 n = 0, i;

	for (i = 0; i < ARRAY_SIZE(messages); i++)
		n += !!(attrs & messages[i]);
	/* A ClientHello's other parts, which came by TLS or QUIC. */
	return n + (attrs & CENSOR_ATTRS_HELLO && !(attrs & either));
}

#define CENSOR_NO_COND	0xffff

#define CENSOR_INSIDE	0
#define CENSOR_OUTSIDE	1

/** enum censor_kind - what a set holds. */
enum censor_kind {
	CENSOR_KIND_NAMES,	/* text, matched as the form of each entry says */
	CENSOR_KIND_PREFIXES,
	CENSOR_KIND_NUMBERS,	/* ranges of 0..65535 */
};

/**
 * censor_attr_kind() - the kind of set that an attribute is looked up in
 * @attr: the attribute
 */
enum censor_kind censor_attr_kind(enum censor_attr attr);

/* Actions of a rule. */
#define CENSOR_DO_LOG		0x01
#define CENSOR_DO_DROP		0x02
#define CENSOR_DO_PASS		0x04	/* no later rule sees this packet or the rest of its flow */
#define CENSOR_DO_INJECT	0x08
#define CENSOR_DO_FORGE		0x10
#define CENSOR_DO_RESIDUAL	0x20
#define CENSOR_DO_REWRITE	0x40	/* the flow's later packets of one direction become RSTs */
#define CENSOR_DO_FREEZE	0x80	/* so much more passes, then nothing */
#define CENSOR_DO_POLICE	0x100	/* what is beyond a rate is dropped */
#define CENSOR_DO_LOSE		0x200	/* each packet is dropped with a probability */
#define CENSOR_DO_DELAY		0x400	/* each packet goes on later */
#define CENSOR_DO_MARK		0x800	/* each packet gets a mark, for nftables and tc */
#define CENSOR_DO_ALL		0xfff
/* What a rule does to each later packet of the flow, and leaves the flow open. */
#define CENSOR_DO_SHAPE		(CENSOR_DO_POLICE | CENSOR_DO_LOSE | CENSOR_DO_DELAY | \
				 CENSOR_DO_MARK)
/* What a residual block can go on with. */
#define CENSOR_DO_HARM		(CENSOR_DO_DROP | CENSOR_DO_INJECT | CENSOR_DO_REWRITE | \
				 CENSOR_DO_FREEZE)

/* The tuple that residual blocking remembers, in the direction of the packet that triggered it. */
#define CENSOR_TUPLE_SRC	0x01
#define CENSOR_TUPLE_DST	0x02
#define CENSOR_TUPLE_SPORT	0x04
#define CENSOR_TUPLE_DPORT	0x08

/** censor_tuple_back() - the same things in packets that go the other way */
static inline u8 censor_tuple_back(u8 tuple)
{
	return (u8)((tuple & (CENSOR_TUPLE_SRC | CENSOR_TUPLE_SPORT)) << 1 |
		    (tuple & (CENSOR_TUPLE_DST | CENSOR_TUPLE_DPORT)) >> 1);
}

/** enum censor_pick - how a header field of an injected packet gets its value. */
enum censor_pick {
	CENSOR_PICK_RANGE,	/* drawn from lo..hi for each packet; fixed where lo == hi */
	CENSOR_PICK_CYCLIC,	/* drawn once for a trigger, one more for each copy after */
	CENSOR_PICK_MIRROR,	/* as in the packet that triggered it */
};

/**
 * struct censor_field - the value of a header field
 * @pick: enum censor_pick
 * @lo: least value
 * @hi: greatest value
 */
struct censor_field {
	u8 pick;
	u16 lo;
	u16 hi;
};

#define CENSOR_TO_CLIENT	0x01	/* to the sender of the packet that triggered it */
#define CENSOR_TO_SERVER	0x02	/* to its receiver */
#define CENSOR_TO_BOTH		0x03

/** enum censor_on - which packets an injected packet answers */
enum censor_on {
	CENSOR_ON_ANY,
	CENSOR_ON_SYN,		/* a SYN without ACK, as while a residual block is in force */
	CENSOR_ON_OTHER,	/* all but those */
	CENSOR_ONS,
};

/**
 * struct censor_delay - a distribution of times: between its points the time grows evenly
 * @n: points, 1 to CENSOR_DELAY_POINTS; one alone is a fixed time
 * @point: @at in parts of CENSOR_CERTAIN, rising; @us microseconds, not falling. Below the first
 *	and above the last point the time is theirs.
 */
struct censor_delay {
	u8 n;
	struct {
		u16 at;
		u32 us;
	} point[CENSOR_DELAY_POINTS];
};

#define CENSOR_NO_DELAY	0	/* in place of 1 + the index of a delay */

/** struct censor_page - bytes that an injected packet carries, such as a block page */
struct censor_page {
	char name[CENSOR_NAME_MAX];
	u8 *data;
	u32 len;
};

/**
 * struct censor_hours - a probability for each hour of the day
 * @offset_min: local time's distance from UTC, minutes, -1440 to 1440
 * @chance: of CENSOR_CERTAIN, from midnight on
 */
struct censor_hours {
	char name[CENSOR_NAME_MAX];
	s16 offset_min;
	u16 chance[24];
};

/**
 * struct censor_load - a probability that depends on how much the censor has to do
 * @n: points, 1 to CENSOR_LOAD_POINTS
 * @point: @pps packets looked into in the last second, rising; @chance of CENSOR_CERTAIN; between
 *	points it changes evenly
 */
struct censor_load {
	char name[CENSOR_NAME_MAX];
	u8 n;
	struct {
		u32 pps;
		u16 chance;
	} point[CENSOR_LOAD_POINTS];
};

#define CENSOR_NO_TABLE	0	/* in place of 1 + the index of a table */

/**
 * struct censor_chance - how surely a rule acts
 * @of: of CENSOR_CERTAIN; multiplied with the tables' where there are any
 * @tuple: 0: drawn for each connection anew; CENSOR_TUPLE_*: the same for all that share these
 * @hours: 1 + index of a table, or CENSOR_NO_TABLE
 * @load: 1 + index of a table, or CENSOR_NO_TABLE
 */
struct censor_chance {
	u16 of;
	u8 tuple;
	u16 hours;
	u16 load;
};

/** enum censor_path - where on the path a rule's censor sits */
enum censor_path {
	CENSOR_PATH_IN,		/* it holds the packet that triggers it in its hands */
	CENSOR_PATH_ON,		/* it has a copy: that packet passes, whatever follows */
	CENSOR_PATHS,
};

/** enum censor_rearm - what makes a residual block last its whole time again */
enum censor_rearm {
	CENSOR_REARM_TRIGGER,	/* the rule matches again */
	CENSOR_REARM_NEVER,
	CENSOR_REARM_PACKET,	/* any packet that the block acts on */
	CENSOR_REARMS,
};

/** enum censor_residual_act - what a residual block does */
enum censor_residual_act {
	CENSOR_RESIDUAL_SAME,	/* what the rule does: inject, drop or rewrite */
	CENSOR_RESIDUAL_DROP,
	CENSOR_RESIDUAL_INJECT,
	CENSOR_RESIDUAL_ACTS,
};

/**
 * struct censor_residual - what stays after a rule has matched (CENSORS.md 12.2)
 * @ms: how long a block lasts from when it begins
 * @onset: 1 + index of a delay until it begins, or CENSOR_NO_DELAY
 * @chance: of CENSOR_CERTAIN, drawn for each match
 * @inject: index, for CENSOR_RESIDUAL_INJECT
 * @tuple: CENSOR_TUPLE_* of the packet that matched
 * @both: packets the other way are blocked too
 * @rearm: enum censor_rearm
 * @act: enum censor_residual_act
 */
struct censor_residual {
	u32 ms;
	u16 onset;
	u16 chance;
	u16 inject;
	u8 tuple;
	bool both;
	u8 rearm;
	u8 act;
};

/**
 * struct censor_freeze - how much more of a flow passes, both ways together
 * @lo: least, drawn for each flow
 * @hi: greatest
 * @bytes: of IP packets; else packets
 */
struct censor_freeze {
	u32 lo, hi;
	bool bytes;
};

/**
 * struct censor_phase - a part of a policy's time, in which some of its rules are active
 * @name: that people switch to it by
 * @title: what is to be told of it, or ""
 * @from: when it begins, seconds since 1970; CENSOR_NO_DATE: it is in no calendar
 * @until: when it ends; CENSOR_NO_DATE: when the next one that has a date begins, or never
 */
struct censor_phase {
	char name[CENSOR_NAME_MAX];
	char title[CENSOR_TITLE_SIZE];
	s64 from;
	s64 until;
};

#define CENSOR_WALL_MAX	253402300799ll	/* the last second of the year 9999 */
#define CENSOR_NO_DATE	((s64)1 << 62)
#define CENSOR_PHASES_ALL	(~(u32)0)

/** enum censor_per - who has a token bucket of his own */
enum censor_per {
	CENSOR_PER_FLOW,
	CENSOR_PER_HOST,	/* the address inside, or the client's where none or both are */
	CENSOR_PER_RULE,
	CENSOR_PERS,
};

/**
 * struct censor_police - a token bucket, one for each direction
 * @rate: bits of IP packets a second, of the policy's clock
 * @burst: bytes that pass at once after a silence
 * @per: enum censor_per
 * @to: CENSOR_TO_*: packets to whom are counted and dropped, likewise below
 * @step: nanoseconds for a byte, in parts of 2^16; seal.c sets it from @rate
 * @buckets: the first of its buckets in the shared state; seal.c sets it
 */
struct censor_police {
	u64 rate;
	u32 burst;
	u8 per;
	u8 to;
	u64 step;
	u32 buckets;
};

/**
 * struct censor_lose - packets that get lost
 * @chance: of CENSOR_CERTAIN, drawn for each packet
 * @to: CENSOR_TO_*
 */
struct censor_lose {
	u16 chance;
	u8 to;
};

/**
 * struct censor_hold - packets that go on later
 * @delay: 1 + index of the delay, drawn for each packet; where it is not fixed, packets of a flow
 *	overtake each other
 * @to: CENSOR_TO_*
 */
struct censor_hold {
	u16 delay;
	u8 to;
};

/**
 * struct censor_mark - what is written into each packet of a flow, both ways
 * @value: the bits that are set
 * @mask: the bits that are changed; @value has no others
 */
struct censor_mark {
	u32 value;
	u32 mask;
};

/**
 * struct censor_packet - one TCP packet that an inject sends, and its copies
 * @flags: TCP flags byte
 * @to: CENSOR_TO_*
 * @copies: how often, 1 to CENSOR_COPIES_MAX
 * @df: the IPv4 don't-fragment bit
 * @ttl: IP TTL or hop limit
 * @ip_id: IPv4 identification
 * @window: TCP window
 * @seq: added to the sequence number of each copy in turn; the first @n_seq of them are used,
 *	over again where there are more copies
 * @n_seq: 1 to CENSOR_COPIES_MAX
 * @on: enum censor_on
 * @seq_next: it comes after all that the packets before it of the same inject brought that side
 * @payload: @payload_len bytes that it carries; none if it carries a page
 * @page: 1 + index of the page that it carries, in as many packets as that takes (SYN on the
 *	first, FIN and PSH on the last), or 0
 * @segment: bytes of a page in one packet
 */
struct censor_packet {
	u8 flags;
	u8 to;
	u8 copies;
	bool df;
	bool seq_next;
	u8 on;
	u8 payload_len;
	u8 payload[CENSOR_PAYLOAD_SIZE];
	u16 page;
	u16 segment;
	struct censor_field ttl;
	struct censor_field ip_id;
	struct censor_field window;
	u32 seq[CENSOR_COPIES_MAX];
	u8 n_seq;
};

/**
 * struct censor_inject - a named set of packets sent when a rule fires
 * @delay: 1 + index of the delay until the first is sent, or CENSOR_NO_DELAY
 * @gap: 1 + index of the delay between one and the next, drawn for each, or CENSOR_NO_DELAY
 */
struct censor_inject {
	char name[CENSOR_NAME_MAX];
	u16 delay;
	u16 gap;
	struct censor_packet packets[CENSOR_PACKETS_MAX];
	u8 n_packets;
};

/**
 * struct censor_pool - addresses that forged DNS answers are drawn from (`answers` in the text)
 * @v4: network order, in the order of the policy
 * @v6: likewise
 */
struct censor_pool {
	char name[CENSOR_NAME_MAX];
	u8 (*v4)[4];
	u8 (*v6)[16];
	u32 n_v4, n_v6;
	u32 room_v4, room_v6;
};

/** struct censor_alias - the name that a forged CNAME leads to, as text without a trailing dot */
struct censor_alias {
	char name[CENSOR_ALIAS_SIZE];
};

/** enum censor_lie - what a forged DNS answer says */
enum censor_lie {
	CENSOR_LIE_ADDRESS,
	CENSOR_LIE_NXDOMAIN,	/* there is no such name */
	CENSOR_LIE_REFUSED,
	CENSOR_LIE_CNAME,	/* its name is another, with addresses of that or without */
	CENSOR_LIES,
};

#define CENSOR_NO_POOL	0xffff
#define CENSOR_NO_ALIAS	0	/* in place of 1 + the index of an alias */

/**
 * struct censor_forge - how a rule forges DNS answers
 * @pool: index of the pool; CENSOR_NO_POOL where no address is told
 * @alias: 1 + index of the alias for CENSOR_LIE_CNAME, else CENSOR_NO_ALIAS
 * @lie: enum censor_lie
 * @in_order: addresses are taken from the pool one after another, not drawn
 * @cursors: with @in_order: places in the pool that are gone on from, 1 to CENSOR_CURSORS_MAX, one
 *	for each process of the censor's. A flow has always the same one.
 * @count: addresses in the answer, 1 to CENSOR_ANSWERS_MAX
 * @aa: the AA flag; else as the query's RD says (CENSORS.md 1.3: 0x8180 if RD, 0x8400 if not)
 * @df: IPv4 don't-fragment
 * @ttl_lo: least TTL of the records, seconds
 * @ttl_hi: greatest
 * @ip_ttl: TTL or hop limit of the packet; cyclic: one more than in the rule's answer before
 * @ip_id: IPv4 identification, likewise
 * @delay: 1 + index of the delay until it is sent, or CENSOR_NO_DELAY
 * @counters: the first of its counters in the shared state (seal.c): of answers, then of each
 *	cursor for IPv4 and for IPv6
 */
struct censor_forge {
	u16 pool;
	u16 alias;
	u16 delay;
	u8 lie;
	bool in_order;
	u8 cursors;
	u8 count;
	bool aa;
	bool df;
	u32 ttl_lo, ttl_hi;
	struct censor_field ip_ttl;
	struct censor_field ip_id;
	u32 counters;
};

/**
 * struct censor_cond - one condition: an attribute is (or is not) in one of some sets
 * @attr: enum censor_attr
 * @negate: true when it must be in none of them; the attribute must be there all the same
 * @n: how many sets
 * @first: the first of them in censor_policy.cond_sets
 */
struct censor_cond {
	u8 attr;
	bool negate;
	u16 n;
	u32 first;
};

/**
 * struct censor_rule - conditions that must all hold, and what is done then
 * @attrs: CENSOR_ATTR_BIT() of every attribute that the conditions read
 * @first: the first condition in censor_policy.conds
 * @n: how many conditions
 * @filed_attr: the attribute under which seal filed it (seal.c)
 * @filed: the condition whose sets lead to it, or CENSOR_NO_COND
 * @actions: CENSOR_DO_*
 * @path: enum censor_path
 * @drop_to: CENSOR_TO_* that CENSOR_DO_DROP keeps packets from: those of the sender of the packet
 *	that matched go to the server, those of its receiver to the client
 * @rewrite_to: likewise for CENSOR_DO_REWRITE
 * @rewrite_flags: the flags that packets are rewritten to
 * @chance: how surely it acts
 * @phases: bit n: it is active in the nth phase; CENSOR_PHASES_ALL in a policy without phases
 * @sample: of CENSOR_CERTAIN: with CENSOR_DO_LOG, how surely each later packet of the flow is told
 *	of, too; 0: only what matched is
 */
struct censor_rule {
	char name[CENSOR_NAME_MAX];
	u32 attrs;
	u32 first;
	u16 n;
	u16 filed;
	u8 filed_attr;
	u16 actions;
	u8 path;
	u8 drop_to;
	u8 rewrite_to;
	u8 rewrite_flags;
	u16 inject;
	struct censor_chance chance;
	struct censor_residual residual;
	struct censor_freeze freeze;
	struct censor_forge forge;
	u32 phases;
	u16 sample;
	struct censor_police police;
	struct censor_lose lose;
	struct censor_hold hold;
	struct censor_mark mark;
};

/**
 * struct censor_set - a set of names, prefixes or numbers
 * @anonymous: it was written inside a rule, has no name and is listed there
 * @entries: how many elements were added
 */
struct censor_set {
	char name[CENSOR_NAME_MAX];
	u8 kind;
	bool anonymous;
	bool words;		/* declared with `words`: a plain entry is a substring */
	u32 entries;
};

/**
 * struct censor_index - the rules that the sets of one attribute lead to
 * @first: index into @rules, by set number; @first[set + 1] ends it; NULL: no rule is filed here
 * @rules: rules, ascending within each set
 * @unindexed: rules that no set leads to: only negated conditions
 * @numbers: from a number to those sets, for attributes that are numbers
 */
struct censor_index {
	u32 *first;
	u32 *rules;
	u32 *unindexed;
	u32 n_unindexed;
	struct censor_number_index numbers;
};

/** struct censor_policy - see the head of this file; the members are for reading after seal. */
struct censor_policy {
	char name[CENSOR_NAME_MAX];
	u64 seed;
	u32 clock;			/* how many times faster than the host's */
	u32 attrs;			/* every attribute that some rule reads */
	u32 tuples;			/* bit n: some rule remembers the tuple of value n */
	bool wants_wall;		/* some rule asks for the hour of the day */
	bool wants_load;		/* some rule asks how busy the censor is */
	bool sealed;
	struct censor_tcp_model tcp;
	struct censor_ip_model ip;
	struct censor_detect_model detect;
	u8 hello;			/* CENSOR_TLS_* of ClientHellos that some rule asks for */
	u64 protocols;			/* CENSOR_PROTOCOL_BIT() of those that some rule asks for */
	size_t limit;			/* bytes that it may take */
	size_t bytes;			/* bytes that it takes */

	struct censor_prefix inside[CENSOR_INSIDE_MAX];
	u32 n_inside;

	struct censor_set *sets;
	struct censor_inject *injects;
	struct censor_pool *pools;
	struct censor_rule *rules;
	struct censor_cond *conds;
	u16 *cond_sets;
	struct censor_page *pages;
	struct censor_delay *delays;
	struct censor_hours *hours;
	struct censor_load *loads;
	struct censor_alias *aliases;
	u32 n_sets, n_injects, n_pools, n_rules, n_conds, n_cond_sets;
	u32 n_pages, n_delays, n_hours, n_loads, n_aliases;
	struct censor_phase phases[CENSOR_PHASES_MAX];
	u32 n_phases;
	u32 n_counters;			/* in the shared state, behind those of rules */
	u32 n_buckets;			/* in the shared state, of police */
	u32 room_sets, room_injects, room_pools, room_rules, room_conds, room_cond_sets;
	u32 room_pages, room_delays, room_hours, room_loads, room_aliases;

	struct censor_names names;	/* entries of every set of names */
	struct censor_prefixes prefixes;
	struct censor_numbers numbers;
	struct censor_index index[CENSOR_ATTR_COUNT];
};

/*
 * Building. Every call returns 0 (or an index) or a negative error and sets *why to a sentence
 * that says what is wrong and what would be right; process context in the kernel, may sleep.
 * Errors: -EINVAL, -EEXIST (a name taken), -ENOENT (an index that does not exist), -E2BIG (a
 * limit above), -ENOMEM, -EDQUOT (censor_policy.limit).
 */

/**
 * censor_policy_create() - an empty policy
 * @limit: bytes that the policy may take in all
 *
 * Return: the policy, to be freed with censor_policy_destroy(), or NULL for lack of memory.
 */
struct censor_policy *censor_policy_create(size_t limit);
void censor_policy_destroy(struct censor_policy *pol);

int censor_policy_set_name(struct censor_policy *pol, const char *name, const char **why);
int censor_policy_add_inside(struct censor_policy *pol, const struct censor_prefix *prefix,
			     const char **why);
/** censor_policy_set_clock() - @clock: 1 to CENSOR_CLOCK_MAX */
int censor_policy_set_clock(struct censor_policy *pol, u32 clock, const char **why);
/** censor_policy_set_tcp() - checked and copied */
int censor_policy_set_tcp(struct censor_policy *pol, const struct censor_tcp_model *model,
			  const char **why);
/** censor_policy_set_ip() - likewise */
int censor_policy_set_ip(struct censor_policy *pol, const struct censor_ip_model *model,
			 const char **why);
/** censor_policy_set_detect() - likewise */
int censor_policy_set_detect(struct censor_policy *pol, const struct censor_detect_model *model,
			     const char **why);

/**
 * censor_policy_add_set() - a new, empty set
 * @name: its name, or "" for an anonymous one
 * @kind: enum censor_kind
 * @words: a plain entry of it is a substring (kept for listing only)
 *
 * Return: the set's index, counted from 0, or an error.
 */
int censor_policy_add_set(struct censor_policy *pol, const char *name, u8 kind, bool words,
			  const char **why);
/**
 * censor_policy_add_name() - a name, in one of the forms of names.h
 * @form: CENSOR_FORM_*
 * @text: need not end with NUL; upper-case ASCII is stored as lower-case
 */
int censor_policy_add_name(struct censor_policy *pol, u32 set, u8 form, const char *text,
			   size_t len, const char **why);
int censor_policy_add_prefix(struct censor_policy *pol, u32 set,
			     const struct censor_prefix *prefix, const char **why);
int censor_policy_add_numbers(struct censor_policy *pol, u32 set, u32 lo, u32 hi,
			      const char **why);

/** censor_policy_add_delay() - @delay is copied. Return: its index or an error. */
int censor_policy_add_delay(struct censor_policy *pol, const struct censor_delay *delay,
			    const char **why);
/** censor_policy_add_page() - an empty page. Return: its index or an error. */
int censor_policy_add_page(struct censor_policy *pol, const char *name, const char **why);
/** censor_policy_add_page_data() - more bytes of a page, behind those it has */
int censor_policy_add_page_data(struct censor_policy *pol, u32 page, const void *data, size_t len,
				const char **why);
/**
 * censor_policy_add_phase() - a phase, behind those that there are
 *
 * @phase is copied. Those with dates come in the order of the dates and do not overlap. -EEXIST:
 * the name is taken; -E2BIG: more than CENSOR_PHASES_MAX.
 *
 * Return: its index or an error.
 */
int censor_policy_add_phase(struct censor_policy *pol, const struct censor_phase *phase,
			    const char **why);

/** censor_police_burst() - the burst of a police that says none, bytes; @rate: bits a second */
u32 censor_police_burst(u64 rate);
/** censor_policy_add_hours() - @hours is copied. Return: its index or an error. */
int censor_policy_add_hours(struct censor_policy *pol, const struct censor_hours *hours,
			    const char **why);
/** censor_policy_add_load() - @load is copied. Return: its index or an error. */
int censor_policy_add_load(struct censor_policy *pol, const struct censor_load *load,
			   const char **why);
/**
 * censor_policy_add_inject() - @inject is copied
 *
 * The delays and pages that it names must have been added before.
 *
 * Return: its index or an error.
 */
int censor_policy_add_inject(struct censor_policy *pol, const struct censor_inject *inject,
			     const char **why);
/** censor_policy_add_pool() - an empty pool. Return: its index or an error. */
int censor_policy_add_pool(struct censor_policy *pol, const char *name, const char **why);
int censor_policy_add_address(struct censor_policy *pol, u32 pool, u8 family, const u8 *addr,
			      const char **why);

/** censor_alias_check() - whether a name can be told. Return: 0 or -EINVAL. */
int censor_alias_check(const char *name, const char **why);
/**
 * censor_policy_add_alias() - a name that forged answers lead to
 * @name: labels of 1 to 63 bytes with dots between them, 253 bytes at most
 *
 * Return: its index or an error.
 */
int censor_policy_add_alias(struct censor_policy *pol, const char *name, const char **why);

/**
 * censor_policy_add_rule() - a rule without conditions
 * @rule: all from its actions on and the name are read; the rest is ignored. What it names by index
 *	must have been added before. Members that belong to an action it has not are left alone.
 *
 * Return: its index or an error.
 */
int censor_policy_add_rule(struct censor_policy *pol, const struct censor_rule *rule,
			   const char **why);
/** censor_policy_add_cond() - one more condition of the rule that was added last. */
int censor_policy_add_cond(struct censor_policy *pol, enum censor_attr attr, bool negate,
			   const u16 *sets, u32 n_sets, const char **why);

/**
 * censor_policy_seal() - check the whole, build the lookup tables; no more adding after it
 * @where: on error, the index of the rule at fault, or -1
 */
int censor_policy_seal(struct censor_policy *pol, int *where, const char **why);

#endif
