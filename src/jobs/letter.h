/* One mail in words: what it is made of, and its text in the reader's language. */
#ifndef DUET_JOBS_LETTER_H
#define DUET_JOBS_LETTER_H

#include "base/catalog.h"
#include "base/err.h"
#include "base/str.h"
#include "coach/coach.h"
#include "coach/mail.h"
#include "coach/meetings.h"
#include "coach/notices.h"
#include "coach/people.h"
#include "coach/queue.h"

struct clock_zone;
struct message;

/* Everything that one mail is made of; filled by job_mail.c. */
struct letter {
    struct coach *coach;
    const struct catalogs *catalogs;
    const struct job *job;
    const struct catalog *catalog; /* the reader's language */
    struct mail mail;
    struct person person;
    struct str url, user, password, from, organisation, base_url, support;
    struct str locale;       /* of the organisation */
    struct str link;         /* with the one-time key; empty: none */
    struct str until;        /* the last day of the link, in words */
    struct notice_list news; /* of a digest */
    struct meeting meeting;  /* of an invitation, as the reader sees it */
    struct clock_zone *zone; /* of the reader; NULL: UTC */
    struct str leave;        /* address that ends such mails; empty: none */
    bool needless;           /* there is nothing to say any more */
};

/* Fills in subject, text, calendar, and the address for unsubscribing.  Texts live in the coach's
 * arena. */
MUST_CHECK enum err letter_write(const struct letter *letter, struct message *message);

#endif
