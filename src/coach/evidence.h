/* Evidence: what was seen, tried or thought of one person in one skill.
 *
 * Three kinds: an observation by a colleague, a self-rating, the outcome of a practice task.  Each
 * has the support that was given, a day and a source.  Nothing is ever overwritten: a piece is
 * withdrawn, stays in the table without counting, and the next estimate is made without it.
 *
 * Who may add: a self-rating, the person; a task's outcome, the person or a colleague they share
 * this skill's zone with; an observation, a colleague they share it with (never an evaluator, never
 * the person).  Files brought in by an administrator are added by the system.  Who may read: the
 * person, and those they share with.  Who may withdraw: the person, everything that is theirs; who
 * entered it, their own piece.  Decided by allow.h.
 *
 * Adding and withdrawing update the zone of the person in the same transaction and queue a refit
 * (zones.h).  Results live in coach->arena; errors as in frameworks.h. */
#ifndef DUET_COACH_EVIDENCE_H
#define DUET_COACH_EVIDENCE_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct coach;
struct complaints;

#define EVIDENCE_MAX_NOTE 2000    /* bytes */
#define EVIDENCE_MAX_OCCASION 200 /* bytes */
#define EVIDENCE_MAX_PAST 3653    /* days back that a form accepts */
#define EVIDENCE_DAY_UNKNOWN INT32_MIN

/* The values are those of enum zone_kind and zone_support (zone/zone.h). */
enum evidence_kind { EVIDENCE_OBSERVED, EVIDENCE_SELF, EVIDENCE_TASK, EVIDENCE_KIND__MAX };
enum evidence_support {
    EVIDENCE_INDEPENDENT,
    EVIDENCE_PROMPTED,
    EVIDENCE_MODELLED,
    EVIDENCE_JOINT,
    EVIDENCE_SUPPORT__MAX
};

/* "observed" ...; "independent" ...: as in the database and the files. */
const char *evidence_kind_word(enum evidence_kind kind);
const char *evidence_support_word(enum evidence_support support);

/* One new piece.  Complaint fields: "skill", "level", "support", "task", "day", "occasion", "note".
 */
struct evidence_new {
    int64_t person_id, skill_id;
    enum evidence_kind kind;
    enum evidence_support support; /* self-ratings: EVIDENCE_INDEPENDENT */
    int32_t level;                 /* ratings: 1 .. levels of the skill; tasks: 0 not yet, 1 done */
    int64_t task_id;               /* tasks: one of the skill's, or 0 with a name */
    struct str task_name;          /* tasks without an id: what was tried */
    struct str
        occasion;    /* which lesson, visit or video; pieces of one visit share it; may be empty */
    int32_t day;     /* days since 1970-01-01; EVIDENCE_DAY_UNKNOWN: today */
    struct str note; /* what was seen, in a sentence; may be empty */
};

/* Adds one piece, today's day in UTC when none is given; `id` may be NULL.  A day after tomorrow or
 * more than EVIDENCE_MAX_PAST back is a complaint. */
MUST_CHECK enum err evidence_add(struct coach *coach, const struct evidence_new *piece,
                                 struct complaints *complaints, int64_t *id);

/* Several pieces at once: the skills of one visit, or a self-rating of a whole framework; all or
 * none.  Complaint fields get the index in front: "3.level". */
#define EVIDENCE_MAX_AT_ONCE 500
MUST_CHECK enum err evidence_add_many(struct coach *coach, const struct evidence_new *pieces,
                                      int32_t n, struct complaints *complaints);

/* A piece from a file: as above, by the system (no form's limits on days), with a rater who may be
 * a name only and a key that makes the same row of the same file the same piece.  *fresh is false,
 * and nothing changes, when that key is there already.  Neither live update nor refit: when all
 * rows are in, call zones_touch() once. */
#define EVIDENCE_KEY_SIZE 32
struct evidence_row {
    struct evidence_new piece;
    int64_t rater_person_id; /* observations: 0 when the rater is a name */
    struct str rater_name;   /* or nobody known: both empty */
    bool has_difficulty;     /* tasks: of this row */
    double difficulty;
    struct str segment;       /* an indicator of the rubric */
    const char *source;       /* a constant word: "file", "demo" */
    const unsigned char *key; /* EVIDENCE_KEY_SIZE bytes, or NULL */
};
MUST_CHECK enum err evidence_add_row(struct coach *coach, const struct evidence_row *row,
                                     bool *fresh);

/* One piece as its owner, or somebody they share with, reads it. */
struct evidence_piece {
    int64_t id, person_id, skill_id;
    enum evidence_kind kind;
    enum evidence_support support;
    int32_t level;
    struct str level_name;   /* of a rating, in the locale asked for */
    int64_t rater_person_id; /* 0: nobody of the organisation */
    struct str rater;        /* name to show; empty for self and task, or when not known */
    struct str occasion, task, note, source;
    int32_t day;                      /* or EVIDENCE_DAY_UNKNOWN */
    int64_t created_ms, withdrawn_ms; /* 0: counts */
    bool can_withdraw;                /* by the actor */
};

/* Pieces of a person, newest first; skill_id 0: of all skills.  `before` is the id of the last
 * piece of the page before, or 0; *more says whether there are more than these `limit`. */
MUST_CHECK enum err evidence_list(struct coach *coach, int64_t person_id, int64_t skill_id,
                                  struct str locale, int64_t before, int32_t limit,
                                  struct evidence_piece **pieces, int32_t *n, bool *more);

/* What the actor has entered about others, newest first. */
MUST_CHECK enum err evidence_list_entered(struct coach *coach, struct str locale, int64_t before,
                                          int32_t limit, struct evidence_piece **pieces, int32_t *n,
                                          bool *more);

/* Takes a piece out of the count; its row stays. Withdrawing twice is no error. */
MUST_CHECK enum err evidence_withdraw(struct coach *coach, int64_t id);

/* The owner removes a piece of theirs altogether, note and all. */
MUST_CHECK enum err evidence_delete(struct coach *coach, int64_t id);

#endif
