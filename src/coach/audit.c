/* The audit: entries wait in the coach, are chained when written, and are read back. */
#include "coach/audit.h"

#include "base/arena.h"
#include "base/list.h"
#include "coach/coach.h"
#include "coach/sql.h"

#include <assert.h>
#include <sodium.h>

#define HASH 32

/* One entry, before it is written or as it was read. */
struct entry {
    int64_t at_ms, actor_id;
    struct str verb, object;
    int64_t object_id, owner_id;
    struct str result, detail;
};

struct audit_pending {
    struct list entries;
    size_t mark; /* how many there were when the transaction began */
};

#define LOOK_BACK 64 /* entries among which the same one is looked for */

static bool refused(const struct entry *e)
{
    return str_is(e->result, "refused");
}

static bool same(const struct entry *a, const struct entry *b)
{
    return a->actor_id == b->actor_id && a->object_id == b->object_id &&
           a->owner_id == b->owner_id && str_equal(a->verb, b->verb) &&
           str_equal(a->object, b->object) && str_equal(a->result, b->result) &&
           str_equal(a->detail, b->detail);
}

static enum err note(struct coach *coach, const char *verb, struct allow_object object, bool no,
                     const char *detail)
{
    struct entry e = {
        .at_ms = coach->now_ms,
        .actor_id = coach->actor.person_id,
        .verb = str_of(verb),
        .object = str_of(allow_kind_name(object.kind)),
        .object_id = object.id,
        .owner_id = object.owner_id,
        .result = str_of(no ? "refused" : "done"),
        .detail = str_of(detail),
    };
    assert(e.detail.n <= AUDIT_DETAIL);
    if (!coach->pending) {
        coach->pending = arena_alloc(coach->arena, 1, sizeof *coach->pending);
        if (!coach->pending) {
            return ERR_NOMEM;
        }
        list_init(&coach->pending->entries, coach->arena, sizeof e, AUDIT_MAX_PENDING);
    }
    struct list *entries = &coach->pending->entries;
    const struct entry *items = entries->items;
    for (size_t i = entries->n; i > 0 && entries->n - i < LOOK_BACK; i--) {
        if (same(&items[i - 1], &e)) {
            return ERR_OK; /* once for each request is enough */
        }
    }
    return list_add(entries, &e) ? ERR_OK : entries->err;
}

enum err audit_note(struct coach *coach, enum allow_verb verb, struct allow_object object,
                    const char *detail)
{
    return note(coach, allow_verb_name(verb), object, false, detail);
}

enum err audit_note_refused(struct coach *coach, enum allow_verb verb, struct allow_object object)
{
    return note(coach, allow_verb_name(verb), object, true, "");
}

enum err audit_note_word(struct coach *coach, const char *verb, struct allow_object object, bool no,
                         const char *detail)
{
    return note(coach, verb, object, no, detail);
}

void audit_mark(struct coach *coach)
{
    if (coach->pending) {
        coach->pending->mark = coach->pending->entries.n;
    }
}

void audit_written(struct coach *coach)
{
    if (coach->pending) {
        coach->pending->entries.n = coach->pending->mark = 0;
    }
}

void audit_forget_done(struct coach *coach)
{
    struct audit_pending *p = coach->pending;
    if (!p) {
        return;
    }
    struct entry *items = p->entries.items;
    size_t kept = p->mark;
    for (size_t i = p->mark; i < p->entries.n; i++) {
        if (refused(&items[i])) {
            items[kept++] = items[i];
        }
    }
    p->entries.n = kept;
}

void audit_forget_attempt(struct coach *coach)
{
    if (coach->pending) {
        coach->pending->entries.n = coach->pending->mark;
    }
}

bool audit_is_pending(const struct coach *coach)
{
    return coach->pending && coach->pending->entries.n > 0;
}

enum err audit_lock(struct coach *coach)
{
    return sql_run(coach, SQL_AUDIT_LOCK, SQL_NONE, NULL);
}

/* ---- the chain ---- */

static void hash_number(crypto_generichash_state *state, int64_t value)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
    }
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static void hash_text(crypto_generichash_state *state, struct str text)
{
    hash_number(state, (int64_t)text.n);
    crypto_generichash_update(state, (const unsigned char *)text.p, text.n);
}

/* Replaces the hash of the entry before by that of this one: BLAKE2b-256 over it and the fields in
 * their order, numbers as 8 bytes, low first, texts after their length; nobody is 0. */
static void chain(unsigned char hash[HASH], const struct entry *e)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH);
    crypto_generichash_update(&state, hash, HASH);
    hash_number(&state, e->at_ms);
    hash_number(&state, e->actor_id);
    hash_text(&state, e->verb);
    hash_text(&state, e->object);
    hash_number(&state, e->object_id);
    hash_number(&state, e->owner_id);
    hash_text(&state, e->result);
    hash_text(&state, e->detail);
    crypto_generichash_final(&state, hash, HASH);
}

