/* Addresses: taking them apart strictly, and writing them. */
#ifndef DUET_HTTP_URL_H
#define DUET_HTTP_URL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "http/request.h"

#include <stdbool.h>

struct arena;

/* Takes the target of a request ("/people/7?q=a+b") apart.  `path` is decoded, see request.h.
 * ERR_INVALID: it does not begin with '/', has a broken escape, a control character, an empty, "."
 * or ".." segment (the last may be empty), a backslash, an encoded slash or a '#', or is not UTF-8;
 * ERR_LIMIT: too many fields, or a name beyond HTTP_MAX_NAME; ERR_NOMEM. */
MUST_CHECK enum err url_parse(struct str target, struct arena *arena, struct str *path,
                              struct http_pairs *query);

/* application/x-www-form-urlencoded.  Errors as url_parse. */
MUST_CHECK enum err url_form(struct str text, struct arena *arena, struct http_pairs *pairs);

/* Takes one segment after the other from a decoded path: "/a/b" gives "a", "b".  False: no more. */
bool url_segment(struct str *path, struct str *segment);

/* Appends text with everything but letters, digits and -._~ as %XX; url_add_path leaves '/' too. */
void url_add(struct buf *buf, struct str text);
void url_add_path(struct buf *buf, struct str path);

#endif
