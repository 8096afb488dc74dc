/* The people, skills, evidence, wishes and rules of one programme, read from the user's files.
 *
 * roster_read() takes up to six CSV files, checks every cell and either gives a complete roster or
 * nothing and a list of problems that say file, line, column, value, what was expected and what to
 * do.  docs/files.md is the user's manual of the files; what is decided there is decided here.
 *
 * Everything a roster points to lives in the arena it was read into.  People, skills, raters,
 * wishes and rules keep the order of their files; all ids are dense indices from 0, ROSTER_NONE
 * (-1) where there is none.  Ids are compared after trimming and Unicode normalisation (NFC), in
 * upper and lower case as written; column names and the values of columns without regard to case.
 * Where an id is expected the name of the only one who has it does too.
 *
 * Cost: one pass, O(bytes); memory in proportion to rows (50 to 90 bytes for each row of evidence
 * while reading, 32 afterwards), never to the size of the file.  With a crew, evidence of many rows
 * is read on its threads: the result is the same, ids are kept twice while reading. */
#ifndef DUET_COACH_ROSTER_H
#define DUET_COACH_ROSTER_H

#include "base/catalog.h"
#include "base/err.h"
#include "base/str.h"
#include "zone/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct crew;

#define ROSTER_NONE (-1)
#define ROSTER_UNLIMITED (-1)

/* Named limits; each has its own message. */
#define ROSTER_MAX_ID 256            /* bytes of an id, a name or the value of a column */
#define ROSTER_MAX_PEOPLE 2000000    /* rows of people */
#define ROSTER_MAX_SKILLS 2000       /* rows of skills */
#define ROSTER_MAX_EVIDENCE 50000000 /* rows of evidence (1.6 GB) */
#define ROSTER_MAX_WISHES 10000000   /* rows of needs, and of offers */
#define ROSTER_MAX_RULES 1000000     /* rows of rules */
#define ROSTER_MAX_COLUMNS 250       /* further columns of people */
#define ROSTER_MAX_LANGUAGES 64      /* different languages in one people file */
#define ROSTER_MAX_PERIODS 256       /* different free periods in one people file */
#define ROSTER_MAX_PARTNERS 1000     /* largest max_helps and max_learns */
#define ROSTER_DEFAULT_LEVELS 4      /* levels of a skill that does not say */
#define ROSTER_PERIOD_WORDS (ROSTER_MAX_PERIODS / 64)

struct roster_person {
    struct str id;
    struct str name;    /* the id where no name is given */
    struct str label;   /* to show: the name, and the id in brackets when others have the name */
    int32_t max_helps;  /* how many partners the person may help; ROSTER_UNLIMITED: not said */
    int32_t max_learns; /* how many may help the person; ROSTER_UNLIMITED: not said */
    uint64_t languages; /* bit k: speaks roster->languages[k]; 0: not said */
    uint64_t free_periods[ROSTER_PERIOD_WORDS]; /* bit k: free in roster->periods[k]; 0: not said */
};

/* A further column of people: unit, district, school, subject, ... */
struct roster_column {
    struct str name;    /* as the header spells it */
    struct str *values; /* its different values, first spelling */
    int32_t n_values;
};

struct roster_skill {
    struct str id;
    struct str name; /* the id where no name is given */
    int32_t domain;  /* index into roster->domains */
    int32_t levels;  /* 2 .. ZONE_MAX_LEVELS */
};

/* Somebody who observed and rated. */
struct roster_rater {
    struct str id;
    int32_t person; /* when the id is one of people's, else ROSTER_NONE */
};

/* One lesson, visit or video of one person; where the file has no occasion but a date, that day. */
struct roster_occasion {
    int32_t person;
    struct str id; /* as written, or the date */
};

/* An indicator of a skill's rubric, or a practice task. */
struct roster_item {
    int32_t skill;
    bool task;        /* tried as a practice task */
    float difficulty; /* of a task, logits; NaN where no row says */
    struct str id;
};

/* A need or an offer. */
struct roster_wish {
    int32_t person, skill;
    int32_t priority; /* 1 (first) .. ROSTER_MAX_PRIORITY; 1 where not said */
};
#define ROSTER_MAX_PRIORITY 3

enum roster_rule_kind {
    ROSTER_NEVER,     /* person and other never work together, in either direction */
    ROSTER_MUST,      /* other helps person, in skill if given */
    ROSTER_EVALUATOR, /* other evaluates person: never in either direction */
    ROSTER_KEEP,      /* other helps person already, in skill if given: goes on */
    ROSTER_SAME,      /* partners have the same value in column; no value agrees with nothing */
    ROSTER_SHARED,    /* partners have a language or free period in common; none said: nothing */
    ROSTER_RULE__MAX
};

/* What rule->column means for ROSTER_SHARED. */
enum roster_shared { ROSTER_SHARED_LANGUAGES, ROSTER_SHARED_PERIODS, ROSTER_SHARED__MAX };

struct roster_rule {
    enum roster_rule_kind kind;
    int32_t person, other; /* ROSTER_NONE for same and shared */
    int32_t skill;         /* must and keep: ROSTER_NONE for any skill */
    int32_t column; /* same: index into columns; shared: enum roster_shared; else ROSTER_NONE */
    uint64_t line;  /* in the rules file, for messages */
};

struct roster {
    struct roster_person *people;
    int32_t n_people;

