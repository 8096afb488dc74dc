/* Checking proposals and certificates that come from somewhere else. */
#include "base/arena.h"
#include "base/sort.h"
#include "coach/round_solve.h"
#include "coach/round_table.h"
#include "coach/round_trio.h"
#include "coach/round_weigh.h"
#include "match/verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define TABLE 0.4 /* share of a check that is gathering gains */

struct check {
    struct round *round;
    const bool *frozen;              /* pairs */
    struct round_open open;          /* guide */
    const struct round_table *table; /* gains made for this check, where there are many pairs */
    struct round_rows rows;          /* of it */
    bool joint;                      /* stable: by the sum of both gains */
    struct round_verdict *verdict;
    round_progress_fn *progress;
    void *progress_ctx;
};

__attribute__((format(printf, 3, 4))) static enum err round_deny(struct round_verdict *verdict,
                                                                 int32_t row, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(verdict->text, sizeof verdict->text, fmt, args);
    va_end(args);
    verdict->row = row;
    return ERR_REFUSED;
}

static const char *round_id(const struct round *round, int32_t person)
{
    return person < 0 ? "nobody" : round->roster->people[person].id.p;
}

/* Rebuilds pairs from rows: everybody has one partner, whom the rules allow. */
static enum err round_rebuild_pairs(const struct check *check, const struct round_proposal *rows,
                                    int32_t n, int32_t *mate)
{
    for (int32_t k = 0; k < n; k++) {
        int32_t two[2] = {rows[k].learner, rows[k].helper};
        for (int i = 0; i < 2; i++) {
            if (mate[two[i]] >= 0 && mate[two[i]] != two[1 - i]) {
                return round_deny(check->verdict, k, "%.90s has two partners, %.90s and %.90s",
                                  round_id(check->round, two[i]),
                                  round_id(check->round, mate[two[i]]),
                                  round_id(check->round, two[1 - i]));
            }
            mate[two[i]] = two[1 - i];
        }
    }
    return ERR_OK;
}

/* Rebuilds groups from the numbers of the partnerships. */
static enum err round_rebuild_groups(const struct check *check, const struct round_proposal *rows,
                                     int32_t n, int32_t *size, struct match_trio *trio)
{
    for (int32_t k = 0; k < n; k++) {
        int32_t two[2] = {rows[k].learner, rows[k].helper};
        if (rows[k].pair < 1 || rows[k].pair > check->round->n) {
            return round_deny(check->verdict, k, "there are not so many groups");
        }
        for (int i = 0; i < 2; i++) {
            if (trio->group[two[i]] < 0 && ++size[rows[k].pair - 1] > 3) {
                return round_deny(check->verdict, k, "more than three people are in this group");
            }
            if (trio->group[two[i]] >= 0 && trio->group[two[i]] != rows[k].pair - 1) {
                return round_deny(check->verdict, k, "%.90s is in two groups",
                                  round_id(check->round, two[i]));
            }
            trio->group[two[i]] = rows[k].pair - 1;
        }
        trio->n_groups = rows[k].pair > trio->n_groups ? rows[k].pair : trio->n_groups;
    }
    return ERR_OK;
}

/* Rebuilds the helpers of tasks; what stands for a fixed one is left out here. */
static enum err round_rebuild_tasks(const struct check *check, const struct round_proposal *rows,
                                    int32_t n, const struct round_answer *answer, int32_t *helper)
{
    const struct round *round = check->round;
    for (int32_t k = 0; k < n; k++) {
        bool fixed = false;
        for (int32_t f = 0; f < round_n_fixed(round); f++) {
            fixed |= round->fixed[f].learner == rows[k].learner &&
                     round->fixed[f].helper == rows[k].helper &&
                     round_fixed_help(round, &round->fixed[f]).skill == rows[k].skill;
        }
        int32_t at = -1;
        for (int32_t t = 0; t < answer->n_tasks && !fixed; t++) {
            const struct round_need *need = &round->needs[answer->task[t]];
            at = need->person == rows[k].learner && need->skill == rows[k].skill ? t : at;
        }
        if (!fixed && (at < 0 || helper[at] >= 0)) {
            return round_deny(check->verdict, k,
                              at < 0 ? "%.90s does not need this skill"
                                     : "%.90s has two helpers for the same skill",
                              round_id(round, rows[k].learner));
        }
        if (!fixed) {
            helper[at] = rows[k].helper;
        }
    }
    return ERR_OK;
}

