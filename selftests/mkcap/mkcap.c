// SPDX-License-Identifier: GPL-2.0
/*
 * mkcap SCRIPT CAPTURE ("-": standard input, output): captures for tests, from a script.
 *
 *	# a comment
 *	format pcapng			pcap (default) or pcapng
 *	precision ns			us (default) or ns
 *	order swapped			the other machine's byte order (pcap)
 *	link raw			ethernet (default), vlan, qinq, raw, sll, sll2, null, loop, usb
 *	through pppoe ip4 gre+sum	outer headers of the packets that follow, behind the link's, from
 *				without: vlan, qinq, pppoe, ethernet, ip4, ip4+frag, ip6, ip6+opt, and
 *				gre, gre+sum+key+seq or some of them, gre+pptp; alone: none
 *	flow web tcp 192.0.2.2:40000 198.51.100.7:80		the client's end first
 *	flow six udp [2001:db8:1::2]:40000 [2001:db8::53]:53	also icmp, or a protocol's number
 *	web > S				a packet: the client sends it; < the server
 *	web < SA
 *	web > A
 *	+90s web > PA "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"
 *	six > dns www.example.com aaaa
 *	frame ffffffffffff020000000001 0806	a whole frame, as it stands
 *	repeat 1000 … end		over and over: each time round, every client has another port,
 *				but not in a flow whose line ends in "fixed"
 *
 * A packet is 1 ms after the one before it, or what +TIME or -TIME says (s, ms, us, ns). TCP flags
 * are the letters FSRPAU, or 0 for none. SYN, data and FIN are counted, so sequence and
 * acknowledgement numbers come by themselves; they are relative, as Wireshark shows them.
 * After the flags, in any order:
 *
 *	seq N, seq +N, seq -N	this, or so much beside what is due	ack likewise
 *	seq random		far outside every window		ack likewise
 *	decoy			what it sends is not counted: the server is not meant to see it
 *	ttl N  id N  win N  df	id same: that of the packet before
 *	opt OPTION…		TCP options, one after another: mss N, wscale N, sack, ts VALUE ECHO,
 *				md5, uto, or HEX
 *	sum bad  ipsum bad	wrong checksums
 *	doff N  iplen N  udplen N	lies about lengths, in the header's own units
 *	frag N, frag N+		a fragment N bytes into the payload; more come after it
 *	slice A B		a fragment: of the whole datagram, transport header and all, the bytes
 *				from A up to, not including, B (or the end); of one datagram by their
 *				id. What the one that begins at 0 sends is counted
 *	pad N			N bytes of the link's padding after it
 *	cap N			only N bytes from the IP header on were captured
 *	"text"  hex HEX  zeros N  dns NAME TYPE (a query)	payload
 *	http HOST [/PATH]	payload: a request
 *	tls NAME [records N]	payload: a ClientHello, in so many TLS records
 *	part A B		of all the payload only the bytes from A up to, not including, B (or the end)
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "mkcap.h"

#define TOKENS		64
#define FLOWS		64
#define LINES		4096
#define BEGINS_AT	1506297600000000000ull	/* 25 September 2017 */

struct token {
	char *text;
	size_t len;
	bool quoted;
};

static struct {
	char *lines[LINES];
	size_t n_lines;
	size_t line;		/* being carried out, from 0 */
	struct token tokens[TOKENS];
	size_t n, at;
	struct flow flows[FLOWS];
	size_t n_flows;
	struct file file;
	uint64_t now;
	bool first;
} script = { .now = BEGINS_AT, .first = true };

static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "mkcap: line %zu: ", script.line + 1);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

