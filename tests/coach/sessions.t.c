/* Sessions: only a hash is stored, both limits, administrators sooner, renewal, revoking; and
 * random histories against a model with a clock. */
#include "coach/sessions.h"
#include "base/rng.h"
#include "coach/secret.h"
#include "coachtest.h"

#define AT(ms) (c->coach.now_ms = COACHTEST_NOW + (ms))

struct signed_in {
    char token[SESSIONS_TOKEN + 1];
    struct session session;
};

static void start(struct coachtest *c, int64_t person, struct signed_in *s)
{
    c->coach.actor = (struct actor){0};
    coachtest_do(c, sessions_start(&c->coach, person, SESSION_PASSWORD,
                                   str_of("Firefox on Windows"), s->token, &s->session));
}

static enum err open_session(struct coachtest *c, const char *token, struct session *session)
{
    return coachtest_read(c, sessions_open(&c->coach, str_of(token), session));
}

static bool lasts(struct coachtest *c, const struct signed_in *s, int64_t ms)
{
    struct session session;
    AT(ms);
    return open_session(c, s->token, &session) == ERR_OK;
}

static void test_tokens(struct coachtest *c, int64_t ann)
{
    struct signed_in a, b;
    struct session found = {0};
    AT(0);
    start(c, ann, &a);
    tap_ok(c->coach.actor.person_id == ann && c->coach.actor.session_id == a.session.id,
           "%s: whoever signs in asks from now on", c->name);
    start(c, ann, &b);
    tap_ok(strlen(a.token) == SESSIONS_TOKEN && strcmp(a.token, b.token) != 0 &&
               memcmp(a.session.csrf_key, b.session.csrf_key, SESSIONS_KEY) != 0,
           "%s: each session has an id and a key of its own", c->name);
    tap_ok(open_session(c, a.token, &found) == ERR_OK && found.id == a.session.id &&
               found.person_id == ann && str_is(found.agent, "Firefox on Windows") &&
               memcmp(found.csrf_key, a.session.csrf_key, SESSIONS_KEY) == 0 && !found.touch,
           "%s: the id opens it", c->name);
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM session WHERE id = %lld AND length(token_hash) = 32",
             (long long)a.session.id);
    tap_ok(coachtest_number(c, sql) == 1, "%s: 32 bytes of it are stored", c->name);
    unsigned char hash[SECRET_HASH];
    struct db_query *q = NULL;
    secret_hash(str_of(a.token), NULL, 0, hash);
    coachtest_begin(c, COACH_READ);
    coachtest_must(c, sql_first(&c->coach, SQL_SESSION_BY_HASH, SQL_ARGS(sql_blob(hash, 32)), &q),
                   "by hash");
    db_finish(q);
    enum err err =
        sql_first(&c->coach, SQL_SESSION_BY_HASH, SQL_ARGS(sql_blob(a.token, SESSIONS_TOKEN)), &q);
    coach_rollback(&c->coach);
    tap_ok(err == ERR_NOT_FOUND, "%s: which are a hash, not the id", c->name);
    int wrong = 0;
    for (int i = 0; i < SESSIONS_TOKEN; i++) {
        char other[SESSIONS_TOKEN + 1];
        memcpy(other, a.token, sizeof other);
        other[i] = other[i] == 'A' ? 'B' : 'A';
        wrong += open_session(c, other, &found) == ERR_OK || c->coach.actor.person_id != 0;
    }
    wrong += open_session(c, "", &found) == ERR_OK || open_session(c, "x", &found) == ERR_OK;
    wrong +=
        coachtest_read(c, sessions_open(&c->coach, (struct str){a.token, 42}, &found)) == ERR_OK;
    tap_ok(wrong == 0, "%s: nothing else opens it, and then nobody is signed in", c->name);
}

