/* Values from forms and addresses: declared once per route, parsed, typed, bounded.
 *
 *     enum { F_NAME, F_BAND, F_SUBJECTS, F__MAX };
 *     static const struct field_spec fields[F__MAX] = {
 *         [F_NAME] = {.name = "name", .type = FIELD_TEXT, .max = 200, .required = true},
 *         [F_BAND] = {.name = "band", .type = FIELD_CHOICE, .choices = "K-2|3-5|6-8|9-12"},
 *         [F_SUBJECTS] = {.name = "subject", .type = FIELD_ID, .max_items = 20}};
 *     err = field_read(fields, F__MAX, &req->form, req->arena, &set);
 *     if (set.n_complaints) ...
 *     set.values[F_NAME].text
 *
 * A handler sees nothing else of what a client sent.  Texts are valid UTF-8, in NFC, trimmed, and
 * without control characters.  What was typed stays in `typed`, so that a form can be shown again
 * with it. */
#ifndef DUET_HTTP_FIELD_H
#define DUET_HTTP_FIELD_H

#include "base/err.h"
#include "base/str.h"
#include "http/request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
    FIELD_TEXT,   /* one line; `max` characters (0: 200) */
    FIELD_LINES,  /* several lines, ends as \n; `max` characters (0: 10000) */
    FIELD_SECRET, /* a password or code: in NFC, not trimmed, never in `typed` */
    FIELD_INT,    /* least .. most (both 0: any int64) */
    FIELD_ID,     /* 1 .. 2^63 - 1 */
    FIELD_BOOL,   /* "1", "on", "true", "yes" are 1; absent, "", "0", "off", "false", "no" are 0 */
    FIELD_NUMBER, /* a decimal with point or comma, in `real`; least .. most as for FIELD_INT */
    FIELD_EMAIL,  /* one address, its domain in lower case; `max` bytes (0: 254) */
    FIELD_DATE,   /* YYYY-MM-DD, as days since 1970-01-01 */
    FIELD_CHOICE, /* one of `choices`; its index is the number */
    FIELD_TOKEN,  /* letters, digits, '-', '_'; `max` bytes (0: 128) */
    FIELD_PATH,   /* a local address to return to: begins with one '/', see response_redirect */
    FIELD_TYPE__MAX
};

struct field_spec {
    const char *name;
    enum field_type type;
    bool required;
    size_t max;          /* characters of one value */
    int64_t least, most; /* of a number */
    const char *choices; /* "a|b|c" */
    int max_items;       /* 0: one value; else a list of at most so many, in `items` */
};

struct field_value {
    bool given;       /* there, not empty, and right */
    struct str text;  /* the clean text, of whatever type; p is never NULL, NUL-terminated */
    int64_t number;   /* INT, ID, BOOL, DATE, CHOICE (-1 when not given) */
    double real;      /* NUMBER */
    struct str typed; /* the first value as it came, at most 4 * max bytes of it */
    struct field_value *items; /* of a list: what was right, in the order sent */
    int n_items;
};

/* What is wrong with one field.  `message` is a constant English sentence for the catalogue; where
 * it has the places {least} and {most}, those numbers are meant. */
struct field_complaint {
    const char *name;
    int item; /* of a list, from 0 */
    const char *message;
    int64_t least, most;
};

struct field_set {
    struct field_value *values; /* one per spec, in the same order */
    int n;
    struct field_complaint *complaints; /* all of them, in the order of the specs */
    int n_complaints;
};

/* Reads the fields named from `pairs`; others are ignored.  ERR_OK also with complaints; ERR_NOMEM.
 * A name that comes twice where no list is declared is a complaint. */
MUST_CHECK enum err field_read(const struct field_spec *specs, int n,
                               const struct http_pairs *pairs, struct arena *arena,
                               struct field_set *set);

/* One value from a part of a path ("/people/:id"); ERR_INVALID when it is not of that type. */
MUST_CHECK enum err field_parse(const struct field_spec *spec, struct str text, struct arena *arena,
                                struct field_value *value);

#endif
