/* Tests of running out of memory: each allocation of this room, of base and of SQLite fails in
 * turn, alone or with all after it.  The outcome is ERR_NOMEM or success, never half of something.
 * (The program is linked with --wrap for malloc and its like; libpq's own memory is not reached.)
 */
#include "base/arena.h"
#include "db/backup.h"
#include "db/copy.h"
#include "db/thing.h"

#include <sqlite3.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);

static struct {
    long calls, fail_at;
    bool for_ever;
} memory;

static bool fails(void)
{
    memory.calls++;
    return memory.fail_at > 0 &&
           (memory.for_ever ? memory.calls >= memory.fail_at : memory.calls == memory.fail_at);
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t n)
{
    return fails() ? NULL : __real_strndup(text, n);
}

/* SQLite's memory, with its size in front. */
#define ROOM 16

static void *sqlite_malloc(int n)
{
    char *p = fails() ? NULL : __real_malloc((size_t)n + ROOM);
    if (!p) {
        return NULL;
    }
    memcpy(p, &n, sizeof n);
    return p + ROOM;
}

static void sqlite_free(void *p)
{
    free((char *)p - ROOM);
}

static int sqlite_size(void *p)
{
    int n = 0;
    if (p) {
        memcpy(&n, (char *)p - ROOM, sizeof n);
    }
    return n;
}

static void *sqlite_realloc(void *p, int n)
{
    char *new = fails() ? NULL : __real_realloc((char *)p - ROOM, (size_t)n + ROOM);
    if (!new) {
        return NULL;
    }
    memcpy(new, &n, sizeof n);
    return new + ROOM;
}

static int sqlite_roundup(int n)
{
    return (n + 7) & ~7;
}

static int sqlite_init(void *ctx)
{
    (void)ctx;
    return SQLITE_OK;
}

static void sqlite_shutdown(void *ctx)
{
    (void)ctx;
}

static sqlite3_mem_methods methods = {
    .xMalloc = sqlite_malloc,
    .xFree = sqlite_free,
    .xRealloc = sqlite_realloc,
    .xSize = sqlite_size,
    .xRoundup = sqlite_roundup,
    .xInit = sqlite_init,
    .xShutdown = sqlite_shutdown,
};

struct place {
    const struct dbtest *t;
    char other[1000]; /* another database */
    int64_t n_added;  /* acknowledged */
};

static enum err statements(struct db *db, struct place *place)
{
    struct db_query *q;
    char name[20];
    snprintf(name, sizeof name, "%d", (int)place->n_added);
    enum err err = db_begin(db, DB_WRITE);
    err = err == ERR_OK ? thing_add(db, name, 1, 0, NULL) : err;
    err = err == ERR_OK ? db_commit(db) : err;
    place->n_added += err == ERR_OK;
    err = err == ERR_OK ? db_begin(db, DB_READ) : err;
    err = err == ERR_OK ? db_prepare(db, THING_IDS, &q) : err;
    while (err == ERR_OK) {
        err = db_step(q);
    }
    return err == ERR_NOT_FOUND ? db_commit(db) : err;
}

static enum err open_and_use(struct place *place)
{
    char message[DB_MAX_MESSAGE];
    struct db *db;
    enum err err = db_open(place->t->where, thing_sql, THING__MAX, &db, message, sizeof message);
    if (err == ERR_OK) {
        err = statements(db, place);
        db_rollback(db);
        db_close(db);
    }
    return err;
}

static enum err migrate_new(struct place *place)
{
    char message[DB_MAX_MESSAGE];
    struct db *db;
    int from, to;
    enum err err = db_open(place->other, NULL, 0, &db, message, sizeof message);
    if (err == ERR_OK) {
        err = migrate_run_list(db, thing_list, 1, 0, &from, &to);
        db_close(db);
    }
    return err;
}

/* Each allocation fails in turn; after it the same works. */
static void torture(struct place *place, enum err (*work)(struct place *), const char *what,
                    long step, bool for_ever)
{
    int wrong = 0, failed = 0;
    bool done = false;
    long n = 1;
    for (; !done && n < 100000; n += step) {
        memory.calls = 0;
        memory.fail_at = n;
        memory.for_ever = for_ever;
        enum err err = work(place);
        done = memory.calls < n;
        memory.fail_at = 0;
        failed += err == ERR_NOMEM;
        if (err != ERR_OK && err != ERR_NOMEM) {
            printf("# allocation %ld: %s\n", n, err_name(err));
            wrong++;
        }
    }
    tap_ok(wrong == 0 && done && failed > 3,
           "%s: %s, every %ld. of %ld allocations fails%s: %d times out of memory", place->t->name,
           what, step, n, for_ever ? " with all after it" : "", failed);
    tap_ok(work(place) == ERR_OK, "%s: %s, and with memory it works", place->t->name, what);
}

static void suite(const struct dbtest *t)
{
    struct place place = {.t = t};
    bool quick = getenv("DUET_SANITIZED") && t->kind == DB_SQLITE; /* there are many */
    struct db *db = thing_open(t->where);
    db_close(db);
    torture(&place, open_and_use, "statements", quick ? 7 : 1, true);
    torture(&place, open_and_use, "statements", quick ? 5 : 1, false);
    db = thing_open(t->where);
    tap_ok(thing_count_now(db) == place.n_added, "%s: all %d acknowledged rows are there", t->name,
           (int)place.n_added);
    db_close(db);
    if (t->kind == DB_SQLITE) {
        snprintf(place.other, sizeof place.other, "%s/other.db", t->folder);
    } else if (!dbtest_new_schema(place.other, sizeof place.other)) {
        return;
    }
    torture(&place, migrate_new, "migrations", quick ? 5 : 1, true);
    if (t->kind == DB_SQLITE) {
        dbtest_remove(place.other);
    } else {
        dbtest_drop_schema(place.other);
    }
}

int main(void)
{
    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
    dbtest_both(suite);
    return tap_done();
}
