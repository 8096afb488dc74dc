/* Strategies side by side on the people of a programme; see rounds.h.
 *
 * The result is kept as lines of numbers: "warn" (small pools, unlinked, stale, unsure), "unhelped"
 * (ids of skills), and one line for each strategy that begins with its word. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/crew.h"
#include "base/list.h"
#include "coach/audit.h"
#include "coach/programmes_read.h"
#include "coach/round_warn.h"
#include "coach/rounds_store.h"

#include <string.h>

#define MEMORY ((size_t)4 << 30) /* of one comparison */
#define RESULT_ROOM ((size_t)1 << 16)
#define FIXED 13 /* numbers of a row before the reasons */

struct work {
    struct coach *coach;
    int64_t id;
    bool stands;
    struct programme programme;
    struct round_roster roster;
    struct round_gains *gains; /* of all pairs, for all strategies */
    struct buf text;
    struct str result, problem;
};

/* ---- starting ---- */

enum err comparisons_start(struct coach *coach, int64_t programme_id, int64_t *id)
{
    struct programme p;
    enum err err = programmes_arrange(coach, ALLOW_EDIT, programme_id, &p);
    bool may = !err && (p.state == PROGRAMME_OPEN || p.state == PROGRAMME_RUNNING);
    err = err || may ? err : ERR_CONFLICT;
    if (!err) {
        err = sql_number(coach, SQL_COMPARISON_UNDER_WAY, SQL_ARGS(sql_int(programme_id)), id);
        if (err != ERR_NOT_FOUND) {
            return err; /* one is under way: that one */
        }
        err = sql_number(coach, SQL_COMPARISON_ADD,
                         SQL_ARGS(sql_int(programme_id), sql_id_or_null(coach->actor.person_id),
                                  sql_int(coach->now_ms)),
                         id);
    }
    err = err ? err
              : sql_run(coach, SQL_COMPARISON_DROP_OLD,
                        SQL_ARGS(sql_int(programme_id), sql_int(*id)), NULL);
    err = err ? err : rounds_queue(coach, COMPARISON_JOB, *id);
    return err ? err
               : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, programme_id),
                            "compare");
}

/* ---- counting ---- */

/* Partnerships, and those whose members are not all of one unit. */
static int32_t count_across(const struct round_result *result, const struct roster *roster)
{
    int32_t across = 0, counted = 0;
    for (int32_t k = 0; k < result->n_proposals; k++) {
        const struct round_proposal *p = &result->proposals[k];
        int32_t a = roster->values[p->learner], b = roster->values[p->helper];
        if ((a == ROSTER_NONE || a != b) && counted != p->pair) {
            across++;
            counted = p->pair;
        }
    }
    return across;
}

static void add_number(struct buf *buf, int64_t number)
{
    buf_add_char(buf, ' ');
    buf_add_int(buf, number);
}

static void add_row(struct work *w, enum programme_strategy strategy, enum rounds_problem problem,
                    int64_t rule_id, const struct round_result *r)
{
    int32_t busiest = 0, why[ROUND_STATE__MAX] = {0};
    for (int32_t u = 0; u < r->n_people; u++) {
        busiest = r->n_helps[u] > busiest ? r->n_helps[u] : busiest;
        why[r->state[u]]++;
    }
    const int64_t numbers[FIXED] = {
        problem,          rule_id,    r->n_people,  r->n_learners,
        r->n_served,      r->n_needs, r->n_covered, r->total_gain,
        r->smallest_gain, busiest,    r->n_pairs,   count_across(r, &w->roster.roster),
        r->proved};
    buf_add_text(&w->text, programmes_strategy_word(strategy));
    for (int k = 0; k < FIXED; k++) {
        add_number(&w->text, numbers[k]);
    }
    for (int k = 0; k < ROUND_STATE__MAX; k++) {
        add_number(&w->text, why[k]);
    }
    add_number(&w->text, r->stable_kind == MATCH_STABLE_MANY);
    buf_add_char(&w->text, '\n');
}

static enum err add_warnings(struct work *w, const struct round *round)
{
    struct round_warnings warnings;
    enum err err = round_warn(w->coach->arena, round, &warnings);
    if (err) {
        return err;
    }
    buf_add_text(&w->text, "warn");
    add_number(&w->text, warnings.n_small_pool);
    add_number(&w->text, warnings.n_unlinked);
    add_number(&w->text, warnings.n_stale);
    add_number(&w->text, warnings.n_unsure);
    buf_add_text(&w->text, "\nunhelped");
    for (int32_t k = 0; k < warnings.n_unhelped; k++) {
        add_number(&w->text, w->roster.skill_ids[warnings.unhelped[k]]);
    }
    buf_add_char(&w->text, '\n');
    return ERR_OK;
}