static char *unquote(char *p, struct token *token)
{
	char *out = p;

	token->text = p;
	token->quoted = true;
	for (; *p != '"'; p++) {
		if (!*p)
			fail("a string has no end");
		if (*p != '\\') {
			*out++ = *p;
			continue;
		}
		p++;
		if (*p == 'x' && hex_digit(p[1]) >= 0 && hex_digit(p[2]) >= 0) {
			*out++ = (char)(hex_digit(p[1]) << 4 | hex_digit(p[2]));
			p += 2;
		} else if (*p == 'r' || *p == 'n' || *p == 't') {
			*out++ = *p == 'r' ? '\r' : *p == 'n' ? '\n' : '\t';
		} else if (*p == '\\' || *p == '"') {
			*out++ = *p;
		} else {
			fail("\\%c is not known in a string", *p);
		}
	}
	token->len = (size_t)(out - token->text);
	*out = '\0';
	return p + 1;
}

static void tokenize(char *p)
{
	script.n = 0;
	script.at = 0;
	for (;;) {
		struct token *token = &script.tokens[script.n];

		p += strspn(p, " \t\r\n");
		if (!*p || *p == '#')
			return;
		if (script.n == TOKENS)
			fail("more than %d words", TOKENS);
		script.n++;
		if (*p == '"') {
			p = unquote(p + 1, token);
			continue;
		}
		token->text = p;
		token->quoted = false;
		token->len = strcspn(p, " \t\r\n");
		p += token->len;
		if (*p)
			*p++ = '\0';
	}
}

static bool take(const char *word)
{
	const struct token *token = &script.tokens[script.at];

	if (script.at >= script.n || token->quoted || strcmp(token->text, word))
		return false;
	script.at++;
	return true;
}

static struct token *next(const char *what)
{
	if (script.at >= script.n)
		fail("%s is missing", what);
	return &script.tokens[script.at++];
}

static long number(const char *what, long least, long most)
{
	const char *text = next(what)->text;
	char *end;
	long n = strtol(text, &end, 0);

	if (!*text || *end || n < least || n > most)
		fail("%s: a number from %ld to %ld is wanted, not \"%s\"", what, least, most, text);
	return n;
}

static size_t hex(const char *what, uint8_t *buf, size_t room)
{
	const char *text = next(what)->text;
	size_t n = 0;

	for (; *text; text += 2) {
		if (hex_digit(text[0]) < 0 || hex_digit(text[1]) < 0)
			fail("%s: an even number of hexadecimal digits is wanted", what);
		if (n == room)
			fail("%s: longer than %zu bytes", what, room);
		buf[n++] = (uint8_t)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
	}
	return n;
}

static uint32_t relative(const char *what, uint32_t due)
{
	const char *text = next(what)->text;
	char *end;
	long long n = strtoll(text, &end, 0);

	if (!strcmp(text, "random"))
		return due + 0x5eed0000;
	if (!*text || *end)
		fail("%s: a number is wanted, not \"%s\"", what, text);
	return *text == '+' || *text == '-' ? due + (uint32_t)n : (uint32_t)n;
}

static void parse_end(struct flow *flow, struct side *side)
{
	char *text = next("an end of the flow")->text, *port = strrchr(text, ':');
	char *end = text + strlen(text);

	if (*text == '[') {
		text++;
		end = strchr(text, ']');
		if (!end)
			fail("] is missing");
		port = end[1] == ':' ? end + 1 : NULL;
	} else if (strchr(text, ':') != port) {
		fail("an IPv6 address is written [ADDRESS]:PORT");
	} else if (port) {
		end = port;
	}
	if (port)
		side->port = (uint16_t)strtoul(port + 1, NULL, 10);
	*end = '\0';
	flow->family = strchr(text, ':') ? 6 : 4;
	if (inet_pton(flow->family == 6 ? AF_INET6 : AF_INET, text, side->addr) != 1)
		fail("\"%s\" is no address", text);
}

static struct flow *find_flow(const char *name)
{
	size_t i;

	for (i = 0; i < script.n_flows; i++)
		if (!strcmp(script.flows[i].name, name))
			return &script.flows[i];
	return NULL;
}

