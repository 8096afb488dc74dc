/* Pages for what did not work: what happened, in words, and what to do now. */
#ifndef DUET_WEB_REFUSAL_H
#define DUET_WEB_REFUSAL_H

#include "base/err.h"
#include "web/route.h"

struct page;

enum refusal {
    REFUSAL_BAD_REQUEST,  /* 400 */
    REFUSAL_NOT_YOURS,    /* 403: the role or the rules do not allow it */
    REFUSAL_SIGNED_OUT,   /* 403: a form was sent after the session had ended */
    REFUSAL_FORM_EXPIRED, /* 403: not from a page of this session */
    REFUSAL_NOT_FOUND,    /* 404 */
    REFUSAL_METHOD,       /* 405 */
    REFUSAL_TIMEOUT,      /* 408 */
    REFUSAL_CONFLICT,     /* 409 */
    REFUSAL_TOO_LARGE,    /* 413, 414, 431 */
    REFUSAL_TOO_MANY,     /* 429 */
    REFUSAL_FAILURE,      /* 500 */
    REFUSAL_BUSY,         /* 503 */
    REFUSAL__MAX
};

/* What a failed handler means; the status that the server gives. */
enum refusal refusal_of(const struct page *page, enum err err);
enum refusal refusal_of_status(int status);

/* Writes the page, on a fresh answer.  Needs no database. */
MUST_CHECK enum err refusal_write(struct page *page, enum refusal refusal);

/* Stands for the route of an address that does not exist (ERR_NOT_FOUND) or not with this method
 * (ERR_REFUSED), so that its page has the navigation of whoever is signed in. */
const struct route *refusal_route(enum err err);

#endif
