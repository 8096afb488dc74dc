/* Rows for every table of Duet's own schema, made from the text of its migrations, so that tests
 * need not know what the tables are.
 *
 * A column's definition says what fits: its type, NOT NULL, what it references, the words of
 * `CHECK (x IN (...))`, the bounds of `CHECK (x BETWEEN a AND b)`.  Checks over several columns and
 * uniqueness are met by trying again.  Tables with an @id get the ids 1 .. FILL_ROWS, and the next
 * id lies higher, as after deletions. */
#ifndef DUET_TESTS_DB_FILL_H
#define DUET_TESTS_DB_FILL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "db/dbtest.h"
#include "db/migrate.h"
#include "db/migrate_list.h"
#include "db/schema.h"
#include "db/sqltext.h"

#include <float.h>

#define FILL_ROWS 4
#define FILL_TRIES 400
#define FILL_MORE_TRIES 50 /* for a further row of a table that may be full */
#define FILL_MAX_TABLES 200
#define FILL_MAX_COLUMNS 60
#define FILL_MAX_WORDS 30

struct fill_column {
    char name[64], references[64];
    enum db_type type;
    bool is_id, not_null, bounded;
    int64_t min, max;
    int n_words;
    struct str words[FILL_MAX_WORDS];
};

struct fill_table {
    char name[64];
    int n_columns;
    struct fill_column columns[FILL_MAX_COLUMNS];
};

struct fill {
    int n_tables;
    struct fill_table tables[FILL_MAX_TABLES];
    struct rng rng;
};

/* The next part that is neither blank nor a comment. */
static inline enum sqltext_kind fill_next(struct str *rest, struct str *part)
{
    for (;;) {
        enum sqltext_kind kind = sqltext_next(rest, part);
        bool blank = kind == SQLTEXT_OTHER && strchr(" \n\t", part->p[0]);
        bool comment = kind == SQLTEXT_QUOTED && part->p[0] != '\'' && part->p[0] != '"';
        if (!blank && !comment) {
            return kind;
        }
    }
}

static inline void fill_name(char name[64], struct str part)
{
    snprintf(name, 64, "%.*s", (int)part.n, part.p);
}

static inline enum db_type fill_type(struct str part)
{
    return str_is(part, "INTEGER") || str_is(part, "BIGINT") || str_is(part, "@id") ? DB_INT
           : str_is(part, "DOUBLE")                                                 ? DB_DOUBLE
           : str_is(part, "TEXT")                                                   ? DB_TEXT
           : str_is(part, "BYTEA")                                                  ? DB_BLOB
                                                                                    : DB_NULL;
}

static inline void fill_number(struct fill_column *column, struct str part)
{
    int64_t number = strtoll(part.p, NULL, 10);
    column->min = !column->bounded || number < column->min ? number : column->min;
    column->max = !column->bounded || number > column->max ? number : column->max;
    column->bounded = true;
}

/* Reads one column's definition up to the comma or parenthesis that ends it; true: a comma. */
static inline bool fill_read_column(struct str *rest, struct fill_column *column)
{
    struct str part, before = str_of("");
    bool check = false;
    int depth = 0;
    for (enum sqltext_kind kind; (kind = fill_next(rest, &part)) != SQLTEXT_END; before = part) {
        char c = part.p[0];
        if (kind == SQLTEXT_OTHER && depth == 0 && (c == ',' || c == ')' || c == ';')) {
            return c == ',';
        }
        depth += kind == SQLTEXT_OTHER ? (c == '(') - (c == ')') : 0;
        column->is_id = column->is_id || str_is(part, "@id");
        check = check || str_is(part, "CHECK");
        column->type = column->type == DB_UNBOUND ? fill_type(part) : column->type;
        column->not_null = column->not_null || (str_is(before, "NOT") && str_is(part, "NULL")) ||
                           (str_is(before, "PRIMARY") && str_is(part, "KEY"));
        if (str_is(before, "REFERENCES")) {
            fill_name(column->references, part);
        }
        if (check && kind == SQLTEXT_QUOTED && column->n_words < FILL_MAX_WORDS) {
            column->words[column->n_words++] = (struct str){part.p + 1, part.n - 2};
        }
        if (check && kind == SQLTEXT_WORD && c >= '0' && c <= '9') {
            fill_number(column, part);
        }
    }
    return false;
}

