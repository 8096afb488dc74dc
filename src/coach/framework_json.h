/* Within the room: reading foreign JSON without being overrun.
 *
 * jansson keeps a document in memory, a few hundred bytes for an empty array; so the text is
 * measured before it is parsed. */
#ifndef DUET_COACH_FRAMEWORK_JSON_H
#define DUET_COACH_FRAMEWORK_JSON_H

#include "base/err.h"
#include "base/str.h"

#include <jansson.h>
#include <stddef.h>

struct roster_problems;

#define FRAMEWORK_JSON_MAX ((size_t)8 << 20) /* bytes */
#define FRAMEWORK_JSON_DEPTH 32              /* arrays and objects inside each other */
#define FRAMEWORK_JSON_CONTAINERS 200000     /* arrays and objects */
#define FRAMEWORK_JSON_VALUES 1500000        /* commas: values in them */

/* Parses a text; the caller frees *json with json_decref.  ERR_INVALID: problems says where the
 * text is no JSON (line and column), or which limit it breaks. */
MUST_CHECK enum err framework_json_parse(struct str text, const char *file,
                                         struct roster_problems *problems, json_t **json);

/* A member's text; "" when it is missing or no text.  Valid as long as the document. */
struct str framework_json_text(const json_t *object, const char *key);

/* A member's number, or `otherwise`. */
double framework_json_number(const json_t *object, const char *key, double otherwise);

/* A problem with a place in the document, which `place` names ("CFItems[3]"). */
MUST_CHECK enum err framework_json_bad(struct roster_problems *problems, const char *file,
                                       const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
