/* The dates of HTTP headers (IMF-fixdate, RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT". */
#ifndef DUET_HTTP_DATE_H
#define DUET_HTTP_DATE_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

#define DATE_TEXT 29 /* characters */

/* Writes the second that `ms` (since 1970, UTC) lies in; years 1 .. 9999. */
void date_write(int64_t ms, char text[DATE_TEXT + 1]);

/* ERR_INVALID: not of that form (the two obsolete ones of RFC 850 and asctime are not read), or no
 * such date. */
MUST_CHECK enum err date_parse(struct str text, int64_t *ms);

#endif
