/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy language. Words are keywords only where the scanner says so; where an END (a line end
 * or a semicolon) comes is the scanner's matter too.
 */
%require "3.7"
%define api.pure full
%define api.value.type {struct token}
%define api.location.type {struct place}
%define parse.error custom
%define parse.lac full
%define lr.type ielr
%locations
%param {struct parse *parse}

%code requires {
#include "scan.h"
}

%code {
#include "value.h"

#define YYLLOC_DEFAULT(current, right, n) ((current) = YYRHSLOC(right, (n) ? 1 : 0))
#define yylex scan_token

static void yyerror(struct place *place, struct parse *parse, const char *message);
static void parse_forget(struct parse *parse);
static void parse_censor(struct parse *parse, const struct token *word, const struct token *name);
static void parse_named(struct parse *parse, const struct token *word, const struct token *name);
static void parse_block(struct parse *parse);
static void parse_block_end(struct parse *parse);
static void parse_word(struct parse *parse, const struct token *word);
static void parse_encoding(struct parse *parse, const struct token *name);
}

%token YYEOF 0 "the end of the file"
%token END "the end of the line"
%token NAME "a name"
%token PATH "a path"
%token WORD "a word"
%token STRING "a string"
%token CENSOR "censor" MODEL "model" INSIDE "inside" SEED "seed" CLOCK "clock" PHASE "phase"
%token TCP "tcp" IP "ip"
%token DETECT "detect"
%token NAMES "names" WORDS "words" PREFIXES "prefixes" NUMBERS "numbers" ANSWERS "answers"
%token PAGE "page" HOURS "hours" LOAD "load" INJECT "inject" RULE "rule"
%token FILE_ "file" LOG "log" DROP "drop" PASS "pass" FORGE "forge" RESIDUAL "residual"
%token REWRITE "rewrite" FREEZE "freeze" POLICE "police" LOSE "lose" MARK "mark"
%token ON_PATH "on-path" IN_PATH "in-path"
%token PROBABILITY "probability"
%token BY "by" BOTH "both" AFTER "after" REARM "rearm" WITH "with"
%token TTL "ttl" COUNT "count" AA "aa" IP_TTL "ip-ttl" IP_ID "ip-id" DF "df" CYCLIC "cyclic"
%token AND "and" NOT "not" IN "in" CONTAINS "contains" CONFIDENCE "confidence"
%token TO "to" COPIES "copies" SEQ "seq" DELAY "delay" GAP "gap" PAYLOAD "payload"
%token ENCODED "encoded"
%token NXDOMAIN "nxdomain" REFUSED "refused" CNAME "cname" ORDER "order" CURSORS "cursors"
%token PER "per" BURST "burst" SAMPLE "sample" FROM "from" IN_PHASE "in phase" PHASES "phases"
%token SEGMENT "segment" ON "on" WINDOW "window"

%%

file:
	  ends censor ends
	| ends model ends
	| error
	;

ends:
	  %empty
	| ends END
	;

censor:
	  CENSOR NAME			{ parse_censor(parse, &$1, &$2); }
	  '{' body '}'
	;

body:
	  statements
	| statements line
	| statements error
	;

model:
	  MODEL NAME			{ parse_named(parse, &$1, &$2); }
	  '{' model_parts '}'
	;

model_parts:
	  %empty
	| model_parts END
	| model_parts model_block
	;

statements:
	  %empty
	| statements END
	| statements block
	| statements line END
	| statements error END		{ yyerrok; parse_forget(parse); }
	;

line:
	  INSIDE prefixes
	| SEED WORD			{ build_seed(parse->build, &$2); }
	| CLOCK WORD			{ build_clock(parse->build, &$2); }
	| phase title dates
	| named_model			{ parse_block_end(parse); }
	| rule actions active
	;

block:
	  set sources
	| set ENCODED encodings sources
	| page '{' strings '}'
	| page '{' '}'
	| page FILE_ PATH		{ build_page_file(parse->build, parse->page, &$3); }
	| hours '{' chances '}'
	| hours '{' chances ',' '}'
	| hours '{' '}'
	| load '{' points '}'
	| load '{' points ',' '}'
	| load '{' '}'
	| model_block
	| inject '{' packets '}'
	| inject '{' '}'
	;

