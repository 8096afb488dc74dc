/* From evidence to effects and terms; see zone_build.h. */
#include "zone/zone_build.h"

#include "base/arena.h"
#include "base/crew.h"
#include "base/sort.h"
#include "zone/zone_families.h"

#include <math.h>
#include <string.h>

#define PIECES 8 /* of the people, whoever builds them */

struct zone_piece {
    struct zone_build build; /* with scratch of its own */
    struct zone_size size;   /* of these people, known after counting */
    char apart[CREW_APART];
};

/* ---- growing ---- */

int32_t zone_build_effect(struct zone_build *b, int32_t family, int32_t front, int32_t group)
{
    int32_t id = (int32_t)b->n_effects++;
    if (b->store) {
        b->effects[id] = (struct joint_effect){family, front, group < 0 ? id : group};
    }
    return id;
}

int32_t zone_build_front(struct zone_build *b, int32_t parent)
{
    if (b->store) {
        b->front_parent[b->n_fronts] = parent;
    }
    return (int32_t)b->n_fronts++;
}

void zone_build_term(struct zone_build *b, int32_t effect, double coefficient)
{
    if (effect == JOINT_NONE) {
        return;
    }
    if (b->store) {
        b->terms[b->n_terms] = (struct joint_term){effect, (float)coefficient};
    }
    b->n_terms++;
}

/* Stores a query of the terms first .. middle - 1 and middle .. on; returns its index. */
int32_t zone_build_query(struct zone_build *b, int32_t front, size_t first, size_t middle)
{
    if (b->store) {
        b->queries[b->n_queries] = (struct joint_query){
            front, (int32_t)first, (uint8_t)(middle - first), (uint8_t)(b->n_terms - middle)};
    }
    return (int32_t)b->n_queries++;
}

/* ---- global effects ---- */

static void build_globals(struct zone_build *b)
{
    const struct zone_plan *plan = b->plan;
    const struct zone_data *data = plan->data;
    b->level = plan->any_anchored ? zone_build_effect(b, ZONE_F_LEVEL, JOINT_NONE, -1) : JOINT_NONE;
    b->gain_mean =
        plan->any_gain ? zone_build_effect(b, ZONE_F_GAIN_MEAN, JOINT_NONE, -1) : JOINT_NONE;
    for (int k = 0; k < 2; k++) {
        b->grow[k] = plan->any_growth ? zone_build_effect(b, ZONE_F_GROW_ALONE + k, JOINT_NONE, -1)
                                      : JOINT_NONE;
    }
    for (int32_t s = 0; s < data->n_skills; s++) {
        int n_steps = data->skill_levels[s] - 1;
        b->level_skill[s] = plan->anchored[s]
                                ? zone_build_effect(b, ZONE_F_LEVEL_SKILL, JOINT_NONE, -1)
                                : JOINT_NONE;
        b->skill_task[s] =
            plan->skill_task[s] ? zone_build_effect(b, ZONE_F_TASK, JOINT_NONE, -1) : JOINT_NONE;
        for (int kind = 0; kind < ZONE_RATED; kind++) {
            int32_t *step = &b->step[s * ZONE_RATED + kind];
            *step = JOINT_NONE;
            if (plan->rated[s * ZONE_RATED + kind] == 0) {
                continue;
            }
            *step = (int32_t)b->n_effects;
            for (int k = 0; k < n_steps; k++) {
                (void)zone_build_effect(b, zone_families_step(n_steps, k), JOINT_NONE, *step);
            }
        }
    }
    for (int32_t i = 0; i < data->n_items; i++) {
        b->task[i] =
            plan->item_task[i] ? zone_build_effect(b, ZONE_F_TASK, JOINT_NONE, -1) : JOINT_NONE;
        for (int kind = 0; kind < ZONE_RATED; kind++) {
            int32_t met = plan->item_skill[i * ZONE_RATED + kind];
            b->item[i * ZONE_RATED + kind] = met && plan->items[(met - 1) * ZONE_RATED + kind] > 1
                                                 ? zone_build_effect(b, ZONE_F_ITEM, JOINT_NONE, -1)
                                                 : JOINT_NONE;
        }
    }
}