/* One strategy; its memory is given back afterwards. */
static enum err try(struct work *w, enum programme_strategy strategy, struct rounds_task *task)
{
    struct arena *arena = arena_child(w->coach->arena);
    struct round_options options = round_roster_options(&w->programme, strategy);
    struct round_result result = {0};
    struct round_problem problem;
    struct round *round;
    if (!arena) {
        return ERR_NOMEM;
    }
    enum rounds_problem why = ROUNDS_FINE;
    int64_t rule_id = 0;
    struct crew crew = crew_of_machine();
    enum err err = round_prepare_with(&crew, arena, &w->roster.roster, &w->roster.fit, &options,
                                      &round, &problem);
    if (!err && strategy == PROGRAMME_RECIPROCAL) {
        err = add_warnings(w, round);
    }
    if (!err) {
        round_share_gains(round, w->gains);
    }
    err = err ? err : round_solve(arena, round, rounds_progress, task, &result, &problem);
    bool stopped = err == ERR_LIMIT && task->stop && task->stop(task->ctx);
    if (!stopped && (err == ERR_CONFLICT || err == ERR_LIMIT || err == ERR_INVALID)) {
        why = rounds_problem_of(err, &problem, &w->roster, &rule_id);
        result = (struct round_result){0};
        err = ERR_OK;
    }
    if (!err) {
        add_row(w, strategy, why, rule_id, &result);
    }
    arena_free(arena);
    return err;
}

/* ---- the job ---- */

static enum err begin(struct coach *coach, void *ctx)
{
    struct work *w = ctx;
    int64_t changed = 0;
    enum err err = sql_run(coach, SQL_COMPARISON_BEGIN, SQL_ARGS(sql_int(w->id)), &changed);
    w->stands = changed > 0;
    return err;
}

static enum err read_all(struct coach *coach, void *ctx)
{
    struct work *w = ctx;
    int64_t programme_id;
    enum err err =
        sql_number(coach, SQL_COMPARISON_PROGRAMME, SQL_ARGS(sql_int(w->id)), &programme_id);
    err = err ? err : programmes_find(coach, programme_id, &w->programme);
    return err ? err : round_roster_read(coach, &w->programme, NULL, 0, true, &w->roster);
}

static enum err write_result(struct coach *coach, void *ctx)
{
    struct work *w = ctx;
    return sql_run(coach, SQL_COMPARISON_READY,
                   SQL_ARGS(sql_int(w->id), sql_text(w->result), sql_int(coach_clock_ms())), NULL);
}

static enum err write_problem(struct coach *coach, void *ctx)
{
    struct work *w = ctx;
    return sql_run(coach, SQL_COMPARISON_FAIL, SQL_ARGS(sql_int(w->id), sql_text(w->problem)),
                   NULL);
}

static enum err fail(struct work *w, enum rounds_problem problem)
{
    enum err err = rounds_problem_write(w->coach, problem, 0, &w->problem);
    return err ? err : coach_transact(w->coach, COACH_WRITE, write_problem, w);
}

static enum err try_all(struct work *w, struct rounds_task *task)
{
    enum err err = ERR_OK;
    if (w->roster.roster.n_people < 2) {
        return fail(w, ROUNDS_FEW);
    }
    buf_init(&w->text, w->coach->arena, RESULT_ROOM);
    w->gains = round_gains_new(w->coach->arena);
    err = w->gains ? ERR_OK : ERR_NOMEM;
    for (int k = 0; k < PROGRAMME_STRATEGY__MAX && !err; k++) {
        task->from = (double)k / PROGRAMME_STRATEGY__MAX;
        task->share = 1.0 / PROGRAMME_STRATEGY__MAX;
        err = try(w, (enum programme_strategy)k, task);
    }
    err = err ? err : buf_end(&w->text, &w->result);
    return err ? err : coach_transact(w->coach, COACH_WRITE, write_result, w);
}

enum err comparisons_work(struct coach *coach, int64_t id, rounds_go_on_fn *stop, void *ctx)
{
    struct work w = {.coach = coach, .id = id};
    struct rounds_task task = {
        .coach = coach, .id = id, .progress = SQL_COMPARISON_PROGRESS, .stop = stop, .ctx = ctx};
    struct arena *arena = arena_new(MEMORY), *before = coach->arena;
    if (!arena) {
        return ERR_NOMEM;
    }
    coach->arena = arena;
    enum err err = coach_transact(coach, COACH_WRITE, begin, &w);
    if (!err && w.stands) {
        err = coach_transact(coach, COACH_READ, read_all, &w);
        if (err == ERR_LIMIT) {
            err = fail(&w, ROUNDS_LARGE);
        } else if (!err) {
            err = try_all(&w, &task);
        }
    }
    coach->arena = before;
    arena_free(arena);
    return err;
}

/* ---- reading ---- */

