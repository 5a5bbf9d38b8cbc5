// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>

#include "wire.h"

static struct ends make_ends(int af, const char *src, u16 sport, const char *dst, u16 dport)
{
	struct ends ends = { .family = af == AF_INET ? 4 : 6, .sport = sport, .dport = dport };

	if (inet_pton(af, src, ends.src) != 1 || inet_pton(af, dst, ends.dst) != 1)
		abort();
	return ends;
}

struct ends ends4(const char *src, u16 sport, const char *dst, u16 dport)
{
	return make_ends(AF_INET, src, sport, dst, dport);
}

struct ends ends6(const char *src, u16 sport, const char *dst, u16 dport)
{
	return make_ends(AF_INET6, src, sport, dst, dport);
}

struct ends ends_back(struct ends ends)
{
	struct ends back = { .family = ends.family, .sport = ends.dport, .dport = ends.sport };

	memcpy(back.src, ends.dst, sizeof(back.src));
	memcpy(back.dst, ends.src, sizeof(back.dst));
	return back;
}

/* RFC 1071, in the plainest form. */
static u32 sum(u32 total, const u8 *data, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		total += i & 1 ? data[i] : (u32)data[i] << 8;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

static u16 transport_sum(u8 family, const u8 *src, const u8 *dst, u8 proto, const u8 *data,
			 u32 len)
{
	u32 size = family == 4 ? 4 : 16;
	u8 rest[4] = { 0, proto, len >> 8, len & 0xff };
	u32 total = sum(0, src, size);

	total = sum(total, dst, size);
	total = sum(total, rest, sizeof(rest));
	return ~sum(total, data, len) & 0xffff;
}

static u32 put_ip(u8 *buf, const struct ends *ends, const struct header *header, u8 proto,
		  u32 len)
{
	u8 ttl = header->ttl ? header->ttl : 64;

	if (ends->family == 4) {
		u32 hlen = 20 + header->ip_options;

		memset(buf, 0, hlen);
		buf[0] = 0x40 | hlen / 4;
		censor_put16(buf + 2, (u16)(hlen + len));
		censor_put16(buf + 4, header->ip_id);
		censor_put16(buf + 6, header->frag ? header->frag : header->no_df ? 0 : 0x4000);
		buf[8] = ttl;
		buf[9] = proto;
		memcpy(buf + 12, ends->src, 4);
		memcpy(buf + 16, ends->dst, 4);
		memset(buf + 20, 1, header->ip_options);
		censor_put16(buf + 10, ~sum(0, buf, hlen) & 0xffff);
		return hlen;
	}
	buf[0] = 0x60;
	memset(buf + 1, 0, 3);
	censor_put16(buf + 4, (u16)(len + header->extensions_len));
	buf[6] = header->extensions_len ? header->extension_proto : proto;
	buf[7] = ttl;
	memcpy(buf + 8, ends->src, 16);
	memcpy(buf + 24, ends->dst, 16);
	if (header->extensions_len)
		memcpy(buf + 40, header->extensions, header->extensions_len);
	return 40 + header->extensions_len;
}

u32 wire_tcp_header(u8 *buf, struct ends ends, const struct header *header, u8 flags, u32 seq,
		    u32 ack, const void *payload, u32 len)
{
	u32 hlen = 20 + header->options_len;
	u32 at = put_ip(buf, &ends, header, 6, hlen + len);
	u8 *tcp = buf + at;

	memset(tcp, 0, 20);
	censor_put16(tcp, ends.sport);
	censor_put16(tcp + 2, ends.dport);
	censor_put32(tcp + 4, seq);
	censor_put32(tcp + 8, ack);
	tcp[12] = (u8)(hlen / 4 << 4);
	tcp[13] = flags;
	censor_put16(tcp + 14, header->window ? header->window : 64240);
	if (header->options_len)
		memcpy(tcp + 20, header->options, header->options_len);
	if (len)
		memcpy(tcp + hlen, payload, len);
	censor_put16(tcp + 16,
		     transport_sum(ends.family, ends.src, ends.dst, 6, tcp, hlen + len));
	return at + hlen + len;
}

u32 wire_tcp(u8 *buf, struct ends ends, u8 flags, u32 seq, u32 ack, const void *payload, u32 len)
{
	return wire_tcp_header(buf, ends, &(struct header){ 0 }, flags, seq, ack, payload, len);
}

u32 wire_udp_header(u8 *buf, struct ends ends, const struct header *header, const void *payload,
		    u32 len)
{
	u32 at = put_ip(buf, &ends, header, 17, 8 + len);
	u8 *udp = buf + at;
	u16 check;

	censor_put16(udp, ends.sport);
	censor_put16(udp + 2, ends.dport);
	censor_put16(udp + 4, (u16)(8 + len));
	censor_put16(udp + 6, 0);
	if (len)
		memcpy(udp + 8, payload, len);
	check = transport_sum(ends.family, ends.src, ends.dst, 17, udp, 8 + len);
	censor_put16(udp + 6, check ? check : 0xffff);
	return at + 8 + len;
}

u32 wire_udp(u8 *buf, struct ends ends, const void *payload, u32 len)
{
	return wire_udp_header(buf, ends, &(struct header){ 0 }, payload, len);
}

u32 wire_ip(u8 *buf, struct ends ends, const struct header *header, u8 proto,
	    const void *payload, u32 len)
{
	u32 at = put_ip(buf, &ends, header, proto, len);

	if (len)
		memcpy(buf + at, payload, len);
	return at + len;
}

bool wire_checksums_ok(const u8 *packet, u32 len)
{
	u8 family = packet[0] >> 4, proto;
	const u8 *src, *dst;
	u32 at;

	if (family == 4) {
		at = (packet[0] & 0x0f) * 4;
		if (at < 20 || at > len || censor_get16(packet + 2) != len)
			return false;
		if (sum(0, packet, at) != 0xffff)
			return false;
		proto = packet[9];
		src = packet + 12;
		dst = packet + 16;
	} else {
		at = 40;
		if (len < at || censor_get16(packet + 4) != len - at)
			return false;
		proto = packet[6];
		src = packet + 8;
		dst = packet + 24;
	}
	if (proto == 17 && (len < at + 8 || censor_get16(packet + at + 4) != len - at ||
			    !censor_get16(packet + at + 6)))
		return false;
	if (proto != 6 && proto != 17)
		return false;
	return !transport_sum(family, src, dst, proto, packet + at, len - at);
}

static u8 *put_padding(u8 *p, u32 len)
{
	if (!len)
		return p;
	censor_put16(p, 21);
	censor_put16(p + 2, (u16)len);
	memset(p + 4, 0, len);
	return p + 4 + len;
}

/* RFC 8446 4.1.2, RFC 6066 3. */
static u32 put_hello(u8 *buf, const struct hello *hello)
{
	u32 ciphers = hello->ciphers ? hello->ciphers : 17, i;
	u32 sni_len = hello->sni_len || !hello->sni ? hello->sni_len : (u32)strlen(hello->sni);
	u8 *p = buf + 4, *extensions;

	censor_put16(p, 0x0303);
	p += 2;
	for (i = 0; i < 32; i++)
		*p++ = (u8)(i * 37 + 11);
	*p++ = (u8)hello->session;
	for (i = 0; i < hello->session; i++)
		*p++ = (u8)(i * 29 + 3);
	censor_put16(p, (u16)(ciphers * 2));
	p += 2;
	for (i = 0; i < ciphers; i++, p += 2)
		censor_put16(p, (u16)(0x1301 + i));
	*p++ = 1;
	*p++ = 0;
	extensions = p;
	p += 2;
	p = put_padding(p, hello->padding);
	if (hello->sni) {
		censor_put16(p, 0);
		censor_put16(p + 2, (u16)(sni_len + 5));
		censor_put16(p + 4, (u16)(sni_len + 3));
		p[6] = 0;
		censor_put16(p + 7, (u16)sni_len);
		memcpy(p + 9, hello->sni, sni_len);
		p += 9 + sni_len;
	}
	censor_put16(p, 43);	/* supported_versions: TLS 1.3 */
	censor_put16(p + 2, 3);
	p[4] = 2;
	censor_put16(p + 5, 0x0304);
	p += 7;
	p = put_padding(p, hello->after);
	censor_put16(extensions, (u16)(p - extensions - 2));
	buf[0] = 1;
	buf[1] = 0;
	censor_put16(buf + 2, (u16)(p - buf - 4));
	return (u32)(p - buf);
}

u32 wire_hello(u8 *buf, const struct hello *hello)
{
	static u8 message[WIRE_MAX];
	u32 len = put_hello(message, hello), at = 0, out = 0;
	u32 record = hello->record ? hello->record : 16384;

	while (at < len) {
		u32 n = min(record, len - at);

		buf[out] = 22;
		censor_put16(buf + out + 1, 0x0301);
		censor_put16(buf + out + 3, (u16)n);
		memcpy(buf + out + 5, message + at, n);
		out += 5 + n;
		at += n;
	}
	return out;
}

u32 wire_hello_sni(u8 *buf, const char *sni)
{
	return wire_hello(buf, &(struct hello){ .sni = sni, .session = 32 });
}

u32 wire_dns(u8 *buf, u16 id, u16 flags, const char *name, u16 qtype, u16 qclass)
{
	u8 *p = buf + 12;

	memset(buf, 0, 12);
	censor_put16(buf, id);
	censor_put16(buf + 2, flags);
	censor_put16(buf + 4, 1);
	while (*name) {
		u32 n = (u32)strcspn(name, ".");

		*p++ = (u8)n;
		memcpy(p, name, n);
		p += n;
		name += n;
		if (*name == '.')
			name++;
	}
	*p++ = 0;
	censor_put16(p, qtype);
	censor_put16(p + 2, qclass);
	return (u32)(p + 4 - buf);
}

u32 wire_dns_edns(u8 *buf, u16 id, u16 flags, const char *name, u16 qtype)
{
	static const u8 opt[] = { 0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0 };
	u32 len = wire_dns(buf, id, flags, name, qtype, 1);

	censor_put16(buf + 10, 1);
	memcpy(buf + len, opt, sizeof(opt));
	return len + sizeof(opt);
}

u32 wire_http(u8 *buf, const char *target, const char *host)
{
	return (u32)snprintf((char *)buf, WIRE_MAX,
			     "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: curl/7.88.1\r\n"
			     "Accept: */*\r\n\r\n", target, host);
}

u64 wire_random(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}