phase:
	  PHASE NAME			{
		parse_forget(parse);
		parse->phase = build_phase(parse->build, &$2);
	}
	;

title:
	  %empty
	| STRING			{
		build_title(parse->build, parse->phase,
			    value_text(&parse->build->ast->arena, &$1), @1);
	}
	;

dates:
	  %empty
	| FROM WORD			{
		build_dates(parse->build, parse->phase, &$2, NULL);
	}
	| FROM WORD TO WORD		{
		build_dates(parse->build, parse->phase, &$2, &$4);
	}
	;

model_word:
	  TCP				{ parse->kind = MODEL_TCP; parse->kind_word = $1; }
	| IP				{ parse->kind = MODEL_IP; parse->kind_word = $1; }
	| DETECT			{ parse->kind = MODEL_DETECT; parse->kind_word = $1; }
	;

named_model:
	  model_word NAME		{
		parse_block(parse);
		block_named(parse->build, &parse->block, &$2);
	}
	;

bare_model:
	  model_word			{ parse_block(parse); }
	;

model_block:
	  named_model '{' knobs '}'	{ parse_block_end(parse); }
	| bare_model '{' knobs '}'	{ parse_block_end(parse); }
	;

knobs:
	  %empty
	| knob_list
	;

knob_list:
	  knob
	| knob_list END knob
	| knob_list END
	;

knob:
	  knob_name items
	;

knob_name:
	  WORD				{ block_knob(parse->build, &parse->block, &$1); }
	;

items:
	  item
	| items ',' item
	;

item:
	  WORD				{
		block_item(parse->build, &parse->block, &$1, NULL);
	}
	| WORD WORD			{
		block_item(parse->build, &parse->block, &$1, &$2);
	}
	;

page:
	  PAGE NAME			{
		parse_forget(parse);
		parse->page = build_page(parse->build, &$2);
	}
	;

strings:
	  string
	| strings string
	| strings END string
	;

string:
	  STRING			{
		build_page_text(parse->build, parse->page, &$1);
	}
	;

hours:
	  hours_name
	| hours_name WORD		{
		build_zone(parse->build, parse->hours, &$2);
	}
	;

hours_name:
	  HOURS NAME			{
		parse_forget(parse);
		parse->hours = build_hours(parse->build, &$2);
	}
	;

chances:
	  chance
	| chances ',' chance
	| chances END chance
	;

chance:
	  WORD				{
		build_hour(parse->build, parse->hours, &$1);
	}
	;

load:
	  LOAD NAME			{
		parse_forget(parse);
		parse->load = build_load(parse->build, &$2);
	}
	;

points:
	  point
	| points ',' point
	| points END point
	;

point:
	  WORD WORD			{
		build_load_point(parse->build, parse->load, &$1, &$2);
	}
	;

prefixes:
	  WORD				{ build_inside(parse->build, &$1); }
	| prefixes ',' WORD		{ build_inside(parse->build, &$3); }
	;

set:
	  NAMES NAME			{
		parse_forget(parse);
		parse->set = build_set(parse->build, CENSOR_KIND_NAMES, false, &$2);
	}
	| WORDS NAME			{
		parse_forget(parse);
		parse->set = build_set(parse->build, CENSOR_KIND_NAMES, true, &$2);
	}
	| PREFIXES NAME			{
		parse_forget(parse);
		parse->set = build_set(parse->build, CENSOR_KIND_PREFIXES, false, &$2);
	}
	| NUMBERS NAME			{
		parse_forget(parse);
		parse->set = build_set(parse->build, CENSOR_KIND_NUMBERS, false, &$2);
	}
	| ANSWERS NAME			{
		parse_forget(parse);
		parse->pool = build_pool(parse->build, &$2);
	}
	;

encodings:
	  encoding
	| encodings ',' encoding
	;

encoding:
	  WORD				{ parse_encoding(parse, &$1); }
	;

sources:
	  source
	| sources source
	;

source:
	  '{' '}'
	| '{' entries '}'
	| '{' entries ',' '}'
	| FILE_ PATH			{
		build_list(parse->build, parse->set, parse->pool, &$2);
	}
	;

