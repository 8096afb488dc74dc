/* Within the room: a OneRoster export being read, and the readers of its files. */
#ifndef DUET_COACH_ONEROSTER_READ_H
#define DUET_COACH_ONEROSTER_READ_H

#include "base/intern.h"
#include "base/list.h"
#include "coach/archive.h"
#include "coach/import_cell.h"
#include "coach/oneroster.h"

enum oneroster_file {
    ONEROSTER_MANIFEST,
    ONEROSTER_ORGS,
    ONEROSTER_ROLES,
    ONEROSTER_USERS,
    ONEROSTER_ENROLLMENTS,
    ONEROSTER_CLASSES,
    ONEROSTER_COURSES,
    ONEROSTER_DEMOGRAPHICS, /* never opened */
    ONEROSTER_FILE__MAX
};

enum oneroster_mode {
    ONEROSTER_UNSAID, /* no manifest, or it does not mention the file */
    ONEROSTER_ABSENT,
    ONEROSTER_BULK,
    ONEROSTER_DELTA,
};

/* Something that is counted while reading and said at the end; `line` of the first. */
struct oneroster_tally {
    uint64_t count, line;
};

/* Who somebody is by the word in a role column. */
enum oneroster_who {
    ONEROSTER_STAFF,
    ONEROSTER_STUDENT,
    ONEROSTER_FAMILY,
    ONEROSTER_OTHER,  /* a word that is none of OneRoster's: left out and noted */
    ONEROSTER_UNCLEAR /* nearly one of them, or nothing: a problem */
};

struct oneroster {
    struct arena *arena; /* of the result */
    struct arena *work;  /* freed when reading is over */
    struct archive *archive;
    struct oneroster_options options;
    struct roster_problems *problems;
    struct str source;
    bool has_manifest;
    bool no_memory;                  /* where an error could not be returned */
    bool unreadable;                 /* a file could not be read to its end */
    int32_t at[ONEROSTER_FILE__MAX]; /* the file in the archive, or -1 */
    enum oneroster_mode mode[ONEROSTER_FILE__MAX];
    uint64_t left_out[ONEROSTER_FILE__MAX]; /* rows with problems */
    const struct intern *known;             /* ids of people of the source; NULL: none */
    struct import_set *set;
    bool roles_in_users; /* there is no roles.csv: version 1.1 */
    uint64_t n_students, n_family, n_without_role;
    struct intern *other_words; /* words for roles that are none of OneRoster's */
};

/* The name of a file, "users.csv". */
const char *oneroster_file_name(enum oneroster_file file);

/* Whether a file is there and the manifest does not say that it is absent. */
bool oneroster_has(const struct oneroster *oneroster, enum oneroster_file file);

/* Whether what is not in the file has left. */
bool oneroster_is_complete(const struct oneroster *oneroster, enum oneroster_file file);

/* Opens a file's table, in memory of its own; misspelt names are taken.  Close it whatever the
 * result; closing counts what was left out and frees the table. */
MUST_CHECK enum err oneroster_open(struct oneroster *oneroster, enum oneroster_file file,
                                   const struct roster_heading *headings,
                                   struct roster_table **table);
void oneroster_close(struct oneroster *oneroster, enum oneroster_file file,
                     struct roster_table *table);

/* The next row; ERR_NOT_FOUND: no more, or the file cannot be read on (a problem was added). */
MUST_CHECK enum err oneroster_next(struct roster_table *table);

/* Rows of states: *gone is true for tobedeleted and the older inactive; a blank one is active. */
MUST_CHECK enum err oneroster_status(struct roster_table *table, int heading, bool *gone);

/* Counts dates that are not written YYYY-MM-DD; they are not used. */
void oneroster_check_date(const struct roster_table *table, int heading,
                          struct oneroster_tally *tally);

void oneroster_tally(struct oneroster_tally *tally, const struct roster_table *table);

/* A note "COUNT one|many" about what was counted, if anything was. */
MUST_CHECK enum err oneroster_note(struct roster_table *table, const struct oneroster_tally *tally,
                                   const char *one, const char *many);

/* The note about dates. */
MUST_CHECK enum err oneroster_note_dates(struct roster_table *table,
                                         const struct oneroster_tally *tally);

/* Who somebody is, and as what they work; *like is the word that may have been meant. */
enum oneroster_who oneroster_who(struct str role, enum import_work *work, const char **like);

/* Whether a row with this role is not read; counts it then. */
bool oneroster_drop(struct oneroster *oneroster, struct str role);

/* A problem about a role that is nearly one of the words, or missing. */
MUST_CHECK enum err oneroster_bad_role(struct roster_table *table, int heading, const char *like);

/* An id for a role whose row has none; it cannot be one of a file. */
MUST_CHECK enum err oneroster_made_id(struct import_set *set, struct str user, struct str unit,
                                      enum import_work work, struct str *id);

/* The id in a cell as the sets have it, in `out`; "" when it is none. */
struct str oneroster_id(const struct roster_table *table, int heading, char out[UTF8_MAX_FORM]);

/* The readers, in this order. */
MUST_CHECK enum err oneroster_read_orgs(struct oneroster *oneroster);
MUST_CHECK enum err oneroster_read_roles(struct oneroster *oneroster);
MUST_CHECK enum err oneroster_read_users(struct oneroster *oneroster);
MUST_CHECK enum err oneroster_read_classes(struct oneroster *oneroster);

#endif
