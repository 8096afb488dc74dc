/* Connections, the actor, and transactions with what they leave in the audit. */
#include "coach/coach.h"

#include "base/arena.h"
#include "coach/audit.h"
#include "coach/memory.h"
#include "coach/roles.h"
#include "coach/settings.h"
#include "coach/sql.h"

#include <assert.h>
#include <sodium.h>
#include <time.h>

#define PAUSE_MS 4 /* the first pause, at most; doubled each time */

enum err coach_connect(const char *where, struct db **db, char *message, size_t size)
{
    *db = NULL;
    if (sodium_init() < 0) {
        static const char why[] = "the library of cryptography does not start";
        memcpy(message, why, size < sizeof why ? size : sizeof why);
        message[size - 1] = '\0';
        return ERR_IO;
    }
    return db_open(where, coach_sql, SQL__MAX, db, message, size);
}

void coach_disconnect(struct db *db)
{
    db_close(db);
}

enum err coach_found(struct coach *coach)
{
    return settings_make_keys(coach);
}

void coach_init(struct coach *coach, struct db *db, struct arena *arena, int64_t now_ms)
{
    *coach = (struct coach){.db = db, .arena = arena, .now_ms = now_ms};
}

void coach_act_as_system(struct coach *coach)
{
    coach->actor = (struct actor){.system = true};
}

/* Takes in one row of COACH_ACTOR; a person without a role has one row with NULLs. */
static enum err actor_add(struct coach *coach, struct actor *actor, const struct db_query *q,
                          size_t *room)
{
    enum role role;
    if (db_is_null(q, 0)) {
        return ERR_OK;
    }
    if (!roles_of_word(db_text(q, 0), &role)) {
        return ERR_INVALID;
    }
    actor->participant |= role == ROLE_PARTICIPANT;
    actor->administrator |= role == ROLE_ADMINISTRATOR;
    if (role != ROLE_COORDINATOR) {
        return ERR_OK;
    }
    actor->coordinator = true;
    if (actor->n_coordinates == *room) {
        size_t more = *room ? 2 * *room : 8;
        int64_t *ids =
            arena_grow(coach->arena, actor->coordinates, actor->n_coordinates, more, sizeof *ids);
        if (!ids) {
            return ERR_NOMEM;
        }
        actor->coordinates = ids;
        *room = more;
    }
    actor->coordinates[actor->n_coordinates++] = db_int(q, 1);
    return ERR_OK;
}

enum err coach_act_as(struct coach *coach, int64_t person_id)
{
    struct actor actor = {.person_id = person_id};
    struct db_query *q;
    size_t room = 0;
    coach->actor = (struct actor){0};
    enum err err = sql_first(coach, SQL_COACH_ACTOR, SQL_ARGS(sql_int(person_id)), &q);
    if (err) {
        return err;
    }
    do {
        err = actor_add(coach, &actor, q, &room);
    } while (err == ERR_OK && (err = db_step(q)) == ERR_OK);
    db_finish(q);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    coach->actor = actor;
    return ERR_OK;
}

int64_t coach_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum err coach_begin(struct coach *coach, enum coach_mode mode)
{
    enum err err = db_begin(coach->db, mode == COACH_WRITE ? DB_WRITE : DB_READ);
    if (err) {
        return err;
    }
    coach->writes = mode == COACH_WRITE;
    coach->helpers_changed = false;
    memory_begin(coach->memory);
    audit_mark(coach);
    /* Whoever had to give way takes the end of the audit's chain first when it tries again. */
    if (coach->writes && coach->attempt > 0) {
        err = audit_lock(coach);
    }
    if (err) {
        coach_rollback(coach);
    }
    return err;
}

enum err coach_commit(struct coach *coach)
{
    enum err err = coach->writes ? audit_write(coach) : ERR_OK;
    if (!err && coach->helpers_changed) {
        err = sql_run(coach, SQL_MEMORY_HELPERS_CHANGED, SQL_NONE, NULL);
    }
    if (err) {
        coach_rollback(coach);
        return err;
    }
    err = db_commit(coach->db);
    if (err) {
        coach_rollback(coach);
        return err;
    }
    if (coach->writes) {
        audit_written(coach);
    }
    coach->writes = false;
    return ERR_OK;
}

void coach_rollback(struct coach *coach)
{
    db_rollback(coach->db);
    audit_forget_done(coach);
    coach->writes = false;
}

static void pause_before(int attempt)
{
    uint32_t most = PAUSE_MS * 1000u << (attempt < 7 ? attempt : 7); /* microseconds */
    uint32_t some = most / 4 + randombytes_uniform(most);
    struct timespec rest = {.tv_sec = some / 1000000u, .tv_nsec = (long)(some % 1000000u) * 1000};
    nanosleep(&rest, NULL);
}

void coach_give_way(void)
{
    const struct timespec rest = {.tv_nsec = COACH_PAUSE_MS * 1000000L};
    nanosleep(&rest, NULL);
}

/* One attempt; the transaction is over afterwards. */
static enum err attempt(struct coach *coach, enum coach_mode mode, coach_work_fn *work, void *ctx)
{
    enum err err = coach_begin(coach, mode);
    if (err) {
        return err;
    }
    err = work(coach, ctx);
    if (err == ERR_OK) {
        return coach_commit(coach);
    }
    coach_rollback(coach);
    return err;
}

enum err coach_transact(struct coach *coach, enum coach_mode mode, coach_work_fn *work, void *ctx)
{
    struct actor actor = coach->actor;
    enum err err = ERR_BUSY;
    assert(!db_in_transaction(coach->db));
    for (coach->attempt = 0; coach->attempt < DB_ATTEMPTS; coach->attempt++) {
        if (coach->attempt > 0) {
            coach->actor = actor;
            audit_forget_attempt(coach);
            pause_before(coach->attempt);
        }
        err = attempt(coach, mode, work, ctx);
        /* Somebody else has just made what we looked for in vain: look again, once. */
        if (err != ERR_BUSY && !(err == ERR_UNIQUE && coach->attempt == 0)) {
            break;
        }
    }
    coach->attempt = 0;
    return err;
}

static enum err settle(struct coach *coach, void *ctx)
{
    (void)ctx;
    return audit_lock(coach); /* the commit writes what is pending */
}

enum err coach_settle(struct coach *coach)
{
    if (!audit_is_pending(coach)) {
        return ERR_OK;
    }
    return coach_transact(coach, COACH_WRITE, settle, NULL);
}

const char *coach_message(const struct coach *coach)
{
    return db_message(coach->db);
}

bool coach_copy(struct coach *coach, struct str text, struct str *copy)
{
    char *p = arena_text(coach->arena, text.p ? text.p : "", text.n);
    if (!p) {
        return false;
    }
    *copy = (struct str){p, text.n};
    return true;
}
