/* Prepared statements: the rules that both databases share. */
#include "base/utf8.h"
#include "db/backend.h"
#include "db/sqltext.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define KEEP_BYTES ((size_t)64 << 10) /* of parameters, from one use to the next */

/* The failure that stands in the way of any statement now, or ERR_OK. */
static enum err usable(struct db *db)
{
    if (db->tx == DB_TX_NONE) {
        return db_fail(db, NULL, ERR_INVALID, "a statement outside a transaction");
    }
    return db->failed;
}

/* What happens once: parameters are counted, the database parses. */
static enum err first_time(struct db_query *query)
{
    struct db *db = query->db;
    if (!query->values) {
        int n = sqltext_n_parameters(query->sql);
        if (n < 0 || n > DB_MAX_PARAMETERS) {
            return db_fail(db, query, ERR_INVALID, "parameters are ?1 .. ?%d", DB_MAX_PARAMETERS);
        }
        query->values = calloc((size_t)n + 1, sizeof *query->values);
        if (!query->values) {
            return db_fail(db, query, ERR_NOMEM, "out of memory");
        }
        query->n_params = n;
    }
    return db->backend->prepare(query);
}

static enum err make_ready(struct db_query *query)
{
    struct db *db = query->db;
    enum err err = usable(db);
    if (err != ERR_OK) {
        return err;
    }
    if (query->in_use) {
        return db_fail(db, query, ERR_INVALID, "is in use");
    }
    if (query->mode == DB_WRITE && db->tx == DB_TX_READ) {
        return db_fail(db, query, ERR_INVALID, "writes, in a read transaction");
    }
    if (!query->handle && (err = first_time(query)) != ERR_OK) {
        return err;
    }
    for (int i = 0; i < query->n_params; i++) {
        query->values[i].type = DB_UNBOUND;
    }
    if (query->capacity > KEEP_BYTES) {
        free(query->bytes);
        query->bytes = NULL;
        query->capacity = 0;
    }
    query->in_use = true;
    query->started = query->done = query->has_row = false;
    query->n_bytes = 0;
    query->n_rows = query->n_changed = 0;
    return ERR_OK;
}

enum err db_prepare(struct db *db, int id, struct db_query **query)
{
    enum err err = usable(db);
    if (err != ERR_OK) {
        return err;
    }
    if (id < 0 || id >= db->n) {
        return db_fail(db, NULL, ERR_INVALID, "there is no statement %d", id);
    }
    err = make_ready(&db->queries[id]);
    if (err == ERR_OK) {
        *query = &db->queries[id];
    }
    return err;
}

enum err db_prepare_text(struct db *db, enum db_mode mode, const char *name, const char *sql,
                         struct db_query **query)
{
    struct db_query *new = calloc(1, sizeof *new);
    if (!new || !(new->own_text = strdup(sql))) {
        free(new);
        return db_fail(db, NULL, ERR_NOMEM, "out of memory");
    }
    new->db = db;
    new->id = db->n + db->n_others++;
    new->name = name;
    new->sql = new->own_text;
    new->mode = mode;
    new->next = db->others;
    db->others = new;
    enum err err = make_ready(new);
    if (err != ERR_OK) {
        db_drop(new);
        return err;
    }
    *query = new;
    return ERR_OK;
}

enum err db_prepare_again(struct db_query *query)
{
    db_finish(query);
    return make_ready(query);
}

void db_drop(struct db_query *query)
{
    if (!query) {
        return;
    }
    db_finish(query);
    struct db_query **link = &query->db->others;
    while (*link != query) {
        link = &(*link)->next;
    }
    *link = query->next;
    if (query->handle) {
        query->db->backend->drop(query);
    }
    free(query->values);
    free(query->bytes);
    free(query->own_text);
    free(query);
}

void db_forget_statements(struct db *db)
{
    for (int i = 0; i < db->n; i++) {
        if (db->queries[i].handle) {
            db->backend->drop(&db->queries[i]);
        }
    }
    for (struct db_query *query = db->others; query; query = query->next) {
        if (query->handle) {
            db->backend->drop(query);
        }
    }
}