/* The arrangement that the rows describe, in `answer`. */
static enum err round_rebuild(struct arena *work, const struct check *check,
                              const struct round_proposal *rows, int32_t n,
                              struct round_answer *answer)
{
    struct round *round = check->round;
    int32_t *room, *room_learn;
    size_t people = (size_t)round->n + 1;
    int32_t *place = arena_alloc(work, people + (size_t)round->n_needs, sizeof *place);
    if (!place) {
        return ERR_NOMEM;
    }
    memset(place, -1, (people + (size_t)round->n_needs) * sizeof *place);
    if (round->options.strategy == ROUND_TRIO) {
        answer->trio = arena_alloc(work, 1, sizeof *answer->trio);
        if (!answer->trio) {
            return ERR_NOMEM;
        }
        int32_t *size = arena_alloc(work, people, sizeof *size);
        *answer->trio = (struct match_trio){.n = round->n, .group = place};
        return size ? round_rebuild_groups(check, rows, n, size, answer->trio) : ERR_NOMEM;
    }
    if (round->options.strategy != ROUND_GUIDE) {
        answer->mate = place;
        return round_rebuild_pairs(check, rows, n, place);
    }
    enum err err = round_make_tasks(work, round, answer, &room, &room_learn);
    struct match_assign_proof *assign = arena_alloc(work, 1, sizeof *assign);
    if (err != ERR_OK || !assign) {
        return ERR_NOMEM;
    }
    assign->helper = place;
    answer->assign = assign;
    return round_rebuild_tasks(check, rows, n, answer, place);
}

/* The rows one by one against the rules and against what the arrangement they describe says. */
static enum err round_check_rows(struct arena *work, const struct check *check,
                                 const struct round_proposal *rows, int32_t n,
                                 const struct round_answer *answer)
{
    struct round *round = check->round;
    struct round_result told = {.options = round->options};
    int32_t floor = round->floor;
    for (int32_t k = 0; k < n; k++) {
        if (!round_may(round, rows[k].learner, rows[k].helper)) {
            return round_deny(check->verdict, k, "the rules do not allow %.90s and %.90s together",
                              round_id(round, rows[k].learner), round_id(round, rows[k].helper));
        }
    }
    for (int32_t f = 0; f < round_n_fixed(round); f++) {
        bool found = false;
        for (int32_t k = 0; k < n; k++) {
            found |= rows[k].learner == round->fixed[f].learner &&
                     rows[k].helper == round->fixed[f].helper;
        }
        if (!found) {
            return round_deny(check->verdict, -1,
                              "a rule says that %.90s helps %.90s; they are "
                              "not together",
                              round_id(round, round->fixed[f].helper),
                              round_id(round, round->fixed[f].learner));
        }
    }
    round->floor = 0;
    enum err err = round_tell(work, round, answer, &told);
    round->floor = floor;
    if (err != ERR_OK) {
        return err;
    }
    for (int32_t k = 0; k < n; k++) {
        const struct round_proposal *a = &rows[k];
        const struct round_proposal *b = k < told.n_proposals ? &told.proposals[k] : NULL;
        if (!b || a->learner != b->learner || a->helper != b->helper || a->skill != b->skill ||
            a->pair != b->pair) {
            return round_deny(check->verdict, k,
                              "this row is not the one that belongs here (%.90s helped by %.90s)",
                              b ? round_id(round, b->learner) : "nobody",
                              b ? round_id(round, b->helper) : "nobody");
        }
        if (a->gain != b->gain) {
            return round_deny(check->verdict, k,
                              "the gain is %d.%04d here and %d.%04d by the inputs", a->gain / 10000,
                              a->gain % 10000, b->gain / 10000, b->gain % 10000);
        }
    }
    if (n != told.n_proposals) {
        return round_deny(check->verdict, n - 1, "%d rows are missing at the end",
                          (int)(told.n_proposals - n));
    }
    return ERR_OK;
}

static int64_t round_weigh_pair(void *ctx, int32_t u, int32_t v)
{
    const struct check *check = ctx;
    const struct round *round = check->round;
    if (check->frozen[u] || check->frozen[v]) {
        return MATCH_NO_PAIR;
    }
    int64_t w = check->table ? round_table_weight(round, check->table, u, v) : 0;
    if (w == 0 && !round_may(round, u, v)) {
        return MATCH_NO_PAIR;
    }
    return check->table ? w : round_pair_weight(round, u, v);
}