entries:
	  entry
	| entries ',' entry
	| entries END entry
	;

entry:
	  value				{
		if (parse->set)
			build_entry(parse->build, parse->set, &$1);
		else
			build_address(parse->build, parse->pool, &$1);
	}
	;

value:
	  WORD
	| STRING
	;

inject:
	  INJECT NAME			{
		parse_forget(parse);
		parse->inject = build_inject(parse->build, &$2);
	}
	;

packets:
	  packet
	| packets END packet
	;

packet:
	  flags options
	| DELAY words			{
		build_inject_delay(parse->build, parse->inject, AST_DELAY, &$1, parse->words,
				   parse->n_words);
	}
	| GAP words			{
		build_inject_delay(parse->build, parse->inject, AST_GAP, &$1, parse->words,
				   parse->n_words);
	}
	;

words:
	  WORD				{
		parse->n_words = 0;
		parse_word(parse, &$1);
	}
	| words WORD			{ parse_word(parse, &$2); }
	;

flags:
	  WORD				{
		parse->packet = build_packet(parse->build, parse->inject, &$1);
	}
	;

options:
	  %empty
	| options option
	;

option:
	  TO WORD			{
		build_packet_option(parse->build, parse->inject, parse->packet, AST_TO, &$2, false);
	}
	| COPIES WORD			{
		build_packet_option(parse->build, parse->inject, parse->packet, AST_COPIES, &$2,
				    false);
	}
	| SEQ offsets
	| DF on_or_off			{
		build_packet_option(parse->build, parse->inject, parse->packet, AST_DF, &$2, false);
	}
	| TTL WORD cyclic		{
		build_packet_option(parse->build, parse->inject, parse->packet, AST_TTL, &$2,
				    $3.len);
	}
	| IP_ID WORD cyclic		{
		build_packet_option(parse->build, parse->inject, parse->packet, AST_IP_ID, &$2,
				    $3.len);
	}
	| WINDOW WORD cyclic		{
		build_packet_option(parse->build, parse->inject, parse->packet, AST_WINDOW, &$2,
				    $3.len);
	}
	| ON WORD			{
		build_packet_option(parse->build, parse->inject, parse->packet, AST_ON, &$2, false);
	}
	| PAGE NAME			{
		build_packet_option(parse->build, parse->inject, parse->packet, AST_PAGE, &$2,
				    false);
	}
	| SEGMENT WORD			{
		build_packet_option(parse->build, parse->inject, parse->packet, AST_SEGMENT, &$2,
				    false);
	}
	| PAYLOAD STRING		{
		build_payload(parse->build, parse->inject, parse->packet, NULL, &$2);
	}
	| PAYLOAD WORD WORD		{
		build_payload(parse->build, parse->inject, parse->packet, &$2, &$3);
	}
	;

on_or_off:
	  WORD
	| ON
	;

offsets:
	  WORD				{
		build_packet_option(parse->build, parse->inject, parse->packet, AST_SEQ, &$1,
				    false);
	}
	| offsets WORD			{
		build_packet_option(parse->build, parse->inject, parse->packet, AST_SEQ, &$2,
				    false);
	}
	;

cyclic:
	  %empty			{ $$ = (struct token){}; }
	| CYCLIC
	;

rule:
	  rule_name '{' conditions '}'
	| rule_name '{' '}'
	;

rule_name:
	  RULE NAME			{
		parse_forget(parse);
		parse->rule = build_rule(parse->build, &$2);
	}
	;

conditions:
	  condition
	| conditions AND condition
	| conditions END condition
	;

condition:
	  attribute operator values
	| attribute operator values CONFIDENCE WORD	{
		build_confidence(parse->build, parse->cond, &$5);
	}
	;

attribute:
	  WORD				{
		parse->cond = build_cond(parse->build, parse->rule, &$1);
	}
	;

operator:
	  %empty
	| NOT				{ parse->cond->negate = true; }
	| IN				{
		parse->cond->operator = AST_IN;
		parse->cond->operator_place = @1;
	}
	| NOT IN			{
		parse->cond->operator = AST_IN;
		parse->cond->operator_place = @1;
		parse->cond->negate = true;
	}
	| CONTAINS			{
		parse->cond->operator = AST_CONTAINS;
		parse->cond->operator_place = @1;
	}
	| NOT CONTAINS			{
		parse->cond->operator = AST_CONTAINS;
		parse->cond->operator_place = @1;
		parse->cond->negate = true;
	}
	;