enum err db_script(struct db *db, const char *sql)
{
    enum err err = usable(db);
    return err == ERR_OK ? db->backend->script(db, sql) : err;
}

/* The place of a parameter, or NULL after a failure. */
static struct db_value *parameter(struct db_query *query, int index)
{
    assert(query->in_use && !query->started);
    if (index < 1 || index > query->n_params) {
        db_fail(query->db, query, ERR_INVALID, "there is no parameter ?%d", index);
    }
    return query->db->failed == ERR_OK ? &query->values[index - 1] : NULL;
}

void db_bind_int(struct db_query *query, int index, int64_t value)
{
    struct db_value *place = parameter(query, index);
    if (place) {
        *place = (struct db_value){.type = DB_INT, .i = value};
    }
}

void db_bind_double(struct db_query *query, int index, double value)
{
    struct db_value *place = parameter(query, index);
    if (place && !isfinite(value)) {
        db_fail(query->db, query, ERR_INVALID, "?%d is not a finite number", index);
    } else if (place) {
        *place = (struct db_value){.type = DB_DOUBLE, .d = value + 0.0}; /* no -0.0 */
    }
}

void db_bind_null(struct db_query *query, int index)
{
    struct db_value *place = parameter(query, index);
    if (place) {
        *place = (struct db_value){.type = DB_NULL};
    }
}

/* Room for `n` more bytes; false after a failure. */
static bool reserve(struct db_query *query, size_t n)
{
    if (n <= query->capacity - query->n_bytes) {
        return true;
    }
    size_t capacity = 2 * (query->n_bytes + n) + 256;
    char *bytes = realloc(query->bytes, capacity);
    if (!bytes) {
        db_fail(query->db, query, ERR_NOMEM, "out of memory");
        return false;
    }
    query->bytes = bytes;
    query->capacity = capacity;
    return true;
}

/* Copies the bytes, with a NUL behind them; until execution s.p is unset and i the offset. */
static void bind_bytes(struct db_query *query, int index, enum db_type type, struct str s)
{
    struct db_value *place = parameter(query, index);
    if (!place) {
        return;
    }
    if (s.n > DB_MAX_BYTES) {
        db_fail(query->db, query, ERR_LIMIT, "?%d has %zu bytes, at most %zu", index, s.n,
                DB_MAX_BYTES);
        return;
    }
    if (!reserve(query, s.n + 1)) {
        return;
    }
    if (s.n > 0) {
        memcpy(query->bytes + query->n_bytes, s.p, s.n);
    }
    query->bytes[query->n_bytes + s.n] = '\0';
    *place = (struct db_value){.type = type, .i = (int64_t)query->n_bytes, .s = {NULL, s.n}};
    query->n_bytes += s.n + 1;
}

void db_bind_text(struct db_query *query, int index, struct str text)
{
    size_t bad;
    if (!utf8_is_valid(text, &bad)) {
        db_fail(query->db, query, ERR_INVALID, "?%d is not UTF-8 without NUL, from byte %zu", index,
                bad);
        return;
    }
    bind_bytes(query, index, DB_TEXT, text);
}

void db_bind_blob(struct db_query *query, int index, struct str bytes)
{
    bind_bytes(query, index, DB_BLOB, bytes);
}

void db_bind_value(struct db_query *query, int index, struct db_value value)
{
    switch (value.type) {
    case DB_INT:
        db_bind_int(query, index, value.i);
        break;
    case DB_DOUBLE:
        db_bind_double(query, index, value.d);
        break;
    case DB_TEXT:
        db_bind_text(query, index, value.s);
        break;
    case DB_BLOB:
        db_bind_blob(query, index, value.s);
        break;
    default:
        db_bind_null(query, index);
        break;
    }
}

