/* Partnerships as their members read them: names, focuses, the story; see partnerships.h. */
#include "base/arena.h"
#include "base/list.h"
#include "base/num.h"
#include "coach/cycles_store.h"
#include "coach/frameworks_store.h"
#include "coach/partnerships_store.h"

#define MANY 1000         /* partnerships of one person */
#define PEERS_CHANCE 0.75 /* that the learner alone is where the helper is, or further */

static const char *const events[PARTNERSHIP_EVENT__MAX] = {
    [PARTNERSHIP_EVENT_PROPOSED] = "proposed",   [PARTNERSHIP_EVENT_ACCEPTED] = "accepted",
    [PARTNERSHIP_EVENT_AGREEMENT] = "agreement", [PARTNERSHIP_EVENT_SIGNED] = "signed",
    [PARTNERSHIP_EVENT_STARTED] = "started",     [PARTNERSHIP_EVENT_PAUSED] = "paused",
    [PARTNERSHIP_EVENT_RESUMED] = "resumed",     [PARTNERSHIP_EVENT_FOCUS] = "focus",
    [PARTNERSHIP_EVENT_CYCLE] = "cycle",         [PARTNERSHIP_EVENT_PREPARED] = "prepared",
    [PARTNERSHIP_EVENT_PLANNED] = "plan",        [PARTNERSHIP_EVENT_VISITED] = "visit",
    [PARTNERSHIP_EVENT_FEEDBACK] = "feedback",   [PARTNERSHIP_EVENT_SOLVED] = "solve",
    [PARTNERSHIP_EVENT_CHECKED] = "check",       [PARTNERSHIP_EVENT_REFLECTED] = "reflect",
    [PARTNERSHIP_EVENT_STEPPED_BACK] = "back",   [PARTNERSHIP_EVENT_EVIDENCE] = "evidence",
    [PARTNERSHIP_EVENT_SHARED] = "shared",       [PARTNERSHIP_EVENT_STOPPED_CYCLE] = "stopped",
    [PARTNERSHIP_EVENT_ENDED] = "ended",
};

const char *partnerships_event_word(enum partnership_event_kind kind)
{
    return events[kind];
}

/* ---- focuses ---- */

static enum err read_focuses(struct coach *coach, struct str locale, struct partnership *p)
{
    struct db_query *q;
    struct list list;
    enum err failed = ERR_OK, err = sql_rows(coach, SQL_PARTNERSHIP_FOCUSES,
                                             SQL_ARGS(sql_int(p->id), sql_text(locale),
                                                      sql_text(frameworks_base_locale(locale))),
                                             &q);
    if (err) {
        return err;
    }
    list_init(&list, coach->arena, sizeof(struct focus), PARTNERSHIPS_FOCUSES);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct focus f = {
            .id = db_int(q, 0),
            .learner_id = db_int(q, 1),
            .learner = sql_copy_name(coach, q, 2, 3, &failed),
            .helper_id = db_int(q, 4),
            .helper = sql_copy_name(coach, q, 5, 6, &failed),
            .skill_id = db_int(q, 7),
            .skill = sql_copy(coach, q, 8, &failed),
            .active = db_int(q, 9) != 0,
            .open_cycle_id = db_int(q, 10),
            .n_done = (int32_t)db_int(q, 11),
            .open_stage = db_is_null(q, 12) ? CYCLE_PLAN : cycles_stage_of(db_text(q, 12)),
        };
        if (!failed && !list_add(&list, &f)) {
            failed = list.err;
        }
    }
    db_finish(q);
    p->focuses = list.items;
    p->n_focuses = (int32_t)list.n;
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Normal estimates of both: the chance that the learner's is not below the helper's. */
static enum err are_peers(struct coach *coach, struct focus *f)
{
    struct db_query *q;
    bool mine = f->learner_id == coach->actor.person_id || f->helper_id == coach->actor.person_id;
    if (!mine || f->helper_id == 0 || f->n_done == 0) {
        return ERR_OK;
    }
    enum err err = sql_first(
        coach, SQL_PARTNERSHIP_PEERS,
        SQL_ARGS(sql_int(f->learner_id), sql_int(f->helper_id), sql_int(f->skill_id)), &q);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    double a = db_double(q, 0), sa = db_double(q, 1), b = db_double(q, 3), sb = db_double(q, 4);
    bool enough = db_int(q, 2) && db_int(q, 5);
    db_finish(q);
    double variance = sa * sa + sb * sb;
    if (enough && variance > 0) {
        /* z above the quantile of PEERS_CHANCE, squared to spare a root */
        double z = num_normal_quantile(PEERS_CHANCE), d = a - b;
        f->peers = d > 0 && d * d >= z * z * variance;
    }
    return ERR_OK;
}

/* ---- one ---- */

