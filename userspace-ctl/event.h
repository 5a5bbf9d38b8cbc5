/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One event, as people and programs read it: the same code prints what the kernel tells and what
 * the offline host finds.
 */
#ifndef _CENSORCTL_EVENT_H
#define _CENSORCTL_EVENT_H

#include <stdarg.h>
#include <stdio.h>

#include "engine/policy.h"

/**
 * struct event - a rule matched
 * @time_ns: nanoseconds since 1970
 * @netns: inode number of the network namespace; 0 offline
 * @family: 4 or 6
 * @proto: IP protocol
 * @saddr: sender of the packet, 4 or 16 bytes
 * @daddr: its receiver
 * @packet: number of the packet in its flow, from 1
 * @frame: number of the packet in the capture, from 1; 0 if there is no capture
 * @rule: the rule's name
 * @set: name of the set that the value was found in, or NULL
 * @action: what was done, in words (censor_actions_print())
 * @attr: enum censor_attr that led to the rule, or -1
 * @value: text as it was compared, or an address of 4 or 16 bytes (prefix attributes); NULL for
 *	none and for number attributes
 * @number: value of a number attribute
 * @residual: a residual block acts
 * @delay_us: until the first packet that was sent for it, microseconds of the policy's clock
 * @phase: name of the phase in force, or NULL
 * @excerpt: bytes of the packet's payload, or NULL: it is told in JSON only
 * @excerpt_at: where they begin in it
 * @found_at: where in @excerpt the value stands, @found_len bytes; 0: not in the clear
 * @seq: number of the event, from the kernel
 */
struct event {
	u64 time_ns;
	u64 packet;
	u64 frame;
	const char *rule;
	const char *set;
	const char *action;
	const u8 *value;
	const char *phase;
	const u8 *excerpt;
	u32 value_len;
	u32 excerpt_at;
	u16 excerpt_len;
	u16 found_at, found_len;
	u32 netns;
	u32 seq;
	u32 delay_us;
	int attr;
	u16 number;
	u16 sport, dport;
	u8 family, proto;
	u8 saddr[16], daddr[16];
	bool residual;
};

/** event_print() - one line for people; the caller flushes */
void event_print(FILE *out, const struct event *event, bool colour);

/** event_print_match() - of that line what matched and what was done, without its end */
void event_print_match(FILE *out, const struct event *event, bool colour);

/** event_print_json() - one JSON object and a newline; the caller flushes */
void event_print_json(FILE *out, const struct event *event);

/**
 * json_print_string() - bytes as a JSON string with its quotes
 *
 * Bytes that aren't UTF-8 come out as \u00XX each, so that the line is JSON whatever they are; so
 * does what a terminal would obey.
 */
void json_print_string(FILE *out, const void *bytes, size_t len);

/** text_print() - bytes for a terminal: what it would obey and what isn't UTF-8 as \xXX */
void text_print(FILE *out, const void *bytes, size_t len);

/** text_printf() - printf() whose result goes through text_print(): one line, without its end */
__attribute__((__format__(__printf__, 2, 3)))
void text_printf(FILE *out, const char *format, ...);
/** text_vprintf() - likewise */
__attribute__((__format__(__printf__, 2, 0)))
void text_vprintf(FILE *out, const char *format, va_list args);

/** address_print() - @addr of @family (4 or 6) into @buf of at least 46 bytes; returns @buf */
const char *address_print(u8 family, const u8 *addr, char *buf);

/** proto_print() - "tcp", "udp", "icmp", or the number into @buf of at least 8 bytes */
const char *proto_print(u8 proto, char *buf);

/** time_print() - RFC 3339, UTC, nine digits of second, into @buf of at least 40 bytes */
const char *time_print(u64 time_ns, char *buf);

#endif
