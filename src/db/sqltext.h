/* SQL text, as far as one must understand it to put `$1` for `?1` or one type's name for another:
 * what is a word, a parameter, a token of ours, and what is quoted and must not be touched. */
#ifndef DUET_DB_SQLTEXT_H
#define DUET_DB_SQLTEXT_H

#include "base/str.h"

enum sqltext_kind {
    SQLTEXT_END,
    SQLTEXT_WORD,      /* letters, digits, underscores */
    SQLTEXT_PARAMETER, /* ?12 */
    SQLTEXT_TOKEN,     /* @id */
    SQLTEXT_QUOTED,    /* 'x', "x", $x$...$x$, and comments; an unclosed one goes to the end */
    SQLTEXT_OTHER,     /* one character */
    SQLTEXT__MAX
};

/* The part at the start of *rest, which is moved behind it. */
enum sqltext_kind sqltext_next(struct str *rest, struct str *part);

/* The number of a parameter, 1 .. 999, or 0 when it is none. */
int sqltext_parameter(struct str part);

/* The highest number among the parameters of a statement, 0 when there are none, -1 when one is
 * written otherwise (a bare ?, $1, :name). */
int sqltext_n_parameters(const char *sql);

/* The statement with $1 for ?1, in malloc'ed memory, or NULL. */
char *sqltext_for_postgres(const char *sql);

#endif
