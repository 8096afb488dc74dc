/* What a round proposes, a page at a time, for those who review it; see rounds.h. */
#include "coach/rounds_view.h"
#include "base/arena.h"
#include "base/list.h"
#include "coach/framework.h"
#include "coach/memory.h"
#include "coach/people_read.h"
#include "coach/programmes_read.h"
#include "coach/rounds_store.h"

#include <string.h>

struct reading {
    struct coach *coach;
    const struct framework *framework; /* for names of skills in the reader's language */
    struct list pairs, rows;
    struct list first; /* size_t, beside pairs: their first row */
};

static struct str skill_name(const struct framework *framework, int64_t id, struct str own)
{
    const struct framework_skill *skill = id ? framework_find_skill(framework, id) : NULL;
    return skill ? skill->words.name : own;
}

static enum err read_row(struct reading *r, const struct db_query *q, bool withheld)
{
    struct coach *coach = r->coach;
    enum err err = ERR_OK;
    struct str origin = db_text(q, 10);
    struct rounds_row row = {
        .id = db_int(q, 0),
        .learner_id = db_int(q, 2),
        .helper_id = db_int(q, 3),
        .learner = sql_copy_name(coach, q, 5, 6, &err),
        .helper = sql_copy_name(coach, q, 7, 8, &err),
        .skill = {"", 0},
        .unit = {"", 0},
        .language = {"", 0},
        .period = {"", 0},
    };
    if (!withheld) {
        row.skill_id = db_int(q, 4);
        row.skill = sql_copy(coach, q, 9, &err);
        row.skill = skill_name(r->framework, row.skill_id, row.skill);
        row.origin = str_is(origin, "must")   ? ROUND_MUST
                     : str_is(origin, "kept") ? ROUND_KEPT
                                              : ROUND_CHOSEN;
        row.by_hand = str_is(origin, "hand");
        row.reach = (int32_t)db_int(q, 12);
        row.priority = (int32_t)db_int(q, 13);
        row.n_visits = (int32_t)db_int(q, 14);
        row.n_raters = (int32_t)db_int(q, 15);
        row.n_evidence = (int32_t)db_int(q, 16);
        row.unit = sql_copy(coach, q, 17, &err);
        row.language = sql_copy(coach, q, 18, &err);
        row.period = sql_copy(coach, q, 19, &err);
    }
    return err || list_add(&r->rows, &row) ? err : r->rows.err;
}

/* Rows of a group of three are withheld together. */
static void withhold(struct rounds_pair *pair, struct rounds_row *rows, size_t n)
{
    pair->withheld = true;
    for (size_t k = 0; k < n; k++) {
        rows[k] = (struct rounds_row){.id = rows[k].id,
                                      .learner_id = rows[k].learner_id,
                                      .helper_id = rows[k].helper_id,
                                      .learner = rows[k].learner,
                                      .helper = rows[k].helper,
                                      .skill = {"", 0},
                                      .unit = {"", 0},
                                      .language = {"", 0},
                                      .period = {"", 0}};
    }
}

