/* What people say about themselves for matching: subjects, grade bands, languages, free periods,
 * how many partners they can take, what they like to be asked about.
 *
 * The person edits it; colleagues see it (free periods and capacities too: they are what a partner
 * needs to know); administrators may fill it from imports but not overwrite what the person entered
 * (profile_fill). */
#ifndef DUET_COACH_PROFILE_H
#define DUET_COACH_PROFILE_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define PROFILE_ABOUT 2000  /* characters */
#define PROFILE_TAGS 40     /* of each kind but free periods */
#define PROFILE_TAG 60      /* characters of one */
#define PROFILE_PARTNERS 20 /* largest capacity that a person can choose */
#define PROFILE_DAYS 7
#define PROFILE_PERIODS 12 /* of a day */

enum profile_kind {
    PROFILE_SUBJECT,
    PROFILE_GRADE,
    PROFILE_LANGUAGE, /* BCP 47: "en", "es-MX" */
    PROFILE_PERIOD,   /* "mon-1" .. "sun-12" */
    PROFILE_KIND__MAX
};

struct profile_tags {
    struct str *items; /* in order of the alphabet; periods in order of the week */
    size_t n;
};

struct profile {
    int64_t person_id;
    struct str about;
    struct str locale, time_zone; /* for the person only: empty for others */
    int32_t max_helps, max_learns;
    struct profile_tags tags[PROFILE_KIND__MAX];
};

const char *profile_kind_word(enum profile_kind kind); /* "subject": as stored */

MUST_CHECK enum err profile_get(struct coach *coach, int64_t person_id, struct profile *profile);

/* Replaces all of it: what profile_get gave, changed.  ERR_INVALID with complaints ("about",
 * "locale", "time_zone", "max_helps", "max_learns", "subject", "grade", "language", "period"). */
MUST_CHECK enum err profile_edit(struct coach *coach, const struct profile *profile,
                                 struct complaints *complaints);

/* For imports: adds the tags where the person has none of that kind yet; *added tells whether.  A
 * tag that is not one is left out and counted in *refused.  For administrators and the server. */
MUST_CHECK enum err profile_fill(struct coach *coach, int64_t person_id, enum profile_kind kind,
                                 const struct str *values, size_t n, bool *added, size_t *refused);

/* All values of a kind that somebody uses, the commonest first, for suggestions; at most `limit`.
 */
MUST_CHECK enum err profile_used(struct coach *coach, enum profile_kind kind, size_t limit,
                                 struct profile_tags *tags);

#endif
