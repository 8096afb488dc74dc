/* Within the room: what reading and writing frameworks in the database share. */
#ifndef DUET_COACH_FRAMEWORKS_STORE_H
#define DUET_COACH_FRAMEWORKS_STORE_H

#include "coach/allow.h"
#include "coach/coach.h"
#include "coach/frameworks.h"
#include "coach/sql.h"

/* frameworks_get without asking who asks. */
MUST_CHECK enum err frameworks_load(struct coach *coach, int64_t id, struct str locale,
                                    unsigned parts, struct framework **framework);

/* Puts words of further languages into a loaded tree: one language over its own words, or, with
 * FRAMEWORKS_OTHERS, all beside them.  `by_id`: its skills, by id. */
MUST_CHECK enum err frameworks_load_words(struct coach *coach, struct framework *framework,
                                          struct framework_skill **by_id, struct str locale,
                                          unsigned parts);

/* The language in which to show a framework to somebody: `locale` itself or its base where the
 * framework has that, else "" (its own). */
MUST_CHECK enum err frameworks_locale(struct coach *coach, int64_t id, struct str own,
                                      struct str locale, struct str *chosen);

/* "es" for "es-MX"; the locale itself where it has one part only. */
struct str frameworks_base_locale(struct str locale);

/* Rows in and out; nothing is asked and nothing is noted.  Positions count from 1. */
MUST_CHECK enum err frameworks_put_head(struct coach *coach, const struct framework *head,
                                        int64_t *id);
MUST_CHECK enum err frameworks_put_domain(struct coach *coach, int64_t framework_id,
                                          struct str scope, const struct framework_domain *domain,
                                          int64_t position, int64_t *id);
MUST_CHECK enum err frameworks_put_skill(struct coach *coach, int64_t framework_id,
                                         struct str scope, const struct framework_skill *skill,
                                         int64_t position, int64_t *id);
MUST_CHECK enum err frameworks_put_task(struct coach *coach, int64_t skill_id, struct str scope,
                                        struct str code, const struct framework_task *task,
                                        int64_t position, int64_t *id);
/* The texts of all levels; rows beyond n_levels go away. */
MUST_CHECK enum err frameworks_put_levels(struct coach *coach, int64_t skill_id,
                                          const struct framework_skill *skill);

/* Removes a skill with all that hangs on it, or a task; nothing may refer to it. */
MUST_CHECK enum err frameworks_drop_skill(struct coach *coach, int64_t framework_id,
                                          int64_t skill_id);
MUST_CHECK enum err frameworks_drop_task(struct coach *coach, int64_t framework_id,
                                         int64_t task_id);

/* A yes-or-no statement about one row. */
MUST_CHECK enum err frameworks_ask(struct coach *coach, enum sql_id id, int64_t object, bool *yes);

/* An update, and ERR_NOT_FOUND when it concerned no row. */
MUST_CHECK enum err frameworks_change(struct coach *coach, enum sql_id id,
                                      const struct sql_arg *args, int n);

#endif
