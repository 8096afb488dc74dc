/* A framework in memory: domains of skills, each with the texts of its levels and practice tasks,
 * in one or several languages.
 *
 * The same tree is what a CSV sheet, a CASE package and the database hold; the readers and writers
 * of each (framework_csv.h, framework_case.h, frameworks.h) meet here.  Texts
 * are UTF-8 and live in the arena of whoever made the tree; an absent text is empty, never NULL. */
#ifndef DUET_COACH_FRAMEWORK_H
#define DUET_COACH_FRAMEWORK_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Named limits of one framework; each has its own message. */
#define FRAMEWORK_MAX_DOMAINS 200
#define FRAMEWORK_MAX_SKILLS 500 /* of one framework, all domains */
#define FRAMEWORK_MAX_LEVELS 12
#define FRAMEWORK_MAX_TASKS 50        /* of one skill */
#define FRAMEWORK_MAX_LANGUAGES 8     /* further ones */
#define FRAMEWORK_MAX_CODE 64         /* bytes */
#define FRAMEWORK_MAX_NAME 300        /* bytes, of everything that has a name */
#define FRAMEWORK_MAX_TEXT 4000       /* bytes, of a description or the text of a level */
#define FRAMEWORK_MAX_DIFFICULTY 10.0 /* logits, either side */

/* The two texts that everything in a framework has; of a level the second is its descriptor, of a
 * task it stays empty. */
struct framework_words {
    struct str name, description;
};

/* `id` is the row's in the database, 0 for what is not stored yet; `case_id` the identifier under
 * which others know it (a UUID in CASE), empty when there is none.  `others`, where not NULL, has
 * the words in framework->languages, in that order; an empty text there falls back on `words`. */
struct framework_level {
    int32_t level; /* 1 .. n_levels */
    struct framework_words words;
    struct framework_words *others;
};

struct framework_task {
    int64_t id;
    struct str case_id;
    struct framework_words words;
    struct framework_words *others;
    bool has_difficulty;
    double difficulty; /* logits on the skill's scale */
    bool active;
};

struct framework_skill {
    int64_t id, domain_id;
    struct str case_id;
    struct str code; /* unique in the framework, for people and files: "wait-time", "2b" */
    struct framework_words words;
    struct framework_words *others;
    int32_t n_levels; /* 2 .. FRAMEWORK_MAX_LEVELS, also when `levels` is not loaded */
    struct framework_level *levels; /* n_levels, or NULL: not loaded */
    struct framework_task *tasks;
    int32_t n_tasks;
    bool active; /* false: retired; stays for the evidence, is not offered any more */
};

struct framework_domain {
    int64_t id;
    struct str case_id;
    struct framework_words words;
    struct framework_words *others;
    struct framework_skill *skills; /* in their order */
    int32_t n_skills;
};

struct framework {
    int64_t id;
    struct str case_id;
    struct framework_words words;
    struct framework_words *others;
    struct str language;   /* BCP 47, of `words` */
    struct str *languages; /* further ones, of `others` */
    int32_t n_languages;
    struct str publisher, licence;
    bool active;
    int64_t changed_ms;
    struct framework_domain *domains; /* in their order */
    int32_t n_domains;
    int32_t n_skills; /* of all domains */
};

/* The skill of that code or id, or NULL. */
const struct framework_skill *framework_find_code(const struct framework *framework,
                                                  struct str code);
const struct framework_skill *framework_find_skill(const struct framework *framework, int64_t id);

/* Whether two trees say the same: everything but ids, changed_ms and, with `but_case_ids`, the
 * identifiers of others.  `where`, if given and they differ, names the first difference in a few
 * words for a test's log (constant text). */
bool framework_same(const struct framework *a, const struct framework *b, bool but_case_ids,
                    const char **where);

#endif