values:
	  value				{ build_value(parse->cond, &$1, false); }
	| values ',' value		{ build_value(parse->cond, &$3, false); }
	;

actions:
	  action
	| actions ',' action
	;

active:
	  %empty
	| IN_PHASE phase_word phase_names
	;

phase_word:
	  PHASE
	| PHASES
	;

phase_names:
	  NAME				{ build_in_phase(parse->rule, &$1); }
	| phase_names ',' NAME		{ build_in_phase(parse->rule, &$3); }
	;

action:
	  LOG				{
		build_action(parse->build, parse->rule, CENSOR_DO_LOG, &$1);
	}
	| LOG SAMPLE WORD		{
		build_action(parse->build, parse->rule, CENSOR_DO_LOG, &$1);
		build_sample(parse->build, parse->rule, &$3);
	}
	| DROP				{
		build_action(parse->build, parse->rule, CENSOR_DO_DROP, &$1);
	}
	| DROP TO side			{
		build_action(parse->build, parse->rule, CENSOR_DO_DROP, &$1);
		build_drop_to(parse->build, parse->rule, &$3);
	}
	| PASS				{
		build_action(parse->build, parse->rule, CENSOR_DO_PASS, &$1);
	}
	| INJECT NAME			{
		build_action(parse->build, parse->rule, CENSOR_DO_INJECT, &$1);
		parse->rule->inject = $2;
	}
	| forge forge_options
	| RESIDUAL WORD BY WORD		{
		build_action(parse->build, parse->rule, CENSOR_DO_RESIDUAL, &$1);
		build_residual(parse->build, parse->rule, &$2, &$4);
	}
	  residual_options
	| REWRITE WORD			{
		build_action(parse->build, parse->rule, CENSOR_DO_REWRITE, &$1);
		build_rewrite(parse->build, parse->rule, &$2, NULL);
	}
	| REWRITE WORD TO side		{
		build_action(parse->build, parse->rule, CENSOR_DO_REWRITE, &$1);
		build_rewrite(parse->build, parse->rule, &$2, &$4);
	}
	| FREEZE AFTER WORD		{
		build_action(parse->build, parse->rule, CENSOR_DO_FREEZE, &$1);
		build_freeze(parse->build, parse->rule, &$3, NULL);
	}
	| FREEZE AFTER WORD WORD	{
		build_action(parse->build, parse->rule, CENSOR_DO_FREEZE, &$1);
		build_freeze(parse->build, parse->rule, &$3, &$4);
	}
	| POLICE WORD			{
		build_action(parse->build, parse->rule, CENSOR_DO_POLICE, &$1);
		build_police(parse->build, parse->rule, &$2);
	}
	  police_options
	| LOSE WORD to_side		{
		build_action(parse->build, parse->rule, CENSOR_DO_LOSE, &$1);
		build_lose(parse->build, parse->rule, &$2, $3.len ? &$3 : NULL);
	}
	| DELAY words to_side		{
		build_action(parse->build, parse->rule, CENSOR_DO_DELAY, &$1);
		build_hold(parse->build, parse->rule, &$1, parse->words, parse->n_words,
			   $3.len ? &$3 : NULL);
	}
	| MARK WORD			{
		build_action(parse->build, parse->rule, CENSOR_DO_MARK, &$1);
		build_mark(parse->build, parse->rule, &$2);
	}
	| ON_PATH			{
		build_path(parse->build, parse->rule, CENSOR_PATH_ON, &$1);
	}
	| IN_PATH			{
		build_path(parse->build, parse->rule, CENSOR_PATH_IN, &$1);
	}
	| PROBABILITY WORD		{
		build_chance(parse->build, parse->rule, &$1, &$2);
	}
	  chance_by chance_tables
	;

side:
	  WORD
	| BOTH
	;

to_side:
	  %empty			{ $$ = (struct token){}; }
	| TO side			{ $$ = $2; }
	;