static enum err start(struct db_query *query)
{
    for (int i = 0; i < query->n_params; i++) {
        struct db_value *value = &query->values[i];
        if (value->type == DB_UNBOUND) {
            return db_fail(query->db, query, ERR_INVALID, "?%d is not bound", i + 1);
        }
        if (value->type == DB_TEXT || value->type == DB_BLOB) {
            value->s.p = query->bytes + value->i;
        }
    }
    query->started = true;
    return query->db->backend->start(query);
}

enum err db_step(struct db_query *query)
{
    struct db *db = query->db;
    enum err err = usable(db);
    query->has_row = false;
    if (err == ERR_OK && !query->in_use) {
        err = db_fail(db, query, ERR_INVALID, "is stepped without db_prepare");
    }
    if (err == ERR_OK && query->done) {
        return ERR_NOT_FOUND;
    }
    if (err == ERR_OK && !query->started) {
        err = start(query);
    }
    if (err == ERR_OK) {
        err = db->backend->next(query);
    }
    if (err == ERR_OK && query->mode != DB_SCAN && ++query->n_rows > DB_MAX_ROWS) {
        err = db_fail(db, query, ERR_LIMIT, "more than %d rows; declare it DB_SCAN", DB_MAX_ROWS);
    }
    query->has_row = err == ERR_OK;
    query->done = err == ERR_NOT_FOUND;
    return err;
}

void db_finish(struct db_query *query)
{
    if (!query || !query->in_use) {
        return;
    }
    if (query->started) {
        query->db->backend->finish(query);
    }
    query->in_use = query->started = query->has_row = false;
}

enum err db_run(struct db_query *query, int64_t *changed)
{
    enum err err = db_step(query);
    if (err == ERR_OK) {
        err = db_fail(query->db, query, ERR_INVALID, "gives rows; step through them");
    } else if (err == ERR_NOT_FOUND) {
        err = ERR_OK;
        if (changed) {
            *changed = query->n_changed;
        }
    }
    db_finish(query);
    return err;
}

struct db_value db_value(const struct db_query *query, int column)
{
    struct db_value value = {.type = DB_NULL};
    if (query->has_row && column >= 0 && column < query->n_columns) {
        query->db->backend->column(query, column, &value);
    } else {
        db_fail(query->db, query, ERR_INVALID, "there is no column %d", column);
    }
    return value;
}

/* What is read as another type than it has reads as NULL and fails the transaction. */
static struct db_value column_as(const struct db_query *query, int column, bool (*is)(enum db_type),
                                 const char *what)
{
    struct db_value value = db_value(query, column);
    if (value.type != DB_NULL && !is(value.type)) {
        db_fail(query->db, query, ERR_INVALID, "column %d is no %s", column, what);
        value.type = DB_NULL;
    }
    return value;
}

static bool is_number(enum db_type type)
{
    return type == DB_INT || type == DB_DOUBLE;
}

static bool is_text(enum db_type type)
{
    return type == DB_TEXT;
}

static bool is_blob(enum db_type type)
{
    return type == DB_BLOB;
}

int64_t db_int(const struct db_query *query, int column)
{
    struct db_value value = column_as(query, column, is_number, "number");
    if (value.type == DB_DOUBLE) {
        return value.d >= 0x1p63 ? INT64_MAX : value.d < -0x1p63 ? INT64_MIN : (int64_t)value.d;
    }
    return value.type == DB_INT ? value.i : 0;
}

double db_double(const struct db_query *query, int column)
{
    struct db_value value = column_as(query, column, is_number, "number");
    return value.type == DB_INT ? (double)value.i : value.type == DB_DOUBLE ? value.d : 0.0;
}

struct str db_text(const struct db_query *query, int column)
{
    struct db_value value = column_as(query, column, is_text, "text");
    return value.type == DB_TEXT ? value.s : str_of("");
}

struct str db_blob(const struct db_query *query, int column)
{
    struct db_value value = column_as(query, column, is_blob, "blob");
    return value.type == DB_BLOB ? value.s : str_of("");
}

bool db_is_null(const struct db_query *query, int column)
{
    return db_value(query, column).type == DB_NULL;
}
