/* Holding a stored round against the database once more; see rounds.h.
 *
 * The fingerprint in the certificate says whether the problem is still the same; only then do
 * gains, rules and prices mean anything. */
#include "base/arena.h"
#include "base/crew.h"
#include "base/list.h"
#include "coach/programmes_read.h"
#include "coach/round_solve.h"
#include "coach/rounds_store.h"
#include "match/certificate.h"

#include <string.h>

#define MEMORY ((size_t)4 << 30)

struct checking {
    int64_t id;
    struct rounds_round round;
    struct programme programme;
    struct list locks; /* struct round_lock: of when it was worked out */
    struct list rows;  /* struct round_proposal */
    bool gone;         /* somebody of the list, or a skill, is not there any more */
    struct round_roster roster;
    struct str certificate;
    round_progress_fn *progress;
    void *ctx;
    struct rounds_check *check;
};

/* ---- reading ---- */

static enum err take_lock(struct coach *coach, const struct db_query *q, void *item)
{
    (void)coach;
    *(struct round_lock *)item = (struct round_lock){db_int(q, 0), db_int(q, 1), db_int(q, 2)};
    return ERR_OK;
}

static enum err read_rows(struct coach *coach, struct checking *c)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(coach, SQL_ROUND_TO_CHECK, SQL_ARGS(sql_int(c->id)), &q);
    list_init(&c->rows, coach->arena, sizeof(struct round_proposal), SIZE_MAX);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        int64_t skill_id = db_int(q, 3);
        struct round_proposal row = {
            .pair = (int32_t)db_int(q, 0),
            .learner = round_roster_person(&c->roster, db_int(q, 1)),
            .helper = round_roster_person(&c->roster, db_int(q, 2)),
            .skill = skill_id ? round_roster_skill(&c->roster, skill_id) : ROSTER_NONE,
            .gain = (int32_t)db_int(q, 4),
        };
        c->gone = c->gone || row.learner == ROSTER_NONE || row.helper == ROSTER_NONE ||
                  (skill_id && row.skill == ROSTER_NONE);
        failed = list_add(&c->rows, &row) ? ERR_OK : c->rows.err;
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum rounds_checked before_reading(const struct rounds_round *round)
{
    bool listed = round->state == ROUNDS_READY || round->state == ROUNDS_PUBLISHING ||
                  round->state == ROUNDS_PUBLISHED;
    return !listed                   ? ROUNDS_NOT_READY
           : !round->has_certificate ? ROUNDS_UNCERTIFIED
           : round->n_changed        ? ROUNDS_BY_HAND
                                     : ROUNDS_HOLDS;
}

static enum err read_all(struct coach *coach, void *ctx)
{
    struct checking *c = ctx;
    enum err err = rounds_arrange(coach, ALLOW_VIEW, c->id, &c->round);
    if (err) {
        return err;
    }
    c->check->what = before_reading(&c->round);
    if (c->check->what != ROUNDS_HOLDS) {
        return ERR_OK;
    }
    list_init(&c->locks, coach->arena, sizeof(struct round_lock), SIZE_MAX);
    err = programmes_find(coach, c->round.programme_id, &c->programme);
    c->programme.strategy = c->round.strategy;
    c->programme.most_gain = c->round.most_gain;
    c->programme.lift = c->round.lift;
    c->programme.same_unit = c->round.same_unit;
    err = err ? err
              : sql_list(coach, SQL_ROUND_LOCKS_BEFORE, SQL_ARGS(sql_int(c->id)), take_lock,
                         &c->locks);
    err = err ? err
              : round_roster_read_before(coach, &c->programme, c->id, c->locks.items, c->locks.n,
                                         &c->roster);
    err = err ? err : read_rows(coach, c);
    return err ? err : rounds_certificate(coach, c->id, &c->certificate);
}

/* ---- checking ---- */

static bool is_same(const struct round *round, struct arena *arena,
                    const struct match_certificate *certificate, enum err *err)
{
    unsigned char inputs[MATCH_FINGERPRINT_BYTES];
    round_fingerprint(round, arena, inputs, err);
    return *err == ERR_OK && memcmp(inputs, certificate->inputs, sizeof inputs) == 0;
}

static enum err hold(struct checking *c, struct arena *arena, struct round *round,
                     const struct match_certificate *certificate)
{
    struct round_verdict verdict;
    struct crew crew = crew_of_machine();
    const struct round_proposal *rows = c->rows.items;
    round_set_crew(round, &crew);
    enum err err = round_verify(arena, round, rows, (int32_t)c->rows.n, certificate, c->progress,
                                c->ctx, &verdict);
    if (err == ERR_REFUSED) {
        c->check->what = ROUNDS_WRONG;
        c->check->pair = verdict.row >= 0 ? rows[verdict.row].pair : 0;
        return ERR_OK;
    }
    memcpy(c->check->proved, verdict.text, sizeof c->check->proved);
    return err;
}

static enum err judge(struct checking *c, struct arena *arena)
{
    struct round_options asked = round_roster_options(&c->programme, c->programme.strategy),
                         options = asked;
    struct match_certificate *certificate;
    struct match_certificate_error error;
    struct round_problem problem;
    struct round *round;
    int32_t floor = 0;
    enum err err = match_certificate_read(arena, c->certificate, &certificate, &error);
    err = err ? err : round_read_words(certificate, &options, &floor);
    if (err == ERR_INVALID ||
        (!err && (options.strategy != asked.strategy || options.objective != asked.objective))) {
        c->check->what = ROUNDS_WRONG;
        return ERR_OK;
    }
    if (err) {
        return err;
    }
    err = round_prepare(arena, &c->roster.roster, &c->roster.fit, &options, &round, &problem);
    if (!err) {
        round_set_floor(round, floor);
    }
    bool same = !err && !c->gone && is_same(round, arena, certificate, &err);
    if (err == ERR_CONFLICT || (!err && !same)) {
        c->check->what = c->round.locks_kept ? ROUNDS_CHANGED : ROUNDS_EARLIER;
        return ERR_OK;
    }
    return err ? err : hold(c, arena, round, certificate);
}

enum err rounds_check(struct coach *coach, int64_t id, round_progress_fn *progress, void *ctx,
                      struct rounds_check *check)
{
    struct checking c = {.id = id, .progress = progress, .ctx = ctx, .check = check};
    struct arena *arena = arena_new(MEMORY), *before = coach->arena;
    *check = (struct rounds_check){.what = ROUNDS_NOT_READY};
    if (!arena) {
        return ERR_NOMEM;
    }
    coach->arena = arena;
    enum err err = coach_transact(coach, COACH_READ, read_all, &c);
    if (!err && check->what == ROUNDS_HOLDS) {
        err = judge(&c, arena);
    }
    coach->arena = before;
    arena_free(arena);
    return err;
}
