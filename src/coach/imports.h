/* Bringing in people, units and evidence from files: keep the file, look, confirm.
 *
 * An uploaded file is kept in the data directory and waits.  Looking at it reads the file and holds
 * it against the database: what would change, and what is wrong with which line.  Nothing is
 * applied until somebody says so; then everything in one transaction, and the file is removed.
 * Whoever looks twice sees the state of that moment; what is applied is what the database asks for
 * at that moment.  Administrators only (ALLOW_ON_IMPORT), and the server.
 *
 *     path = a fresh place from imports_place(); upload_keep(upload, path);
 *     err = imports_add(coach, IMPORTS_PEOPLE, filename, path, &id);
 *     err = imports_look(coach, data_dir, id, &view);            // a page: problems, counts, steps
 *     err = imports_set_options(coach, id, &options);            // columns, framework ...
 *     err = imports_apply(coach, data_dir, id, &view);           // ERR_REFUSED: view.stop says why
 *
 * Errors, beside those of the database: ERR_FORBIDDEN; ERR_NOT_FOUND; ERR_CONFLICT: not waiting any
 * more; ERR_IO: the file is gone. */
#ifndef DUET_COACH_IMPORTS_H
#define DUET_COACH_IMPORTS_H

#include "base/err.h"
#include "base/str.h"
#include "coach/evidence_sheet.h"
#include "coach/import_plan.h"
#include "coach/people_sheet.h"
#include "coach/roster.h"

#include <stdbool.h>
#include <stdint.h>

struct coach;

#define IMPORTS_MAX_FILE_NAME 200 /* bytes that are kept of an uploaded file's name */
#define IMPORTS_PROBLEMS 200      /* problems that are kept for a page; all are counted */
#define IMPORTS_MAX_SHEET ((size_t)64 << 20) /* bytes of a sheet of people */
#define IMPORTS_KEEP_DAYS 1                  /* after so long a waiting file is discarded (a job) */

enum imports_kind { IMPORTS_ONEROSTER, IMPORTS_PEOPLE, IMPORTS_EVIDENCE, IMPORTS_KIND__MAX };
enum imports_state { IMPORTS_WAITING, IMPORTS_APPLIED, IMPORTS_DISCARDED, IMPORTS_STATE__MAX };

const char *imports_kind_word(enum imports_kind kind); /* "oneroster", "people", "evidence" */
bool imports_kind_of(struct str word, enum imports_kind *kind);

/* What the person decides beside the file; nothing: {.system = {"", 0}}. */
struct imports_options {
    bool skip_bad;        /* leave out rows with problems */
    bool accept_leavers;  /* many people leaving at once is right */
    bool complete;        /* OneRoster without a manifest: the files hold everything */
    struct str system;    /* OneRoster: the name of the system behind it; "": the manifest's */
    int64_t framework_id; /* evidence: required */
    struct people_sheet_mapping columns; /* people: n 0: guessed */
};

struct imports_item {
    int64_t id;
    enum imports_kind kind;
    enum imports_state state;
    struct str file_name; /* as its uploader called it */
    struct str stored_as; /* in <data_dir>/imports */
    struct str summary;   /* of an applied one: counts, "person_add=12 person_leave=3" */
    int64_t created_by, created_ms, finished_ms;
    struct imports_options options;
};

/* A path for a new file, <data_dir>/imports/<random>; makes the folder when it is not there. */
MUST_CHECK enum err imports_place(struct coach *coach, const char *data_dir, struct str *path);

/* The file at `path`, from imports_place(), waits from now on. */
MUST_CHECK enum err imports_add(struct coach *coach, enum imports_kind kind, struct str file_name,
                                struct str path, int64_t *id);

/* The newest first, at most `limit`. */
MUST_CHECK enum err imports_list(struct coach *coach, int32_t limit, struct imports_item **items,
                                 size_t *n);
MUST_CHECK enum err imports_get(struct coach *coach, int64_t id, struct imports_item *item);

/* Remembers options for the next look; a system of more than ONEROSTER_MAX_SOURCE bytes is not
 * remembered. */
MUST_CHECK enum err imports_set_options(struct coach *coach, int64_t id,
                                        const struct imports_options *options);

/* The next count of item.summary: a heading (a msgid, "New people") and a number; false: no more.
 *     while (imports_summary_next(&rest, &heading, &number)) ... */
bool imports_summary_next(struct str *rest, const char **heading, struct str *number);

/* Why it cannot be applied as it is. */
enum imports_stop {
    IMPORTS_GO,           /* it can */
    IMPORTS_STOP_FILE,    /* the file or its columns cannot be read: see problems */
    IMPORTS_STOP_WHOLE,   /* evidence: rows have problems, and it comes in as a whole */
    IMPORTS_STOP_ROWS,    /* rows have problems, and skip_bad is not said */
    IMPORTS_STOP_LEAVERS, /* many would leave, and accept_leavers is not said */
    IMPORTS_STOP_OPTIONS, /* evidence: which framework? */
    IMPORTS_STOP_EMPTY,   /* nothing would change */
    IMPORTS_STOP__MAX
};

/* A msgid that says it in a sentence. */
const char *imports_stop_text(enum imports_stop stop);

struct imports_view {
    struct imports_item item;
    enum imports_stop stop;
    struct roster_problems problems;   /* with the notes */
    const struct import_plan *plan;    /* people and units; NULL: none could be made */
    const struct people_sheet *sheet;  /* IMPORTS_PEOPLE: the columns */
    const struct evidence_sheet *rows; /* IMPORTS_EVIDENCE; NULL: could not be read */
    struct str source;                 /* "sheet", "oneroster:..." */
};

/* Reads the file and says what would happen.  A read transaction does. */
MUST_CHECK enum err imports_look(struct coach *coach, const char *data_dir, int64_t id,
                                 struct imports_view *view);

/* Looks and applies.  ERR_REFUSED: view->stop says why; nothing was changed. */
MUST_CHECK enum err imports_apply(struct coach *coach, const char *data_dir, int64_t id,
                                  struct imports_view *view);

/* It is not wanted; *item says whose file can be dropped. */
MUST_CHECK enum err imports_discard(struct coach *coach, int64_t id, struct imports_item *item);

/* Removes the file of an import that is over; call it after the commit.  No error when it is gone.
 */
void imports_drop_file(const char *data_dir, const struct imports_item *item);

/* Discards what has waited for IMPORTS_KEEP_DAYS, and removes files of more than a day that no
 * waiting import has; for the server, now and then.  COACH_WRITE.  *n: files that were removed. */
MUST_CHECK enum err imports_sweep(struct coach *coach, const char *data_dir, int32_t *n);

/* The same without keeping a file, for the command line: a path to a zip, a folder or a CSV file.
 */
MUST_CHECK enum err imports_look_at(struct coach *coach, enum imports_kind kind, const char *path,
                                    const struct imports_options *options,
                                    struct imports_view *view);
MUST_CHECK enum err imports_apply_from(struct coach *coach, enum imports_kind kind,
                                       const char *path, const struct imports_options *options,
                                       struct imports_view *view);

#endif