static void parse_flow(void)
{
	const char *name = next("the flow's name")->text, *proto;
	struct flow *flow = find_flow(name);
	uint8_t family;

	if (!flow) {
		if (script.n_flows == FLOWS)
			fail("more than %d flows", FLOWS);
		flow = &script.flows[script.n_flows++];
	}
	memset(flow, 0, sizeof(*flow));
	if (strlen(name) >= sizeof(flow->name))
		fail("a flow's name has at most %zu bytes", sizeof(flow->name) - 1);
	strcpy(flow->name, name);
	proto = next("the protocol")->text;
	if (!strcmp(proto, "tcp"))
		flow->proto = 6;
	else if (!strcmp(proto, "udp"))
		flow->proto = 17;
	else if (!strcmp(proto, "icmp"))
		flow->proto = 1;
	else
		flow->proto = (uint8_t)strtoul(proto, NULL, 10);
	parse_end(flow, &flow->side[0]);
	family = flow->family;
	parse_end(flow, &flow->side[1]);
	if (family != flow->family)
		fail("one end is IPv4, the other IPv6");
	flow->fixed = take("fixed");
	flow->side[0].isn = CLIENT_ISN;
	flow->side[1].isn = SERVER_ISN;
}

static uint8_t parse_flags(void)
{
	static const char letters[] = "FSRPAUEC";
	const char *text = next("the TCP flags")->text;
	uint8_t flags = 0;

	if (!strcmp(text, "0"))
		return 0;
	for (; *text; text++) {
		const char *at = strchr(letters, *text);

		if (!at)
			fail("TCP flags are letters of FSRPAUEC, or 0 for none; not \"%s\"", text);
		flags |= (uint8_t)(1 << (at - letters));
	}
	return flags;
}

static void add_payload(struct packet *packet, const void *bytes, size_t len)
{
	if (len > MKCAP_PAYLOAD - packet->len)
		fail("a payload has at most %d bytes", MKCAP_PAYLOAD);
	if (bytes)
		memcpy(packet->payload + packet->len, bytes, len);
	else
		memset(packet->payload + packet->len, 0, len);
	packet->len += len;
}

