// SPDX-License-Identifier: GPL-2.0
/* Parts of a policy as text: the censor's TCP and IP, pages, tables of probabilities. */
#include "modelblock.h"
#include "print.h"

#define STRING_WIDTH	76	/* bytes of a page's line, escapes included */

const char *print_zone(s16 offset, char *buf)
{
	u32 minutes = offset < 0 ? -offset : offset;

	if (minutes % 60)
		snprintf(buf, PRINT_SIZE, "utc%c%u:%02u", offset < 0 ? '-' : '+', minutes / 60,
			 minutes % 60);
	else
		snprintf(buf, PRINT_SIZE, "utc%c%u", offset < 0 ? '-' : '+', minutes / 60);
	return buf;
}

/* One byte as it stands in a string. Return: how many characters that took */
static u32 print_byte(FILE *out, u8 byte)
{
	static const char escaped[] = "\r\n\t\\\"", letters[] = "rnt\\\"";
	const char *escape = byte ? strchr(escaped, byte) : NULL;

	if (escape)
		return fprintf(out, "\\%c", letters[escape - escaped]);
	if (byte < ' ' || byte >= 0x7f)
		return fprintf(out, "\\x%02x", byte);
	fputc(byte, out);
	return 1;
}

void print_bytes(FILE *out, const void *data, u32 len)
{
	const u8 *bytes = data;

	while (len--)
		print_byte(out, *bytes++);
}

static bool is_text(const u8 *bytes, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		if ((bytes[i] < ' ' && !strchr("\r\n\t", bytes[i])) || bytes[i] >= 0x7f ||
		    !bytes[i])
			return false;
	return true;
}

void print_payload(FILE *out, const struct censor_packet *packet, bool quotes)
{
	u32 i, zeros = 0;

	while (zeros < packet->payload_len && !packet->payload[zeros])
		zeros++;
	if (zeros == packet->payload_len) {
		fprintf(out, "zeros %u", zeros);
	} else if (is_text(packet->payload, packet->payload_len)) {
		fputs(quotes ? "\"" : "text ", out);
		print_bytes(out, packet->payload, packet->payload_len);
		fputs(quotes ? "\"" : "", out);
	} else {
		fputs("hex ", out);
		for (i = 0; i < packet->payload_len; i++)
			fprintf(out, "%02x", packet->payload[i]);
	}
}

/* struct knobs - a block that is being printed; its brace only comes with the first knob */
struct knobs {
	FILE *out;
	const char *head;
	const char *name;
};

static void print_head(struct knobs *knobs, bool open)
{
	fprintf(knobs->out, "\t%s", knobs->head);
	if (*knobs->name) {
		fputc(' ', knobs->out);
		print_name(knobs->out, knobs->name);
	}
	fputs(open ? " {\n" : "\n", knobs->out);
	knobs->head = NULL;
}

static void print_knob(void *to, const char *name, const char *items, bool list)
{
	struct knobs *knobs = to;

	(void)list;
	if (knobs->head)
		print_head(knobs, true);
	fprintf(knobs->out, "\t\t%s %s\n", name, items);
}

void print_model(FILE *out, enum model_kind kind, const void *model, const char *name)
{
	struct knobs knobs = { .out = out, .head = model_kind_names[kind], .name = "" };
	union model base;

	if (*name && model_known(kind, name, &base))
		knobs.name = name;
	else
		model_default(kind, &base);
	if (*name && !*knobs.name)
		fprintf(out, "\t# as the model \"%s\", which this censorctl doesn't know\n", name);
	if (model_differs(kind, model, &base, print_knob, &knobs))
		fputs("\t}\n", out);
	else if (*knobs.name)
		print_head(&knobs, false);
}

void print_page(FILE *out, const struct ast_page *page)
{
	u32 i, column = 0;

	fputs("\tpage ", out);
	print_name(out, page->name);
	fputs(" {", out);
	for (i = 0; i < page->n; i++) {
		if (!column) {
			fputs("\n\t\t\"", out);
			column = 1;
		}
		column += print_byte(out, page->data[i]);
		if (page->data[i] == '\n' || column >= STRING_WIDTH || i + 1 == page->n) {
			fputc('"', out);
			column = 0;
		}
	}
	fputs("\n\t}\n", out);
}

void print_hours(FILE *out, const struct ast_hours *hours)
{
	char buf[PRINT_SIZE];
	u32 i;

	fputs("\thours ", out);
	print_name(out, hours->name);
	if (hours->hours.offset_min)
		fprintf(out, " %s", print_zone(hours->hours.offset_min, buf));
	fputs(" {", out);
	for (i = 0; i < 24; i++)
		fprintf(out, "%s%s", !i ? "\n\t\t" : i % 8 ? ", " : ",\n\t\t",
			print_chance(hours->hours.chance[i], buf));
	fputs("\n\t}\n", out);
}

void print_load(FILE *out, const struct ast_load *load)
{
	char buf[PRINT_SIZE];
	u32 i;

	fputs("\tload ", out);
	print_name(out, load->name);
	fputs(" {", out);
	for (i = 0; i < load->load.n && i < CENSOR_LOAD_POINTS; i++)
		fprintf(out, "%s%u %s", !i ? "\n\t\t" : i % 6 ? ", " : ",\n\t\t",
			load->load.point[i].pps, print_chance(load->load.point[i].chance, buf));
	fputs("\n\t}\n", out);
}