police_options:
	  %empty
	| police_options police_option
	;

police_option:
	  PER WORD			{
		build_police_option(parse->build, parse->rule, AST_PER, &$2);
	}
	| BURST WORD			{
		build_police_option(parse->build, parse->rule, AST_BURST, &$2);
	}
	| TO side			{
		build_police_option(parse->build, parse->rule, AST_POLICE_TO, &$2);
	}
	;

residual_options:
	  %empty
	| residual_options residual_option
	;

residual_option:
	  BOTH				{
		build_residual_option(parse->build, parse->rule, AST_BOTH, &$1, NULL);
	}
	| AFTER words			{
		build_residual_after(parse->build, parse->rule, &$1, parse->words,
				     parse->n_words);
	}
	| REARM WORD			{
		build_residual_option(parse->build, parse->rule, AST_REARM, &$1, &$2);
	}
	| WITH DROP			{
		build_residual_option(parse->build, parse->rule, AST_WITH, &$1, NULL);
	}
	| WITH INJECT NAME		{
		build_residual_option(parse->build, parse->rule, AST_WITH, &$1, &$3);
	}
	| PROBABILITY WORD		{
		build_residual_option(parse->build, parse->rule, AST_RESIDUAL_CHANCE, &$1, &$2);
	}
	;

chance_by:
	  %empty
	| BY WORD			{ build_chance_by(parse->build, parse->rule, &$2); }
	;

chance_tables:
	  %empty
	| chance_tables HOURS NAME	{
		build_chance_table(parse->build, parse->rule, AST_HOURS, &$3);
	}
	| chance_tables LOAD NAME	{
		build_chance_table(parse->build, parse->rule, AST_LOAD, &$3);
	}
	;

forge:
	  FORGE NAME			{
		build_action(parse->build, parse->rule, CENSOR_DO_FORGE, &$1);
		parse->rule->pool = $2;
	}
	| FORGE NXDOMAIN		{
		build_action(parse->build, parse->rule, CENSOR_DO_FORGE, &$1);
		build_lie(parse->build, parse->rule, CENSOR_LIE_NXDOMAIN, NULL);
	}
	| FORGE REFUSED			{
		build_action(parse->build, parse->rule, CENSOR_DO_FORGE, &$1);
		build_lie(parse->build, parse->rule, CENSOR_LIE_REFUSED, NULL);
	}
	| FORGE CNAME NAME		{
		build_action(parse->build, parse->rule, CENSOR_DO_FORGE, &$1);
		build_lie(parse->build, parse->rule, CENSOR_LIE_CNAME, &$3);
	}
	| FORGE CNAME NAME WITH NAME	{
		build_action(parse->build, parse->rule, CENSOR_DO_FORGE, &$1);
		build_lie(parse->build, parse->rule, CENSOR_LIE_CNAME, &$3);
		parse->rule->pool = $5;
	}
	;

forge_options:
	  %empty
	| forge_options forge_option
	;

forge_option:
	  IN ORDER			{
		build_order(parse->build, parse->rule, &$1, NULL);
	}
	| IN ORDER CURSORS WORD		{
		build_order(parse->build, parse->rule, &$1, &$4);
	}
	| TTL WORD			{
		build_forge_option(parse->build, parse->rule, AST_TTL, &$2, false);
	}
	| COUNT WORD			{
		build_forge_option(parse->build, parse->rule, AST_COUNT, &$2, false);
	}
	| AA				{
		build_forge_option(parse->build, parse->rule, AST_AA, &$1, false);
	}
	| DF WORD			{
		build_forge_option(parse->build, parse->rule, AST_DF, &$2, false);
	}
	| IP_TTL WORD cyclic		{
		build_forge_option(parse->build, parse->rule, AST_IP_TTL, &$2, $3.len);
	}
	| IP_ID WORD cyclic		{
		build_forge_option(parse->build, parse->rule, AST_IP_ID, &$2, $3.len);
	}
	| DELAY words			{
		build_forge_delay(parse->build, parse->rule, &$1, parse->words, parse->n_words);
	}
	;

%%

