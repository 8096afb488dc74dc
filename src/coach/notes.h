/* Notes in a cycle: private, shared with the others, or joint.
 *
 * private: the author alone, ever: not in another's export, not for coordinators, not in a search.
 * shared: the author writes, the members read.  joint: all members write and read.  Notes can be
 * written as long as the partnership runs, removed by their author at any time; removed is deleted,
 * text and all.  Whoever joined later does not see what was written before.  Results live in
 * coach->arena. */
#ifndef DUET_COACH_NOTES_H
#define DUET_COACH_NOTES_H

#include "base/err.h"
#include "base/str.h"
#include "coach/cycles.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOTES_WORDS 8000   /* characters of one */
#define NOTES_OF_CYCLE 300 /* of one cycle */

enum note_kind { NOTE_PRIVATE, NOTE_SHARED, NOTE_JOINT, NOTE_KIND__MAX };

struct note {
    int64_t id, author_id;
    struct str author;
    enum cycle_stage stage;
    enum note_kind kind;
    struct str words;
    int64_t created_ms, changed_ms;
    bool can_edit, can_remove; /* by the actor */
};

struct note_list {
    struct note *items;
    size_t n;
};

/* Those that the actor may read, oldest first. */
MUST_CHECK enum err notes_of_cycle(struct coach *coach, int64_t cycle_id, struct note_list *list);

/* Field: "words".  ERR_LIMIT: NOTES_OF_CYCLE. */
MUST_CHECK enum err notes_add(struct coach *coach, int64_t cycle_id, enum cycle_stage stage,
                              enum note_kind kind, struct str words, struct complaints *complaints,
                              int64_t *id);
/* `changed_ms` as it was read: ERR_CONFLICT when somebody has changed the note since. */
MUST_CHECK enum err notes_edit(struct coach *coach, int64_t id, int64_t changed_ms,
                               struct str words, struct complaints *complaints);
/* The author lets the others read a private note, or no longer. */
MUST_CHECK enum err notes_share(struct coach *coach, int64_t id, bool shared);
MUST_CHECK enum err notes_remove(struct coach *coach, int64_t id);

#endif
