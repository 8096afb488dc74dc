/* The plural rule of a language: "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2;"
 * of a catalogue's header, read into steps for a small stack machine.  Grammar and meaning are
 * gettext's (an index beyond the forms means form 0), but that a division by zero gives 0.  Pure.
 */
#ifndef DUET_BASE_CATALOG_RULE_H
#define DUET_BASE_CATALOG_RULE_H

#include "base/catalog.h"

struct catalog_rule {
    int32_t n_forms; /* 1 .. CATALOG_MAX_FORMS */
    int32_t n_steps;
    struct catalog_step {
        unsigned char op;
        uint32_t number;
    } steps[CATALOG_MAX_RULE];
};

/* Reads the value of Plural-Forms.  ERR_INVALID; ERR_LIMIT: more forms, steps or nesting than there
 * is room for. */
MUST_CHECK enum err catalog_rule_read(struct str text, struct catalog_rule *rule);

/* The form for n things, 0 .. n_forms - 1. */
int32_t catalog_rule_form(const struct catalog_rule *rule, uint64_t n);

#endif
