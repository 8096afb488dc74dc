/* A round under random actions by several people: no sequence of them breaks what must hold, and a
 * published round becomes partnerships, once. */
#include "rounds_test.h"

#include <stdarg.h>
#include <stdlib.h>

#define ACTIONS 160

enum action {
    START,
    WORK,
    AGAIN,
    DISCARD,
    LOCK,
    UNLOCK,
    MOVE,
    PART,
    PUBLISH,
    ASK, /* a part of what is being published */
    CLOSE,
    NEVER,
    LEAVE,
    RETURN,
    ENDING, /* some partnerships end, in different ways */
    ACTION__MAX
};
static const char *const action_names[ACTION__MAX] = {
    "start",   "work", "again", "discard", "lock",  "unlock", "move",  "part",
    "publish", "ask",  "close", "never",   "leave", "return", "ending"};

struct play {
    struct rounds_world r;
    struct rng rng;
    int64_t programme, round; /* the last round */
    int done[ACTION__MAX];
    int64_t published; /* how many rounds were */
    int64_t frozen;    /* what their rows add up to */
};

static uint32_t below(struct play *p, uint32_t n)
{
    return rng_below(&p->rng, n);
}

/* ---- what must hold, whatever was done ---- */

static int64_t count(struct play *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int64_t count(struct play *p, const char *fmt, ...)
{
    char sql[900];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sql, sizeof sql, fmt, args);
    va_end(args);
    return coachtest_number(&p->r.w.c, sql);
}

static int64_t frozen_now(struct play *p)
{
    return count(
        p, "SELECT CAST(coalesce(sum(o.id * 31 + o.learner_id * 7 + o.helper_id + o.gain), 0) "
           "AS BIGINT) FROM proposal o JOIN round r ON r.id = o.round_id "
           "WHERE r.state = 'published'");
}

/* Each is a count of what must not be. */
static const char *check(struct play *p)
{
    static const struct {
        const char *what, *sql;
    } checks[] = {
        {"two rounds under way",
         "SELECT count(*) FROM (SELECT programme_id FROM round WHERE state IN ('waiting', "
         "'running', 'ready') OR publish_pair IS NOT NULL GROUP BY programme_id HAVING count(*) > "
         "1) t"},
        {"somebody with two partners",
         "SELECT count(*) FROM (SELECT o.round_id, p.id FROM proposal o JOIN person p ON p.id IN "
         "(o.learner_id, o.helper_id) GROUP BY o.round_id, p.id HAVING count(DISTINCT o.pair) > 1) "
         "t"},
        {"somebody with whom they evaluate",
         "SELECT count(*) FROM proposal o JOIN evaluator v ON (v.person_id = o.learner_id AND "
         "v.evaluator_id = o.helper_id) OR (v.person_id = o.helper_id AND v.evaluator_id = "
         "o.learner_id)"},
        {"a pair of more than two",
         "SELECT count(*) FROM (SELECT o.round_id, o.pair FROM proposal o GROUP BY o.round_id, "
         "o.pair HAVING count(DISTINCT o.learner_id + o.helper_id) > 1) t"},
        {"counts that are wrong",
         "SELECT count(*) FROM round r WHERE r.state IN ('ready', 'published') AND "
         "(r.n_pairs <> "
         "(SELECT count(DISTINCT o.pair) FROM proposal o WHERE o.round_id = r.id) OR r.n_served <> "
         "(SELECT count(DISTINCT o.learner_id) FROM proposal o WHERE o.round_id = r.id AND o.gain "
         "> "
         "0 AND o.reach >= 4000) OR r.total_gain <> coalesce((SELECT CAST(sum(o.gain) AS BIGINT) "
         "FROM proposal o WHERE o.round_id = r.id), 0))"},
        {"states of people that are wrong",
         "SELECT count(*) FROM round_person m JOIN round r ON r.id = m.round_id AND r.state IN "
         "('ready', 'published') WHERE (m.state = 'served') <> EXISTS (SELECT 1 FROM "
         "proposal o "
         "WHERE o.round_id = m.round_id AND o.learner_id = m.person_id AND o.gain > 0 AND o.reach "
         ">= 4000)"},
        {"partnerships of a round that is not published",
         "SELECT count(*) FROM partnership x JOIN round r ON r.id = x.round_id WHERE r.state NOT "
         "IN "
         "('publishing', 'published')"},
        {"people of pairs that are not dealt with yet were asked",
         "SELECT count(*) FROM partnership x JOIN round r ON r.id = x.round_id JOIN "
         "partnership_member a ON a.partnership_id = x.id JOIN proposal o ON "
         "o.round_id = r.id AND o.pair > r.publish_pair AND a.person_id IN (o.learner_id, "
         "o.helper_id)"},
        {"two partnerships of one pair",
         "SELECT count(*) FROM (SELECT x.round_id, a.person_id FROM partnership x JOIN "
         "partnership_member a ON a.partnership_id = x.id WHERE x.round_id IS NOT NULL GROUP BY "
         "x.round_id, a.person_id HAVING count(*) > 1) t"},
        {"a closed programme with a round under way",
         "SELECT count(*) FROM round r JOIN programme g ON g.id = r.programme_id AND g.state = "
         "'closed' WHERE r.state NOT IN ('published', 'discarded', 'failed') OR r.publish_pair IS "
         "NOT NULL"},
        {"two partnerships of the same two that run",
         "SELECT count(*) FROM (SELECT a.person_id, b.person_id FROM partnership_member a JOIN "
         "partnership_member b ON b.partnership_id = a.partnership_id AND b.person_id > "
         "a.person_id JOIN partnership x ON x.id = a.partnership_id AND x.state <> 'ended' GROUP "
         "BY "
         "a.person_id, b.person_id HAVING count(*) > 1) t"},
        {"a ready round without people", "SELECT count(*) FROM round r WHERE r.state = 'ready' AND "
                                         "r.n_people = 0"},
    };
    for (size_t k = 0; k < sizeof checks / sizeof *checks; k++) {
        if (count(p, "%s", checks[k].sql)) {
            return checks[k].what;
        }
    }
    return NULL;
}

