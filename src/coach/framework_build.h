/* Within the room: a framework in the making, whatever it is read from.
 *
 * Things are added in the order in which they are to stand, each under the domain or skill that its
 * caller names by index; framework_build_end() puts them into one tree.  Texts must be clean
 * (framework_build_clean) and live in the build's arena. */
#ifndef DUET_COACH_FRAMEWORK_BUILD_H
#define DUET_COACH_FRAMEWORK_BUILD_H

#include "base/intern.h"
#include "base/list.h"
#include "coach/framework.h"

#define FRAMEWORK_DEFAULT_LEVELS 4 /* of a skill whose levels nobody has described */

struct framework_build {
    struct arena *arena; /* the tree's own */
    struct arena *work;
    struct framework *framework;
    struct list domains; /* struct framework_domain */
    struct list skills;  /* struct framework_build_skill */
    struct list levels;  /* struct framework_build_level */
    struct list tasks;   /* struct framework_build_task */
    struct intern *codes, *ids;
};

struct framework_build_skill {
    struct framework_skill skill; /* n_levels 0: as many as are added, else the default */
    int32_t domain;
    int32_t n_levels_added, n_tasks_added;
};

struct framework_build_level {
    struct framework_level level;
    int32_t skill;
};

struct framework_build_task {
    struct framework_task task;
    int32_t skill;
};

MUST_CHECK enum err framework_build_init(struct framework_build *build, struct arena *arena,
                                         struct arena *work);

/* Each adds an item, active and with empty texts, and gives its index; ERR_LIMIT: one of the
 * limits of framework.h. */
MUST_CHECK enum err framework_build_domain(struct framework_build *build, int32_t *domain);
MUST_CHECK enum err framework_build_skill(struct framework_build *build, int32_t domain,
                                          int32_t *skill);
MUST_CHECK enum err framework_build_level(struct framework_build *build, int32_t skill,
                                          struct framework_level **level);
MUST_CHECK enum err framework_build_task(struct framework_build *build, int32_t skill,
                                         struct framework_task **task);

struct framework_domain *framework_build_domain_at(struct framework_build *build, int32_t domain);
struct framework_skill *framework_build_skill_at(struct framework_build *build, int32_t skill);

/* Gives the skill its code; an empty one is made from `name`.  ERR_CONFLICT: another has it
 * already; ERR_RANGE: longer than FRAMEWORK_MAX_CODE.  With `any` a number is put behind instead.
 */
MUST_CHECK enum err framework_build_code(struct framework_build *build, int32_t skill,
                                         struct str code, struct str name, bool any);

/* Remembers the identifier of a domain, skill or task.  ERR_CONFLICT: another has it already. */
MUST_CHECK enum err framework_build_identify(struct framework_build *build, struct str case_id);

/* The tree.  ERR_CONFLICT: the levels of a skill are not 1, 2, 3 ... in this order, *skill tells
 * which.  Levels of a skill that has none added stay NULL. */
MUST_CHECK enum err framework_build_end(struct framework_build *build, int32_t *skill);

/* A copy in the arena: trimmed, NFC-free of control characters (line ends stay with `lines`), runs
 * of blanks in a name made one.  ERR_LIMIT: longer than `max` bytes; ERR_INVALID: not UTF-8. */
MUST_CHECK enum err framework_build_clean(struct arena *arena, struct str text, size_t max,
                                          bool lines, struct str *clean);

/* "Waiting for the answer" -> "waiting-for-the-answer", in at most FRAMEWORK_MAX_CODE bytes;
 * letters of other scripts stay as they are. */
MUST_CHECK enum err framework_build_slug(struct arena *arena, struct str name, struct str *slug);

/* An identifier for something of a framework: a UUID (version 8) that follows from these texts. */
#define FRAMEWORK_UUID_SIZE 37
void framework_build_uuid(struct str scope, const char *kind, struct str key, int32_t number,
                          char uuid[FRAMEWORK_UUID_SIZE]);

/* The nearest difficulty with six places, as files write them. */
double framework_build_difficulty(double value);

/* Whether a text is a UUID: 8-4-4-4-12 hexadecimal digits. */
bool framework_build_is_uuid(struct str text);

#endif