/* Return: false if the next word is no payload. */
static bool parse_payload(struct packet *packet)
{
	uint8_t buf[4096];
	const char *name, *type, *path;
	size_t len;

	if (script.tokens[script.at].quoted) {
		add_payload(packet, script.tokens[script.at].text, script.tokens[script.at].len);
		script.at++;
	} else if (take("hex")) {
		len = hex("hex", buf, sizeof(buf));
		add_payload(packet, buf, len);
	} else if (take("zeros")) {
		add_payload(packet, NULL, (size_t)number("zeros", 0, MKCAP_PAYLOAD));
	} else if (take("tls")) {
		name = next("the server's name")->text;
		if (strlen(name) > 2048)
			fail("the server's name is too long");
		len = take("records") ? (size_t)number("records", 1, HELLO_RECORDS) : 1;
		add_payload(packet, buf, hello_build(buf, name, len));
	} else if (take("http")) {
		name = next("the host")->text;
		path = script.at < script.n && *script.tokens[script.at].text == '/' ?
		       next("the path")->text : "/";
		len = (size_t)snprintf((char *)buf, sizeof(buf),
				       "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, name);
		if (len >= sizeof(buf))
			fail("the request is too long");
		add_payload(packet, buf, len);
	} else if (take("dns")) {
		name = next("the name")->text;
		type = next("the query type")->text;
		len = strlen(name) < 1024 ? query_build(buf, name, type) : 0;
		if (!len)
			fail("dns: \"%s\" \"%s\" cannot be asked", name, type);
		add_payload(packet, buf, len);
	} else {
		return false;
	}
	return true;
}

/* @bytes: of its value */
static void add_option(struct packet *packet, uint8_t kind, size_t bytes, uint64_t value)
{
	uint8_t *at = packet->options + packet->options_len;
	size_t i;

	if (bytes + 2 > MKCAP_OPTIONS - packet->options_len)
		fail("TCP options have at most %d bytes", MKCAP_OPTIONS);
	memset(at, 0, bytes + 2);
	at[0] = kind;
	at[1] = (uint8_t)(bytes + 2);
	for (i = 0; i < 8 && i < bytes; i++)
		at[bytes + 1 - i] = (uint8_t)(value >> 8 * i);
	packet->options_len += bytes + 2;
}

/* Return: false if the next word is no option. */
static bool parse_option(struct packet *packet)
{
	const char *text = script.at < script.n ? script.tokens[script.at].text : "df";
	uint64_t value;

	if (take("md5")) {
		add_option(packet, 19, 16, 0x5eed5eed);
	} else if (take("uto")) {
		add_option(packet, 28, 2, 600);
	} else if (take("sack")) {
		add_option(packet, 4, 0, 0);
	} else if (take("mss")) {
		add_option(packet, 2, 2, (uint64_t)number("mss", 0, 65535));
	} else if (take("wscale")) {
		add_option(packet, 3, 1, (uint64_t)number("wscale", 0, 255));
	} else if (take("ts")) {
		value = (uint64_t)number("ts", 0, UINT32_MAX) << 32;
		add_option(packet, 8, 8, value | (uint64_t)number("ts", 0, UINT32_MAX));
	} else if (strcmp(text, "df") && strspn(text, "0123456789abcdef") == strlen(text)) {
		packet->options_len += hex("opt", packet->options + packet->options_len,
					   MKCAP_OPTIONS - packet->options_len);
	} else {
		return false;
	}
	return true;
}

static void parse_options(struct packet *packet)
{
	if (!parse_option(packet))
		fail("opt: mss, wscale, sack, ts, md5, uto or hexadecimal digits are wanted");
	while (parse_option(packet))
		;
}

static void parse_part(struct packet *packet)
{
	size_t from = (size_t)number("part", 0, (long)packet->len);
	size_t to = (size_t)number("part", (long)from, MKCAP_PAYLOAD);

	if (to > packet->len)
		to = packet->len;
	memmove(packet->payload, packet->payload + from, to - from);
	packet->len = to - from;
}

static void parse_fragment(struct packet *packet)
{
	char *text = next("the fragment's offset")->text;
	size_t len = strlen(text);

	packet->more = len && text[len - 1] == '+';
	packet->fragment = (int)strtol(text, NULL, 10);
	if (packet->fragment < 0 || packet->fragment % 8)
		fail("a fragment begins at a multiple of 8");
}

static void parse_slice(struct packet *packet)
{
	packet->slice_from = (int)number("slice", 0, MKCAP_PACKET);
	packet->slice_to = (int)number("slice", packet->slice_from, MKCAP_PACKET);
	if (packet->slice_from % 8)
		fail("a fragment begins at a multiple of 8");
}

static void parse_packet(struct flow *flow)
{
	static struct packet packet;
	static uint8_t buf[MKCAP_PACKET];
	struct side *from, *to;
	bool decoy = false, placed = false;
	size_t pad = 0;
	long cap = MKCAP_PACKET;
	static uint16_t id, same;
	size_t len;

	memset(&packet, 0, offsetof(struct packet, payload));
	packet.len = 0;
	packet.flow = flow;
	packet.ttl = 64;
	packet.window = 64240;
	packet.id = ++id;
	packet.ip_len = -1;
	packet.udp_len = -1;
	packet.doff = -1;
	packet.fragment = -1;
	packet.slice_from = -1;
	if (take("<"))
		packet.from = 1;
	else if (!take(">"))
		fail("> or < is missing: who sends it?");
	from = &flow->side[packet.from];
	to = &flow->side[!packet.from];
	packet.seq = from->next;
	packet.ack = to->next;
	if (flow->proto == 6)
		packet.flags = parse_flags();
	while (script.at < script.n) {
		if (parse_payload(&packet))
			continue;
		if (take("seq")) {
			packet.seq = relative("seq", from->next);
			placed = true;
		} else if (take("ack"))
			packet.ack = relative("ack", to->next);
		else if (take("decoy"))
			decoy = true;
		else if (take("ttl"))
			packet.ttl = (uint8_t)number("ttl", 0, 255);
		else if (take("id"))
			packet.id = take("same") ? same : (uint16_t)number("id", 0, 65535);
		else if (take("win"))
			packet.window = (uint16_t)number("win", 0, 65535);
		else if (take("df"))
			packet.df = true;
		else if (take("opt"))
			parse_options(&packet);
		else if (take("sum") && take("bad"))
			packet.bad_sum = true;
		else if (take("ipsum") && take("bad"))
			packet.bad_ip_sum = true;
		else if (take("doff"))
			packet.doff = (int)number("doff", 0, 15);
		else if (take("iplen"))
			packet.ip_len = (int)number("iplen", 0, 65535);
		else if (take("udplen"))
			packet.udp_len = (int)number("udplen", 0, 65535);
		else if (take("pad"))
			pad = (size_t)number("pad", 0, 64);
		else if (take("cap"))
			cap = number("cap", 0, MKCAP_PACKET);
		else if (take("frag"))
			parse_fragment(&packet);
		else if (take("slice"))
			parse_slice(&packet);
		else if (take("part"))
			parse_part(&packet);
		else
			fail("\"%s\" is not known here", next("a word")->text);
	}
	if (packet.slice_from > 0 && !placed && packet.id == from->sliced_id)
		packet.seq = from->sliced_seq;
	same = packet.id;
	if (!packet.slice_from) {
		from->sliced_id = packet.id;
		from->sliced_seq = packet.seq;
	}
	len = packet_build(&packet, buf);
	memset(buf + len, 0, pad);
	pad += len;
	file_packet(&script.file, script.now, buf, (size_t)cap < pad ? (size_t)cap : pad, len, pad,
		    packet.from);
	packet.seq += (uint32_t)packet.len + (packet.flags & 0x02 ? 1 : 0) +
		      (packet.flags & 0x01 ? 1 : 0);
	if (!decoy && packet.slice_from <= 0 && (int32_t)(packet.seq - from->next) > 0)
		from->next = packet.seq;
}

static void parse_delay(void)
{
	char *text = script.tokens[script.at].text, *unit;
	bool back = *text == '-';
	uint64_t ns;
	double n;

	if (script.tokens[script.at].quoted || (*text != '+' && *text != '-') ||
	    !isdigit((unsigned char)text[1])) {
		if (!script.first)
			script.now += 1000000;
		script.first = false;
		return;
	}
	script.at++;
	script.first = false;
	n = strtod(text + 1, &unit);
	if (!strcmp(unit, "s"))
		n *= 1e9;
	else if (!strcmp(unit, "ms"))
		n *= 1e6;
	else if (!strcmp(unit, "us"))
		n *= 1e3;
	else if (strcmp(unit, "ns"))
		fail("a time ends in s, ms, us or ns");
	ns = (uint64_t)n;
	script.now = back ? script.now - ns : script.now + ns;
}

static size_t choice(const char *what, const char *const names[], size_t n)
{
	const char *text = next(what)->text;
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(text, names[i]))
			return i;
	fail("%s: \"%s\" is not known", what, text);
}