/* The same of v with those before, from the table. */
static void round_weigh_row(void *ctx, int32_t v, int32_t first, int32_t end, int64_t *w)
{
    const struct check *check = ctx;
    round_weigh(&check->rows, v, first, end, w);
}

static int64_t round_weigh_one_task(void *ctx, int32_t t, int32_t v)
{
    const struct check *check = ctx;
    return round_weigh_task(&check->open, t, v);
}

static void round_weigh_some_tasks(void *ctx, int32_t v, int32_t first, int32_t end, int64_t *w)
{
    const struct check *check = ctx;
    round_weigh_tasks(&check->open, v, first, end, w);
}

/* What v brings to u, for stability. */
static int64_t round_weigh_own(void *ctx, int32_t u, int32_t v)
{
    const struct check *check = ctx;
    if (check->frozen[u] || check->frozen[v] || !round_may(check->round, u, v)) {
        return MATCH_NO_PAIR;
    }
    int64_t own = round_best_help(check->round, u, v).gain;
    int64_t other = round_best_help(check->round, v, u).gain;
    return own + other == 0 ? MATCH_NO_PAIR : check->joint ? own + other : own;
}

/* The certificate is about these people and these inputs. */
static enum err round_check_inputs(struct arena *work, const struct check *check,
                                   const struct match_certificate *c)
{
    unsigned char inputs[MATCH_FINGERPRINT_BYTES];
    enum err err;
    const struct round *round = check->round;
    round_fingerprint(round, work, inputs, &err);
    if (err != ERR_OK) {
        return err;
    }
    if (memcmp(inputs, c->inputs, sizeof inputs) != 0) {
        return round_deny(check->verdict, -1,
                          "the certificate was made from other inputs or other options (files, "
                          "--within, --max-helps, --max-learns, --min-reach)");
    }
    int32_t n = c->pairs ? c->pairs->n : c->trio ? c->trio->n : c->assign->n_learners;
    const struct str *lists[2] = {c->people ? c->people : c->learners, c->helpers};
    if (n != round->n || (c->assign && c->assign->n_helpers != round->n)) {
        return round_deny(check->verdict, -1, "the certificate is about %d people, not %d", (int)n,
                          (int)round->n);
    }
    for (int32_t u = 0; u < n; u++) {
        for (int k = 0; k < 2; k++) {
            if (lists[k] && !str_equal(lists[k][u], round->roster->people[u].id)) {
                return round_deny(check->verdict, -1,
                                  "person %d is called %.90s, not as in the "
                                  "certificate",
                                  (int)u, round_id(round, u));
            }
        }
    }
    return ERR_OK;
}

/* What comes after the table of gains. */
static bool round_check_progress(void *ctx, double done)
{
    const struct check *check = ctx;
    double from = check->table ? TABLE : 0;
    return check->progress && check->progress(check->progress_ctx, from + done * (1 - from));
}

/* The gains of all pairs, computed once more, where there are many. */
static enum err round_gather_gains(struct arena *work, struct check *check)
{
    struct round_table *table;
    enum err err =
        round_table_anew(work, check->round, check->progress, check->progress_ctx, TABLE, &table);
    check->table = table;
    if (!err && table) {
        err = round_rows_make(work, check->round, table, check->frozen, &check->rows);
    }
    return err == ERR_REFUSED ? round_deny(check->verdict, -1,
                                           "the gains of all pairs do not agree with those of "
                                           "each: please report this")
                              : err;
}

static struct match_check round_check_of(struct check *check, match_weight_fn *weight,
                                         const struct str *names)
{
    return (struct match_check){.weight = weight,
                                .weight_ctx = check,
                                .one = MATCH_ONE,
                                .people = names,
                                .helpers = names,
                                .progress = round_check_progress,
                                .progress_ctx = check,
                                .crew = check->round->crew};
}

static struct str *round_names(struct arena *work, const struct round *round)
{
    struct str *names = arena_alloc(work, (size_t)round->n + 1, sizeof *names);
    for (int32_t u = 0; names && u < round->n; u++) {
        names[u] = round->roster->people[u].id;
    }
    return names;
}

/* Hands the reason of match/ on. */
static enum err round_pass(enum err err, const struct match_verdict *from,
                           struct round_verdict *verdict)
{
    return err == ERR_REFUSED ? round_deny(verdict, -1, "%s", from->text) : err;
}

