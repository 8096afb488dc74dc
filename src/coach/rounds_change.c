/* Changing a round by hand: locking, moving, taking apart; see rounds.h. */
#include "coach/rounds_change.h"

#include "base/arena.h"
#include "coach/audit.h"
#include "coach/programmes_read.h"

/* ---- opening ---- */

static enum err read_rows(struct rounds_change *c)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(c->coach, SQL_ROUND_ALL_ROWS, SQL_ARGS(sql_int(c->round.id)), &q);
    if (err) {
        return err;
    }
    list_init(&c->rows, c->coach->arena, sizeof(struct rounds_change_row), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct rounds_change_row row = {
            .id = db_int(q, 0),
            .learner_id = db_int(q, 2),
            .helper_id = db_int(q, 3),
            .pair = (int32_t)db_int(q, 1),
            .learner = round_roster_person(&c->roster, db_int(q, 2)),
            .helper = round_roster_person(&c->roster, db_int(q, 3)),
            .skill = db_is_null(q, 4) ? ROSTER_NONE : round_roster_skill(&c->roster, db_int(q, 4)),
            .gain = (int32_t)db_int(q, 5),
            .reach = (int32_t)db_int(q, 6),
            .locked = db_int(q, 7) == 1,
        };
        failed = list_add(&c->rows, &row) ? ERR_OK : c->rows.err;
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err read_evaluated(struct rounds_change *c)
{
    struct db_query *q;
    c->evaluated = arena_alloc(c->coach->arena, (size_t)c->engine->n + 1, sizeof *c->evaluated);
    if (!c->evaluated) {
        return ERR_NOMEM;
    }
    enum err err = sql_rows(c->coach, SQL_ROUND_EVALUATED_BY,
                            SQL_ARGS(sql_int(c->coach->actor.person_id)), &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        int32_t person = round_roster_person(&c->roster, db_int(q, 0));
        if (person != ROSTER_NONE) {
            c->evaluated[person] = true;
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

bool rounds_change_useful(const struct rounds_change *change, int32_t gain, int32_t reach)
{
    return gain > 0 && reach >= change->engine->options.min_reach;
}

static enum err chain_new(struct rounds_change *c, size_t n, struct rounds_chain *chain)
{
    chain->first = arena_alloc(c->coach->arena, n, sizeof *chain->first);
    chain->next = arena_alloc(c->coach->arena, c->rows.n + 1, sizeof *chain->next);
    for (size_t k = 0; chain->first && k < n; k++) {
        chain->first[k] = -1;
    }
    return chain->first && chain->next ? ERR_OK : ERR_NOMEM;
}

static void chain_add(struct rounds_chain *chain, int32_t what, int32_t row)
{
    if (what >= 0) {
        chain->next[row] = chain->first[what];
        chain->first[what] = row;
    }
}

static enum err make_chains(struct rounds_change *c)
{
    const struct rounds_change_row *rows = c->rows.items;
    size_t n = (size_t)c->engine->n + 1, pairs = 1;
    for (size_t k = 0; k < c->rows.n; k++) {
        pairs = (size_t)rows[k].pair >= pairs ? (size_t)rows[k].pair + 1 : pairs;
    }
    enum err err = chain_new(c, pairs, &c->by_pair);
    err = err ? err : chain_new(c, n, &c->by_learner);
    err = err ? err : chain_new(c, n, &c->by_helper);
    for (int32_t k = (int32_t)c->rows.n - 1; k >= 0 && !err; k--) {
        chain_add(&c->by_pair, rows[k].pair, k);
        chain_add(&c->by_learner, rows[k].learner, k);
        chain_add(&c->by_helper, rows[k].helper, k);
    }
    return err;
}

enum err rounds_change_count(struct rounds_change *c)
{
    size_t n = (size_t)c->engine->n + 1;
    const struct rounds_change_row *rows = c->rows.items;
    c->first = arena_alloc(c->coach->arena, n, sizeof *c->first);
    c->n_learns = arena_alloc(c->coach->arena, n, sizeof *c->n_learns);
    c->n_helps = arena_alloc(c->coach->arena, n, sizeof *c->n_helps);
    if (!c->first || !c->n_learns || !c->n_helps) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < c->engine->n; u++) {
        c->first[u] = -1;
    }
    for (size_t k = 0; k < c->rows.n; k++) {
        bool useful = rounds_change_useful(c, rows[k].gain, rows[k].reach);
        if (rows[k].learner != ROSTER_NONE) {
            c->first[rows[k].learner] = (int32_t)k;
            c->n_learns[rows[k].learner] += useful;
        }
        if (rows[k].helper != ROSTER_NONE) {
            c->first[rows[k].helper] = (int32_t)k;
            c->n_helps[rows[k].helper] += useful;
        }
    }
    return make_chains(c);
}

enum err rounds_change_open(struct coach *coach, enum allow_verb verb, int64_t id,
                            struct rounds_change *c)
{
    struct round_problem problem;
    *c = (struct rounds_change){.coach = coach};
    enum err err = rounds_arrange(coach, verb, id, &c->round);
    bool can = !err && c->round.state == ROUNDS_READY;
    err = err || can ? err : ERR_CONFLICT;
    err = err ? err : programmes_find(coach, c->round.programme_id, &c->programme);
    if (err) {
        return err;
    }
    c->programme.strategy = c->round.strategy;
    c->programme.same_unit = c->round.same_unit;
    c->guide = c->round.strategy == PROGRAMME_GUIDE;
    c->threes = c->round.strategy == PROGRAMME_TRIO;
    struct round_options options = round_roster_options(&c->programme, c->round.strategy);
    options.lift = false; /* it is about choosing, which is done */
    err = round_roster_read(coach, &c->programme, NULL, 0, false, &c->roster);
    /* What must be has been looked at when the round was worked out; here only who may counts. */
    for (size_t k = 0; k < c->roster.roster.n_rules && !err; k++) {
        struct roster_rule *rule = &c->roster.roster.rules[k];
        rule->kind = rule->kind == ROSTER_MUST ? ROSTER_KEEP : rule->kind;
    }
    err = err ? err
              : round_prepare(coach->arena, &c->roster.roster, &c->roster.fit, &options, &c->engine,
                              &problem);
    err = err ? err : read_rows(c);
    err = err ? err : read_evaluated(c);
    return err ? err : rounds_change_count(c);
}

/* ---- planning ---- */

static const struct rounds_change_row *row_at(const struct rounds_change *c, int32_t k)
{
    return (const struct rounds_change_row *)c->rows.items + k;
}

/* All rows of the pair that a person is in go; the partner is left. */
static void drop_pair(const struct rounds_change *c, int32_t person, struct rounds_swap *plan,
                      int32_t *left)
{
    *left = ROSTER_NONE;
    if (c->first[person] < 0) {
        return;
    }
    int32_t pair = row_at(c, c->first[person])->pair;
    for (int32_t k = c->by_pair.first[pair]; k >= 0 && plan->n_drop < ROUNDS_SWAP_ROWS;
         k = c->by_pair.next[k]) {
        const struct rounds_change_row *row = row_at(c, k);
        bool known = false;
        for (int32_t j = 0; j < plan->n_drop; j++) {
            known = known || plan->drop[j] == k;
        }
        if (!known) {
            plan->drop[plan->n_drop++] = k;
            plan->locked = plan->locked || row->locked;
            *left = row->learner == person ? row->helper : row->learner;
        }
    }
}

/* Both directions of help between two, as rows of group `pair`; what they gain together. */
static void add_pair(const struct rounds_change *c, int32_t u, int32_t v, int32_t pair,
                     struct rounds_swap *plan)
{
    struct round_best best[2] = {round_best_help(c->engine, u, v),
                                 round_best_help(c->engine, v, u)};
    for (int k = 0; k < 2; k++) {
        if (best[k].gain > 0) {
            plan->add[plan->n_add++] = (struct round_proposal){
                .pair = pair,
                .learner = k == 0 ? u : v,
                .helper = k == 0 ? v : u,
                .skill = c->engine->needs[best[k].need].skill,
                .gain = best[k].gain,
                .reach = best[k].reach,
            };
        }
    }
}

/* Of somebody who is no longer in: whether the row is all the help they have in the list. */
static bool only_help(const struct rounds_change *c, int32_t at)
{
    const struct rounds_change_row *rows = c->rows.items;
    int32_t n = 0;
    for (size_t k = 0; k < c->rows.n; k++) {
        n += rows[k].learner_id == rows[at].learner_id &&
             rounds_change_useful(c, rows[k].gain, rows[k].reach);
    }
    return n == 1 && rounds_change_useful(c, rows[at].gain, rows[at].reach);
}

/* How many of the people concerned receive help before and after, and what is gained. */
void rounds_swap_weigh(const struct rounds_change *c, struct rounds_swap *plan)
{
    int32_t who[2 * ROUNDS_SWAP_ROWS], before[2 * ROUNDS_SWAP_ROWS] = {0}, n = 0;
    int64_t gain = 0;
    int32_t served = 0;
    for (int32_t k = 0; k < plan->n_drop + plan->n_add; k++) {
        bool add = k >= plan->n_drop;
        const struct rounds_change_row *row = add ? NULL : row_at(c, plan->drop[k]);
        const struct round_proposal *p = add ? &plan->add[k - plan->n_drop] : NULL;
        int32_t learner = add ? p->learner : row->learner, at = 0;
        bool useful =
            rounds_change_useful(c, add ? p->gain : row->gain, add ? p->reach : row->reach);
        gain += add ? p->gain : -row->gain;
        if (learner == ROSTER_NONE) {
            served -= only_help(c, plan->drop[k]);
            continue;
        }
        while (at < n && who[at] != learner) {
            at++;
        }
        if (at == n) {
            who[n++] = learner;
        }
        before[at] += useful ? (add ? 1 : -1) : 0;
    }
    for (int32_t k = 0; k < n; k++) {
        int32_t had = c->n_learns[who[k]], has = had + before[k];
        served += (has > 0) - (had > 0);
    }
    plan->gain = gain;
    plan->served = served;
}

static enum err plan_pair(const struct rounds_change *c, bool swap, struct rounds_swap *plan)
{
    int32_t u = plan->person, v = plan->other;
    add_pair(c, u, v, 0, plan);
    bool together = c->first[u] >= 0 && c->first[v] >= 0 &&
                    row_at(c, c->first[u])->pair == row_at(c, c->first[v])->pair;
    if (plan->n_add == 0 || together) {
        return ERR_CONFLICT;
    }
    drop_pair(c, u, plan, &plan->left[0]);
    drop_pair(c, v, plan, &plan->left[1]);
    if (swap && plan->left[0] != ROSTER_NONE && plan->left[1] != ROSTER_NONE &&
        round_may(c->engine, plan->left[0], plan->left[1])) {
        int32_t before = plan->n_add;
        add_pair(c, plan->left[0], plan->left[1], 1, plan);
        plan->swapped = plan->n_add > before;
    }
    return ERR_OK;
}

/* The row of a person in one role that brings least; -1: there is none. */
static int32_t least_row(const struct rounds_change *c, int32_t person, bool as_learner,
                         int32_t skill)
{
    const struct rounds_chain *chain = as_learner ? &c->by_learner : &c->by_helper;
    int32_t least = -1;
    for (int32_t k = chain->first[person]; k >= 0; k = chain->next[k]) {
        bool counts = skill == ROSTER_NONE || row_at(c, k)->skill == skill;
        if (counts && (least < 0 || row_at(c, k)->gain < row_at(c, least)->gain)) {
            least = k;
        }
    }
    return least;
}

/* `other` helps `person`: in place of whoever helps with that need, or, where there is no more
 * room, of what brings least. */
static enum err plan_guide(const struct rounds_change *c, struct rounds_swap *plan)
{
    int32_t u = plan->person, v = plan->other, n_helps = 0, n_learns = 0;
    struct round_best best = round_best_help(c->engine, u, v);
    if (best.gain <= 0) {
        return ERR_CONFLICT;
    }
    int32_t skill = c->engine->needs[best.need].skill;
    plan->add[plan->n_add++] = (struct round_proposal){
        .learner = u, .helper = v, .skill = skill, .gain = best.gain, .reach = best.reach};
    for (int32_t k = c->by_learner.first[u]; k >= 0; k = c->by_learner.next[k]) {
        n_learns++;
    }
    for (int32_t k = c->by_helper.first[v]; k >= 0; k = c->by_helper.next[k]) {
        n_helps++;
    }
    int32_t own = least_row(c, u, true, skill);
    if (own < 0 && n_learns >= c->engine->max_learns[u]) {
        own = least_row(c, u, true, ROSTER_NONE);
    }
    if (own >= 0 && row_at(c, own)->helper == v) {
        return ERR_CONFLICT;
    }
    int32_t theirs = n_helps >= c->engine->max_helps[v] ? least_row(c, v, false, ROSTER_NONE) : -1;
    const int32_t gone[2] = {own, theirs == own ? -1 : theirs};
    for (int k = 0; k < 2; k++) {
        if (gone[k] >= 0) {
            plan->drop[plan->n_drop++] = gone[k];
            plan->locked = plan->locked || row_at(c, gone[k])->locked;
            plan->left[k] = k == 0 ? row_at(c, gone[k])->helper : row_at(c, gone[k])->learner;
        }
    }
    return ERR_OK;
}

enum err rounds_swap_plan(const struct rounds_change *c, int32_t person, int32_t other, bool swap,
                          struct rounds_swap *plan)
{
    *plan =
        (struct rounds_swap){.person = person, .other = other, .left = {ROSTER_NONE, ROSTER_NONE}};
    if (person == other || !round_may(c->engine, person, other)) {
        return ERR_CONFLICT;
    }
    enum err err = c->guide    ? plan_guide(c, plan)
                   : c->threes ? rounds_threes_plan(c, swap, plan)
                               : plan_pair(c, swap, plan);
    if (err == ERR_OK && !c->threes) {
        const int32_t people[] = {person, other, plan->left[0], plan->left[1]};
        for (size_t k = 0; k < sizeof people / sizeof *people; k++) {
            if (people[k] != ROSTER_NONE) {
                plan->concerned[plan->n_concerned++] = people[k];
            }
        }
        rounds_swap_weigh(c, plan);
    }
    return err;
}

/* ---- doing ---- */

/* What a person has in the list after the change, in round_person. */
static enum err write_person(struct rounds_change *c, int32_t person)
{
    enum round_state state = c->n_learns[person] > 0 ? ROUND_IS_SERVED
                             : c->first[person] >= 0 ? ROUND_ONLY_HELPS
                                                     : round_why_alone(c->engine, person);
    return sql_run(c->coach, SQL_ROUND_PERSON_STATE,
                   SQL_ARGS(sql_int(c->round.id), sql_int(c->roster.person_ids[person]),
                            sql_word(rounds_why_word(state)), sql_int(c->n_helps[person]),
                            sql_int(c->n_learns[person])),
                   NULL);
}

/* A need is covered once, however many of a group help with it. */
static enum err count_covered(const struct rounds_change *c, int32_t *n)
{
    const struct rounds_change_row *rows = c->rows.items;
    const struct round *engine = c->engine;
    bool *covered = arena_alloc(c->coach->arena, (size_t)engine->n_needs + 1, sizeof *covered);
    if (!covered) {
        return ERR_NOMEM;
    }
    *n = 0;
    for (size_t k = 0; k < c->rows.n; k++) {
        int32_t u = rows[k].learner;
        bool counts = u != ROSTER_NONE && rounds_change_useful(c, rows[k].gain, rows[k].reach);
        for (int32_t t = counts ? engine->need_begin[u] : 0;
             counts && t < engine->need_begin[u + 1]; t++) {
            if (engine->needs[t].skill == rows[k].skill && !covered[t]) {
                covered[t] = true;
                (*n)++;
            }
        }
    }
    return ERR_OK;
}

static enum err write_counts(struct rounds_change *c)
{
    const struct rounds_change_row *rows = c->rows.items;
    int64_t total = 0;
    int32_t pairs = 0, smallest = 0, highest = 0;
    for (size_t k = 0; k < c->rows.n; k++) {
        highest = rows[k].pair > highest ? rows[k].pair : highest;
        total += rows[k].gain;
        bool less = smallest == 0 || rows[k].gain < smallest;
        if (rounds_change_useful(c, rows[k].gain, rows[k].reach) && less) {
            smallest = rows[k].gain;
        }
    }
    bool *seen = arena_alloc(c->coach->arena, (size_t)highest + 1, sizeof *seen);
    if (!seen) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < c->rows.n; k++) {
        pairs += !seen[rows[k].pair];
        seen[rows[k].pair] = true;
    }
    int32_t covered;
    enum err err = count_covered(c, &covered);
    return err ? err
               : sql_run(c->coach, SQL_ROUND_COUNTS,
                         SQL_ARGS(sql_int(c->round.id), sql_int(c->engine->options.min_reach),
                                  sql_int(covered), sql_int(pairs), sql_int(total),
                                  sql_int(smallest)),
                         NULL);
}

/* Reads the rows again and writes what they mean. */
static enum err write_meaning(struct rounds_change *c, const int32_t *people, int32_t n)
{
    enum err err = read_rows(c);
    err = err ? err : rounds_change_count(c);
    for (int32_t k = 0; k < n && !err; k++) {
        err = people[k] == ROSTER_NONE ? ERR_OK : write_person(c, people[k]);
    }
    return err ? err : write_counts(c);
}

static enum err note(struct rounds_change *c, const char *what)
{
    return audit_note(c->coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, c->round.programme_id),
                      what);
}

/* Nobody changes what concerns whom they evaluate, or what is locked. */
static enum err may_plan(const struct rounds_change *c, const struct rounds_swap *plan)
{
    for (int32_t k = 0; k < plan->n_concerned; k++) {
        if (c->evaluated[plan->concerned[k]]) {
            return ERR_FORBIDDEN;
        }
    }
    return plan->locked ? ERR_CONFLICT : ERR_OK;
}

/* Takes a row out of the list; whoever of it is no longer in stays behind without help. */
static enum err drop_row(struct rounds_change *c, const struct rounds_change_row *row)
{
    struct coach *coach = c->coach;
    const int64_t ids[2] = {row->learner == ROSTER_NONE ? row->learner_id : 0,
                            row->helper == ROSTER_NONE ? row->helper_id : 0};
    enum err err =
        sql_run(coach, SQL_ROUND_DROP_ROW, SQL_ARGS(sql_int(c->round.id), sql_int(row->id)), NULL);
    for (int k = 0; k < 2 && !err; k++) {
        if (ids[k]) {
            err =
                sql_run(coach, SQL_ROUND_PERSON_STATE,
                        SQL_ARGS(sql_int(c->round.id), sql_int(ids[k]),
                                 sql_word(rounds_why_word(ROUND_NO_WISH)), sql_int(0), sql_int(0)),
                        NULL);
        }
    }
    return err;
}

/* A place in the list: where the person stood, else behind all. */
static int32_t place_of(const struct rounds_change *c, int32_t person, int32_t besides)
{
    const struct rounds_change_row *rows = c->rows.items;
    int32_t last = besides;
    if (!c->guide && c->first[person] >= 0) {
        return rows[c->first[person]].pair;
    }
    for (size_t k = 0; k < c->rows.n; k++) {
        last = rows[k].pair > last ? rows[k].pair : last;
    }
    return last + 1;
}

enum err rounds_move(struct coach *coach, int64_t id, int64_t person_id, int64_t other_id,
                     bool swap)
{
    struct rounds_change c;
    struct rounds_swap plan;
    enum err err = rounds_change_open(coach, ALLOW_EDIT, id, &c);
    if (err) {
        return err;
    }
    int32_t person = round_roster_person(&c.roster, person_id);
    int32_t other = round_roster_person(&c.roster, other_id);
    err = person == ROSTER_NONE || other == ROSTER_NONE ? ERR_NOT_FOUND : ERR_OK;
    err = err ? err : rounds_swap_plan(&c, person, other, swap, &plan);
    err = err ? err : may_plan(&c, &plan);
    if (err) {
        return err;
    }
    int32_t places[2];
    places[0] = place_of(&c, person, 0);
    places[1] = place_of(&c, other, places[0]);
    for (int32_t k = 0; k < plan.n_drop && !err; k++) {
        err = drop_row(&c, row_at(&c, plan.drop[k]));
    }
    for (int32_t k = 0; k < plan.n_add && !err; k++) {
        struct round_proposal row = plan.add[k];
        bool chosen = row.pair == 0;
        row.pair = places[row.pair];
        err = rounds_add_row(coach, id, &c.roster, c.engine, &row, "hand", chosen);
    }
    err = err ? err : write_meaning(&c, plan.concerned, plan.n_concerned);
    return err ? err : note(&c, "move");
}

enum err rounds_part(struct coach *coach, int64_t id, int32_t pair)
{
    struct rounds_change c;
    int32_t people[16], n = 0;
    enum err err = rounds_change_open(coach, ALLOW_EDIT, id, &c);
    for (int32_t k = 0; !err && k < (int32_t)c.rows.n; k++) {
        const struct rounds_change_row *row = row_at(&c, k);
        if (row->pair != pair || n > 14) {
            continue;
        }
        const int32_t both[2] = {row->learner, row->helper};
        for (int j = 0; j < 2 && !err; j++) {
            err = both[j] != ROSTER_NONE && c.evaluated[both[j]] ? ERR_FORBIDDEN : ERR_OK;
            people[n++] = both[j];
        }
        err = err || !row->locked ? err : ERR_CONFLICT;
        err = err ? err : drop_row(&c, row);
    }
    if (!err && n == 0) {
        return ERR_NOT_FOUND;
    }
    err = err ? err : write_meaning(&c, people, n);
    return err ? err : note(&c, "part");
}
