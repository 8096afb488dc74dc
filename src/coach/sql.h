/* Within the room: every SQL statement of the program, in one table.
 *
 * Each module NAME keeps its statements in sql_NAME.def, listed in sql_all.def:
 *
 *     SQL(PERSON_BY_ID, READ, "SELECT name FROM person WHERE id = ?1")
 *     SQL2(JOB_CLAIM, WRITE, "... for SQLite ...", "... for PostgreSQL ...")
 *
 * which makes SQL_PERSON_BY_ID.  A test prepares all of them on both databases.
 *
 *     err = sql_run(coach, SQL_UNIT_RENAME, SQL_ARGS(sql_int(id), sql_text(name)), NULL);
 *     err = sql_first(coach, SQL_PERSON_BY_ID, SQL_ARGS(sql_int(id)), &q);     // ERR_NOT_FOUND:
 * none err = sql_rows(coach, SQL_PERSON_ALL, SQL_NONE, &q);                    // then db_step(q)
 * ... db_finish(q);
 */
#ifndef DUET_COACH_SQL_H
#define DUET_COACH_SQL_H

#include "base/err.h"
#include "base/list.h"
#include "base/str.h"
#include "coach/coach.h"
#include "db/db.h"

#include <stddef.h>
#include <stdint.h>

enum sql_id {
#define SQL(id, mode, text) SQL_##id,
#define SQL2(id, mode, sqlite, postgres) SQL_##id,
#include "coach/sql_all.def"
#undef SQL
#undef SQL2
    SQL__MAX
};

extern const struct db_sql coach_sql[SQL__MAX];

enum sql_type { SQL_TYPE_NULL, SQL_TYPE_INT, SQL_TYPE_DOUBLE, SQL_TYPE_TEXT, SQL_TYPE_BLOB };

struct sql_arg {
    enum sql_type type;
    int64_t number;
    double real;
    struct str bytes;
};

struct sql_arg sql_null(void);
struct sql_arg sql_int(int64_t value);
struct sql_arg sql_double(double value);
struct sql_arg sql_text(struct str value);
struct sql_arg sql_word(const char *value); /* NUL-terminated */
struct sql_arg sql_blob(const void *bytes, size_t n);
struct sql_arg sql_id_or_null(int64_t id);        /* 0: NULL */
struct sql_arg sql_text_or_null(struct str text); /* empty: NULL */

#define SQL_ARGS(...)                                                                              \
    (const struct sql_arg[]){__VA_ARGS__},                                                         \
        (int)(sizeof((const struct sql_arg[]){__VA_ARGS__}) / sizeof(struct sql_arg))
#define SQL_NONE NULL, 0

/* Whether a statement changes who offers what in a unit, or their names; the commit says so then to
 * all who remember that (memory.h). */
bool sql_changes_helpers(enum sql_id id);

/* Prepares and binds, parameters in order from ?1.  On ERR_OK the caller finishes *query. */
MUST_CHECK enum err sql_rows(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                             struct db_query **query);
/* The same and the first step.  On an error (ERR_NOT_FOUND: no row) nothing is to be finished. */
MUST_CHECK enum err sql_first(struct coach *coach, enum sql_id id, const struct sql_arg *args,
                              int n, struct db_query **query);
/* Runs a statement without rows.  *changed (may be NULL): rows concerned. */
MUST_CHECK enum err sql_run(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                            int64_t *changed);
/* The first column of the first row; ERR_NOT_FOUND: no row. */
MUST_CHECK enum err sql_number(struct coach *coach, enum sql_id id, const struct sql_arg *args,
                               int n, int64_t *value);
/* Adds an item to `rows` for every row; `read` fills the zeroed item.  ERR_LIMIT: more than the
 * list takes. */
MUST_CHECK enum err sql_list(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                             enum err (*read)(struct coach *coach, const struct db_query *query,
                                              void *item),
                             struct list *rows);
/* The reader of a list of int64_t: the first column. */
MUST_CHECK enum err sql_read_id(struct coach *coach, const struct db_query *query, void *item);
/* The first column of the first `most` rows; further ones are not read. */
MUST_CHECK enum err sql_ids(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                            int64_t *ids, int64_t most, int64_t *n_ids);
/* Two columns as one name: given name, space, family name. */
struct str sql_copy_name(struct coach *coach, const struct db_query *query, int given, int family,
                         enum err *failed);
/* A column as a copy in the coach's arena; *failed becomes ERR_NOMEM when there is no memory. */
struct str sql_copy(struct coach *coach, const struct db_query *query, int column,
                    enum err *failed);

#endif