static enum err round_prove_pairs(struct arena *work, struct check *check,
                                  const struct round_answer *answer,
                                  const struct match_certificate *c, int64_t *n_checked)
{
    const struct round *round = check->round;
    struct match_verdict verdict;
    for (int32_t u = 0; u < round->n; u++) {
        int32_t mate = check->frozen[u] ? -1 : answer->mate[u];
        if (mate != c->pairs->mate[u]) {
            return round_deny(check->verdict, -1,
                              "the partners file puts %.90s with %.90s, the certificate with %.90s",
                              round_id(round, u), round_id(round, mate),
                              round_id(round, c->pairs->mate[u]));
        }
    }
    struct str *names = round_names(work, round);
    if (!names) {
        return ERR_NOMEM;
    }
    struct match_check what = round_check_of(check, round_weigh_pair, names);
    what.weights = check->table ? round_weigh_row : NULL;
    enum err err = match_verify_pairs(work, c->pairs, &what, &verdict);
    *n_checked = verdict.n_checked;
    return round_pass(err, &verdict, check->verdict);
}

static enum err round_prove_tasks(struct arena *work, struct check *check,
                                  const struct round_answer *answer,
                                  const struct match_certificate *c, int64_t *n_checked)
{
    struct round *round = check->round;
    struct match_verdict verdict;
    struct round_answer again = {0};
    int32_t *room, *room_learn;
    enum err err = round_make_tasks(work, round, &again, &room, &room_learn);
    int32_t *learner = arena_alloc(work, (size_t)again.n_tasks + 1, sizeof *learner);
    struct str *names = round_names(work, round);
    if (err != ERR_OK || !learner || !names) {
        return ERR_NOMEM;
    }
    if (c->assign->n_tasks != again.n_tasks) {
        return round_deny(check->verdict, -1, "the certificate has %d needs, not %d",
                          (int)c->assign->n_tasks, (int)again.n_tasks);
    }
    for (int32_t t = 0; t < again.n_tasks; t++) {
        const struct round_need *need = &round->needs[again.task[t]];
        learner[t] = need->person;
        if (c->task_learner[t] != need->person ||
            !str_equal(c->skills[t], round->roster->skills[need->skill].id)) {
            return round_deny(check->verdict, -1,
                              "need %d of the certificate is not the one of "
                              "the inputs",
                              (int)t);
        }
        if (c->assign->helper[t] != answer->assign->helper[t]) {
            return round_deny(
                check->verdict, -1,
                "for %.90s in %.90s the partners file names %.90s, the certificate "
                "%.90s",
                round_id(round, need->person), round->roster->skills[need->skill].id.p,
                round_id(round, answer->assign->helper[t]), round_id(round, c->assign->helper[t]));
        }
    }
    struct match_check what = round_check_of(check, round_weigh_one_task, names);
    what.weights = round_weigh_some_tasks;
    what.task_order = round_order_tasks(work, round, again.task, again.n_tasks);
    check->open = (struct round_open){round, again.task, room, what.task_order};
    if (!what.task_order) {
        return ERR_NOMEM;
    }
    err = match_verify_assign(work, c->assign, learner, room_learn, room, &what, &verdict);
    *n_checked = verdict.n_checked;
    return round_pass(err, &verdict, check->verdict);
}

static enum err round_prove_groups(struct arena *work, struct check *check,
                                   const struct round_answer *answer,
                                   const struct match_certificate *c, int64_t *n_checked)
{
    const struct round *round = check->round;
    int32_t who;
    for (int32_t u = 0; u < round->n; u++) {
        if (c->trio->group[u] != answer->trio->group[u]) {
            return round_deny(check->verdict, -1,
                              "%.90s is in another group in the partners file than in the "
                              "certificate",
                              round_id(round, u));
        }
    }
    enum err err = round_trio_check(work, round, check->table, c->trio, round_check_progress, check,
                                    &who, n_checked);
    if (err == ERR_REFUSED) {
        return who < 0 ? round_deny(check->verdict, -1,
                                    "the total or the bound is not the sum of its parts")
                       : round_deny(check->verdict, -1,
                                    "a group with %.90s is worth more than the prices allow, or is "
                                    "not allowed",
                                    round_id(round, who));
    }
    return err;
}

