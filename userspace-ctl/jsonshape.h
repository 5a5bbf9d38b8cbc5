/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of a policy as JSON: phases, and what a rule does to the later packets of a flow. */
#ifndef _CENSORCTL_JSONSHAPE_H
#define _CENSORCTL_JSONSHAPE_H

#include "ast.h"
#include "jsonreader.h"

/** json_of_phase() - {"name", "title", "from", "to"} */
json_t *json_of_phase(const char *name, const struct censor_phase *phase);
/** json_set_phases() - the phases of a policy that has some */
void json_set_phases(json_t *object, const struct policy_ast *ast);
/** json_set_in_phases() - those of a rule that is not in all */
void json_set_in_phases(json_t *object, const struct policy_ast *ast, const struct ast_rule *rule);
/** json_set_shape() - of a rule's actions: police, lose, delay, mark, sample */
void json_set_shape(json_t *object, const struct ast_rule *rule);
void json_set_counters(json_t *object, const struct counters *counters);

/* jsonreadshape.c: the same into the AST */
void read_phases(struct reader *reader, json_t *value, void *part);
void read_in_phases(struct reader *reader, json_t *value, void *rule);
void read_police(struct reader *reader, json_t *value, void *rule);
void read_lose(struct reader *reader, json_t *value, void *rule);
void read_hold(struct reader *reader, json_t *value, void *rule);
void read_mark(struct reader *reader, json_t *value, void *rule);
void read_sample(struct reader *reader, json_t *value, void *rule);

#endif