static void build_raters(struct zone_build *b)
{
    const struct zone_plan *plan = b->plan;
    size_t ns = (size_t)plan->data->n_skills;
    for (int32_t r = 0; r < plan->data->n_raters; r++) {
        b->rater[r] = b->shape[r] = JOINT_NONE;
        if (plan->rater_reach[r] > 1) {
            b->rater[r] = zone_build_effect(b, ZONE_F_RATER, JOINT_NONE, -1);
            if (plan->rater_steps[r] > 1) {
                b->shape[r] = (int32_t)b->n_effects;
                for (int k = 0; k + 1 < plan->rater_steps[r]; k++) {
                    (void)zone_build_effect(b, ZONE_F_SHAPE, JOINT_NONE, b->rater[r]);
                }
            }
        }
        for (size_t s = 0; s < ns; s++) {
            b->rater_skill[(size_t)r * ns + s] =
                plan->pair_reach[(size_t)r * ns + s] > 1
                    ? zone_build_effect(b, ZONE_F_RATER_SKILL, JOINT_NONE, b->rater[r])
                    : JOINT_NONE;
        }
    }
}

/* ---- one person ---- */

int zone_build_visit_compare(const void *x, const void *y, void *ctx)
{
    const struct zone_visit *a = x, *b = y;
    (void)ctx;
    if (a->occasion != b->occasion) {
        return a->occasion < b->occasion ? -1 : 1;
    }
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    return a->rater < b->rater ? -1 : a->rater > b->rater;
}

struct zone_visit zone_build_visit_of(const struct zone_evidence *row)
{
    return (struct zone_visit){row->occasion, row->occasion < 0 ? row->day : 0, row->rater,
                               JOINT_NONE, JOINT_NONE};
}

/* Effects of the person's visits; a visit without occasion is one rater's day. */
static void build_visits(struct zone_build *b, size_t lo, size_t hi)
{
    size_t n = 0, kept = 0;
    for (size_t j = lo; j < hi; j++) {
        const struct zone_evidence *row = &b->plan->rows[j];
        if (row->kind == ZONE_OBSERVED && (row->occasion >= 0 || row->rater >= 0)) {
            b->visits[n++] = zone_build_visit_of(row);
        }
    }
    sort_items(b->visits, n, sizeof *b->visits, zone_build_visit_compare, NULL);
    for (size_t k = 0; k < n; k++) {
        if (kept == 0 || zone_build_visit_compare(&b->visits[k], &b->visits[kept - 1], NULL) != 0) {
            b->visits[kept++] = b->visits[k];
        }
    }
    b->n_visits = kept;
    for (size_t k = 0; k < kept;) {
        size_t end = k + 1;
        while (end < kept && b->visits[k].occasion >= 0 &&
               b->visits[end].occasion == b->visits[k].occasion) {
            end++;
        }
        int32_t lesson =
            zone_build_effect(b, end - k > 1 ? ZONE_F_VISIT : ZONE_F_LONE, b->front, -1);
        for (size_t i = k; i < end; i++) {
            b->visits[i].lesson = lesson;
            b->visits[i].halo =
                end - k > 1 ? zone_build_effect(b, ZONE_F_HALO, b->front, -1) : JOINT_NONE;
        }
        k = end;
    }
}

const struct zone_visit *zone_build_visit(const struct zone_build *b,
                                          const struct zone_evidence *row)
{
    struct zone_visit key = zone_build_visit_of(row);
    size_t lo = 0, hi = b->n_visits;
    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;
        int order = zone_build_visit_compare(&b->visits[middle], &key, NULL);
        if (order == 0) {
            return &b->visits[middle];
        }
        if (order < 0) {
            lo = middle + 1;
        } else {
            hi = middle;
        }
    }
    return NULL;
}

/* Queries for the skills of which this person has no evidence, one per domain. */
static void build_rest(struct zone_build *b, int32_t person, size_t lo, size_t hi)
{
    const struct zone_data *data = b->plan->data;
    for (int32_t d = 0; d < data->n_domains; d++) {
        int32_t open = 0;
        for (int32_t s = 0; s < data->n_skills; s++) {
            open += data->skill_domain[s] == d;
        }
        for (size_t j = lo; j < hi; j++) {
            const struct zone_evidence *row = &b->plan->rows[j];
            open -= data->skill_domain[row->skill] == d && (j == lo || row[-1].skill != row->skill);
        }
        if (open == 0) {
            continue;
        }
        size_t first = b->n_terms;
        zone_build_term(b, b->general, 1);
        zone_build_term(b, b->domain[d], 1);
        zone_build_term(b, b->level, 1);
        size_t middle = b->n_terms;
        zone_build_term(b, b->gain_mean, 1);
        zone_build_term(b, b->gain, 1);
        if (b->store) {
            b->queries[b->n_queries] =
                (struct joint_query){b->front, (int32_t)first, (uint8_t)(middle - first),
                                     (uint8_t)(b->n_terms - middle)};
            b->rests[b->n_rests] =
                (struct zone_rest){person, d, (int32_t)b->n_queries, b->domain[d] != JOINT_NONE,
                                   b->gain != JOINT_NONE};
        }
        b->n_queries++;
        b->n_rests++;
    }
}

