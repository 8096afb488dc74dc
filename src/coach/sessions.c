/* Sessions: made, opened, renewed, ended. */
#include "coach/sessions.h"

#include "base/list.h"
#include "base/utf8.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/people.h"
#include "coach/secret.h"
#include "coach/sql.h"

#include <sodium.h>

#define AGENT 80   /* characters */
#define MANY 10000 /* sessions of one person that a list takes in */

static const char *const hows[SESSION_HOW__MAX] = {
    [SESSION_PASSWORD] = "password",
    [SESSION_INVITATION] = "invitation",
    [SESSION_OIDC] = "oidc",
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* When it ends without a further request; sooner for administrators. */
static int64_t ends(int64_t created_ms, int64_t seen_ms, int64_t expires_ms, bool administrator)
{
    int64_t idle = seen_ms + (administrator ? SESSIONS_ADMIN_IDLE_MS : SESSIONS_IDLE_MS);
    int64_t absolute =
        administrator ? least(expires_ms, created_ms + SESSIONS_ADMIN_ABSOLUTE_MS) : expires_ms;
    return least(idle, absolute);
}

static enum err read_session(struct coach *coach, const struct db_query *q, struct session *session)
{
    enum err err = ERR_OK;
    struct str how = db_text(q, 2);
    *session = (struct session){
        .id = db_int(q, 0),
        .person_id = db_int(q, 1),
        .how = SESSION_HOW__MAX,
        .agent = sql_copy(coach, q, 3, &err),
        .created_ms = db_int(q, 4),
        .seen_ms = db_int(q, 5),
        .renew = db_int(q, 7) == 1,
    };
    session->ends_ms = ends(session->created_ms, session->seen_ms, db_int(q, 6), db_int(q, 8) == 1);
    session->touch = coach->now_ms - session->seen_ms >= SESSIONS_TOUCH_MS;
    for (int i = 0; i < SESSION_HOW__MAX; i++) {
        if (str_is(how, hows[i])) {
            session->how = (enum session_how)i;
        }
    }
    return session->how == SESSION_HOW__MAX ? ERR_INVALID : err;
}

/* At most AGENT characters, safe to show. */
static struct str agent_of(struct str agent)
{
    size_t bad;
    agent = utf8_trim(agent);
    if (!utf8_is_valid(agent, &bad)) {
        agent.n = bad;
    }
    for (size_t i = 0; i < agent.n; i++) {
        if ((unsigned char)agent.p[i] < ' ') {
            agent.n = i;
        }
    }
    return utf8_take(agent, AGENT);
}

enum err sessions_start(struct coach *coach, int64_t person_id, enum session_how how,
                        struct str agent, char token[SESSIONS_TOKEN + 1], struct session *session)
{
    char made[SESSIONS_TOKEN + 1];
    unsigned char hash[SECRET_HASH];
    struct session s = {
        .person_id = person_id, .how = how, .created_ms = coach->now_ms, .seen_ms = coach->now_ms};
    enum err err = coach_act_as(coach, person_id);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_FORBIDDEN : err;
    }
    secret_make(made);
    secret_hash(str_of(made), NULL, 0, hash);
    randombytes_buf(s.csrf_key, sizeof s.csrf_key);
    s.agent = agent_of(agent);
    int64_t expires = coach->now_ms + SESSIONS_ABSOLUTE_MS;
    s.ends_ms = ends(s.created_ms, s.seen_ms, expires, coach->actor.administrator);
    err = sql_number(coach, SQL_SESSION_ADD,
                     SQL_ARGS(sql_blob(hash, sizeof hash), sql_blob(s.csrf_key, sizeof s.csrf_key),
                              sql_int(person_id), sql_word(hows[how]), sql_text(s.agent),
                              sql_int(coach->now_ms), sql_int(expires)),
                     &s.id);
    if (!err) {
        err = sql_run(coach, SQL_SESSION_END_SURPLUS,
                      SQL_ARGS(sql_int(person_id), sql_int(SESSIONS_MAX)), NULL);
    }
    if (!err) {
        err = sql_run(coach, SQL_SESSION_SEEN_DAY,
                      SQL_ARGS(sql_int(person_id), sql_int(coach->now_ms / COACH_DAY_MS)), NULL);
    }
    err = err ? err
              : audit_note_word(coach, "sign-in", allow_of(ALLOW_ON_SESSION, person_id, s.id),
                                false, hows[how]);
    if (err || !coach_copy(coach, s.agent, &s.agent)) {
        return err ? err : ERR_NOMEM;
    }
    coach->actor.session_id = s.id;
    memcpy(token, made, sizeof made);
    sodium_memzero(made, sizeof made);
    *session = s;
    return ERR_OK;
}