/* The next number of a line; false at its end. */
static bool next_number(struct str *line, int64_t *number)
{
    size_t k = 0;
    *number = 0;
    while (k < line->n && line->p[k] == ' ') {
        k++;
    }
    bool any = k < line->n && line->p[k] >= '0' && line->p[k] <= '9';
    while (k < line->n && line->p[k] >= '0' && line->p[k] <= '9' && *number < INT64_MAX / 10 - 10) {
        *number = 10 * *number + (line->p[k++] - '0');
    }
    *line = (struct str){line->p + k, line->n - k};
    return any;
}

static void read_row(struct str line, enum programme_strategy strategy, struct comparison_row *row)
{
    int64_t n[FIXED + ROUND_STATE__MAX + 1] = {0};
    for (int k = 0; k < FIXED + ROUND_STATE__MAX + 1 && next_number(&line, &n[k]); k++) {}
    *row = (struct comparison_row){
        .strategy = strategy,
        .problem = n[0] < ROUNDS_PROBLEM__MAX ? (enum rounds_problem)n[0] : ROUNDS_BROKEN,
        .problem_rule_id = n[1],
        .n_people = (int32_t)n[2],
        .n_learners = (int32_t)n[3],
        .n_served = (int32_t)n[4],
        .n_needs = (int32_t)n[5],
        .n_covered = (int32_t)n[6],
        .total_gain = n[7],
        .smallest_gain = (int32_t)n[8],
        .busiest = (int32_t)n[9],
        .n_pairs = (int32_t)n[10],
        .n_across = (int32_t)n[11],
        .proved = n[12] == 1,
        .by_sum = n[FIXED + ROUND_STATE__MAX] == 1,
    };
    for (int k = 0; k < ROUND_STATE__MAX; k++) {
        row->why[k] = (int32_t)n[FIXED + k];
    }
}

static enum err read_line(struct coach *coach, struct str line, struct list *rows,
                          struct comparison *c)
{
    const char *blank = memchr(line.p, ' ', line.n);
    struct str word = {line.p, blank ? (size_t)(blank - line.p) : line.n};
    struct str rest = {line.p + word.n, line.n - word.n};
    enum programme_strategy strategy;
    int64_t id, warn[4] = {0};
    if (str_is(word, "warn")) {
        for (int k = 0; k < 4 && next_number(&rest, &warn[k]); k++) {}
        c->n_small_pool = (int32_t)warn[0];
        c->n_unlinked = (int32_t)warn[1];
        c->n_stale = (int32_t)warn[2];
        c->n_unsure = (int32_t)warn[3];
    } else if (str_is(word, "unhelped")) {
        struct list ids;
        list_init(&ids, coach->arena, sizeof(int64_t), SIZE_MAX);
        while (next_number(&rest, &id)) {
            if (!list_add(&ids, &id)) {
                return ids.err;
            }
        }
        c->unhelped = ids.items;
        c->n_unhelped = ids.n;
    } else if (programmes_strategy_of(word, &strategy)) {
        struct comparison_row *row = list_push(rows);
        if (!row) {
            return rows->err;
        }
        read_row(rest, strategy, row);
    }
    return ERR_OK;
}

static enum err read_result(struct coach *coach, struct str text, struct comparison *c)
{
    struct list rows;
    enum err err = ERR_OK;
    list_init(&rows, coach->arena, sizeof(struct comparison_row), PROGRAMME_STRATEGY__MAX);
    while (text.n && !err) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n;
        err = read_line(coach, (struct str){text.p, n}, &rows, c);
        n += end != NULL;
        text = (struct str){text.p + n, text.n - n};
    }
    c->rows = rows.items;
    c->n_rows = rows.n;
    return err;
}

enum err comparisons_last(struct coach *coach, int64_t programme_id, struct comparison *comparison)
{
    static const enum rounds_state states[] = {ROUNDS_WAITING, ROUNDS_RUNNING, ROUNDS_READY,
                                               ROUNDS_FAILED};
    struct comparison c = {0};
    struct db_query *q;
    int64_t rule_id;
    enum err err = programmes_may(coach, ALLOW_VIEW, programme_id);
    err = err ? err : sql_first(coach, SQL_COMPARISON_LAST, SQL_ARGS(sql_int(programme_id)), &q);
    if (err) {
        return err;
    }
    c.id = db_int(q, 0);
    c.programme_id = db_int(q, 1);
    for (size_t k = 0; k < sizeof states / sizeof *states; k++) {
        if (str_is(db_text(q, 2), rounds_state_word(states[k]))) {
            c.state = states[k];
        }
    }
    c.progress = (int32_t)db_int(q, 3);
    c.problem = rounds_problem_read(db_text(q, 4), &rule_id);
    c.created_ms = db_int(q, 5);
    c.ready_ms = db_int(q, 6);
    struct str text = sql_copy(coach, q, 7, &err);
    db_finish(q);
    err = err ? err : read_result(coach, text, &c);
    *comparison = c;
    return err;
}
