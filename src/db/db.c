/* The rules that both databases share: connections and transactions, which failure sticks, and
 * running again what was busy. */
#include "db/backend.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* One line: control characters become blanks, blanks at the end go. */
static void one_line(char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f) {
            text[i] = ' ';
        }
    }
    while (n > 0 && text[n - 1] == ' ') {
        text[--n] = '\0';
    }
}

enum err db_fail(struct db *db, const struct db_query *query, enum err code, const char *fmt, ...)
{
    if (db->tx != DB_TX_NONE && db->failed != ERR_OK) {
        return code;
    }
    int n = query ? snprintf(db->message, sizeof db->message, "%.100s: ", query->name) : 0;
    va_list args;
    va_start(args, fmt);
    vsnprintf(db->message + n, sizeof db->message - (size_t)n, fmt, args);
    va_end(args);
    one_line(db->message);
    if (db->tx != DB_TX_NONE) {
        db->failed = code;
    }
    return code;
}

bool db_is_address(const char *where)
{
    return strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0;
}

static void free_query(struct db_query *query)
{
    free(query->values);
    free(query->bytes);
    free(query->own_text);
}

static struct db *new_db(const char *where, const struct db_sql *table, int n)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db) {
        return NULL;
    }
    db->where = strdup(where);
    db->queries = calloc(n > 0 ? (size_t)n : 1, sizeof *db->queries);
    db->table = table;
    db->n = n;
    db->backend = db_is_address(where) ? &db_postgres : &db_sqlite;
    if (!db->where || !db->queries) {
        free(db->where);
        free(db->queries);
        free(db);
        return NULL;
    }
    for (int i = 0; i < n; i++) {
        const char *own = db->backend->kind == DB_POSTGRES ? table[i].postgres : NULL;
        db->queries[i].db = db;
        db->queries[i].id = i;
        db->queries[i].name = table[i].name;
        db->queries[i].mode = table[i].mode;
        db->queries[i].sql = own ? own : table[i].sql;
    }
    return db;
}

/* `new` is NULL when there was no memory for it. */
static enum err open_new(struct db *new, struct db **db, char *message, size_t size)
{
    *db = NULL;
    if (!new) {
        snprintf(message, size, "out of memory");
        return ERR_NOMEM;
    }
    enum err err = new->backend->kind == DB_POSTGRES ? db_postgres_open(new) : db_sqlite_open(new);
    if (err != ERR_OK) {
        snprintf(message, size, "%s", new->message);
        db_close(new);
        return err;
    }
    *db = new;
    return ERR_OK;
}

enum err db_open(const char *where, const struct db_sql *table, int n, struct db **db,
                 char *message, size_t size)
{
    return open_new(new_db(where, table, n), db, message, size);
}

enum err db_open_sealed(const char *path, struct db **db, char *message, size_t size)
{
    struct db *new = new_db(path, NULL, 0);
    if (new) {
        new->backend = &db_sqlite;
        new->sealed = true;
    }
    return open_new(new, db, message, size);
}

void db_close(struct db *db)
{
    if (!db) {
        return;
    }
    db_rollback(db);
    while (db->others) {
        db_drop(db->others);
    }
    db->backend->close(db);
    for (int i = 0; i < db->n; i++) {
        free_query(&db->queries[i]);
    }
    free(db->queries);
    free(db->where);
    free(db);
}

enum db_kind db_kind(const struct db *db)
{
    return db->backend->kind;
}

const char *db_message(const struct db *db)
{
    return db->message;
}

const char *db_place(const struct db *db)
{
    return db->place;
}

const char *db_warning(const struct db *db)
{
    return db->warning[0] ? db->warning : NULL;
}

bool db_in_transaction(const struct db *db)
{
    return db->tx != DB_TX_NONE;
}

enum err db_begin_tx(struct db *db, enum db_tx tx)
{
    if (db->tx != DB_TX_NONE) {
        return db_fail(db, NULL, ERR_INVALID, "a transaction is open already");
    }
    db->failed = ERR_OK;
    db->message[0] = '\0';
    enum err err = db->backend->begin(db, tx);
    if (err == ERR_OK) {
        db->tx = tx;
        db->message[0] = '\0'; /* of a connection that was lost and opened again */
    }
    return err;
}

enum err db_begin(struct db *db, enum db_mode mode)
{
    if (mode != DB_READ && mode != DB_WRITE) {
        return db_fail(db, NULL, ERR_INVALID, "a transaction reads or writes");
    }
    return db_begin_tx(db, mode == DB_WRITE ? DB_TX_WRITE : DB_TX_READ);
}

static void finish_all(struct db *db)
{
    for (int i = 0; i < db->n; i++) {
        db_finish(&db->queries[i]);
    }
    for (struct db_query *query = db->others; query; query = query->next) {
        db_finish(query);
    }
}

enum err db_commit(struct db *db)
{
    if (db->tx == DB_TX_NONE) {
        return db_fail(db, NULL, ERR_INVALID, "no transaction is open");
    }
    finish_all(db);
    enum err err = db->failed;
    if (err == ERR_OK) {
        err = db->backend->commit(db);
    }
    if (err != ERR_OK) {
        db_rollback(db);
    }
    db->tx = DB_TX_NONE;
    return err;
}

void db_rollback(struct db *db)
{
    if (db->tx == DB_TX_NONE) {
        return;
    }
    finish_all(db);
    db->backend->rollback(db);
    db->tx = DB_TX_NONE;
}

int64_t db_monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now); /* to some milliseconds: it is asked at each row */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A pause of 1/2 .. 3/2 of 4, 8, 16 ... milliseconds. */
static void pause_before_retry(int attempt)
{
    uint32_t base = 4u << (attempt < 8 ? attempt : 8);
    uint32_t ms = base / 2 + randombytes_uniform(base);
    struct timespec time = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

enum err db_transact(struct db *db, enum db_mode mode, enum err (*work)(struct db *db, void *ctx),
                     void *ctx)
{
    int64_t begin = db_monotonic_ms();
    enum err err;
    for (int attempt = 0;; attempt++) {
        err = db_begin(db, mode);
        if (err == ERR_OK) {
            err = work(db, ctx);
            if (err == ERR_OK) {
                err = db_commit(db);
            } else {
                db_rollback(db);
            }
        }
        if (err != ERR_BUSY || attempt + 1 >= DB_ATTEMPTS ||
            db_monotonic_ms() - begin >= DB_PATIENCE_MS) {
            return err;
        }
        pause_before_retry(attempt);
    }
}