static void parse_frame(void)
{
	uint8_t buf[4096];
	size_t len = 0;

	while (script.at < script.n)
		len += hex("frame", buf + len, sizeof(buf) - len);
	file_frame(&script.file, script.now, buf, len);
}

static void parse_through(void)
{
	struct through *through = &script.file.through;

	for (through->n = 0; script.at < script.n; through->n++) {
		const char *name = next("a header")->text;

		if (through->n == THROUGH_HEADERS)
			fail("more than %d outer headers", THROUGH_HEADERS);
		if (strlen(name) >= sizeof(*through->names) || !through_known(name))
			fail("through: \"%s\" is not known", name);
		strcpy(through->names[through->n], name);
	}
}

/* Return: false if the line is no setting. */
static bool parse_setting(void)
{
	if (take("format"))
		script.file.ng = choice("format", (const char *const[]){ "pcap", "pcapng" }, 2);
	else if (take("precision"))
		script.file.nano = choice("precision", (const char *const[]){ "us", "ns" }, 2);
	else if (take("order"))
		script.file.swapped = choice("order", (const char *const[]){ "plain", "swapped" }, 2);
	else if (take("link"))
		script.file.link = (enum link)choice("link", link_names, LINKS);
	else if (take("through"))
		parse_through();
	else if (take("flow"))
		parse_flow();
	else
		return false;
	return true;
}