static void build_person(struct zone_build *b, int32_t person)
{
    const struct zone_plan *plan = b->plan;
    const struct zone_data *data = plan->data;
    size_t lo = plan->person_at[person], hi = plan->person_at[person + 1];
    bool gain = false, self = false;
    b->front = zone_build_front(b, JOINT_NONE);
    b->general = zone_build_effect(b, ZONE_F_GENERAL, b->front, -1);
    for (int32_t d = 0; d < data->n_domains; d++) {
        b->domain[d] = JOINT_NONE;
    }
    for (size_t j = lo; j < hi; j++) {
        const struct zone_evidence *row = &plan->rows[j];
        gain |= row->kind != ZONE_SELF && row->support != ZONE_INDEPENDENT;
        self |= row->kind == ZONE_SELF;
        int32_t *domain = &b->domain[data->skill_domain[row->skill]];
        if (*domain == JOINT_NONE && data->n_domains > 1) {
            *domain = zone_build_effect(b, ZONE_F_DOMAIN, b->front, -1);
        }
        if (row->rater >= 0 && plan->rater_reach[row->rater] == 1 &&
            b->rater[row->rater] == JOINT_NONE) {
            b->rater[row->rater] = zone_build_effect(b, ZONE_F_RATER, b->front, -1);
        }
    }
    b->gain = gain ? zone_build_effect(b, ZONE_F_GAIN, b->front, -1) : JOINT_NONE;
    b->self = self ? zone_build_effect(b, ZONE_F_SELF, b->front, -1) : JOINT_NONE;
    build_visits(b, lo, hi);
    for (size_t j = lo; j < hi;) {
        size_t end = j + 1;
        while (end < hi && plan->rows[end].skill == plan->rows[j].skill) {
            end++;
        }
        zone_build_leaf(b, j, end);
        j = end;
    }
    build_rest(b, person, lo, hi);
}

/* ---- all ---- */

static struct zone_size build_size(const struct zone_build *b)
{
    return (struct zone_size){b->n_effects, b->n_fronts, b->n_observations, b->n_terms,
                              b->n_queries, b->n_leaves, b->n_rests};
}

static void build_resize(struct zone_build *b, const struct zone_size *size)
{
    b->n_effects = size->effects;
    b->n_fronts = size->fronts;
    b->n_observations = size->observations;
    b->n_terms = size->terms;
    b->n_queries = size->queries;
    b->n_leaves = size->leaves;
    b->n_rests = size->rests;
}

/* Moves on by as much as `size` says. */
static void build_skip(struct zone_build *b, const struct zone_size *size)
{
    struct zone_size sum = build_size(b);
    sum.effects += size->effects;
    sum.fronts += size->fronts;
    sum.observations += size->observations;
    sum.terms += size->terms;
    sum.queries += size->queries;
    sum.leaves += size->leaves;
    sum.rests += size->rests;
    build_resize(b, &sum);
}

static void build_piece(void *ctx, uint32_t k)
{
    struct zone_piece *piece = (struct zone_piece *)ctx + k;
    struct zone_build *b = &piece->build;
    uint32_t n = (uint32_t)b->plan->data->n_people;
    int32_t end = (int32_t)crew_first(k + 1, PIECES, n);
    for (int32_t p = (int32_t)crew_first(k, PIECES, n); p < end; p++) {
        if (b->plan->person_at[p] < b->plan->person_at[p + 1]) {
            build_person(b, p);
        }
    }
    if (!b->store) {
        piece->size = build_size(b);
    }
}

/* The piece builds what `b` builds, from nothing when it only counts, else from where b stands. */
static void piece_begin(struct zone_piece *piece, const struct zone_build *b)
{
    static const struct zone_size nothing = {0};
    struct zone_build *own = &piece->build;
    int32_t *domain = own->domain;
    struct zone_visit *visits = own->visits;
    struct zone_growth *growth = own->growth;
    *own = *b;
    own->domain = domain;
    own->visits = visits;
    own->growth = growth;
    if (!b->store) {
        build_resize(own, &nothing);
    }
}