static enum err read_pairs(struct reading *r, struct db_query *q)
{
    enum err failed = ERR_OK, err = ERR_OK;
    list_init(&r->pairs, r->coach->arena, sizeof(struct rounds_pair), SIZE_MAX);
    list_init(&r->rows, r->coach->arena, sizeof(struct rounds_row), SIZE_MAX);
    list_init(&r->first, r->coach->arena, sizeof(size_t), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        int32_t number = (int32_t)db_int(q, 1);
        struct rounds_pair *pair =
            r->pairs.n ? (struct rounds_pair *)r->pairs.items + r->pairs.n - 1 : NULL;
        if (!pair || pair->pair != number) {
            pair = list_push(&r->pairs);
            if (!pair || !list_add(&r->first, &r->rows.n)) {
                failed = ERR_NOMEM;
                break;
            }
            pair->pair = number;
        }
        bool withheld = db_int(q, 20) == 1;
        pair->withheld = pair->withheld || withheld;
        pair->locked = pair->locked || db_int(q, 11) == 1;
        failed = read_row(r, q, withheld);
        pair->n_rows++;
    }
    db_finish(q);
    struct rounds_pair *pairs = r->pairs.items;
    for (size_t k = 0; k < r->pairs.n && !failed; k++) {
        pairs[k].rows = (struct rounds_row *)r->rows.items + ((size_t *)r->first.items)[k];
        if (pairs[k].withheld) {
            withhold(&pairs[k], pairs[k].rows, pairs[k].n_rows);
        }
    }
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err open_reading(struct coach *coach, int64_t id, struct str locale, struct reading *r)
{
    struct rounds_round round;
    struct programme programme;
    *r = (struct reading){.coach = coach};
    enum err err = rounds_arrange(coach, ALLOW_VIEW, id, &round);
    err = err ? err : programmes_find(coach, round.programme_id, &programme);
    return err ? err : memory_framework(coach, programme.framework_id, locale, &r->framework);
}

enum err rounds_pairs(struct coach *coach, int64_t id, const struct rounds_filter *filter,
                      struct rounds_pairs *pairs)
{
    struct people_query query = {.words = filter->words.p ? filter->words : (struct str){"", 0}};
    struct people_asked asked = {0};
    struct reading r;
    struct db_query *q;
    bool all = filter->unit_id == 0 && query.words.n == 0;
    int64_t self = coach->actor.person_id;
    enum err err = open_reading(coach, id, filter->locale, &r);
    err = err ? err : people_ask(coach, &query, &asked);
    if (!err && all) {
        err = sql_rows(
            coach, SQL_ROUND_PAIRS,
            SQL_ARGS(sql_int(id), sql_int(self), sql_int(filter->after), sql_int(ROUNDS_PAGE + 1)),
            &q);
    } else if (!err) {
        err = sql_rows(coach, SQL_ROUND_PAIRS_OF,
                       SQL_ARGS(sql_int(id), sql_int(self), sql_int(filter->after),
                                sql_int(ROUNDS_PAGE + 1), sql_int(filter->unit_id),
                                sql_text(asked.patterns[0]), sql_text(asked.patterns[1]),
                                sql_text(asked.patterns[2]), sql_text(asked.patterns[3])),
                       &q);
    }
    err = err ? err : read_pairs(&r, q);
    if (err) {
        return err;
    }
    *pairs = (struct rounds_pairs){.items = r.pairs.items, .n = r.pairs.n};
    if (pairs->n > ROUNDS_PAGE) {
        pairs->n = ROUNDS_PAGE;
        pairs->next = pairs->items[ROUNDS_PAGE - 1].pair;
    }
    return ERR_OK;
}

enum err rounds_pair_of_person(struct coach *coach, int64_t id, int64_t person_id,
                               struct str locale, struct rounds_pairs *pairs)
{
    struct reading r;
    struct db_query *q;
    enum err err = open_reading(coach, id, locale, &r);
    err = err ? err
              : sql_rows(coach, SQL_ROUND_PAIR_OF_PERSON,
                         SQL_ARGS(sql_int(id), sql_int(coach->actor.person_id), sql_int(person_id)),
                         &q);
    err = err ? err : read_pairs(&r, q);
    *pairs = (struct rounds_pairs){.items = r.pairs.items, .n = r.pairs.n};
    return err;
}

/* ---- who stays without ---- */

static enum err read_counts(struct coach *coach, int64_t id, struct rounds_lefts *lefts)
{
    struct db_query *q;
    enum err err = sql_rows(coach, SQL_ROUND_STATES,
                            SQL_ARGS(sql_int(id), sql_int(coach->actor.person_id)), &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        enum round_state state = rounds_why_of(db_text(q, 0));
        if (state == ROUND_STATE__MAX) {
            lefts->n_partnered = db_int(q, 2);
        } else {
            lefts->counts[state] = db_int(q, 2);
            lefts->n_no_goal += db_int(q, 1);
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err fill_units(struct coach *coach, struct rounds_left *left, size_t n)
{
    int64_t ids[ROUNDS_PAGE];
    struct str units[ROUNDS_PAGE];
    for (size_t k = 0; k < n; k++) {
        ids[k] = left[k].person_id;
    }
    enum err err = people_units_of(coach, ids, n, units);
    for (size_t k = 0; k < n && !err; k++) {
        left[k].units = units[k];
    }
    return err;
}

enum err rounds_left_out(struct coach *coach, int64_t id, struct str after,
                         struct rounds_lefts *lefts)
{
    struct people_query query = {.words = {"", 0}, .after = after, .limit = ROUNDS_PAGE};
    struct people_asked asked = {0};
    struct rounds_round round;
    struct rounds_lefts found = {.next = {"", 0}};
    struct str last = {"", 0};
    struct db_query *q;
    enum err err = rounds_arrange(coach, ALLOW_VIEW, id, &round);
    err = err ? err : people_ask(coach, &query, &asked);
    err = err ? err : read_counts(coach, id, &found);
    found.items = err ? NULL : arena_alloc(coach->arena, ROUNDS_PAGE, sizeof *found.items);
    if (!found.items) {
        return err ? err : ERR_NOMEM;
    }
    err = sql_rows(coach, SQL_ROUND_LEFT_OUT,
                   SQL_ARGS(sql_int(id), sql_int(coach->actor.person_id), sql_text(asked.search),
                            sql_int(asked.id), sql_int(ROUNDS_PAGE + 1)),
                   &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK && found.n < ROUNDS_PAGE) {
        struct rounds_left *left = &found.items[found.n++];
        *left = (struct rounds_left){.person_id = db_int(q, 0),
                                     .name = sql_copy_name(coach, q, 1, 2, &err),
                                     .units = {"", 0},
                                     .withheld = db_int(q, 5) == 1,
                                     .no_goal = db_int(q, 6) == 0};
        left->why = left->withheld ? ROUND_STATE__MAX : rounds_why_of(db_text(q, 4));
        last = sql_copy(coach, q, 3, &err);
        if (err) {
            break;
        }
    }
    bool more = err == ERR_OK;
    db_finish(q);
    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    if (!err && more && found.n) {
        err = people_write_after(coach, found.items[found.n - 1].person_id, last, &found.next);
    }
    err = err ? err : fill_units(coach, found.items, found.n);
    if (!err) {
        *lefts = found;
    }
    return err;
}