static void test_limits(struct coachtest *c, int64_t ann, int64_t admin)
{
    struct signed_in s;
    AT(0);
    start(c, ann, &s);
    tap_ok(s.session.ends_ms == COACHTEST_NOW + SESSIONS_IDLE_MS, "%s: says when it ends", c->name);
    tap_ok(lasts(c, &s, SESSIONS_IDLE_MS - 1) && !lasts(c, &s, SESSIONS_IDLE_MS),
           "%s: ends when nothing was asked for long", c->name);
    int64_t at = 0;
    while (at < SESSIONS_ABSOLUTE_MS - COACH_HOUR_MS) {
        at += COACH_HOUR_MS;
        AT(at);
        coachtest_must(c, open_session(c, s.token, &s.session), "open");
        coachtest_do(c, sessions_touch(&c->coach, &s.session));
    }
    tap_ok(lasts(c, &s, SESSIONS_ABSOLUTE_MS - 1) && !lasts(c, &s, SESSIONS_ABSOLUTE_MS),
           "%s: ends in the end, however busy", c->name);
    AT(0);
    start(c, admin, &s);
    tap_ok(lasts(c, &s, SESSIONS_ADMIN_IDLE_MS - 1) && !lasts(c, &s, SESSIONS_ADMIN_IDLE_MS),
           "%s: administrators' sooner, idle", c->name);
    AT(0);
    start(c, admin, &s);
    for (at = 0; at < SESSIONS_ADMIN_ABSOLUTE_MS - COACH_HOUR_MS; at += COACH_HOUR_MS) {
        AT(at);
        coachtest_must(c, open_session(c, s.token, &s.session), "open");
        coachtest_do(c, sessions_touch(&c->coach, &s.session));
    }
    tap_ok(lasts(c, &s, SESSIONS_ADMIN_ABSOLUTE_MS - 1) &&
               !lasts(c, &s, SESSIONS_ADMIN_ABSOLUTE_MS),
           "%s: and in the end", c->name);
}

static void test_touch(struct coachtest *c, int64_t ann)
{
    struct signed_in s;
    AT(0);
    start(c, ann, &s);
    AT(SESSIONS_TOUCH_MS - 1);
    coachtest_must(c, open_session(c, s.token, &s.session), "open");
    tap_ok(!s.session.touch, "%s: not written within a minute", c->name);
    AT(SESSIONS_TOUCH_MS);
    coachtest_must(c, open_session(c, s.token, &s.session), "open");
    tap_ok(s.session.touch, "%s: but after one", c->name);
    coachtest_do(c, sessions_touch(&c->coach, &s.session));
    coachtest_must(c, open_session(c, s.token, &s.session), "open");
    tap_ok(!s.session.touch && s.session.seen_ms == COACHTEST_NOW + SESSIONS_TOUCH_MS, "%s: once",
           c->name);
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT seen_day FROM person WHERE id = %lld", (long long)ann);
    tap_ok(coachtest_number(c, sql) == COACHTEST_NOW / COACH_DAY_MS, "%s: of the person, the day",
           c->name);
}

static void test_renewal(struct coachtest *c, int64_t ann, int64_t unit)
{
    struct signed_in s, old;
    struct session session = {0};
    AT(0);
    start(c, ann, &s);
    old = s;
    coachtest_role(c, ann, unit, ROLE_PARTICIPANT);
    coachtest_must(c, open_session(c, s.token, &s.session), "open");
    tap_ok(!s.session.renew, "%s: a participant more is no new power", c->name);
    coachtest_role(c, ann, unit, ROLE_COORDINATOR);
    tap_ok(open_session(c, s.token, &s.session) == ERR_OK && s.session.renew &&
               c->coach.actor.coordinator,
           "%s: a new role works at once and asks for a new id", c->name);
    coachtest_do(c, sessions_renew(&c->coach, &s.session, s.token));
    tap_ok(open_session(c, old.token, &session) == ERR_NOT_FOUND &&
               open_session(c, s.token, &session) == ERR_OK && !session.renew &&
               session.id == old.session.id &&
               memcmp(session.csrf_key, old.session.csrf_key, SESSIONS_KEY) != 0,
           "%s: the old id and key are worth nothing then", c->name);
    c->coach.actor = (struct actor){.person_id = ann, .session_id = 1};
    tap_ok(coachtest_write(c, sessions_renew(&c->coach, &session, s.token)) == ERR_FORBIDDEN,
           "%s: a session renews itself only", c->name);
}

