/* What a worker remembers between requests: texts of frameworks, their last fit, who offers what in
 * a unit, and how many people want what.  The same for everybody who asks; it changes seldom and is
 * read on every page.
 *
 *     coach.memory = memory_new();         // once for each process; NULL: nothing is remembered
 *     err = memory_framework(coach, id, locale, &framework);
 *
 * Frameworks, fits and offers are remembered only as long as the database says that they have not
 * changed, which costs one small query; counts are remembered for MEMORY_COUNTS_MS.  What is handed
 * out is read-only and lives until the next request at least.  Nothing here asks who asks: callers
 * do. */
#ifndef DUET_COACH_MEMORY_H
#define DUET_COACH_MEMORY_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct coach;
struct framework;
struct frameworks_item;
struct memory;
struct zones_fit;

#define MEMORY_ITEMS 16        /* frameworks times languages; then the oldest gives way */
#define MEMORY_SETTLED_MS 2000 /* what changed less than that ago is not remembered */
#define MEMORY_COUNTS_MS 60000
#define MEMORY_UNIT_ROWS 2000                /* of a unit with more offers nothing is remembered */
#define MEMORY_UNITS_BYTES ((size_t)4 << 20) /* then units are forgotten */
#define MEMORY_MOST ((size_t)64 << 20)       /* bytes of one item */

/* NULL: no memory. */
struct memory *memory_new(void);
void memory_free(struct memory *memory); /* NULL is a no-op */

/* Within the room: a transaction begins, so the database is asked again.  NULL is a no-op. */
void memory_begin(struct memory *memory);

/* The tree with its levels and retired skills, without tasks, as frameworks_load gives it. */
MUST_CHECK enum err memory_framework(struct coach *coach, int64_t id, struct str locale,
                                     const struct framework **framework);

/* The last fit, as zones_load_fit gives it. */
MUST_CHECK enum err memory_fit(struct coach *coach, int64_t framework_id,
                               const struct zones_fit **fit);

/* The list, as frameworks_list gives it (n_evidence may be older). */
MUST_CHECK enum err memory_frameworks(struct coach *coach, struct str locale,
                                      const struct frameworks_item **items, int32_t *n);

/* What the active people of a unit offer, by person; somebody with two roles there comes twice.
 * ERR_NOT_FOUND: this is not remembered (a transaction that writes, a large unit, no memory at
 * all): ask the database. */
struct memory_offer {
    int64_t person_id, skill_id;
    struct str name; /* of the person, as shown */
};
MUST_CHECK enum err memory_unit(struct coach *coach, int64_t unit_id,
                                const struct memory_offer **offers, size_t *n);

/* How many active people have this skill among their needs. */
MUST_CHECK enum err memory_wanted(struct coach *coach, int64_t skill_id, int64_t *n_people);

#endif