/* Nothing is being built: what follows belongs to the next statement. */
static void parse_forget(struct parse *parse)
{
	parse->set = NULL;
	parse->pool = NULL;
	parse->page = NULL;
	parse->hours = NULL;
	parse->load = NULL;
	parse->phase = NULL;
	parse->inject = NULL;
	parse->rule = NULL;
	parse->cond = NULL;
}

static void parse_censor(struct parse *parse, const struct token *word, const struct token *name)
{
	if (parse->model)
		report_error(parse->build->report, word->place,
			     "the file of a model begins with model %s {", parse->model);
	else
		build_policy_name(parse->build, name);
}

static void parse_named(struct parse *parse, const struct token *word, const struct token *name)
{
	struct report *report = parse->build->report;

	if (!parse->model)
		report_error(report, word->place,
			     "a policy begins with censor NAME {: models stand in files of their own, in censorctl, and are named by tcp and ip");
	else if (strlen(parse->model) != name->len ||
		 memcmp(parse->model, name->text, name->len))
		report_error(report, name->place,
			     "the file is of the model \"%s\", so that has to be its name",
			     parse->model);
}

static void parse_block(struct parse *parse)
{
	parse_forget(parse);
	block_begin(&parse->block, parse->kind, &parse->kind_word);
}

/* A block is complete: it belongs to the policy, or to the model that is being read. */
static void parse_block_end(struct parse *parse)
{
	struct model_block *block = &parse->block;
	struct model_parts *parts = parse->parts;

	block_end(parse->build, block);
	if (!parse->model) {
		build_model(parse->build, block);
		return;
	}
	if (parts->given[block->kind]) {
		report_error(parse->build->report, block->place, "%s is there twice",
			     model_kind_names[block->kind]);
		report_note(parse->build->report, parts->places[block->kind], "it is here");
	}
	parts->given[block->kind] = true;
	parts->places[block->kind] = block->place;
	parts->models[block->kind] = block->model;
	snprintf(parts->models[block->kind].name, sizeof(block->model.name), "%s", parse->model);
}

static void parse_encoding(struct parse *parse, const struct token *name)
{
	if (parse->set && parse->set->kind == CENSOR_KIND_NAMES)
		build_encoding(parse->build, parse->set, name);
	else
		report_error(parse->build->report, name->place,
			     "only names and words are encoded");
}

/* One more word of a row; what is too many for it to have a meaning is counted only. */
static void parse_word(struct parse *parse, const struct token *word)
{
	if (parse->n_words < PARSE_WORDS)
		parse->words[parse->n_words++] = *word;
}

/* Parts that a syntax error cut are not judged further. */
static void parse_break(struct parse *parse)
{
	if (parse->set)
		parse->set->broken = true;
	if (parse->pool)
		parse->pool->broken = true;
	if (parse->page)
		parse->page->broken = true;
	if (parse->hours)
		parse->hours->broken = true;
	if (parse->load)
		parse->load->broken = true;
	if (parse->phase)
		parse->phase->broken = true;
	if (parse->inject)
		parse->inject->broken = true;
	if (parse->rule)
		parse->rule->broken = true;
	if (parse->cond)
		parse->cond->broken = true;
}

/* Only for what isn't a syntax error: the parser's memory. */
static void yyerror(struct place *place, struct parse *parse, const char *message)
{
	report_error(parse->build->report, *place, "%s", message);
}

static bool has(const yysymbol_kind_t *expected, int n, yysymbol_kind_t kind)
{
	while (n--)
		if (expected[n] == kind)
			return true;
	return false;
}

/* The text of a keyword or sign; NULL for classes of words. */
static const char *keyword_of(yysymbol_kind_t kind)
{
	if (kind < YYSYMBOL_CENSOR || kind > YYSYMBOL_WINDOW)
		return NULL;
	return yysymbol_name(kind);
}

struct expectation {
	const yysymbol_kind_t *kinds;
	int n;
};

static const char *next_expected(const void *from, u32 i)
{
	const struct expectation *expected = from;
	const char *word;

	if (i >= (u32)expected->n)
		return NULL;
	word = keyword_of(expected->kinds[i]);
	return word ? word : "";
}

static bool is_statement(yysymbol_kind_t kind)
{
	return (kind >= YYSYMBOL_INSIDE && kind <= YYSYMBOL_RULE);
}

