/* The table of statements, and short ways to use it. */
#include "coach/sql.h"

#include "base/arena.h"

const struct db_sql coach_sql[SQL__MAX] = {
#define SQL(id, mode, text) [SQL_##id] = {#id, DB_##mode, text, NULL},
#define SQL2(id, mode, sqlite, postgres) [SQL_##id] = {#id, DB_##mode, sqlite, postgres},
#include "coach/sql_all.def"
#undef SQL
#undef SQL2
};

static const bool changes_helpers[SQL__MAX] = {
    [SQL_WISH_OFFER_SAVE] = true,      [SQL_WISH_OFFER_ADD] = true, [SQL_WISH_OFFER_DROP] = true,
    [SQL_MYDATA_DELETE_OFFERS] = true, [SQL_PERSON_ADD] = true,     [SQL_PERSON_EDIT] = true,
    [SQL_PERSON_LEAVE] = true,         [SQL_PERSON_RETURN] = true,  [SQL_ROLE_ADD] = true,
    [SQL_ROLE_REMOVE] = true,
};

bool sql_changes_helpers(enum sql_id id)
{
    return changes_helpers[id];
}

struct sql_arg sql_null(void)
{
    return (struct sql_arg){.type = SQL_TYPE_NULL};
}

struct sql_arg sql_int(int64_t value)
{
    return (struct sql_arg){.type = SQL_TYPE_INT, .number = value};
}

struct sql_arg sql_double(double value)
{
    return (struct sql_arg){.type = SQL_TYPE_DOUBLE, .real = value};
}

struct sql_arg sql_text(struct str value)
{
    return (struct sql_arg){.type = SQL_TYPE_TEXT, .bytes = value};
}

struct sql_arg sql_word(const char *value)
{
    return sql_text(str_of(value));
}

struct sql_arg sql_blob(const void *bytes, size_t n)
{
    return (struct sql_arg){.type = SQL_TYPE_BLOB, .bytes = {bytes, n}};
}

struct sql_arg sql_id_or_null(int64_t id)
{
    return id ? sql_int(id) : sql_null();
}

struct sql_arg sql_text_or_null(struct str text)
{
    return text.n ? sql_text(text) : sql_null();
}

static void bind(struct db_query *query, int index, const struct sql_arg *arg)
{
    switch (arg->type) {
    case SQL_TYPE_NULL:
        db_bind_null(query, index);
        break;
    case SQL_TYPE_INT:
        db_bind_int(query, index, arg->number);
        break;
    case SQL_TYPE_DOUBLE:
        db_bind_double(query, index, arg->real);
        break;
    case SQL_TYPE_TEXT:
        db_bind_text(query, index, arg->bytes);
        break;
    case SQL_TYPE_BLOB:
        db_bind_blob(query, index, arg->bytes);
        break;
    }
}

enum err sql_rows(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                  struct db_query **query)
{
    struct db_query *q;
    enum err err = db_prepare(coach->db, (int)id, &q);
    if (err) {
        return err;
    }
    for (int i = 0; i < n; i++) {
        bind(q, i + 1, &args[i]);
    }
    coach->helpers_changed = coach->helpers_changed || changes_helpers[id];
    *query = q;
    return ERR_OK;
}

enum err sql_first(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                   struct db_query **query)
{
    struct db_query *q;
    enum err err = sql_rows(coach, id, args, n, &q);
    if (err) {
        return err;
    }
    err = db_step(q);
    if (err) {
        db_finish(q);
        return err;
    }
    *query = q;
    return ERR_OK;
}

enum err sql_run(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                 int64_t *changed)
{
    struct db_query *q;
    enum err err = sql_rows(coach, id, args, n, &q);
    return err ? err : db_run(q, changed);
}

enum err sql_number(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                    int64_t *value)
{
    struct db_query *q;
    enum err err = sql_first(coach, id, args, n, &q);
    if (err) {
        return err;
    }
    *value = db_int(q, 0);
    db_finish(q);
    return ERR_OK;
}

enum err sql_list(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                  enum err (*read)(struct coach *coach, const struct db_query *query, void *item),
                  struct list *rows)
{
    struct db_query *q;
    enum err err = sql_rows(coach, id, args, n, &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        void *item = list_push(rows);
        err = item ? read(coach, q, item) : rows->err;
        if (err) {
            break;
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err sql_read_id(struct coach *coach, const struct db_query *query, void *item)
{
    (void)coach;
    *(int64_t *)item = db_int(query, 0);
    return ERR_OK;
}

enum err sql_ids(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                 int64_t *ids, int64_t most, int64_t *n_ids)
{
    struct db_query *q;
    *n_ids = 0;
    enum err err = sql_rows(coach, id, args, n, &q);
    if (err) {
        return err;
    }
    while (*n_ids < most && (err = db_step(q)) == ERR_OK) {
        ids[(*n_ids)++] = db_int(q, 0);
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

struct str sql_copy(struct coach *coach, const struct db_query *query, int column, enum err *failed)
{
    struct str copy = {"", 0};
    if (!coach_copy(coach, db_text(query, column), &copy)) {
        *failed = ERR_NOMEM;
    }
    return copy;
}

struct str sql_copy_name(struct coach *coach, const struct db_query *query, int given, int family,
                         enum err *failed)
{
    struct str a = db_text(query, given), b = db_text(query, family);
    size_t space = a.n && b.n ? 1 : 0, n = a.n + space + b.n;
    char *name = arena_alloc(coach->arena, n + 1, 1);
    if (!name) {
        *failed = ERR_NOMEM;
        return (struct str){"", 0};
    }
    if (a.n) {
        memcpy(name, a.p, a.n);
    }
    if (space) {
        name[a.n] = ' ';
    }
    if (b.n) {
        memcpy(name + a.n + space, b.p, b.n);
    }
    return (struct str){name, n};
}
