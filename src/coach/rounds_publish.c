/* From a reviewed list to partnerships that are proposed to people; see rounds.h. */
#include "base/list.h"
#include "coach/audit.h"
#include "coach/notices.h"
#include "coach/partnerships.h"
#include "coach/programmes_read.h"
#include "coach/rounds_store.h"

struct publishing {
    struct coach *coach;
    const struct rounds_round *round;
    struct list made; /* struct partnership_new */
    struct partnership_new now;
    int32_t pair; /* of `now`; 0: none */
    bool good;    /* everybody of `now` is still in */
};

static void add_member(struct partnership_new *made, int64_t person_id)
{
    int32_t k = 0;
    while (k < made->n_members && made->members[k] != person_id) {
        k++;
    }
    if (k == made->n_members && k < PARTNERSHIPS_MEMBERS) {
        made->members[made->n_members++] = person_id;
    }
}

static enum err end_pair(struct publishing *p)
{
    bool good = p->pair && p->good && p->now.n_focuses > 0;
    p->now.kind = p->now.n_members == 3 ? PARTNERSHIP_TRIO : PARTNERSHIP_PAIR;
    return !good || list_add(&p->made, &p->now) ? ERR_OK : p->made.err;
}

/* Rows without a skill join people of a group; somebody who has left undoes the pair. */
static enum err add_row(struct publishing *p, const struct db_query *q)
{
    int32_t pair = (int32_t)db_int(q, 0);
    enum err err = ERR_OK;
    if (pair != p->pair) {
        err = end_pair(p);
        p->now = (struct partnership_new){.programme_id = p->round->programme_id,
                                          .round_id = p->round->id};
        p->pair = pair;
        p->good = true;
    }
    add_member(&p->now, db_int(q, 1));
    add_member(&p->now, db_int(q, 2));
    if (db_is_null(q, 3)) {
        return err;
    }
    p->good = p->good && db_int(q, 6) == 1;
    if (p->now.n_focuses < PARTNERSHIPS_FOCUSES) {
        p->now.focuses[p->now.n_focuses++] = (struct focus_new){.learner_id = db_int(q, 1),
                                                                .helper_id = db_int(q, 2),
                                                                .skill_id = db_int(q, 3),
                                                                .has_gain = true,
                                                                .gain = (int32_t)db_int(q, 4),
                                                                .reach = (int32_t)db_int(q, 5)};
    }
    return err;
}

static enum err read_pairs(struct publishing *p)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(p->coach, SQL_ROUND_TO_PUBLISH, SQL_ARGS(sql_int(p->round->id)), &q);
    if (err) {
        return err;
    }
    list_init(&p->made, p->coach->arena, sizeof(struct partnership_new), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        failed = add_row(p, q);
    }
    db_finish(q);
    failed = failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
    return failed ? failed : end_pair(p);
}

/* A pair that cannot be any more (somebody became the other's evaluator) is passed over. */
static enum err propose(struct publishing *p, int64_t *n)
{
    const struct partnership_new *made = p->made.items;
    enum err err = ERR_OK;
    *n = 0;
    for (size_t k = 0; k < p->made.n && !err; k++) {
        int64_t id;
        err = partnerships_propose(p->coach, &made[k], &id);
        *n += err == ERR_OK;
        err = err == ERR_CONFLICT || err == ERR_INVALID ? ERR_OK : err;
    }
    return err;
}

enum err rounds_publish(struct coach *coach, int64_t id, int64_t *n)
{
    struct rounds_round round;
    struct publishing p = {.coach = coach, .round = &round};
    int64_t changed = 0;
    enum err err = rounds_arrange(coach, ALLOW_EDIT, id, &round);
    err = err ? err
              : sql_run(coach, SQL_ROUND_PUBLISH,
                        SQL_ARGS(sql_int(id), sql_int(coach->now_ms),
                                 sql_id_or_null(coach->actor.person_id)),
                        &changed);
    err = err || changed ? err : ERR_CONFLICT;
    err = err ? err : read_pairs(&p);
    err = err ? err : propose(&p, n);
    err = err ? err : programmes_run(coach, round.programme_id);
    err = err ? err : notices_done(coach, 0, NOTICE_ROUND_READY, 0, id);
    return err ? err
               : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, round.programme_id),
                            "publish");
}
