/* Which notices go out by mail, and when; leaving the mails with one click (RFC 8058).
 *
 * A collected mail goes out at the person's moment of the day (the end of their quiet hours, or
 * 7:00 when they have none): every day, or on Mondays.  "As it happens" means outside of their
 * quiet hours; what comes inside waits for their end.  On a quiet weekend there is no such moment.
 * A mail holds what is neither seen nor done: looked at when it is queued, and again when it is
 * sent. */
#ifndef DUET_COACH_NOTICES_MAIL_H
#define DUET_COACH_NOTICES_MAIL_H

#include "base/err.h"
#include "base/str.h"
#include "coach/notices.h"

#include <stdbool.h>
#include <stdint.h>

struct clock_zone;
struct coach;

/* Whether a mail is due to somebody whose oldest notice that is new and not mailed is from
 * `oldest_ms`.  `zone`: theirs; NULL: UTC.  Pure. */
bool notices_is_due(const struct notice_settings *settings, const struct clock_zone *zone,
                    int64_t now_ms, int64_t oldest_ms);

/* For the server: looks at the next people (by id, beyond *after_id) with something new, queues a
 * mail to each to whom one is due, and sets *after_id; 0: there are no more.  Without a mail server
 * nothing is queued and nothing counts as mailed.  Queued once, whatever happens: the job's key is
 * the person and the moment.  COACH_WRITE. */
MUST_CHECK enum err notices_queue(struct coach *coach, int64_t *after_id, int64_t *n_queued);

/* For the server: what that mail holds now; may be none.  `batch`: mail.object. */
MUST_CHECK enum err notices_of_mail(struct coach *coach, int64_t person_id, int64_t batch,
                                    struct notice_list *list);

/* For the rules: another mail has told the person already. */
MUST_CHECK enum err notices_mailed(struct coach *coach, int64_t person_id, enum notice_kind kind,
                                   int64_t partnership_id, int64_t object_id);

/* ---- leaving ---- */

#define NOTICES_KEY_TEXT 33 /* characters of a key and the NUL */

/* For the server: the key of a person's link.  It opens nothing; all it does is end the mails. */
MUST_CHECK enum err notices_leave_key(struct coach *coach, int64_t person_id,
                                      char text[NOTICES_KEY_TEXT]);
/* Whether a key is one.  ERR_NOT_FOUND.  Ungated. */
MUST_CHECK enum err notices_leave_check(struct coach *coach, struct str text, int64_t *person_id);
/* Whoever holds the key: no collected mail any more; invitations to meetings stay as chosen.  Twice
 * changes nothing.  ERR_NOT_FOUND.  Ungated.  COACH_WRITE. */
MUST_CHECK enum err notices_leave(struct coach *coach, struct str text);

#endif