static bool is_action(yysymbol_kind_t kind)
{
	return (kind >= YYSYMBOL_LOG && kind <= YYSYMBOL_PROBABILITY) || kind == YYSYMBOL_INJECT ||
	       kind == YYSYMBOL_DELAY;
}

/* "expected a, b or c" */
static void print_expected(FILE *out, const yysymbol_kind_t *expected, int n)
{
	char *items[YYNTOKENS + 2];
	bool statement = has(expected, n, YYSYMBOL_RULE), action = has(expected, n, YYSYMBOL_LOG);
	int count = 0, i;

	if (statement)
		items[count++] = memory_string("a statement (inside, seed, clock, phase, tcp, ip, names, words, prefixes, numbers, answers, page, hours, load, inject, rule)");
	if (action)
		items[count++] = memory_string("an action (log, drop, pass, inject, forge, residual, rewrite, freeze, police, lose, delay, mark, on-path, in-path, probability)");
	for (i = 0; i < n; i++) {
		yysymbol_kind_t kind = expected[i];
		const char *name = yysymbol_name(kind);
		bool sign = kind == YYSYMBOL_YYEOF || kind == YYSYMBOL_END || !keyword_of(kind);

		if ((statement && (is_statement(kind) || kind == YYSYMBOL_END)) ||
		    (action && is_action(kind)))
			continue;
		if (*name == '\'' ? asprintf(&items[count++], "\"%c\"", name[1]) < 0 :
		    asprintf(&items[count++], sign ? "%s" : "\"%s\"", name) < 0)
			items[count - 1] = memory_string(name);
	}
	for (i = 0; i < count; i++) {
		fprintf(out, "%s%s", !i ? "" : i + 1 < count ? ", " : " or ", items[i]);
		free(items[i]);
	}
}

static void print_found(FILE *out, yysymbol_kind_t kind, const struct token *token)
{
	if (kind == YYSYMBOL_YYEOF)
		fputs("the end of the file", out);
	else if (kind == YYSYMBOL_END)
		fputs(*token->text == ';' ? "\";\"" : "the end of the line", out);
	else
		fprintf(out, "\"%.*s\"", (int)min(token->len, 60u), token->text);
}

static int yyreport_syntax_error(const yypcontext_t *context, struct parse *parse)
{
	yysymbol_kind_t expected[YYNTOKENS], found = yypcontext_token(context);
	struct expectation expectation = { .kinds = expected };
	struct token *token = &parse->scanner.given;
	struct place place = *yypcontext_location(context);
	const char *near = NULL;
	char *text = NULL;
	size_t size;
	FILE *out;
	int n;

	parse_break(parse);
	if (parse->scanner.quiet) {
		scan_recover(&parse->scanner);
		return 0;
	}
	n = yypcontext_expected_tokens(context, expected, YYNTOKENS);
	expectation.n = max(n, 0);
	out = open_memstream(&text, &size);
	if (!out)
		return YYENOMEM;
	fputs("expected ", out);
	if (has(expected, expectation.n, YYSYMBOL_CENSOR))
		fprintf(out, "%s %s {", parse->model ? "model" : "censor",
			parse->model ? parse->model : "NAME");
	else
		print_expected(out, expected, expectation.n);
	fputs(", not ", out);
	print_found(out, found, token);
	if (found == YYSYMBOL_WORD)
		near = nearest(token->text, token->len, next_expected, &expectation);
	if (near && *near)
		fprintf(out, "; did you mean \"%s\"?", near);
	fclose(out);
	report_error(parse->build->report, place, "%s", text);
	free(text);
	scan_recover(&parse->scanner);
	return 0;
}

void parse_model(struct build *build, u32 file, const char *name, struct model_parts *parts)
{
	struct parse parse = { .build = build, .model = name, .parts = parts };

	scan_start(&parse.scanner, build, file);
	yyparse(&parse);
	scan_stop(&parse.scanner);
}

void parse_policy(struct build *build, u32 file)
{
	struct parse parse = { .build = build };

	scan_start(&parse.scanner, build, file);
	yyparse(&parse);
	scan_stop(&parse.scanner);
}
