// SPDX-License-Identifier: GPL-2.0
/* Protocols of command lines: FTP (RFC 959) and SMTP (RFC 5321). */
#include "lines.h"

#define WORD_MAX	8	/* STARTTLS */
#define FTP_PORT	21
#define IRC_SPACES	3	/* USER name mode unused :realname (RFC 2812 3.1.3) */

/* What stands behind a command. */
enum argument {
	NOTHING,
	SOMETHING,
	ANYTHING,	/* or nothing */
	LETTER,		/* one, as in TYPE I */
	FROM,		/* FROM: */
	TO,		/* TO: */
	FTP_TLS,	/* TLS or SSL: with others it is SMTP's and POP3's */
	FTP_USER,	/* IRC's has more words */
};

/*
 * struct command - a row
 * @name: four lower-case letters, or three and a NUL, as a number that sorts as they do
 */
struct command {
	u32 name;
	u8 protocol;
	u8 confidence;
	u8 argument;
};

#define NAME(a, b, c, d)	((u32)(a) << 24 | (u32)(b) << 16 | (u32)(c) << 8 | (u32)(d))
#define FTP(a, b, c, d, confidence, argument) \
	{ NAME(a, b, c, d), CENSOR_PROTOCOL_FTP, CENSOR_CONFIDENCE_##confidence, argument }
#define SMTP(a, b, c, d, confidence, argument) \
	{ NAME(a, b, c, d), CENSOR_PROTOCOL_SMTP, CENSOR_CONFIDENCE_##confidence, argument }

/*
 * By name. A guess is what other protocols have as well: POP3 USER, PASS, LIST, RETR, DELE, STAT
 * and RSET, NNTP LIST, STAT and STARTTLS, IRC PASS.
 */
static const struct command commands[] = {
	FTP('a', 'b', 'o', 'r', LIKELY, NOTHING),
	FTP('a', 'c', 'c', 't', LIKELY, SOMETHING),
	FTP('a', 'd', 'a', 't', LIKELY, SOMETHING),
	FTP('a', 'l', 'l', 'o', LIKELY, SOMETHING),
	FTP('a', 'p', 'p', 'e', LIKELY, SOMETHING),
	FTP('a', 'u', 't', 'h', LIKELY, FTP_TLS),
	SMTP('b', 'd', 'a', 't', LIKELY, SOMETHING),
	FTP('c', 'd', 'u', 'p', LIKELY, NOTHING),
	FTP('c', 'l', 'n', 't', LIKELY, SOMETHING),
	FTP('c', 'w', 'd', 0, LIKELY, SOMETHING),
	SMTP('d', 'a', 't', 'a', LIKELY, NOTHING),
	FTP('d', 'e', 'l', 'e', GUESS, SOMETHING),
	SMTP('e', 'h', 'l', 'o', SURE, SOMETHING),
	FTP('e', 'p', 'r', 't', LIKELY, SOMETHING),
	FTP('e', 'p', 's', 'v', LIKELY, ANYTHING),
	SMTP('e', 't', 'r', 'n', LIKELY, SOMETHING),
	SMTP('e', 'x', 'p', 'n', LIKELY, SOMETHING),
	FTP('f', 'e', 'a', 't', LIKELY, NOTHING),
	SMTP('h', 'e', 'l', 'o', SURE, SOMETHING),
	FTP('h', 'o', 's', 't', LIKELY, SOMETHING),
	FTP('l', 'a', 'n', 'g', LIKELY, ANYTHING),
	SMTP('l', 'h', 'l', 'o', LIKELY, SOMETHING),
	FTP('l', 'i', 's', 't', GUESS, ANYTHING),
	SMTP('m', 'a', 'i', 'l', SURE, FROM),
	FTP('m', 'd', 't', 'm', LIKELY, SOMETHING),
	FTP('m', 'k', 'd', 0, LIKELY, SOMETHING),
	FTP('m', 'l', 's', 'd', LIKELY, ANYTHING),
	FTP('m', 'l', 's', 't', LIKELY, ANYTHING),
	FTP('m', 'o', 'd', 'e', LIKELY, LETTER),
	FTP('n', 'l', 's', 't', LIKELY, ANYTHING),
	FTP('o', 'p', 't', 's', LIKELY, SOMETHING),
	FTP('p', 'a', 's', 's', GUESS, SOMETHING),
	FTP('p', 'a', 's', 'v', LIKELY, NOTHING),
	FTP('p', 'b', 's', 'z', LIKELY, SOMETHING),
	FTP('p', 'o', 'r', 't', LIKELY, SOMETHING),
	FTP('p', 'r', 'o', 't', LIKELY, LETTER),
	FTP('p', 'w', 'd', 0, LIKELY, NOTHING),
	SMTP('r', 'c', 'p', 't', SURE, TO),
	FTP('r', 'e', 'i', 'n', LIKELY, NOTHING),
	FTP('r', 'e', 's', 't', LIKELY, SOMETHING),
	FTP('r', 'e', 't', 'r', GUESS, SOMETHING),
	FTP('r', 'm', 'd', 0, LIKELY, SOMETHING),
	FTP('r', 'n', 'f', 'r', LIKELY, SOMETHING),
	FTP('r', 'n', 't', 'o', LIKELY, SOMETHING),
	SMTP('r', 's', 'e', 't', GUESS, NOTHING),
	SMTP('s', 'a', 'm', 'l', SURE, FROM),
	SMTP('s', 'e', 'n', 'd', SURE, FROM),
	FTP('s', 'i', 't', 'e', LIKELY, SOMETHING),
	FTP('s', 'i', 'z', 'e', LIKELY, SOMETHING),
	FTP('s', 'm', 'n', 't', LIKELY, SOMETHING),
	SMTP('s', 'o', 'm', 'l', SURE, FROM),
	SMTP('s', 't', 'a', 'r', GUESS, NOTHING),	/* STARTTLS: see is_whole() */
	FTP('s', 't', 'a', 't', GUESS, ANYTHING),
	FTP('s', 't', 'o', 'r', LIKELY, SOMETHING),
	FTP('s', 't', 'o', 'u', LIKELY, ANYTHING),
	FTP('s', 't', 'r', 'u', LIKELY, LETTER),
	FTP('s', 'y', 's', 't', LIKELY, NOTHING),
	SMTP('t', 'u', 'r', 'n', LIKELY, NOTHING),
	FTP('t', 'y', 'p', 'e', LIKELY, LETTER),
	FTP('u', 's', 'e', 'r', GUESS, FTP_USER),
	SMTP('v', 'r', 'f', 'y', LIKELY, SOMETHING),
	FTP('x', 'c', 'u', 'p', LIKELY, NOTHING),
	FTP('x', 'c', 'w', 'd', LIKELY, SOMETHING),
	FTP('x', 'm', 'k', 'd', LIKELY, SOMETHING),
	FTP('x', 'p', 'w', 'd', LIKELY, NOTHING),
	FTP('x', 'r', 'm', 'd', LIKELY, SOMETHING),
};

/* The first command that is @name or sorts behind it; NULL if none does. */
static const struct command *first_from(u32 name)
{
	u32 lo = 0, hi = ARRAY_SIZE(commands);

	while (lo < hi) {
		u32 mid = (lo + hi) / 2;

		if (commands[mid].name < name)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < ARRAY_SIZE(commands) ? &commands[lo] : NULL;
}

static bool is_end(u8 c)
{
	return c == '\r' || c == '\n';
}

/* The word that the line begins with, up to what can't be part of it. */
static u32 word_len(const struct censor_look *look, u32 *name)
{
	u32 n;

	*name = 0;
	for (n = 0; n < look->len && n <= WORD_MAX && censor_is_letter(look->data[n]); n++)
		if (n < 4)
			*name |= (u32)(look->data[n] | 0x20) << (24 - 8 * n);
	return n;
}

/* Whether the letters from the fifth on are what the only command has that is longer. */
static bool is_whole(const struct command *command, const u8 *word, u32 n)
{
	static const char starttls[] = "starttls";
	u32 i;

	if (command->name != NAME('s', 't', 'a', 'r'))
		return n <= 4;
	/* A word of nine letters, which is the longest here, ends with another than the NUL. */
	for (i = 4; i < n; i++)
		if ((word[i] | 0x20) != starttls[i])
			return false;
	return true;
}

/* Which command a word is, or could become. */
static enum censor_found find(const struct censor_look *look, const struct command **command,
			      u32 *len)
{
	u32 n, name, mask;

	*len = n = word_len(look, &name);
	*command = NULL;
	if (n < 3 && n < look->len)
		return CENSOR_FOUND_NOT;
	*command = first_from(name);
	if (!*command)
		return CENSOR_FOUND_NOT;
	mask = n < 4 ? ~(~(u32)0 >> (8 * n)) : ~(u32)0;
	if (n < look->len)
		mask = ~(u32)0;
	if (((*command)->name ^ name) & mask || !is_whole(*command, look->data, n))
		return CENSOR_FOUND_NOT;
	if (n == look->len)
		return CENSOR_FOUND_MORE;
	if ((*command)->name == NAME('s', 't', 'a', 'r') && n < WORD_MAX)
		return CENSOR_FOUND_NOT;
	return CENSOR_FOUND_ALL;
}

/* @text without regard to case, at @at. */
static enum censor_found says(const struct censor_look *look, u32 at, const char *text)
{
	u32 i;

	for (i = 0; text[i]; i++) {
		if (at + i >= look->len)
			return CENSOR_FOUND_MORE;
		if (censor_lower(look->data[at + i]) != (u8)text[i])
			return CENSOR_FOUND_NOT;
	}
	return CENSOR_FOUND_ALL;
}

static enum censor_found one_letter(const struct censor_look *look, u32 at)
{
	const u8 *data = look->data;

	if (!censor_is_letter(data[at]))
		return CENSOR_FOUND_NOT;
	if (at + 1 == look->len)
		return CENSOR_FOUND_MORE;
	return data[at + 1] == ' ' || is_end(data[at + 1]) ? CENSOR_FOUND_ALL : CENSOR_FOUND_NOT;
}

static bool is_irc(const struct censor_look *look, u32 at)
{
	u32 end = min_t(u32, look->len, CENSOR_LINE_SIZE), spaces = 0;

	for (; at < end && !is_end(look->data[at]); at++)
		spaces += look->data[at] == ' ';
	return spaces >= IRC_SPACES;
}

/* Whether what stands behind a word of @n bytes fits the command. */
static enum censor_found fits(const struct censor_look *look, u32 n, u8 argument)
{
	enum censor_found tls;
	u32 at = n + 1;

	if (is_end(look->data[n]))
		return argument == NOTHING || argument == ANYTHING ? CENSOR_FOUND_ALL :
								     CENSOR_FOUND_NOT;
	if (look->data[n] != ' ' || argument == NOTHING)
		return CENSOR_FOUND_NOT;
	if (at == look->len)
		return CENSOR_FOUND_MORE;
	if (argument != ANYTHING && (look->data[at] == ' ' || is_end(look->data[at])))
		return CENSOR_FOUND_NOT;
	switch (argument) {
	case LETTER:
		return one_letter(look, at);
	case FROM:
		return says(look, at, "from:");
	case TO:
		return says(look, at, "to:");
	case FTP_TLS:
		tls = says(look, at, "tls");
		return tls == CENSOR_FOUND_NOT ? says(look, at, "ssl") : tls;
	case FTP_USER:
		return is_irc(look, at) ? CENSOR_FOUND_NOT : CENSOR_FOUND_ALL;
	default:
		return CENSOR_FOUND_ALL;
	}
}

/* Bytes of the line without its end, as far as it is there; 0 if it is no text, or too long. */
static u32 text_len(const struct censor_look *look)
{
	u32 i;

	for (i = 0; i < look->len; i++) {
		u8 c = look->data[i];

		if (c == '\r' && i + 1 < look->len && look->data[i + 1] != '\n')
			return 0;
		if (is_end(c))
			return i;
		if (i == CENSOR_LINE_SIZE || (c < 0x20 && c != '\t') || c == 0x7f)
			return 0;
	}
	return i;
}

static bool on_ftp_port(const struct censor_look *look)
{
	return look->view && look->view->dport == FTP_PORT;
}

/*
 * RFC 959 4.1 and 5.4 (with RFC 2228, 2389, 2428, 3659, 4217, 7151) and RFC 5321 4.1 (with 821,
 * 1985, 2033, 3030, 3207): a client's line that begins with one of their commands, in whatever
 * case, with what belongs behind it; the line is text. MAIL and RCPT must say FROM: and TO:, AUTH
 * is FTP's with TLS or SSL only, USER with four words or more is IRC's. From memory.
 * SMTP's EHLO, HELO, MAIL, RCPT are sure, commands of either alone likely, those that POP3, NNTP
 * and IRC have too a guess, or likely on FTP's port. Reads the line, at most 512 bytes.
 */
enum censor_found censor_line_protocol(const struct censor_look *look, struct censor_sight *sight)
{
	const struct command *command;
	enum censor_found found;
	u8 confidence;
	u32 n, len;

	found = find(look, &command, &n);
	if (found == CENSOR_FOUND_ALL)
		found = fits(look, n, command->argument);
	if (found != CENSOR_FOUND_ALL)
		return found;
	len = text_len(look);
	if (!len)
		return CENSOR_FOUND_NOT;
	confidence = command->confidence;
	if (confidence == CENSOR_CONFIDENCE_GUESS && command->protocol == CENSOR_PROTOCOL_FTP &&
	    on_ftp_port(look))
		confidence = CENSOR_CONFIDENCE_LIKELY;
	return censor_saw(sight, command->protocol, confidence, 0, len);
}

/* Lines end with a line feed; a carriage return before it is no part of them. */
enum censor_found censor_line_read(const struct censor_look *look, struct censor_line *line)
{
	u32 most = min_t(u32, look->len, CENSOR_LINE_SIZE + 2), n, i;

	line->text_len = 0;
	line->used = 0;
	for (n = 0; n < most && look->data[n] != '\n'; n++)
		;
	if (n == most)
		return most < CENSOR_LINE_SIZE + 2 ? CENSOR_FOUND_MORE : CENSOR_FOUND_BAD;
	line->used = n + 1;
	if (n && look->data[n - 1] == '\r')
		n--;
	if (n > CENSOR_LINE_SIZE)
		return CENSOR_FOUND_BAD;
	for (i = 0; i < n; i++)
		line->text[i] = censor_lower(look->data[i]);
	line->text_len = (u16)n;
	return CENSOR_FOUND_ALL;
}