static enum err fill(struct coach *coach, const struct partnership_row *row, struct str locale,
                     struct partnership *p)
{
    bool proposed = row->state == PARTNERSHIP_PROPOSED;
    enum partnership_ending ending = row->ending;
    if (ending == PARTNERSHIP_DECLINED || ending == PARTNERSHIP_REMATCH) {
        ending = PARTNERSHIP_STOPPED; /* nobody is told who */
    }
    *p = (struct partnership){
        .id = row->id,
        .kind = row->kind,
        .state = row->state,
        .ending = ending,
        .programme_id = row->programme_id,
        .round_id = row->round_id,
        .asked_by = row->asked_by,
        .words = row->words,
        .agreement_version = row->version,
        .created_ms = row->created_ms,
        .started_ms = row->started_ms,
        .moved_ms = row->moved_ms,
        .ended_ms = row->ended_ms,
        .n_members = row->n_members,
        .members =
            arena_alloc(coach->arena, PARTNERSHIPS_MEMBERS, sizeof(struct partnership_member)),
        .agreement = {"", 0},
    };
    if (!p->members) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; k < row->n_members; k++) {
        struct partnership_member *m = &p->members[k];
        bool self = row->members[k].person_id == coach->actor.person_id;
        struct str given = row->members[k].given_name;
        *m = (struct partnership_member){
            .person_id = row->members[k].person_id,
            .name = row->members[k].name,
            .given_name = given.n ? given : row->members[k].name,
            .accepted = row->members[k].accepted &&
                        (self || !proposed || row->asked_by == row->members[k].person_id),
            .signed_now = row->version > 0 && row->members[k].signed_version == row->version,
            .left = !row->members[k].active,
        };
        if (self) {
            p->accepted = row->members[k].accepted;
            p->signed_now = m->signed_now;
        }
    }
    if (p->accepted) {
        p->agreement = row->agreement;
    }
    return read_focuses(coach, locale, p);
}

enum err partnerships_get(struct coach *coach, int64_t id, struct str locale,
                          struct partnership *partnership)
{
    struct partnership_row row;
    enum err err = allowed(coach, ALLOW_VIEW, allow_within(ALLOW_ON_PROPOSAL, id, id));
    err = err ? err : partnerships_row(coach, id, &row);
    err = err ? err : fill(coach, &row, locale, partnership);
    for (int32_t k = 0; !err && partnership->accepted && k < partnership->n_focuses; k++) {
        err = are_peers(coach, &partnership->focuses[k]);
    }
    return err;
}

enum err partnerships_mine(struct coach *coach, int64_t id, enum partnership_state *state,
                           bool *together)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_PARTNERSHIP_MINE,
                             SQL_ARGS(sql_int(id), sql_int(coach->actor.person_id)), &q);
    if (err) {
        return err;
    }
    *state = partnerships_state_of(db_text(q, 0));
    *together = db_int(q, 1) == 1;
    db_finish(q);
    return ERR_OK;
}

/* ---- all of a person's ---- */

enum err partnerships_of_actor(struct coach *coach, bool ended, struct str locale,
                               struct partnerships *list)
{
    struct list ids;
    *list = (struct partnerships){NULL, 0};
    if (coach->actor.person_id == 0) {
        return ERR_FORBIDDEN;
    }
    list_init(&ids, coach->arena, sizeof(int64_t), MANY);
    enum err err =
        sql_list(coach, SQL_PARTNERSHIP_OF_ACTOR,
                 SQL_ARGS(sql_int(coach->actor.person_id), sql_int(ended)), sql_read_id, &ids);
    if (err || ids.n == 0) {
        return err;
    }
    list->items = arena_alloc(coach->arena, ids.n, sizeof *list->items);
    if (!list->items) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < ids.n && !err; k++) {
        struct partnership_row row;
        err = partnerships_row(coach, ((const int64_t *)ids.items)[k], &row);
        err = err ? err : fill(coach, &row, locale, &list->items[k]);
        list->items[k].agreement = (struct str){"", 0};
        list->n++;
    }
    return err;
}

/* ---- the story ---- */

enum err partnerships_story(struct coach *coach, int64_t id, struct str locale,
                            struct partnership_event **items, size_t *n)
{
    struct partnership_row row;
    struct db_query *q;
    struct list list;
    enum err failed = ERR_OK, err = partnerships_open(coach, ALLOW_VIEW, id, &row);
    *items = NULL;
    *n = 0;
    if (err || (row.version == 0 && row.kind != PARTNERSHIP_GUIDE)) {
        return err; /* it has not come about: who has said yes so far is not told */
    }
    err = sql_rows(coach, SQL_PARTNERSHIP_STORY,
                   SQL_ARGS(sql_int(id), sql_text(locale), sql_text(frameworks_base_locale(locale)),
                            sql_int(PARTNERSHIPS_STORY)),
                   &q);
    if (err) {
        return err;
    }
    list_init(&list, coach->arena, sizeof(struct partnership_event), PARTNERSHIPS_STORY);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct partnership_event e = {
            .id = db_int(q, 0),
            .at_ms = db_int(q, 1),
            .person_id = db_int(q, 2),
            .name = sql_copy_name(coach, q, 3, 4, &failed),
            .kind = (enum partnership_event_kind)partnerships_word_index(db_text(q, 5), events,
                                                                         PARTNERSHIP_EVENT__MAX),
            .cycle_id = db_int(q, 6),
            .cycle_number = (int32_t)db_int(q, 7),
            .skill = sql_copy(coach, q, 8, &failed),
        };
        if (!failed && !list_add(&list, &e)) {
            failed = list.err;
        }
    }
    db_finish(q);
    *items = list.items;
    *n = list.n;
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}
