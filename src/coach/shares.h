/* What the owner lets a named person see, and takes back. */
#ifndef DUET_COACH_SHARES_H
#define DUET_COACH_SHARES_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;

enum share_kind {
    SHARE_ZONES, /* estimates and evidence; object: a skill, 0: all skills */
    SHARE_KIND__MAX
};

struct share {
    int64_t id, owner_id, person_id;
    enum share_kind kind;
    int64_t object_id;
    struct str name;        /* of the other side */
    struct str object_name; /* of the skill; empty: all */
    int64_t created_ms;
};

struct share_list {
    struct share *items;
    size_t n;
};

/* The actor shares what is theirs.  Already there: the same id.  ERR_CONFLICT: with oneself, with
 * somebody who has left, or with one's evaluator.  ERR_NOT_FOUND: no such person or skill. */
MUST_CHECK enum err shares_give(struct coach *coach, int64_t person_id, enum share_kind kind,
                                int64_t object_id, int64_t *id);
/* From this moment on it is not seen any more.  Twice: nothing changes. */
MUST_CHECK enum err shares_take_back(struct coach *coach, int64_t id);

/* What the actor shares; what is shared with the actor. */
MUST_CHECK enum err shares_given(struct coach *coach, struct share_list *list);
MUST_CHECK enum err shares_received(struct coach *coach, struct share_list *list);

#endif
