/* Whom somebody could ask for help with a skill; see asks.h.  Everybody who offers it is looked at:
 * one query tells what is needed of all of them, a second what was between them and the actor; the
 * order is made here, and only those who are shown are read in full. */
#include "coach/asks.h"

#include "base/arena.h"
#include "base/list.h"
#include "base/sort.h"
#include "coach/allow.h"
#include "coach/sql.h"

#include <stdlib.h>

struct candidate {
    int64_t person_id;
    double reach; /* what they can do alone, as far as is known; the order only */
    bool known;
    bool same_unit;
    bool out; /* may not be asked, or is at work with the actor on it */
    bool earlier;
    int64_t together_ms;
};

/* What was between the actor and a colleague: the second column of SQL_ASK_BETWEEN. */
enum between { BETWEEN_OUT = 1, BETWEEN_EARLIER, BETWEEN_TOGETHER };

struct search {
    struct coach *coach;
    struct list all; /* struct candidate, by person */
};

static int by_person(const void *a, const void *b, void *ctx)
{
    const struct candidate *x = a, *y = b;
    (void)ctx;
    return (x->person_id > y->person_id) - (x->person_id < y->person_id);
}

/* Where nothing tells two apart: who works where the actor does first; then as in a circle that
 * begins behind the actor, so that not everybody is sent to the same few. */
static int by_place(const struct candidate *x, const struct candidate *y, int64_t self)
{
    if (x->same_unit != y->same_unit) {
        return x->same_unit ? -1 : 1;
    }
    if ((x->person_id > self) != (y->person_id > self)) {
        return x->person_id > self ? -1 : 1;
    }
    return by_person(x, y, NULL);
}

/* With whom it ended well first; then those of whom enough is known, the furthest first; then by
 * place.  With whom it did not go on last. */
static int by_reach(const void *a, const void *b, void *ctx)
{
    const struct candidate *x = a, *y = b;
    const struct coach *coach = ctx;
    if (x->earlier != y->earlier) {
        return x->earlier ? 1 : -1;
    }
    if ((x->together_ms > 0) != (y->together_ms > 0)) {
        return x->together_ms > 0 ? -1 : 1;
    }
    if (x->known != y->known) {
        return x->known ? -1 : 1;
    }
    if (x->known && x->reach != y->reach) {
        return x->reach > y->reach ? -1 : 1;
    }
    return by_place(x, y, coach->actor.person_id);
}

static enum err read_offers(struct search *s, int64_t skill_id)
{
    struct coach *coach = s->coach;
    struct db_query *q;
    struct candidate *c;
    enum err failed = ERR_OK,
             err = sql_rows(coach, SQL_ASK_OFFERS,
                            SQL_ARGS(sql_int(coach->actor.person_id), sql_int(skill_id)), &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        c = list_push(&s->all);
        if (!c) {
            failed = s->all.err;
            continue;
        }
        *c = (struct candidate){.person_id = db_int(q, 0),
                                .out = db_int(q, 1) <= db_int(q, 2), /* as many as they want */
                                .known = !db_is_null(q, 3),
                                .reach = db_double(q, 3),
                                .same_unit = db_int(q, 4) != 0};
    }
    db_finish(q);
    sort_items(s->all.items, s->all.n, sizeof(struct candidate), by_person, NULL);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static int compare_people(const void *a, const void *b)
{
    return by_person(a, b, NULL);
}

/* NULL: does not offer it. */
static struct candidate *find(struct search *s, int64_t person_id)
{
    const struct candidate key = {.person_id = person_id};
    return s->all.n ? bsearch(&key, s->all.items, s->all.n, sizeof key, compare_people) : NULL;
}

static enum err read_between(struct search *s, int64_t skill_id)
{
    struct coach *coach = s->coach;
    struct db_query *q;
    enum err err = sql_rows(coach, SQL_ASK_BETWEEN,
                            SQL_ARGS(sql_int(coach->actor.person_id), sql_int(skill_id)), &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        struct candidate *c = find(s, db_int(q, 0));
        if (c) {
            int64_t what = db_int(q, 1);
            c->out |= what == BETWEEN_OUT;
            c->earlier |= what == BETWEEN_EARLIER;
            c->together_ms = what == BETWEEN_TOGETHER ? db_int(q, 2) : c->together_ms;
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err read_shown(struct coach *coach, int64_t skill_id, const struct candidate *c,
                           struct suggestion *shown)
{
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_first(coach, SQL_ASK_ABOUT,
                                              SQL_ARGS(sql_int(coach->actor.person_id),
                                                       sql_int(c->person_id), sql_int(skill_id)),
                                              &q);
    if (err) {
        return err;
    }
    *shown = (struct suggestion){.person_id = c->person_id,
                                 .name = sql_copy_name(coach, q, 0, 1, &failed),
                                 .note = sql_copy(coach, q, 2, &failed),
                                 .unit = sql_copy(coach, q, 3, &failed),
                                 .same_period = db_int(q, 4) != 0,
                                 .same_unit = c->same_unit,
                                 .earlier = c->earlier,
                                 .together_ms = c->together_ms};
    db_finish(q);
    return failed;
}

/* Takes who may not be asked out, and puts the others in order: first those who are suggested,
 * *n_good of them, then those with whom it did not go on. */
static void put_in_order(struct search *s, size_t *n_good)
{
    struct candidate *all = s->all.items;
    size_t n = 0;
    *n_good = 0;
    for (size_t k = 0; k < s->all.n; k++) {
        if (!all[k].out) {
            *n_good += !all[k].earlier;
            all[n++] = all[k];
        }
    }
    s->all.n = n;
    sort_items(all, n, sizeof *all, by_reach, s->coach);
}

enum err asks_suggest(struct coach *coach, int64_t skill_id, bool earlier, int32_t first,
                      struct suggestions *suggestions)
{
    struct search s = {.coach = coach};
    int64_t self = coach->actor.person_id;
    size_t n_good = 0;
    *suggestions = (struct suggestions){0};
    list_init(&s.all, coach->arena, sizeof(struct candidate), SIZE_MAX);
    enum err err =
        self ? allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_OFFER, self, 0)) : ERR_FORBIDDEN;
    err = err ? err : read_offers(&s, skill_id);
    err = err ? err : read_between(&s, skill_id);
    if (err || s.all.n == 0) {
        return err;
    }
    put_in_order(&s, &n_good);
    size_t n_earlier = s.all.n - n_good, from = first > 0 ? (size_t)first : 0;
    if (from >= n_good) { /* the last page */
        from = n_good ? (n_good - 1) / ASKS_SUGGESTIONS * ASKS_SUGGESTIONS : 0;
    }
    suggestions->first = (int32_t)from;
    suggestions->n_all = (int32_t)n_good;
    suggestions->n_earlier = earlier ? 0 : (int32_t)n_earlier;
    suggestions->items =
        arena_alloc(coach->arena, (size_t)2 * ASKS_SUGGESTIONS, sizeof *suggestions->items);
    if (!suggestions->items) {
        return ERR_NOMEM;
    }
    const struct candidate *all = s.all.items;
    for (size_t k = 0; k < (size_t)2 * ASKS_SUGGESTIONS && !err; k++) {
        bool last = k >= ASKS_SUGGESTIONS; /* those with whom it did not go on */
        size_t at = last ? n_good + k - ASKS_SUGGESTIONS : from + k;
        if (at < (last && earlier ? s.all.n : n_good)) {
            err = read_shown(coach, skill_id, &all[at], &suggestions->items[suggestions->n]);
            suggestions->n += !err;
        }
    }
    return err;
}
