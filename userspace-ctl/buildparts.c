// SPDX-License-Identifier: GPL-2.0
/* Pages, and tables of probabilities, as they are written, into the AST. */
#include "build.h"
#include "readfile.h"
#include "value.h"

struct ast_page *build_page(struct build *build, const struct token *name)
{
	struct policy_ast *ast = build->ast;
	const char *text = build_declare(build, &ast->page_names, name, "a page", ast->n_pages,
					 ast->pages, sizeof(*ast->pages));
	struct ast_page *page = ast_add_page(ast, text);

	page->place = name->place;
	build_limit(build, name->place, ast->n_pages, CENSOR_PAGES_MAX, "pages");
	return page;
}

static void add_bytes(struct build *build, struct ast_page *page, const void *data, size_t len,
		      struct place place)
{
	if (len > CENSOR_PAGE_SIZE - page->n) {
		if (!page->broken)
			report_error(build->report, place, "a page has at most %u bytes",
				     CENSOR_PAGE_SIZE);
		page->broken = true;
		return;
	}
	ast_add_bytes(page, data, len);
}

void build_page_text(struct build *build, struct ast_page *page, const struct token *text)
{
	const u8 *bytes;
	u32 len;

	bytes = value_bytes(build->report, &build->ast->arena, text, &len);
	if (bytes)
		add_bytes(build, page, bytes, len, text->place);
	else
		page->broken = true;
}

void build_page_file(struct build *build, struct ast_page *page, const struct token *path)
{
	char *full = build_beside(build, value_text(&build->ast->arena, path)), *text = NULL;
	size_t size = 0;
	int err;

	err = readfile(full, &text, &size);
	if (err) {
		report_error(build->report, path->place, "can't read the page %s: %s", full,
			     readfile_error(err));
		page->broken = true;
	} else {
		report_add_file(build->report, full, text, size);
		add_bytes(build, page, text, size, path->place);
	}
	free(full);
}

struct ast_hours *build_hours(struct build *build, const struct token *name)
{
	struct policy_ast *ast = build->ast;
	const char *text = build_declare(build, &ast->hours_names, name, "a table of hours",
					 ast->n_hours, ast->hours, sizeof(*ast->hours));
	struct ast_hours *hours = ast_add_hours(ast, text);

	hours->place = name->place;
	build_limit(build, name->place, ast->n_hours, CENSOR_TABLES_MAX, "tables of hours");
	return hours;
}

void build_zone(struct build *build, struct ast_hours *hours, const struct token *zone)
{
	if (!value_zone(build->report, zone, &hours->hours.offset_min))
		hours->broken = true;
}

void build_hour(struct build *build, struct ast_hours *hours, const struct token *chance)
{
	u16 of;

	if (!value_chance(build->report, chance, &of))
		hours->broken = true;
	else if (hours->n < 24)
		hours->hours.chance[hours->n] = of;
	hours->n++;
}

struct ast_load *build_load(struct build *build, const struct token *name)
{
	struct policy_ast *ast = build->ast;
	const char *text = build_declare(build, &ast->load_names, name, "a table of load",
					 ast->n_loads, ast->loads, sizeof(*ast->loads));
	struct ast_load *load = ast_add_load(ast, text);

	load->place = name->place;
	build_limit(build, name->place, ast->n_loads, CENSOR_TABLES_MAX, "tables of load");
	return load;
}

void build_load_point(struct build *build, struct ast_load *load, const struct token *pps,
		      const struct token *chance)
{
	struct censor_load *table = &load->load;
	u32 packets;
	u16 of;

	if (!value_integer(build->report, pps, "packets a second", 0, UINT32_MAX, &packets) ||
	    !value_chance(build->report, chance, &of)) {
		load->broken = true;
		return;
	}
	if (load->broken)
		return;
	if (table->n == CENSOR_LOAD_POINTS) {
		report_error(build->report, pps->place, "a table of load has at most %u points",
			     CENSOR_LOAD_POINTS);
		load->broken = true;
		return;
	}
	if (table->n && packets <= table->point[table->n - 1].pps) {
		report_error(build->report, pps->place,
			     "the packets of a table of load rise: %u stands behind %u", packets,
			     table->point[table->n - 1].pps);
		load->broken = true;
		return;
	}
	table->point[table->n].pps = packets;
	table->point[table->n++].chance = of;
}
