/* Mail that has to go out: what, to whom; the words are made when it is sent, in the reader's
 * language, by jobs/mail.h.
 *
 * The job holds ids only.  One-time keys are made at the moment of sending, so that none lies in
 * the queue. */
#ifndef DUET_COACH_MAIL_H
#define DUET_COACH_MAIL_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct coach;

#define MAIL_JOB "mail"

enum mail_kind {
    MAIL_INVITE,  /* welcome, with a link to choose a password */
    MAIL_RESET,   /* a link to choose a new password */
    MAIL_NOTICE,  /* "your password was changed": no link */
    MAIL_TEST,    /* an administrator tries the settings */
    MAIL_DIGEST,  /* what is new; object: the moment that they were collected (notices_mail.h) */
    MAIL_MEETING, /* an invitation, its update or its cancellation; object: the meeting */
    MAIL_KIND__MAX
};

struct mail {
    enum mail_kind kind;
    int64_t person_id;
    int64_t object;  /* what it is about; see the kinds; 0: nothing */
    int64_t version; /* of that: MEETING: its sequence and 1, so that a mail that had to wait until
                        the meeting was changed again is left to the later one; 0: not said */
};

/* Queues one; ungated, for the rules themselves.  `key` (may be empty): the same key is queued
 * once. Without a mail server (settings) nothing is queued. COACH_WRITE. */
MUST_CHECK enum err mail_queue(struct coach *coach, enum mail_kind kind, int64_t person_id,
                               struct str key);

/* The same about something. */
MUST_CHECK enum err mail_queue_about(struct coach *coach, const struct mail *mail, struct str key);

/* What a job's payload says.  ERR_INVALID. */
MUST_CHECK enum err mail_read(struct str payload, struct mail *mail);

#endif
