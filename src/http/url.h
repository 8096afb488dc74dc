/* Addresses: taking them apart strictly, and writing them. */
#ifndef DUET_HTTP_URL_H
#define DUET_HTTP_URL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "http/request.h"

struct arena;

/* Takes the target of a request ("/people/7?q=a+b") apart.  `path` is decoded (see request.h);
 * *doubled says that it had empty segments, which were left out.  ERR_INVALID: no path that begins
 * with '/', a broken escape, a control character, NUL, a "." or ".." segment, an encoded slash or
 * backslash, or bytes that are not UTF-8; ERR_LIMIT: too many fields; ERR_NOMEM. */
MUST_CHECK enum err url_parse(struct str target, struct arena *arena, struct str *path,
                              bool *doubled, struct http_pairs *query);

/* application/x-www-form-urlencoded.  Errors as url_parse. */
MUST_CHECK enum err url_form(struct str text, struct arena *arena, struct http_pairs *pairs);

/* Appends text with everything but letters, digits and -._~ as %XX; url_add_path leaves '/' too. */
void url_add(struct buf *buf, struct str text);
void url_add_path(struct buf *buf, struct str path);

#endif