/* ---- actions ---- */

static int64_t somebody(struct play *p)
{
    return p->r.w.people[3 + below(p, PEOPLE - 3)];
}

static int32_t some_pair(struct play *p)
{
    return 1 + (int32_t)below(p, PEOPLE / 2 + 2);
}

static enum err move(struct play *p)
{
    struct coachtest *c = &p->r.w.c;
    struct rounds_alternatives list;
    int64_t person = somebody(p);
    enum err err = coachtest_read(
        c, rounds_alternatives_of(&c->coach, p->round, person, (struct str){"", 0}, &list));
    if (err || list.n == 0) {
        return err ? err : ERR_NOT_FOUND;
    }
    const struct rounds_alternative *a = &list.items[below(p, (uint32_t)list.n)];
    return coachtest_write(c,
                           rounds_move(&c->coach, p->round, person, a->other_id, below(p, 2) == 1));
}

/* Some transactions of the job, which then has to stop. */
static bool no_more(void *ctx)
{
    return --*(int *)ctx < 0;
}

static enum err ask(struct play *p)
{
    struct coachtest *c = &p->r.w.c;
    struct actor actor = c->coach.actor;
    int turns = (int)below(p, 4);
    coachtest_as_system(c);
    enum err err =
        rounds_publish_work(&c->coach, p->round, 1 + (int32_t)below(p, 4), no_more, &turns);
    c->coach.actor = actor;
    return err == ERR_LIMIT ? ERR_OK : err;
}

/* Closed, it is another programme's turn. */
static enum err close_it(struct play *p)
{
    struct coachtest *c = &p->r.w.c;
    const struct programme plain = {.max_helps = 1, .max_learns = 1};
    enum err err = coachtest_write(c, programmes_close(&c->coach, p->programme));
    if (!err) {
        struct actor actor = c->coach.actor;
        coachtest_as(c, p->r.w.people[COORD]);
        p->programme = rounds_programme(&p->r, &plain);
        p->round = 0;
        c->coach.actor = actor;
    }
    return err;
}

