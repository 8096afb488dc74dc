/* Within the room: a roster in the making, and the readers of its files. */
#ifndef DUET_COACH_ROSTER_BUILD_H
#define DUET_COACH_ROSTER_BUILD_H

#include "base/csv.h"
#include "base/intern.h"
#include "base/list.h"
#include "coach/roster_problems.h"
#include "coach/roster_table.h"

struct arena;
struct crew;

/* Who has which name, so that a name can stand for an id where only one has it. */
struct roster_naming {
    struct intern *texts;
    struct list owners; /* int32_t, beside texts: an index or ROSTER_SEVERAL */
};
#define ROSTER_SEVERAL (-2)

struct roster_build {
    struct arena *arena; /* the roster's own */
    struct arena *work;  /* freed when reading is over */
    struct roster_problems *problems;
    struct roster *roster;
    struct intern *people, *skills; /* ids */
    struct roster_naming person_names, skill_names;
    struct roster_naming *person_emails; /* folded addresses stand for ids too; NULL: they do not */
    const struct crew *crew;             /* for large files; NULL: one thread */
    size_t piece;                        /* bytes of a file that one of them reads at a time */
    bool in_duet; /* people and skills are those of the database, not of files */
    bool people_incomplete, skills_incomplete; /* rows could not be read: an unknown id may be one
                                                  of theirs and is not complained about */
};

MUST_CHECK enum err roster_naming_init(struct roster_naming *naming, struct arena *arena);
MUST_CHECK enum err roster_naming_add(struct roster_naming *naming, struct str name, int32_t owner);

/* The only one of this name, ROSTER_NONE or ROSTER_SEVERAL. */
int32_t roster_naming_find(const struct roster_naming *naming, struct str name);

/* A set of category names, compared without regard to case; the first spelling is kept. */
struct roster_names {
    struct intern *forms;
    struct list spellings; /* struct str */
};

MUST_CHECK enum err roster_names_init(struct roster_names *names, struct arena *arena, int32_t max);

/* The id of a name, a new one if it is new.  ERR_LIMIT: too many names; ERR_RANGE: a name longer
 * than ROSTER_MAX_ID; ERR_NOMEM. */
MUST_CHECK enum err roster_names_add(struct roster_names *names, struct arena *arena,
                                     struct str name, int32_t *id);

/* Remembers the last id that was looked up by its cell: files are mostly sorted. */
struct roster_recent {
    char cell[ROSTER_MAX_ID];
    size_t n;
    int32_t id;
    bool known;
};

static inline bool roster_recent_is(const struct roster_recent *recent, struct str cell)
{
    return recent->known && cell.n == recent->n && memcmp(cell.p, recent->cell, cell.n) == 0;
}

void roster_recent_set(struct roster_recent *recent, struct str cell, int32_t id);

/* The person or skill whose id stands in a cell, or else the only one of that name, or a problem
 * that says who may be meant and *id ROSTER_NONE. An empty cell gives ROSTER_NONE, with a problem
 * when the heading is required. */
MUST_CHECK enum err roster_build_person(struct roster_build *build, struct roster_table *table,
                                        int heading, struct roster_recent *recent, int32_t *id);
MUST_CHECK enum err roster_build_skill(struct roster_build *build, struct roster_table *table,
                                       int heading, struct roster_recent *recent, int32_t *id);

/* The person of an id, an address or a name in NFC, ROSTER_NONE or ROSTER_SEVERAL. */
int32_t roster_build_who(const struct roster_build *build, struct str who);

/* A whole number from..to in a cell; empty: *value stays as it is. */
MUST_CHECK enum err roster_build_number(struct roster_table *table, int heading, int64_t from,
                                        int64_t to, const char *hint, int64_t *value);

/* A problem that the file has a header but no rows. */
MUST_CHECK enum err roster_build_no_rows(struct roster_table *table);

/* One reader for each file; `file` is its name as shown. */
MUST_CHECK enum err roster_read_people(struct roster_build *build, struct csv_source source,
                                       const char *file);
MUST_CHECK enum err roster_read_skills(struct roster_build *build, struct csv_source source,
                                       const char *file);
MUST_CHECK enum err roster_read_evidence(struct roster_build *build, struct csv_source source,
                                         const char *file);
MUST_CHECK enum err roster_read_needs(struct roster_build *build, struct csv_source source,
                                      const char *file);
MUST_CHECK enum err roster_read_offers(struct roster_build *build, struct csv_source source,
                                       const char *file);
MUST_CHECK enum err roster_read_rules(struct roster_build *build, struct csv_source source,
                                      const char *file);

/* Where a file's bytes come from: a path, or memory (for fuzzers and tests). */
struct roster_source {
    const char *name; /* shown in problems; NULL: the file is left out */
    const char *path; /* NULL: from memory */
    struct str bytes;
};

enum roster_file {
    ROSTER_FILE_PEOPLE,
    ROSTER_FILE_SKILLS,
    ROSTER_FILE_EVIDENCE,
    ROSTER_FILE_NEEDS,
    ROSTER_FILE_OFFERS,
    ROSTER_FILE_RULES,
    ROSTER_FILE__MAX
};

#define ROSTER_PIECE ((size_t)192 << 10)

/* roster_read() from any mixture of sources; the same with threads, which read `piece` bytes of a
 * file at a time (ROSTER_PIECE; tests take less, up to CSV_MAX_PIECE). */
MUST_CHECK enum err roster_read_crew(struct arena *arena,
                                     const struct roster_source sources[ROSTER_FILE__MAX],
                                     const struct crew *crew, size_t piece,
                                     struct roster_problems *problems, struct roster **roster);
MUST_CHECK enum err roster_read_sources(struct arena *arena,
                                        const struct roster_source sources[ROSTER_FILE__MAX],
                                        struct roster_problems *problems, struct roster **roster);

#endif