enum err sessions_open(struct coach *coach, struct str token, struct session *session)
{
    unsigned char hash[SECRET_HASH];
    struct session s;
    struct db_query *q;
    coach->actor = (struct actor){0};
    if (!secret_looks_right(token)) {
        return ERR_NOT_FOUND;
    }
    secret_hash(token, NULL, 0, hash);
    enum err err = sql_first(coach, SQL_SESSION_BY_HASH, SQL_ARGS(sql_blob(hash, sizeof hash)), &q);
    if (err) {
        return err;
    }
    err = read_session(coach, q, &s);
    struct str key = db_blob(q, 9);
    if (!err && key.n != SESSIONS_KEY) {
        err = ERR_INVALID;
    }
    if (!err) {
        memcpy(s.csrf_key, key.p, SESSIONS_KEY);
    }
    db_finish(q);
    if (!err && coach->now_ms >= s.ends_ms) {
        err = ERR_NOT_FOUND;
    }
    err = err ? err : coach_act_as(coach, s.person_id);
    if (err) {
        return err;
    }
    coach->actor.session_id = s.id;
    *session = s;
    return ERR_OK;
}

enum err sessions_touch(struct coach *coach, const struct session *session)
{
    if (!session->touch) {
        return ERR_OK;
    }
    enum err err = sql_run(coach, SQL_SESSION_TOUCH,
                           SQL_ARGS(sql_int(session->id), sql_int(coach->now_ms)), NULL);
    if (!err && session->seen_ms / COACH_DAY_MS != coach->now_ms / COACH_DAY_MS) {
        err = sql_run(coach, SQL_SESSION_SEEN_DAY,
                      SQL_ARGS(sql_int(session->person_id), sql_int(coach->now_ms / COACH_DAY_MS)),
                      NULL);
    }
    return err;
}

enum err sessions_renew(struct coach *coach, struct session *session,
                        char token[SESSIONS_TOKEN + 1])
{
    char made[SESSIONS_TOKEN + 1];
    unsigned char hash[SECRET_HASH], key[SESSIONS_KEY];
    int64_t changed = 0;
    if (coach->actor.session_id != session->id) {
        return ERR_FORBIDDEN;
    }
    secret_make(made);
    secret_hash(str_of(made), NULL, 0, hash);
    randombytes_buf(key, sizeof key);
    enum err err = sql_run(
        coach, SQL_SESSION_RENEW,
        SQL_ARGS(sql_int(session->id), sql_blob(hash, sizeof hash), sql_blob(key, sizeof key)),
        &changed);
    if (err || changed != 1) {
        return err ? err : ERR_NOT_FOUND;
    }
    memcpy(token, made, sizeof made);
    memcpy(session->csrf_key, key, sizeof key);
    session->renew = false;
    sodium_memzero(made, sizeof made);
    return ERR_OK;
}

enum err sessions_list(struct coach *coach, int64_t person_id, struct session_list *list)
{
    struct list rows;
    struct db_query *q;
    list_init(&rows, coach->arena, sizeof(struct session), MANY);
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_SESSION, person_id, 0));
    err = err ? err : sql_rows(coach, SQL_SESSION_OF_PERSON, SQL_ARGS(sql_int(person_id)), &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        struct session s;
        err = read_session(coach, q, &s);
        if (!err && coach->now_ms < s.ends_ms && !list_add(&rows, &s)) {
            err = rows.err;
        }
        if (err) {
            break;
        }
    }
    db_finish(q);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    *list = (struct session_list){rows.items, rows.n};
    return ERR_OK;
}

enum err sessions_end(struct coach *coach, int64_t session_id)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_SESSION_BY_ID, SQL_ARGS(sql_int(session_id)), &q);
    if (err) {
        return err;
    }
    struct allow_object object = allow_of(ALLOW_ON_SESSION, db_int(q, 1), session_id);
    db_finish(q);
    err = allowed(coach, ALLOW_REMOVE, object);
    err = err ? err : sql_run(coach, SQL_SESSION_END, SQL_ARGS(sql_int(session_id)), NULL);
    return err ? err : audit_note_word(coach, "sign-out", object, false, "");
}

enum err sessions_end_all(struct coach *coach, int64_t person_id, int64_t keep_id, int64_t *n_ended)
{
    struct allow_object object = allow_of(ALLOW_ON_SESSION, person_id, 0);
    int64_t n = 0;
    enum err err = allowed(coach, ALLOW_REMOVE, object);
    err = err ? err
              : sql_run(coach, SQL_SESSION_END_ALL, SQL_ARGS(sql_int(person_id), sql_int(keep_id)),
                        &n);
    if (!err && n > 0) {
        err = audit_note_word(coach, "sign-out", object, false, "all");
    }
    if (!err && n_ended) {
        *n_ended = n;
    }
    return err;
}

enum err sessions_clean(struct coach *coach, int64_t limit, int64_t *n)
{
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    return sql_run(
        coach, SQL_SESSION_CLEAN,
        SQL_ARGS(sql_int(coach->now_ms), sql_int(coach->now_ms - SESSIONS_IDLE_MS), sql_int(limit)),
        n);
}