/* PRIMARY KEY (a, b): these are not null. */
static inline void fill_read_key(struct fill_table *table, struct str *rest, bool primary,
                                 bool *more)
{
    struct str part;
    int depth = 0;
    *more = false;
    while (fill_next(rest, &part) != SQLTEXT_END) {
        depth += str_is(part, "(") - str_is(part, ")");
        if (depth == 0 && str_is(part, ",")) {
            *more = true;
            return;
        }
        if (depth < 0) {
            return;
        }
        for (int i = 0; primary && i < table->n_columns; i++) {
            table->columns[i].not_null =
                table->columns[i].not_null || str_is(part, table->columns[i].name);
        }
    }
}

static inline void fill_read_table(struct fill_table *table, struct str *rest)
{
    struct str part;
    for (bool more = true; more && fill_next(rest, &part) != SQLTEXT_END;) {
        if (str_is(part, "PRIMARY") || str_is(part, "UNIQUE") || str_is(part, "CHECK") ||
            str_is(part, "FOREIGN") || str_is(part, "CONSTRAINT")) {
            fill_read_key(table, rest, str_is(part, "PRIMARY"), &more);
            continue;
        }
        struct fill_column *column = &table->columns[table->n_columns++];
        fill_name(column->name, part);
        more = fill_read_column(rest, column);
    }
}

static inline struct fill_table *fill_find(struct fill *fill, struct str name)
{
    for (int i = 0; i < fill->n_tables; i++) {
        if (str_is(name, fill->tables[i].name)) {
            return &fill->tables[i];
        }
    }
    return NULL;
}

/* CREATE TABLE name ( ... and ALTER TABLE name ADD [COLUMN] column ... */
static inline void fill_read(struct fill *fill, struct str text)
{
    struct str part, before = str_of(""), name;
    while (fill_next(&text, &part) != SQLTEXT_END) {
        if (str_is(before, "CREATE") && str_is(part, "TABLE")) {
            struct fill_table *table = &fill->tables[fill->n_tables++];
            fill_next(&text, &name);
            fill_name(table->name, name);
            fill_next(&text, &part);
            fill_read_table(table, &text);
        } else if (str_is(before, "ALTER") && str_is(part, "TABLE")) {
            fill_next(&text, &name);
            struct fill_table *table = fill_find(fill, name);
            fill_next(&text, &part);
            fill_next(&text, &part);
            if (str_is(part, "COLUMN")) {
                fill_next(&text, &part);
            }
            struct fill_column *column = &table->columns[table->n_columns++];
            fill_name(column->name, part);
            (void)fill_read_column(&text, column);
        }
        before = part;
    }
}

/* What migrations 1 .. `version` make. */
static inline struct fill *fill_of_version(int version)
{
    struct fill *fill = calloc(1, sizeof *fill);
    for (int i = 0; i < migrate_n_list; i++) {
        const struct migration *m = &migrate_list[i];
        if (m->number <= version && m->kind != DB_POSTGRES) {
            fill_read(fill, (struct str){m->text, (size_t)(m->end - m->text)});
        }
    }
    fill->rng = rng_seed(7);
    return fill;
}

static inline int64_t fill_below(struct fill *fill, int64_t n)
{
    return rng_below(&fill->rng, (uint32_t)n);
}

static inline void fill_int(struct fill *fill, const struct fill_column *column, int row,
                            struct db_query *q, int index)
{
    static const int64_t some[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1700000000000, 20000, 255};
    const struct fill_table *other = fill_find(fill, str_of(column->references));
    if (column->is_id) {
        db_bind_int(q, index, row + 1);
    } else if (other) {
        db_bind_int(q, index, 1 + fill_below(fill, FILL_ROWS));
    } else if (column->bounded) {
        db_bind_int(q, index, column->min + fill_below(fill, column->max - column->min + 1));
    } else {
        db_bind_int(q, index, some[fill_below(fill, 8)]);
    }
}

static inline void fill_text(struct fill *fill, const struct fill_column *column,
                             struct db_query *q, int index)
{
    static const char *const some[] = {
        "plain",
        "",
        "Zo\xc3\xab",
        "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
        "it's \"quoted\"",
        "\xf0\x9f\x8e\xbb",
        "two\nlines\ttab",
        "\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85",
        "NULL",
        "0x00",
    };
    char text[100];
    if (column->n_words > 0) {
        db_bind_text(q, index, column->words[fill_below(fill, column->n_words)]);
        return;
    }
    snprintf(text, sizeof text, "%s %d", some[fill_below(fill, 10)], (int)fill_below(fill, 10000));
    db_bind_text(q, index, fill_below(fill, 8) ? str_of(text) : str_of(""));
}