    struct roster_column *columns; /* further columns of people, in the file's order */
    int32_t n_columns;
    int32_t *values;     /* n_people x n_columns, person-major: index into the column's values, or
                            ROSTER_NONE for an empty cell */
    int32_t unit_column; /* the column called unit, or ROSTER_NONE */

    struct str *languages, *periods; /* names of the bits, first spelling */
    int32_t n_languages, n_periods;

    struct roster_skill *skills;
    int32_t n_skills;
    struct str *domains; /* "" is a domain too; at least one when there is a skill */
    int32_t n_domains;

    struct zone_evidence *evidence; /* in the file's order, without copies and unrated rows */
    size_t n_evidence;
    struct roster_rater *raters;
    struct roster_occasion *occasions;
    struct roster_item *items;
    int32_t n_raters, n_occasions, n_items;
    int32_t first_day, last_day; /* of the evidence; ZONE_DAY_UNKNOWN where no row has a date */

    struct roster_wish *needs, *offers;
    size_t n_needs, n_offers;
    bool has_needs, has_offers; /* a file was given, however short */
    struct roster_rule *rules;
    size_t n_rules;

    /* For roster_zone_data. */
    int32_t *skill_domain;
    uint8_t *skill_levels;
    const void *find_person, *find_skill; /* struct intern */
};

/* One thing wrong with one cell, row or file.  Texts are UTF-8 without control characters. */
struct roster_problem {
    const char *file;    /* the path as given, "standard input" for "-" */
    uint64_t line;       /* physical line from 1; 0: the file as a whole */
    int32_t column;      /* field from 1; 0: the whole row */
    const char *heading; /* the column's name in the header; "" when column is 0 */
    const char *value;   /* the cell, shortened; "" when column is 0 */
    const char *message; /* what was expected, a full sentence without the final period */
    const char *hint;    /* what to do; "" when the message says it all */
    uint64_t n_like;     /* how many more cells of this column have the same problem; with the last
                            of those that are kept */
};

/* Something that was decided and that the user should know; not a failure. */
struct roster_note {
    const char *file;
    uint64_t line;    /* the first row concerned, or 0 */
    uint64_t count;   /* rows, people or cells concerned */
    const char *text; /* a full sentence that states the count */
};

#define ROSTER_PROBLEMS_SHOWN 20 /* the usual limit */
#define ROSTER_PROBLEMS_LIKE                                                                       \
    5 /* values shown with the same problem in one column; more, and the                           \
         same value again, are counted */

struct roster_problems {
    struct arena *arena;
    const struct catalog *catalog; /* the language of messages, hints and notes; NULL: English */
    struct roster_problem *items;  /* the first `limit`, in the order of reading, see
                                      ROSTER_PROBLEMS_LIKE */
    size_t n, limit;
    uint64_t total; /* all of them, also those not kept */
    uint64_t alike; /* those counted in n_like of one that is kept */
    struct roster_note *notes;
    size_t n_notes;
};

/* Prepares an empty list that keeps at most `limit` problems (at least 1) in `arena`.  Texts come
 * in English until `catalog` is set. */
MUST_CHECK enum err roster_problems_init(struct roster_problems *problems, struct arena *arena,
                                         size_t limit);

/* A constant text in the language of the problems; for pieces of a message, and hints that are put
 * together.  Every text that is handed over as fmt or hint is looked up by itself. */
const char *roster_problems_text(const struct roster_problems *problems, const char *text)
    __attribute__((format_arg(2)));

/* Adds a problem; the texts are copied, `value` is shortened and its control characters escaped.
 * For readers of other files (partners.csv, certificates) that want to complain alike. */
MUST_CHECK enum err roster_problems_add(struct roster_problems *problems, const char *file,
                                        uint64_t line, int32_t column, const char *heading,
                                        struct str value, const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 8, 9)));

/* Paths; "-" for one of them is the standard input.  NULL leaves a file out; people and skills are
 * required. */
struct roster_files {
    const char *people, *skills, *evidence, *needs, *offers, *rules;
    const struct crew *crew; /* threads for large files; NULL: one.  The result is the same */
};

/* Reads and checks all files.
 *   ERR_OK       *roster is complete and lives in `arena`; problems->total is 0; notes may be there
 *   ERR_INVALID  the files are wrong, problems says how; nothing is returned
 *   ERR_IO       a file could not be opened or read, problems says which
 *   ERR_NOMEM    the arena's limit or the system's memory was reached
 * Nothing stays allocated in `arena` on failure (problems keeps its texts in its own). */
MUST_CHECK enum err roster_read(struct arena *arena, const struct roster_files *files,
                                struct roster_problems *problems, struct roster **roster);

/* What zone_fit() takes; borrows from the roster. */
struct zone_data roster_zone_data(const struct roster *roster);

/* The index of a person, skill or further column, or ROSTER_NONE.  `id` is trimmed and normalised
 * here.  For "languages" and "free_periods" see ROSTER_SHARED. */
int32_t roster_find_person(const struct roster *roster, struct str id);
int32_t roster_find_skill(const struct roster *roster, struct str id);
int32_t roster_find_column(const struct roster *roster, struct str name);

/* The person's value in a column as text, "" when empty. */
struct str roster_value(const struct roster *roster, int32_t person, int32_t column);

/* priority(i, s) of the gain formula, a weight in (0, 1]: 1, 0.7 and 0.5 for priorities 1, 2, 3. */
double roster_priority_weight(int32_t priority);

#endif