static enum err act(struct play *p, enum action action)
{
    struct coachtest *c = &p->r.w.c;
    struct programme_rule rule = {.person_id = somebody(p), .other_id = somebody(p)};
    int64_t id = p->round, n;
    enum err err = ERR_OK;
    switch (action) {
    case START:
        err = coachtest_write(c, rounds_start(&c->coach, p->programme, &id));
        p->round = err ? p->round : id;
        return err;
    case WORK:
        if (id) {
            rounds_do(c, id, false);
        }
        return ERR_OK;
    case AGAIN:
        return coachtest_write(c, rounds_again(&c->coach, id));
    case DISCARD:
        return coachtest_write(c, rounds_discard(&c->coach, id));
    case LOCK:
    case UNLOCK:
        return coachtest_write(c, rounds_lock(&c->coach, id, some_pair(p), action == LOCK));
    case MOVE:
        return move(p);
    case PART:
        return coachtest_write(c, rounds_part(&c->coach, id, some_pair(p)));
    case PUBLISH:
        err = coachtest_write(
            c, rounds_publish(&c->coach, id, below(p, 3) ? 1 + (int32_t)below(p, 6) : 1000, &n));
        if (!err) {
            p->published++;
            p->frozen = frozen_now(p);
        }
        return err;
    case ASK:
        return ask(p);
    case CLOSE:
        return close_it(p);
    case NEVER:
        return coachtest_write(c,
                               programmes_add_rule(&c->coach, p->programme, &rule, &c->complaints));
    case ENDING:
        rounds_sql(
            c,
            "UPDATE partnership SET state = 'ended', ending = '%s', ended_ms = 1 WHERE state "
            "<> 'ended' AND id %% 3 = %d",
            below(p, 2) ? "finished" : "ended", (int)below(p, 3));
        return ERR_OK;
    default: {
        struct actor actor = c->coach.actor;
        coachtest_as(c, rule.person_id);
        err = coachtest_write(c, programmes_answer(&c->coach, p->programme, action == RETURN, -1,
                                                   -1, &c->complaints));
        c->coach.actor = actor;
        return err;
    }
    }
}

/* Most of it by the coordinator; some by the head, who evaluates; some by somebody who may not. */
static void choose_actor(struct play *p, bool *may)
{
    static const int who[] = {COORD, COORD, COORD, HEAD, 7};
    int k = who[below(p, 5)];
    coachtest_as(&p->r.w.c, p->r.w.people[k]);
    *may = k != 7;
}

/* Mostly what makes sense in the state that the round is in, and half of that what has not come
 * about yet: whatever the dice, all of it does.  After a round that found nobody free, partnerships
 * must end before another makes sense. */
static enum action choose(struct play *p, enum rounds_state state)
{
    static const enum action ready[] = {LOCK, MOVE, UNLOCK, PART, AGAIN, MOVE, LOCK, MOVE, PUBLISH};
    static const enum action between[] = {START, ENDING, START};
    const enum action *some = state == ROUNDS_READY ? ready : between;
    uint32_t dice = below(p, 10), n = state == ROUNDS_READY ? sizeof ready / sizeof *ready
                                                            : sizeof between / sizeof *between;
    if (dice < 2) {
        return (enum action)below(p, ACTION__MAX);
    }
    if (state == ROUNDS_WAITING || state == ROUNDS_RUNNING) {
        return WORK;
    }
    if (state == ROUNDS_PUBLISHING && dice < 7) {
        return ASK;
    }
    if (state == ROUNDS_PUBLISHING) {
        static const enum action refused[] = {DISCARD, LOCK,  MOVE,    PART,
                                              AGAIN,   START, PUBLISH, CLOSE};
        return refused[below(p, sizeof refused / sizeof *refused)];
    }
    if (state == ROUNDS_FAILED && dice < 6) {
        return ENDING;
    }
    for (uint32_t k = 0; k < n && dice < 6; k++) {
        if (p->done[some[k]] == 0) {
            return some[k];
        }
    }
    return some[below(p, n)];
}

/* What is locked in a ready round between people who are still in, as one number, before and after
 * it is worked out again. */
static int64_t locked_sum(struct play *p)
{
    return count(
        p,
        "SELECT CAST(coalesce(sum(DISTINCT (learner_id + helper_id) * 1000003 + learner_id "
        "* helper_id), 0) AS BIGINT) FROM proposal o WHERE round_id = %lld AND locked = 1 AND "
        "(SELECT "
        "count(*) FROM programme_person m WHERE m.programme_id = %lld AND m.state = 'in' AND "
        "m.person_id IN (o.learner_id, o.helper_id)) = 2",
        (long long)p->round, (long long)p->programme);
}