static void carry_out(size_t from, size_t to);

static void next_ports(void)
{
	size_t i;

	for (i = 0; i < script.n_flows; i++) {
		struct flow *flow = &script.flows[i];

		if (flow->fixed)
			continue;
		flow->side[0].next = 0;
		flow->side[1].next = 0;
		if (!flow->side[0].port)
			continue;
		flow->side[0].port++;
		if (flow->side[0].port)
			continue;
		flow->side[0].port = 1024;
		flow->side[0].addr[flow->family == 4 ? 3 : 15]++;
	}
}

/* Return: the line of its end. */
static size_t parse_repeat(size_t line)
{
	long times = number("repeat", 0, 1000000000);
	size_t end, depth = 0;

	for (end = line + 1; end < script.n_lines; end++) {
		const char *text = script.lines[end] + strspn(script.lines[end], " \t");

		if (!strncmp(text, "repeat ", 7))
			depth++;
		else if (!strncmp(text, "end", 3) && !depth--)
			break;
	}
	if (end == script.n_lines)
		fail("repeat has no end");
	while (times-- > 0) {
		carry_out(line + 1, end);
		next_ports();
	}
	return end;
}

static void carry_out(size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++) {
		char line[65536];
		struct flow *flow;

		script.line = i;
		strcpy(line, script.lines[i]);
		tokenize(line);
		if (!script.n || parse_setting())
			continue;
		if (take("repeat")) {
			i = parse_repeat(i);
			continue;
		}
		parse_delay();
		if (take("frame")) {
			parse_frame();
			continue;
		}
		flow = find_flow(next("a packet after the time")->text);
		if (!flow)
			fail("no flow is called \"%s\"", script.tokens[script.at - 1].text);
		parse_packet(flow);
	}
}

int main(int argc, char **argv)
{
	static char line[65536];
	FILE *in;

	if (argc != 3) {
		fputs("usage: mkcap SCRIPT CAPTURE\n", stderr);
		return 2;
	}
	in = strcmp(argv[1], "-") ? fopen(argv[1], "r") : stdin;
	if (!in) {
		fprintf(stderr, "mkcap: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	while (fgets(line, sizeof(line), in)) {
		script.line = script.n_lines;
		if (script.n_lines == LINES)
			fail("more than %d lines", LINES);
		script.lines[script.n_lines] = strdup(line);
		if (!script.lines[script.n_lines++])
			fail("not enough memory");
	}
	script.file.out = strcmp(argv[2], "-") ? fopen(argv[2], "wb") : stdout;
	if (!script.file.out) {
		fprintf(stderr, "mkcap: %s: %s\n", argv[2], strerror(errno));
		return 1;
	}
	carry_out(0, script.n_lines);
	file_begin(&script.file);
	if (ferror(script.file.out) | fclose(script.file.out)) {
		fprintf(stderr, "mkcap: %s: %s\n", argv[2], strerror(errno));
		return 1;
	}
	return 0;
}