static inline void fill_value(struct fill *fill, const struct fill_column *column, int row,
                              struct db_query *q, int index)
{
    static const double some[] = {0.0, 1.0, -1.5, 0.1, 1e-310, DBL_MAX, -3.25e17, 1.0 / 3.0};
    char bytes[40];
    if (!column->not_null && !column->is_id && fill_below(fill, 4) == 0) {
        db_bind_null(q, index);
        return;
    }
    switch (column->type) {
    case DB_INT:
        fill_int(fill, column, row, q, index);
        break;
    case DB_DOUBLE:
        db_bind_double(q, index, some[fill_below(fill, 8)]);
        break;
    case DB_TEXT:
        fill_text(fill, column, q, index);
        break;
    default:
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (char)fill_below(fill, 256);
        }
        db_bind_blob(q, index, (struct str){bytes, (size_t)fill_below(fill, sizeof bytes + 1)});
        break;
    }
}

/* One row, tried with other values until the constraints take it. */
static inline bool fill_row(struct fill *fill, struct db *db, struct arena *arena,
                            const struct fill_table *table, int row)
{
    struct schema_column columns[FILL_MAX_COLUMNS];
    struct schema_table as = {
        .name = table->name, .n_columns = table->n_columns, .columns = columns};
    for (int i = 0; i < table->n_columns; i++) {
        columns[i] = (struct schema_column){table->columns[i].name, table->columns[i].type};
    }
    const char *sql = schema_insert_sql(arena, &as);
    int tries = row == 0 || table->columns[0].is_id ? FILL_TRIES : FILL_MORE_TRIES;
    for (int attempt = 0; attempt < tries; attempt++) {
        struct db_query *q;
        enum err err = db_begin(db, DB_WRITE);
        if (err == ERR_OK && db_prepare_text(db, DB_WRITE, table->name, sql, &q) == ERR_OK) {
            for (int i = 0; i < table->n_columns; i++) {
                fill_value(fill, &table->columns[i], row, q, i + 1);
            }
            err = db_run(q, NULL);
            db_drop(q);
        }
        if (err == ERR_OK && db_commit(db) == ERR_OK) {
            return true;
        }
        db_rollback(db);
    }
    if (tries == FILL_TRIES) {
        printf("# no row fits into %s: %s\n", table->name, db_message(db));
    }
    return false;
}

/* FILL_ROWS rows for every table of migrations 1 .. `version`; false: not everywhere. */
static inline bool fill_version(struct db *db, int version)
{
    struct fill *fill = fill_of_version(version);
    struct arena *arena = arena_new(0);
    bool ok = true;
    for (int i = 0; i < fill->n_tables; i++) {
        const struct fill_table *table = &fill->tables[i];
        int n = 0;
        while (n < FILL_ROWS && fill_row(fill, db, arena, table, n)) {
            n++;
        }
        /* a table may allow fewer rows than this, but not none */
        ok = ok && (table->columns[0].is_id ? n == FILL_ROWS : n > 0);
        struct schema_table as = {.name = table->name, .identity = table->columns[0].name};
        if (table->columns[0].is_id) {
            ok = ok && db_begin(db, DB_WRITE) == ERR_OK &&
                 schema_set_last_id(db, &as, FILL_ROWS + 10) == ERR_OK && db_commit(db) == ERR_OK;
        }
    }
    arena_free(arena);
    free(fill);
    return ok;
}

/* The whole schema, and a unit whose parent has a higher id. */
static inline void fill_all(struct db *db)
{
    tap_ok(fill_version(db, migrate_latest()), "every table has rows (%s)", db_message(db));
    tap_ok(db_begin(db, DB_WRITE) == ERR_OK &&
               db_script(db, "UPDATE unit SET parent_id = 4 WHERE id = 2;"
                             "UPDATE unit SET parent_id = NULL WHERE id = 4") == ERR_OK &&
               db_commit(db) == ERR_OK,
           "a reference forwards (%s)", db_message(db));
}

#endif