/* One action; a word about what went wrong, or NULL. */
static const char *turn(struct play *p, enum action *action)
{
    struct coachtest *c = &p->r.w.c;
    bool may;
    struct rounds_round before = {.state = ROUNDS_DISCARDED}, after = {0};
    coachtest_as_system(c);
    enum err got = p->round ? coachtest_read(c, rounds_get(&c->coach, p->round, &before)) : ERR_OK;
    *action = choose(p, before.state);
    choose_actor(p, &may);
    may = may || *action == WORK || *action == ASK || *action >= LEAVE;
    int64_t asked = count(p, "SELECT count(*) FROM partnership");
    int64_t locks = p->round ? locked_sum(p) : 0;
    bool head = c->coach.actor.person_id == p->r.w.people[HEAD];
    int64_t theirs = count(p,
                           "SELECT CAST(coalesce(sum(o.id), 0) AS BIGINT) FROM proposal o WHERE "
                           "o.round_id = %lld AND %lld IN (o.learner_id, o.helper_id)",
                           (long long)p->round, (long long)p->r.w.people[2]);
    enum err err = act(p, *action);
    if (got || (err && err != ERR_CONFLICT && err != ERR_NOT_FOUND && err != ERR_FORBIDDEN &&
                err != ERR_INVALID)) {
        return err_name(err);
    }
    p->done[*action] += err == ERR_OK;
    if (!may && err != ERR_FORBIDDEN && err != ERR_NOT_FOUND) {
        return "done by somebody who may not";
    }
    coachtest_as_system(c);
    if (p->round) {
        coachtest_must(c, coachtest_read(c, rounds_get(&c->coach, p->round, &after)), "get");
    }
    bool changes = *action == START || (*action >= AGAIN && *action <= CLOSE && *action != ASK);
    if (before.state == ROUNDS_PUBLISHING && changes &&
        (err == ERR_OK || asked != count(p, "SELECT count(*) FROM partnership"))) {
        return "something was done to a round that is being published";
    }
    if (*action == WORK && after.state == ROUNDS_READY && locked_sum(p) != locks) {
        return "what was locked has changed";
    }
    bool by_hand = *action == MOVE || *action == PART;
    if (by_hand && head && err == ERR_OK &&
        count(p,
              "SELECT CAST(coalesce(sum(o.id), 0) AS BIGINT) FROM proposal o WHERE o.round_id = "
              "%lld AND %lld IN (o.learner_id, o.helper_id)",
              (long long)p->round, (long long)p->r.w.people[2]) != theirs) {
        return "an evaluator has moved whom they evaluate";
    }
    if (p->published && frozen_now(p) != p->frozen) {
        return "what is published has changed";
    }
    return check(p);
}

/* DUET_SEED=N plays another game. */
static uint64_t seed(void)
{
    const char *text = getenv("DUET_SEED");
    return text ? strtoull(text, NULL, 10) : 12;
}

static void suite(const struct dbtest *t)
{
    struct play p = {.rng = rng_seed(seed())};
    const struct programme plain = {.max_helps = 1, .max_learns = 1};
    const char *wrong = NULL;
    int actions = getenv("DUET_SANITIZED") ? ACTIONS / 2 : ACTIONS, n = 0;
    rounds_world(&p.r, t);
    p.programme = rounds_programme(&p.r, &plain);
    enum action action = START;
    while (n < actions && !wrong) {
        wrong = turn(&p, &action);
        n++;
    }
    tap_ok(!wrong, "%s: %d random actions break nothing (%s: %s)", p.r.w.c.name, n,
           action_names[action], wrong ? wrong : "fine");
    bool all = p.done[ASK] && p.done[START] && p.done[WORK] && p.done[LOCK] && p.done[MOVE] &&
               p.done[PUBLISH];
    tap_ok(all && p.done[AGAIN] + p.done[PART] + p.done[UNLOCK] > 2,
           "%s: and much was done (%d moves, %d rounds worked out, %d published)", p.r.w.c.name,
           p.done[MOVE], p.done[WORK], p.done[PUBLISH]);
    coachtest_close(&p.r.w.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
