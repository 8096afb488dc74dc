/* COPY FROM STDIN (FORMAT binary): a signature, then for each row the number of columns and for
 * each value its length (-1: NULL) and its bytes, then -1.  (PostgreSQL's manual, "COPY", "Binary
 * Format".) */
#include "db/postgres_bulk.h"

#include "base/arena.h"
#include "base/buf.h"
#include "db/postgres.h"

#define MAX_ROW (DB_MAX_PARAMETERS * (DB_MAX_BYTES + 16))

struct postgres_bulk {
    struct db *db;
    const struct schema_table *table;
    struct buf buf; /* one row */
};

static const char signature[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";

static enum err send(struct postgres_bulk *bulk, struct str bytes)
{
    struct postgres *own = bulk->db->handle;
    int sent = PQputCopyData(own->connection, bytes.p, (int)bytes.n);
    return sent == 1 ? ERR_OK : postgres_fail(bulk->db, NULL, NULL);
}

enum err postgres_bulk_begin(struct db *db, struct arena *arena, const struct schema_table *table,
                             struct postgres_bulk **bulk)
{
    struct postgres *own = db->handle;
    struct postgres_bulk *new = arena_alloc(arena, 1, sizeof *new);
    const char *sql = schema_copy_sql(arena, table);
    if (!new || !sql) {
        return db_fail(db, NULL, ERR_NOMEM, "out of memory");
    }
    new->db = db;
    new->table = table;
    buf_init(&new->buf, arena, MAX_ROW);
    PGresult *result = PQexec(own->connection, sql);
    if (PQresultStatus(result) != PGRES_COPY_IN) {
        return postgres_fail(db, NULL, result);
    }
    PQclear(result);
    *bulk = new;
    return send(new, (struct str){signature, sizeof signature});
}

static void add_number(struct buf *buf, uint64_t value, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        buf_add_char(buf, (char)(value >> (8 * i) & 0xff));
    }
}

static void add_value(struct buf *buf, struct db_value value)
{
    uint64_t bits;
    switch (value.type) {
    case DB_INT:
        add_number(buf, 8, 4);
        add_number(buf, (uint64_t)value.i, 8);
        break;
    case DB_DOUBLE:
        value.d += 0.0; /* no -0.0 */
        memcpy(&bits, &value.d, sizeof bits);
        add_number(buf, 8, 4);
        add_number(buf, bits, 8);
        break;
    case DB_TEXT:
    case DB_BLOB:
        add_number(buf, value.s.n, 4);
        buf_add(buf, value.s);
        break;
    default:
        add_number(buf, 0xffffffffu, 4);
        break;
    }
}

enum err postgres_bulk_row(struct postgres_bulk *bulk, const struct db_query *row)
{
    const struct schema_table *table = bulk->table;
    struct str bytes;
    buf_clear(&bulk->buf);
    add_number(&bulk->buf, (uint64_t)table->n_columns, 2);
    for (int i = 0; i < table->n_columns; i++) {
        struct db_value value = db_value(row, i);
        if (value.type != DB_NULL && value.type != table->columns[i].type) {
            return db_fail(bulk->db, NULL, ERR_INVALID, "a value of %s.%s has another type",
                           table->name, table->columns[i].name);
        }
        add_value(&bulk->buf, value);
    }
    enum err err = buf_end(&bulk->buf, &bytes);
    if (err == ERR_OK && bytes.n > INT32_MAX) {
        err = ERR_LIMIT;
    }
    return err == ERR_OK ? send(bulk, bytes)
                         : db_fail(bulk->db, NULL, err, "a row of %s is too big", table->name);
}

enum err postgres_bulk_end(struct postgres_bulk *bulk, enum err err)
{
    struct postgres *own = bulk->db->handle;
    PGresult *result, *failed = NULL;
    if (err == ERR_OK) {
        err = send(bulk, (struct str){"\377\377", 2});
    }
    bool ended = PQputCopyEnd(own->connection, err == ERR_OK ? NULL : "given up") == 1;
    while ((result = PQgetResult(own->connection)) != NULL) {
        if (!postgres_ran(result) && !failed) {
            failed = result;
        } else {
            PQclear(result);
        }
        if (PQstatus(own->connection) != CONNECTION_OK) {
            break;
        }
    }
    if (err == ERR_OK && (failed || !ended)) {
        const struct db_query copy = {.name = bulk->table->name}; /* for the message */
        return postgres_fail(bulk->db, &copy, failed);
    }
    PQclear(failed);
    return err;
}