/* Global effects, then the people in pieces, at the same time: from counting it is known where
 * each piece begins. */
static void build_run(struct zone_build *b)
{
    build_resize(b, &(struct zone_size){0});
    build_globals(b);
    build_raters(b);
    for (int k = 0; k < PIECES; k++) {
        piece_begin(&b->pieces[k], b);
        if (b->store) {
            build_skip(b, &b->pieces[k].size);
        }
    }
    crew_run(b->plan->data->crew, PIECES, build_piece, b->pieces);
    for (int k = 0; k < PIECES && !b->store; k++) {
        build_skip(b, &b->pieces[k].size);
    }
}

static enum err build_scratch(struct arena *arena, struct zone_build *b)
{
    const struct zone_data *data = b->plan->data;
    size_t ns = (size_t)data->n_skills, ni = (size_t)data->n_items, nr = (size_t)data->n_raters;
    size_t most = 0;
    for (int32_t p = 0; p < data->n_people; p++) {
        size_t n = b->plan->person_at[p + 1] - b->plan->person_at[p];
        most = n > most ? n : most;
    }
    b->step = arena_alloc(arena, ns * ZONE_RATED, sizeof(int32_t));
    b->item = arena_alloc(arena, ni * ZONE_RATED, sizeof(int32_t));
    b->rater = arena_alloc(arena, nr, sizeof(int32_t));
    b->rater_skill = arena_alloc(arena, nr * ns, sizeof(int32_t));
    b->shape = arena_alloc(arena, nr, sizeof(int32_t));
    b->task = arena_alloc(arena, ni, sizeof(int32_t));
    b->skill_task = arena_alloc(arena, ns, sizeof(int32_t));
    b->level_skill = arena_alloc(arena, ns, sizeof(int32_t));
    b->pieces = arena_alloc(arena, PIECES, sizeof *b->pieces);
    bool good = b->step && b->item && b->rater && b->rater_skill && b->shape && b->task &&
                b->skill_task && b->level_skill && b->pieces;
    for (int k = 0; good && k < PIECES; k++) {
        struct zone_build *piece = &b->pieces[k].build;
        piece->domain = arena_alloc(arena, (size_t)data->n_domains, sizeof(int32_t));
        piece->visits = arena_alloc(arena, most, sizeof *piece->visits);
        piece->growth = arena_alloc(arena, most, sizeof *piece->growth);
        good = piece->domain && piece->visits && piece->growth;
    }
    return good ? ERR_OK : ERR_NOMEM;
}

enum err zone_build_make(struct arena *arena, const struct zone_plan *plan, struct zone_build *b)
{
    *b = (struct zone_build){.plan = plan, .slope = ZONE_SELF_SLOPE};
    zone_families_fill(b->families);
    enum err err = build_scratch(arena, b);
    if (err != ERR_OK) {
        return err;
    }
    build_run(b);
    if (b->n_terms > INT32_MAX || b->n_effects > INT32_MAX) {
        return ERR_LIMIT;
    }
    b->effects = arena_alloc(arena, b->n_effects, sizeof *b->effects);
    b->front_parent = arena_alloc(arena, b->n_fronts, sizeof *b->front_parent);
    b->observations = arena_alloc(arena, b->n_observations, sizeof *b->observations);
    b->terms = arena_alloc(arena, b->n_terms, sizeof *b->terms);
    b->queries = arena_alloc(arena, b->n_queries, sizeof *b->queries);
    b->leaves = arena_alloc(arena, b->n_leaves, sizeof *b->leaves);
    b->rests = arena_alloc(arena, b->n_rests, sizeof *b->rests);
    if (!b->effects || !b->front_parent || !b->observations || !b->terms || !b->queries ||
        !b->leaves || !b->rests) {
        return ERR_NOMEM;
    }
    b->store = true;
    build_run(b);
    b->model = (struct joint_model){.families = b->families,
                                    .effects = b->effects,
                                    .front_parent = b->front_parent,
                                    .observations = b->observations,
                                    .terms = b->terms,
                                    .queries = b->queries,
                                    .n_families = ZONE_F__MAX,
                                    .n_effects = b->n_effects,
                                    .n_fronts = b->n_fronts,
                                    .n_observations = b->n_observations,
                                    .n_terms = b->n_terms,
                                    .n_queries = b->n_queries};
    return ERR_OK;
}

void zone_build_again(struct zone_build *b, double slope)
{
    b->slope = slope;
    build_run(b);
}