static void test_ending(struct coachtest *c, int64_t ann, int64_t bob, int64_t admin)
{
    struct signed_in mine[3], his;
    struct session session;
    struct session_list list = {0};
    int64_t n = 0;
    AT(0);
    coachtest_as(c, ann);
    coachtest_do(c, sessions_end_all(&c->coach, ann, 0, &n));
    for (int i = 0; i < 3; i++) {
        AT(i);
        start(c, ann, &mine[i]);
    }
    start(c, bob, &his);
    tap_ok(coachtest_write(c, sessions_end(&c->coach, mine[0].session.id)) == ERR_FORBIDDEN,
           "%s: nobody ends another's", c->name);
    tap_ok(coachtest_read(c, sessions_list(&c->coach, ann, &list)) == ERR_FORBIDDEN,
           "%s: or sees them", c->name);
    coachtest_must(c, open_session(c, mine[2].token, &session), "open");
    tap_ok(coachtest_read(c, sessions_list(&c->coach, ann, &list)) == ERR_OK && list.n == 3 &&
               list.items[0].id == mine[2].session.id && list.items[2].id == mine[0].session.id,
           "%s: the list has the latest first", c->name);
    tap_ok(coachtest_write(c, sessions_end(&c->coach, mine[0].session.id)) == ERR_OK &&
               open_session(c, mine[0].token, &session) == ERR_NOT_FOUND,
           "%s: one is revoked", c->name);
    coachtest_must(c, open_session(c, mine[2].token, &session), "open");
    tap_ok(coachtest_write(c, sessions_end_all(&c->coach, ann, mine[2].session.id, &n)) == ERR_OK &&
               n == 1 && open_session(c, mine[1].token, &session) == ERR_NOT_FOUND &&
               open_session(c, mine[2].token, &session) == ERR_OK,
           "%s: all others are", c->name);
    coachtest_as(c, admin);
    tap_ok(coachtest_write(c, sessions_end_all(&c->coach, ann, 0, &n)) == ERR_OK && n == 1 &&
               open_session(c, mine[2].token, &session) == ERR_NOT_FOUND &&
               open_session(c, his.token, &session) == ERR_OK,
           "%s: an administrator ends all of one person", c->name);
    for (int i = 0; i < SESSIONS_MAX + 5; i++) {
        AT(i);
        start(c, bob, &mine[0]);
    }
    coachtest_must(c, open_session(c, mine[0].token, &session), "open");
    tap_ok(coachtest_read(c, sessions_list(&c->coach, bob, &list)) == ERR_OK &&
               list.n == SESSIONS_MAX,
           "%s: there are at most so many of one person", c->name);
}

/* ---- a random history ---- */

#define HELD 12

struct held {
    char token[SESSIONS_TOKEN + 1];
    int64_t id, created, seen;
    bool ended;
};

static bool alive(const struct held *h, int64_t now)
{
    return h->id && !h->ended && now < h->seen + SESSIONS_IDLE_MS &&
           now < h->created + SESSIONS_ABSOLUTE_MS;
}

static void test_history(struct coachtest *c)
{
    static struct held held[HELD];
    struct rng rng = rng_seed(77);
    struct session s;
    int64_t person = coachtest_person(c, "Ran", "Dom"), now = 0;
    int wrong = 0, opened = 0, refused = 0, n = getenv("DUET_SANITIZED") ? 200 : 600;
    memset(held, 0, sizeof held);
    for (int i = 0; i < n; i++) {
        struct held *h = &held[rng_below(&rng, HELD)];
        now += (int64_t)rng_below(&rng, 90) * (COACH_MINUTE_MS / 2);
        AT(now);
        coachtest_as_system(c);
        switch (rng_below(&rng, 8)) {
        case 0:
            if (alive(h, now)) {
                coachtest_do(c, sessions_end(&c->coach, h->id));
            }
            coachtest_do(c,
                         sessions_start(&c->coach, person, SESSION_OIDC, str_of(""), h->token, &s));
            h->id = s.id;
            h->created = h->seen = now;
            h->ended = false;
            break;
        case 1:
            if (alive(h, now) && rng_below(&rng, 3) == 0) {
                wrong += coachtest_write(c, sessions_end(&c->coach, h->id)) != ERR_OK;
                h->ended = true;
            }
            break;
        case 2:
            if (rng_below(&rng, 4) == 0) {
                int64_t removed;
                wrong += coachtest_write(c, sessions_clean(&c->coach, 3, &removed)) != ERR_OK;
            }
            break;
        default:
            if (h->id) {
                bool can = alive(h, now);
                enum err err = open_session(c, h->token, &s);
                wrong += err != (can ? ERR_OK : ERR_NOT_FOUND);
                opened += can;
                refused += !can;
                if (can && s.touch) {
                    wrong += coachtest_write(c, sessions_touch(&c->coach, &s)) != ERR_OK;
                    h->seen = now;
                }
            }
        }
    }
    tap_ok(wrong == 0 && opened > 10 && refused > 10,
           "%s: a random history opens %d times and refuses %d times, as the model does", c->name,
           opened, refused);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    int64_t unit = coachtest_unit(&c, 0, UNIT_ORGANISATION, "All");
    int64_t ann = coachtest_person(&c, "Ann", "Abel"), bob = coachtest_person(&c, "Bob", "Bell");
    int64_t admin = coachtest_person(&c, "Ada", "Admin");
    coachtest_role(&c, admin, unit, ROLE_ADMINISTRATOR);
    test_tokens(&c, ann);
    test_limits(&c, ann, admin);
    test_touch(&c, coachtest_person(&c, "Tou", "Ch"));
    test_renewal(&c, ann, unit);
    test_ending(&c, ann, bob, admin);
    test_history(&c);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
