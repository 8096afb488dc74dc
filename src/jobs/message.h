/* One mail as it goes over the wire: RFC 5322 headers, MIME, plain text in UTF-8 as
 * quoted-printable (RFC 2045), other than ASCII in headers as encoded words (RFC 2047).  Pure.
 *
 * With a calendar it is a multipart/alternative of the text and of the calendar as text/calendar
 * with its method (RFC 6047), base64.
 *
 * Nothing that is put into a header can end it: line ends and control characters are encoded, in
 * addresses refused. */
#ifndef DUET_JOBS_MESSAGE_H
#define DUET_JOBS_MESSAGE_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct buf;

#define MESSAGE_MAX ((size_t)1 << 20) /* bytes of a whole mail */
#define MESSAGE_ADDRESS 254           /* bytes of an address */

struct message {
    struct str id; /* "job-12.1700000000000@example.org": the same mail has the same, sent twice */
    struct str from, from_name;
    struct str to, to_name;
    struct str subject;
    struct str text; /* lines end in \n */
    int64_t at_ms;
    struct str calendar;         /* an invitation (coach/calendar.h); empty: none */
    const char *calendar_method; /* "REQUEST", "CANCEL": as in the calendar */
    struct str unsubscribe;      /* https address that ends such mails with one POST (RFC 8058), and
                                    with a click on what it shows; empty: none */
};

/* Appends the mail; lines end in CR LF and have at most 998 bytes.  ERR_INVALID: an address, the
 * id or the address for unsubscribing is not one, or a text is not UTF-8; else what the buffer
 * says. */
MUST_CHECK enum err message_write(struct buf *buf, const struct message *message);

#endif
