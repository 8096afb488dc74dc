/* Zones of a person: what they can do alone and with help, what stands behind it, what would move
 * it; and how the estimates are kept.
 *
 * Estimates live in table `zone`.  Each new or withdrawn piece of evidence updates its person's
 * rows in the same transaction from the last fit of the framework and the pieces since then
 * (zone/live.h); a refit job reads all evidence of the framework, fits it jointly (zone/zone.h) and
 * replaces everything.  Results live in coach->arena; errors as in frameworks.h.
 *
 * What is said follows three rules: a level is never told where there is not enough evidence
 * (`enough` is false: only what would help is told); what is told is a range, not a number; own
 * view and observers stand side by side and are not averaged. */
#ifndef DUET_COACH_ZONES_H
#define DUET_COACH_ZONES_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct coach;
struct wishes;

#define ZONES_MAX_LEVELS 12

/* What can be said of one level of the rubric: a typical task of that level. */
enum zones_word { ZONES_UNKNOWN, ZONES_WITH_HELP, ZONES_ALONE, ZONES_WORD__MAX };

/* The msgid: "alone", "with help", "not known yet". */
const char *zones_word_text(enum zones_word word);

/* Which new piece would narrow the range most, as far as the person can do something about it. */
enum zones_move {
    ZONES_MOVE_VISIT,     /* a visit by a colleague (none yet, or the range is still wide) */
    ZONES_MOVE_COLLEAGUE, /* a visit by another colleague than before */
    ZONES_MOVE_TASK,      /* a practice task, with the help it takes: nothing shows the help yet */
    ZONES_MOVE_RECENT,    /* something new: the newest piece is older than a year */
    ZONES_MOVE_NOTHING,   /* narrow enough; another visit would change little */
    ZONES_MOVE__MAX
};

struct zones_skill {
    int64_t skill_id, domain_id, framework_id;
    struct str code, name, domain; /* in the locale asked for */
    int32_t n_levels;
    struct str level_names[ZONES_MAX_LEVELS]; /* [0] is level 1; empty: it has a number only */
    bool retired;

    /* Estimates: only where `enough`, else all zero.  Levels are 1 .. n_levels. */
    bool enough;
    double alone_level, alone_level_lo, alone_level_hi;    /* expected; 8 chances in 10 between */
    double helped_level, helped_level_lo, helped_level_hi; /* the same with full help */
    bool has_zone; /* a band was found; its ends as the levels of somebody just that able: */
    double zone_level_lo, zone_level_hi;
    enum zones_word words[ZONES_MAX_LEVELS]; /* [0] is level 1; level 1 is always done alone */

    /* What stands behind it; withdrawn pieces do not count. */
    int32_t n_evidence;
    int32_t n_visits, n_colleagues;   /* observed */
    int32_t observed_lo, observed_hi; /* lowest and highest level seen; 0: none */
    int32_t n_self, self_level;       /* own view: how often, and the newest; 0: none */
    int32_t n_done_alone, n_done_helped, n_not_yet; /* tasks */
    int32_t last_day;                               /* or INT32_MIN */

    /* What would move it: and by how many hundredths the range would get narrower (0: little). */
    enum zones_move move;
    int32_t narrower_percent;

    bool need, offer; /* as the person has said */
    int32_t priority; /* of the need */
};

struct zones {
    int64_t person_id, framework_id;
    struct str framework;       /* name */
    struct zones_skill *skills; /* in the framework's order: domain by domain */
    int32_t n_skills;
    int64_t updated_ms; /* of the newest estimate; 0: none yet */
    bool waiting;       /* a refit is queued: estimates may still move */
};

/* All skills of a framework (retired ones only where there is evidence).  The actor must be the
 * person or be shared with: with a share of some skills only those are in the list. */
MUST_CHECK enum err zones_of(struct coach *coach, int64_t person_id, int64_t framework_id,
                             struct str locale, struct zones *zones);

/* One skill. */
MUST_CHECK enum err zones_of_skill(struct coach *coach, int64_t person_id, int64_t skill_id,
                                   struct str locale, struct zones_skill *skill);

/* What the first page needs of the actor, who wants and offers `own`; nobody else sees it.  `zones`
 * has the estimates and who has seen how much (n_evidence, n_visits, n_colleagues as of the last
 * estimate), but neither the further counts nor what would move them.  `help`: skills in which they
 * are more likely than not in the upper quarter of the skill's own distribution, and which they
 * have neither offered nor named as needs; the likeliest first.  `grow`: skills with a zone, not
 * named as needs nor offered, in which they stand below the middle; the furthest below first.  At
 * most `limit` each.  Cheap. */
struct zones_hint {
    int64_t skill_id;
    struct str name, domain;
};
struct zones_first {
    struct zones zones;
    struct zones_hint *help, *grow;
    int32_t n_help, n_grow;
};
MUST_CHECK enum err zones_first(struct coach *coach, int64_t framework_id, struct str locale,
                                const struct wishes *own, int32_t limit, struct zones_first *first);

/* How the actor uses the rubric as a rater: a band in words, only after 30 ratings of theirs. */
enum zones_rater_word {
    ZONES_RATER_TOO_FEW,
    ZONES_RATER_GENEROUS,
    ZONES_RATER_TYPICAL,
    ZONES_RATER_STRICT,
    ZONES_RATER_WORD__MAX
};
MUST_CHECK enum err zones_own_rating(struct coach *coach, int64_t framework_id,
                                     enum zones_rater_word *word, int32_t *n_ratings);

/* ---- keeping the estimates (used by evidence, imports, jobs) ---- */

/* Makes the person's rows of the skill's framework new from the last fit and the pieces since, and
 * queues a refit; after pieces were added, withdrawn or deleted.  About a millisecond. */
MUST_CHECK enum err zones_update(struct coach *coach, int64_t person_id, int64_t framework_id);

/* Queues a refit of a framework soon: many pieces have come at once. */
MUST_CHECK enum err zones_touch(struct coach *coach, int64_t framework_id);

/* The refit, called by the server outside of any transaction: reads in one read transaction, fits,
 * writes in short write transactions.  `renew` (may be NULL) is called now and then so that a lease
 * can be renewed; true stops it with ERR_LIMIT.  Doing it again is harmless: what was not finished
 * is done, what has not changed is left alone. */
#define ZONES_JOB "refit"
struct zones_refit {
    int64_t framework_id;
    int64_t n_evidence;
    int32_t n_people, n_skills, n_raters, n_subsets, n_iterations;
    bool converged;
    bool unchanged;    /* the same pieces as last time: nothing was done */
    size_t peak_bytes; /* of memory */
};
MUST_CHECK enum err zones_refit(struct coach *coach, int64_t framework_id,
                                bool (*renew)(void *ctx, double done), void *ctx,
                                struct zones_refit *report);

#endif