static enum err chain_end(struct coach *coach, unsigned char hash[HASH])
{
    struct db_query *q;
    memset(hash, 0, HASH);
    enum err err = sql_first(coach, SQL_AUDIT_END, SQL_NONE, &q);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    struct str end = db_blob(q, 0);
    err = end.n == HASH ? ERR_OK : ERR_REFUSED;
    if (err == ERR_OK) {
        memcpy(hash, end.p, HASH);
    }
    db_finish(q);
    return err;
}

enum err audit_write(struct coach *coach)
{
    unsigned char hash[HASH];
    if (!audit_is_pending(coach)) {
        return ERR_OK;
    }
    enum err err = chain_end(coach, hash);
    const struct entry *items = coach->pending->entries.items;
    for (size_t i = 0; i < coach->pending->entries.n && err == ERR_OK; i++) {
        const struct entry *e = &items[i];
        chain(hash, e);
        err = sql_run(coach, SQL_AUDIT_ADD,
                      SQL_ARGS(sql_int(e->at_ms), sql_id_or_null(e->actor_id), sql_text(e->verb),
                               sql_text(e->object), sql_int(e->object_id),
                               sql_id_or_null(e->owner_id), sql_text(e->result),
                               sql_text(e->detail), sql_blob(hash, HASH)),
                      NULL);
    }
    return err;
}

enum err audit_verify(struct coach *coach, struct audit_report *report)
{
    struct audit_report found = {0};
    struct db_query *q;
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_AUDIT, 0));
    if (err) {
        return err;
    }
    err = sql_rows(coach, SQL_AUDIT_CHAIN, SQL_NONE, &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        struct entry e = {
            .at_ms = db_int(q, 1),
            .actor_id = db_int(q, 2),
            .verb = db_text(q, 3),
            .object = db_text(q, 4),
            .object_id = db_int(q, 5),
            .owner_id = db_int(q, 6),
            .result = db_text(q, 7),
            .detail = db_text(q, 8),
        };
        struct str hash = db_blob(q, 9);
        chain(found.end, &e);
        found.n_entries++;
        if (hash.n != HASH || sodium_memcmp(hash.p, found.end, HASH) != 0) {
            found.broken_id = db_int(q, 0);
            err = ERR_REFUSED;
            break;
        }
    }
    db_finish(q);
    if (err != ERR_NOT_FOUND && err != ERR_REFUSED) {
        return err;
    }
    *report = found;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- reading ---- */

static enum err read_entry(struct coach *coach, const struct db_query *q, struct audit_entry *e)
{
    enum err err = ERR_OK;
    *e = (struct audit_entry){
        .id = db_int(q, 0),
        .at_ms = db_int(q, 1),
        .actor_id = db_int(q, 2),
        .verb = sql_copy(coach, q, 3, &err),
        .object = sql_copy(coach, q, 4, &err),
        .object_id = db_int(q, 5),
        .owner_id = db_int(q, 6),
        .refused = str_is(db_text(q, 7), "refused"),
        .detail = sql_copy(coach, q, 8, &err),
        .actor_name = sql_copy_name(coach, q, 9, 10, &err),
    };
    return err;
}

static enum err read_page(struct coach *coach, enum sql_id id, int64_t person_id, int64_t before_id,
                          struct audit_list *list)
{
    struct db_query *q;
    struct audit_list found = {.items = arena_alloc(coach->arena, AUDIT_PAGE, sizeof *found.items)};
    if (!found.items) {
        return ERR_NOMEM;
    }
    enum err err =
        sql_rows(coach, id,
                 SQL_ARGS(sql_int(person_id), sql_int(before_id > 0 ? before_id : INT64_MAX),
                          sql_int(AUDIT_PAGE + 1)),
                 &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        if (found.n == AUDIT_PAGE) {
            found.before_id = found.items[AUDIT_PAGE - 1].id;
            break;
        }
        err = read_entry(coach, q, &found.items[found.n]);
        if (err) {
            break;
        }
        found.n++;
    }
    db_finish(q);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    *list = found;
    return ERR_OK;
}

enum err audit_of_person(struct coach *coach, int64_t person_id, int64_t before_id,
                         struct audit_list *list)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_ACCESS, person_id, 0));
    return err ? err : read_page(coach, SQL_AUDIT_OF_OWNER, person_id, before_id, list);
}

enum err audit_all(struct coach *coach, int64_t before_id, struct audit_list *list)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_AUDIT, 0));
    return err ? err : read_page(coach, SQL_AUDIT_ALL, coach->actor.person_id, before_id, list);
}
