/* Frameworks in the database: listing, reading, editing, bringing in from files.
 *
 * Everybody signed in may read; changing is the administrators' (ALLOW verbs of allow.h), and every
 * change is in the audit.  A skill or task that evidence, a need or an offer refers to is retired,
 * never deleted: it stays readable behind the evidence and disappears from forms.  One without them
 * is deleted.  All functions run in the caller's transaction; results live in coach->arena.
 *
 * Errors, beside those of db.h: ERR_NOT_FOUND, ERR_FORBIDDEN; ERR_INVALID when `complaints` says
 * what is wrong with which field. */
#ifndef DUET_COACH_FRAMEWORKS_H
#define DUET_COACH_FRAMEWORKS_H

#include "coach/framework.h"

struct coach;
struct complaints;

/* What frameworks_get loads beside domains and skills. */
#define FRAMEWORKS_LEVELS 1u  /* level names and descriptors */
#define FRAMEWORKS_TASKS 2u   /* practice tasks */
#define FRAMEWORKS_RETIRED 4u /* retired skills and tasks too */
#define FRAMEWORKS_OTHERS 8u  /* all languages, in `others`; else see `locale` */

struct frameworks_item {
    int64_t id;
    struct framework_words words;
    struct str language, publisher, licence;
    struct str case_id; /* of the file it came from; empty: none */
    bool active;
    int32_t n_domains, n_skills; /* that are not retired */
    int64_t n_evidence;          /* pieces that the last fit had */
    int64_t changed_ms;
};

/* All frameworks, the active ones first, by name in `locale`. */
MUST_CHECK enum err frameworks_list(struct coach *coach, struct str locale,
                                    struct frameworks_item **items, int32_t *n);

/* One framework as a tree.  Words are in `locale` (BCP 47) where the framework has that language or
 * its base ("es" for "es-MX"), else in its own; an empty locale means its own. */
MUST_CHECK enum err frameworks_get(struct coach *coach, int64_t id, struct str locale,
                                   unsigned parts, struct framework **framework);

/* The framework of a skill (skills of retired frameworks too). */
MUST_CHECK enum err frameworks_of_skill(struct coach *coach, int64_t skill_id,
                                        int64_t *framework_id);

/* Editing, in the framework's own language.  Ids in the structures are read where the call says so;
 * `complaints` collects all that is wrong. */
MUST_CHECK enum err frameworks_create(struct coach *coach, const struct framework *head,
                                      struct complaints *complaints, int64_t *id);
/* Name, description, language, publisher, licence, active. */
MUST_CHECK enum err frameworks_edit(struct coach *coach, const struct framework *head,
                                    struct complaints *complaints);

MUST_CHECK enum err frameworks_add_domain(struct coach *coach, int64_t framework_id,
                                          const struct framework_domain *domain,
                                          struct complaints *complaints, int64_t *id);
MUST_CHECK enum err frameworks_edit_domain(struct coach *coach,
                                           const struct framework_domain *domain,
                                           struct complaints *complaints);
/* ERR_CONFLICT while it has skills, retired ones included. */
MUST_CHECK enum err frameworks_delete_domain(struct coach *coach, int64_t domain_id);

/* domain_id, code, words, n_levels, levels; tasks have calls of their own.  Once there is evidence
 * the number of levels stays as it is (a complaint). */
MUST_CHECK enum err frameworks_add_skill(struct coach *coach, const struct framework_skill *skill,
                                         struct complaints *complaints, int64_t *id);
MUST_CHECK enum err frameworks_edit_skill(struct coach *coach, const struct framework_skill *skill,
                                          struct complaints *complaints);
/* Deletes it or, when something refers to it, retires it; *retired says which. */
MUST_CHECK enum err frameworks_retire_skill(struct coach *coach, int64_t skill_id, bool *retired);
MUST_CHECK enum err frameworks_restore_skill(struct coach *coach, int64_t skill_id);

MUST_CHECK enum err frameworks_add_task(struct coach *coach, int64_t skill_id,
                                        const struct framework_task *task,
                                        struct complaints *complaints, int64_t *id);
MUST_CHECK enum err frameworks_edit_task(struct coach *coach, const struct framework_task *task,
                                         struct complaints *complaints);
MUST_CHECK enum err frameworks_retire_task(struct coach *coach, int64_t task_id, bool *retired);

/* Moves one thing among its neighbours: by = -1 up, +1 down; at the end of the list nothing
 * happens.
 */
enum frameworks_kind { FRAMEWORKS_DOMAIN, FRAMEWORKS_SKILL, FRAMEWORKS_TASK, FRAMEWORKS_KIND__MAX };
MUST_CHECK enum err frameworks_move(struct coach *coach, enum frameworks_kind kind, int64_t id,
                                    int by);

/* Bringing a tree in: a new framework, or into `into` (0: the one of the same case_id, else new).
 * Domains, skills and tasks are recognised by case_id, else skills by code, domains and tasks by
 * name; what the tree does not have is retired or deleted as above.  The same tree twice changes
 * nothing.  ERR_CONFLICT: a skill with evidence would get another number of levels
 * (summary->clash says which code). */
struct frameworks_summary {
    int64_t id;
    int32_t added, changed, retired, deleted; /* domains, skills, levels, tasks */
    struct str clash;
};
MUST_CHECK enum err frameworks_bring(struct coach *coach, const struct framework *tree,
                                     int64_t into, struct frameworks_summary *summary);

/* The frameworks that ship with Duet, 0 .. frameworks_n_shipped() - 1.  Reading one gives a tree
 * for frameworks_bring, languages included; `name` is in its own language. */
int frameworks_n_shipped(void);
const char *frameworks_shipped_key(int i); /* "teaching", "peer-coaching" */
MUST_CHECK enum err frameworks_read_shipped(struct arena *arena, int i,
                                            struct framework **framework);

#endif
