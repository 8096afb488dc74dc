/* Notices: what a person should know of, in the page and by mail.
 *
 *     err = notices_add(coach, partner_id, NOTICE_MEETING_PROPOSED, partnership_id, meeting_id);
 *     ... when the partner has answered:
 *     err = notices_done(coach, 0, NOTICE_MEETING_PROPOSED, partnership_id, meeting_id);
 *
 * A notice has a kind, ids, and who caused it; never content, so that nothing of a partnership
 * stands in mail.  The words of each kind, and the page that it leads to, stand in
 * notice_kinds.def.
 *
 * Mail goes out as the person chose: as it happens, once a day, once a week, or never; not in their
 * quiet hours; only about what they have neither seen in the page nor done (jobs/job_notice.c). */
#ifndef DUET_COACH_NOTICES_H
#define DUET_COACH_NOTICES_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct coach;
struct complaints;

#define NOTICES_SHOWN 100    /* of one person, the newest */
#define NOTICES_KEEP_DAYS 90 /* older ones are removed */

enum notice_kind {
#define NOTICE(id, word, asks, path, text) NOTICE_##id,
#include "coach/notice_kinds.def"
#undef NOTICE
    NOTICE_KIND__MAX
};

/* For the rules; ungated.  The actor caused it, and gets none about what they do themselves;
 * whoever has left gets none.  The same thing again, while it is new, changes nothing; once it was
 * seen or done, it becomes new again.  COACH_WRITE. */
MUST_CHECK enum err notices_add(struct coach *coach, int64_t person_id, enum notice_kind kind,
                                int64_t partnership_id, int64_t object_id);

/* For the rules; ungated.  What the notice asks for is done, or no longer needed: for one person,
 * or (0) for everybody whom it went to.  Nothing there: nothing happens.  COACH_WRITE. */
MUST_CHECK enum err notices_done(struct coach *coach, int64_t person_id, enum notice_kind kind,
                                 int64_t partnership_id, int64_t object_id);

/* The same for all kinds of a partnership: it has ended. */
MUST_CHECK enum err notices_done_all(struct coach *coach, int64_t partnership_id);

struct notice {
    int64_t id;
    enum notice_kind kind;
    int64_t partnership_id, object_id; /* 0: none */
    struct str name; /* of who caused it; empty: the program, or nobody any more */
    int64_t created_ms;
    bool seen, done;
};

struct notice_list {
    struct notice *items;
    size_t n;
};

/* The actor's newest, the newest first; those seen and done too. */
MUST_CHECK enum err notices_list(struct coach *coach, struct notice_list *list);
/* How many the actor has neither seen nor done; one look-up in an index. */
MUST_CHECK enum err notices_count(struct coach *coach, int64_t *n);
/* The actor has seen what was there at that moment.  COACH_WRITE. */
MUST_CHECK enum err notices_seen(struct coach *coach, int64_t at_ms);

/* English text, for the catalogue; the path, in `arena` (empty: no memory); whether it asks. */
const char *notices_text(enum notice_kind kind);
struct str notices_path(struct arena *arena, const struct notice *notice);
bool notices_asks(enum notice_kind kind);

/* ---- what a person wants by mail ---- */

enum notice_mail {
    NOTICE_MAIL_NOW,
    NOTICE_MAIL_DAILY,
    NOTICE_MAIL_WEEKLY,
    NOTICE_MAIL_NEVER,
    NOTICE_MAIL__MAX
};

struct notice_settings {
    enum notice_mail mail;           /* NOTICE_MAIL_DAILY at first */
    bool invites;                    /* calendar invitations by mail; true at first */
    int32_t quiet_from, quiet_until; /* minutes of the day, 0 .. 1439; 18:00 to 07:00 at first; the
                                        same: no quiet hours */
    bool quiet_weekend;              /* nothing on Saturday and Sunday; true at first */
};

const char *notices_mail_word(enum notice_mail mail); /* "daily": as stored */

/* Of the actor, or of anybody for the server. */
MUST_CHECK enum err notices_settings(struct coach *coach, int64_t person_id,
                                     struct notice_settings *settings);
/* ERR_INVALID with complaints ("quiet_from", "quiet_until"). */
MUST_CHECK enum err notices_settings_save(struct coach *coach, int64_t person_id,
                                          const struct notice_settings *settings,
                                          struct complaints *complaints);

/* For the server: removes what is older than NOTICES_KEEP_DAYS, at most `limit`. */
MUST_CHECK enum err notices_clean(struct coach *coach, int64_t limit, int64_t *n);

#endif