static enum err round_prove_stable(struct arena *work, struct check *check,
                                   const struct round_answer *answer, int64_t *n_checked)
{
    struct round *round = check->round;
    struct match_verdict verdict;
    struct str *names = round_names(work, round);
    int32_t *mate = arena_alloc(work, (size_t)round->n + 1, sizeof *mate);
    if (!names || !mate) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < round->n; u++) {
        mate[u] = check->frozen[u] ? -1 : answer->mate[u];
    }
    struct match_check what = round_check_of(check, round_weigh_own, names);
    enum err err = match_verify_stable(work, round->n, mate, &what, &verdict);
    if (err == ERR_REFUSED) {
        check->joint = true;
        err = match_verify_stable(work, round->n, mate, &what, &verdict);
    }
    *n_checked = verdict.n_checked;
    return round_pass(err, &verdict, check->verdict);
}

/* What was proved, in words. */
static void round_praise(const struct check *check, const struct match_certificate *c,
                         int64_t n_checked)
{
    const struct round *round = check->round;
    char *text = check->verdict->text;
    size_t room = sizeof check->verdict->text;
    const char *what = c && c->assign ? "assignment of helpers" : "arrangement of pairs";
    const char *most = c && c->assign ? "covers more needs" : "serves more people";
    check->verdict->row = -1;
    if (!c) {
        snprintf(text, room, "%s",
                 round->options.strategy == ROUND_RANDOM
                     ? "The pairs keep to the rules and the gains are right. They were drawn by "
                       "lot: nothing more can be proved."
                 : check->joint
                     ? "No two people would gain more together, both of them added, than each has "
                       "now in their own pair. By what each gains alone some would rather leave."
                     : "No two people would both rather have each other than the partner they "
                       "have.");
    } else if (c->trio) {
        snprintf(text, room,
                 "No grouping into threes under these rules has a total gain above the bound; this "
                 "one reaches at least %d.%02d %% of it. %" PRId64 " pairs were checked, and every "
                 "group of three that could matter.",
                 c->trio->bound > 0
                     ? (int)(MATCH_DUAL_SCALE * c->trio->total * 100 / c->trio->bound)
                     : 100,
                 c->trio->bound > 0
                     ? (int)(MATCH_DUAL_SCALE * c->trio->total * 10000 / c->trio->bound % 100)
                     : 0,
                 n_checked);
    } else if (round->options.objective == ROUND_GAIN) {
        snprintf(text, room,
                 "No %s under these rules has a larger total gain. All %" PRId64
                 " possible pairs were checked.",
                 what, n_checked);
    } else {
        snprintf(text, room,
                 "No %s under these rules %s%s, and none that does as well has a larger total "
                 "gain. All %" PRId64 " possible pairs were checked.",
                 what, most,
                 round->floor > 0 ? " without giving somebody less than the least gain here" : "",
                 n_checked);
    }
}

enum err round_verify(struct arena *arena, struct round *round,
                      const struct round_proposal *proposals, int32_t n_proposals,
                      const struct match_certificate *certificate, round_progress_fn *progress,
                      void *ctx, struct round_verdict *verdict)
{
    struct arena *work = arena_child(arena);
    bool *frozen;
    *verdict = (struct round_verdict){.row = -1};
    enum err err = work ? round_freeze(work, round, &frozen) : ERR_NOMEM;
    if (err != ERR_OK) {
        goto done;
    }
    struct check check = {.round = round,
                          .frozen = frozen,
                          .verdict = verdict,
                          .progress = progress,
                          .progress_ctx = ctx};
    struct round_answer answer = {0};
    int64_t n_checked = 0;
    round_set_served(round);
    err = round_rebuild(work, &check, proposals, n_proposals, &answer);
    if (err == ERR_OK) {
        err = round_check_rows(work, &check, proposals, n_proposals, &answer);
    }
    if (err == ERR_OK && certificate) {
        err = round_check_inputs(work, &check, certificate);
    }
    if (err == ERR_OK && certificate && !certificate->assign) {
        err = round_gather_gains(work, &check);
    }
    if (err == ERR_OK && certificate) {
        err = certificate->pairs ? round_prove_pairs(work, &check, &answer, certificate, &n_checked)
              : certificate->assign
                  ? round_prove_tasks(work, &check, &answer, certificate, &n_checked)
                  : round_prove_groups(work, &check, &answer, certificate, &n_checked);
    } else if (err == ERR_OK && round->options.strategy == ROUND_STABLE) {
        err = round_prove_stable(work, &check, &answer, &n_checked);
    }
    if (err == ERR_OK) {
        round_praise(&check, certificate, n_checked);
    }
done:
    arena_free(work);
    return err;
}
