/* What is wrong with a form: all of it, not the first thing.
 *
 * A complaint names the field and says what is wrong in a constant English sentence, the msgid of
 * the catalogue, with named places for values: "At most {n} characters.".  Nothing here puts
 * sentences together.
 *
 *     complaint_add(complaints, "email", N_("This is not an e-mail address."));
 *     complaint_add_int(complaints, "about", N_("At most {n} characters."), "n", 2000);
 *     if (complaints->n) { return ERR_INVALID; }
 */
#ifndef DUET_COACH_COMPLAINT_H
#define DUET_COACH_COMPLAINT_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Marks a text for the catalogue and leaves it as it is. */
#ifndef N_
#define N_(text) text
#endif

#define COMPLAINT_MAX 64 /* kept of one form; further ones are counted only */

struct complaint {
    const char *field; /* constant name of the field; "" when the form as a whole is meant */
    const char *msgid;
    const char *name; /* of the place in the sentence; NULL: there is none */
    struct str text;  /* what goes there */
    int64_t number;   /* or this, when is_number */
    bool is_number;
};

struct complaints {
    struct arena *arena;
    struct complaint *items;
    size_t n;
    size_t total; /* with those that were not kept */
    enum err err; /* ERR_OK, or ERR_NOMEM: one could not be kept */
};

void complaint_init(struct complaints *complaints, struct arena *arena);

void complaint_add(struct complaints *complaints, const char *field, const char *msgid);
void complaint_add_int(struct complaints *complaints, const char *field, const char *msgid,
                       const char *name, int64_t number);
void complaint_add_text(struct complaints *complaints, const char *field, const char *msgid,
                        const char *name, struct str text);

/* ERR_OK without a complaint, ERR_INVALID with one, ERR_NOMEM when one could not be kept. */
MUST_CHECK enum err complaint_result(const struct complaints *complaints);

/* Trims a text, brings it into NFC and copies it to the arena.  Complains when it is not UTF-8, has
 * control characters (line ends and tabs only pass where `lines`), is empty but `required`, or
 * longer than `max` characters.  False (and *clean empty) when there was a complaint. */
bool complaint_clean(struct complaints *complaints, const char *field, struct str text,
                     bool required, bool lines, size_t max, struct str *clean);

#endif
