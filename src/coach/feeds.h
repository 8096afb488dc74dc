/* The private calendar feed of a person: an address with a secret, which a calendar program asks
 * now and then.  The database knows the secret's hash only; a new one ends the old one. */
#ifndef DUET_COACH_FEEDS_H
#define DUET_COACH_FEEDS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct meeting_list;

#define FEEDS_TEXT 44      /* characters of a secret and the NUL */
#define FEEDS_PAST_DAYS 60 /* meetings so old are still in it */
#define FEEDS_MOST 500     /* meetings */

/* The actor's.  `text`: shown once, and nowhere else.  COACH_WRITE. */
MUST_CHECK enum err feeds_renew(struct coach *coach, char text[FEEDS_TEXT]);
/* There is none any more.  Twice changes nothing.  COACH_WRITE. */
MUST_CHECK enum err feeds_revoke(struct coach *coach);
/* Since when the actor has one; 0: there is none. */
MUST_CHECK enum err feeds_since(struct coach *coach, int64_t *since_ms);

/* Whoever has the secret reads, as that person: from here on they are the actor of `coach`, so that
 * nothing is in the feed that they may not see.  ERR_NOT_FOUND: no such feed, or its person has
 * left; it is not told apart. */
MUST_CHECK enum err feeds_open(struct coach *coach, struct str secret, struct meeting_list *list);

#endif
