/* Draws the effects, then the ratings, person by person. */
#include "synthetic.h"

#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PERSON,
    PERSON_DOMAIN,
    PERSON_SKILL,
    VISIT,
    VISIT_SKILL,
    RATER,
    RATER_SKILL,
    SHAPE,
    THRESHOLD,
    N_FAMILIES
};

#define STEPS 3

static const double spread[N_FAMILIES] = {.8, .5, .6, .5, .6, .35, .75, .3, 2};
static const double threshold[STEPS] = {-1.6, 0, 1.6};

struct maker {
    const struct synthetic_plan *plan;
    struct synthetic *to;
    struct rng rng;
    struct joint_effect *effects;
    int32_t *front_parent;
    struct joint_observation *observations;
    struct joint_term *terms;
    struct joint_query *queries;
    double *rater, *rater_skill, *difficulty; /* drawn */
    int32_t first_rater, first_rater_skill, first_shape, first_threshold;
};

static double draw(struct maker *k, int family)
{
    return spread[family] * rng_normal(&k->rng);
}

static int32_t add_effect(struct maker *k, int family, int32_t front, int32_t group)
{
    k->effects[k->to->model.n_effects] = (struct joint_effect){family, front, group};
    return (int32_t)k->to->model.n_effects++;
}

static void add_term(struct maker *k, int32_t effect, float coefficient)
{
    k->terms[k->to->model.n_terms++] = (struct joint_term){effect, coefficient};
}

static void make_globals(struct maker *k)
{
    const struct synthetic_plan *p = k->plan;
    k->rater = calloc((size_t)p->n_raters, sizeof *k->rater);
    k->rater_skill = calloc((size_t)(p->n_raters * p->n_skills), sizeof *k->rater_skill);
    k->difficulty = calloc((size_t)p->n_skills, sizeof *k->difficulty);
    k->first_rater = (int32_t)k->to->model.n_effects;
    for (int r = 0; r < p->n_raters; r++) {
        k->rater[r] = draw(k, RATER);
        add_effect(k, RATER, JOINT_NONE, r);
    }
    k->first_rater_skill = (int32_t)k->to->model.n_effects;
    for (int i = 0; i < p->n_raters * p->n_skills; i++) {
        k->rater_skill[i] = draw(k, RATER_SKILL);
        add_effect(k, RATER_SKILL, JOINT_NONE, i / p->n_skills);
    }
    k->first_shape = (int32_t)k->to->model.n_effects;
    for (int i = 0; p->shapes && i < p->n_raters * p->n_skills * (STEPS - 1); i++) {
        add_effect(k, SHAPE, JOINT_NONE, i / p->n_skills / (STEPS - 1));
    }
    k->first_threshold = (int32_t)k->to->model.n_effects;
    for (int i = 0; i < p->n_skills * STEPS; i++) {
        k->difficulty[i / STEPS] = i % STEPS ? k->difficulty[i / STEPS] : rng_normal(&k->rng) * .5;
        add_effect(k, THRESHOLD, JOINT_NONE, p->n_raters + i / STEPS);
    }
}

static uint8_t draw_level(struct maker *k, double eta)
{
    double p[STEPS + 1], sum = 0, s = 0, u = rng_unit(&k->rng);
    for (int y = 0; y <= STEPS; y++) {
        sum += p[y] = exp(s);
        s += y < STEPS ? eta - threshold[y] : 0;
    }
    uint8_t y = 0;
    for (double low = p[0] / sum; y < STEPS && u > low; low += p[y] / sum) {
        y++;
    }
    return y;
}

/* The visits of one person: which rater, the lesson's level. */
struct visit {
    int32_t effect;
    int rater, first_skill;
    double level;
};

static void make_skill(struct maker *k, int person, int skill, int32_t tree, int32_t general,
                       int32_t domain, double ability, const struct visit *visits)
{
    const struct synthetic_plan *p = k->plan;
    struct joint_model *m = &k->to->model;
    int32_t leaf = JOINT_NONE, own = JOINT_NONE;
    for (int v = 0; v < p->n_visits; v++) {
        if ((skill - visits[v].first_skill + p->n_skills) % p->n_skills >= p->skills_per_visit) {
            continue;
        }
        if (leaf == JOINT_NONE) {
            leaf = (int32_t)m->n_fronts;
            k->front_parent[m->n_fronts++] = tree;
            own = add_effect(k, PERSON_SKILL, leaf, 0);
            k->to->query_of[person * p->n_skills + skill] = (int32_t)m->n_queries;
        }
        int rs = visits[v].rater * p->n_skills + skill;
        double eta = ability + visits[v].level + draw(k, VISIT_SKILL) - k->rater[visits[v].rater] -
                     k->rater_skill[rs] - k->difficulty[skill];
        k->observations[m->n_observations++] = (struct joint_observation){
            .front = leaf,
            .first_term = (int32_t)m->n_terms,
            .n_terms = 7,
            .thresholds = k->first_threshold + skill * STEPS,
            .shape = p->shapes ? k->first_shape + rs * (STEPS - 1) : JOINT_NONE,
            .weight = 1,
            .n_steps = STEPS,
            .level = draw_level(k, eta)};
        add_term(k, general, 1);
        add_term(k, domain, 1);
        add_term(k, own, 1);
        add_term(k, visits[v].effect, 1);
        add_term(k, add_effect(k, VISIT_SKILL, leaf, 0), 1);
        add_term(k, k->first_rater + visits[v].rater, -1);
        add_term(k, k->first_rater_skill + rs, -1);
    }
    if (leaf != JOINT_NONE) {
        k->queries[m->n_queries++] =
            (struct joint_query){.front = leaf, .first_term = (int32_t)m->n_terms, .n_a = 3};
        add_term(k, general, 1);
        add_term(k, domain, 1);
        add_term(k, own, 1);
    }
}

static void make_person(struct maker *k, int person)
{
    const struct synthetic_plan *p = k->plan;
    struct joint_model *m = &k->to->model;
    struct visit visits[64];
    int32_t tree = (int32_t)m->n_fronts, domains[16];
    k->front_parent[m->n_fronts++] = JOINT_NONE;
    int32_t general = add_effect(k, PERSON, tree, 0);
    double g = draw(k, PERSON), u[16];
    for (int d = 0; d < p->n_domains; d++) {
        domains[d] = add_effect(k, PERSON_DOMAIN, tree, 0);
        u[d] = draw(k, PERSON_DOMAIN);
    }
    for (int v = 0; v < p->n_visits; v++) {
        int rater;
        do { /* nobody rates themselves */
            rater = (int)rng_below(&k->rng, (uint32_t)p->n_raters);
        } while (rater == person);
        visits[v] = (struct visit){add_effect(k, VISIT, tree, 0), rater,
                                   (int)rng_below(&k->rng, (uint32_t)p->n_skills), draw(k, VISIT)};
    }
    for (int s = 0; s < p->n_skills; s++) {
        int d = s * p->n_domains / p->n_skills;
        double ability = g + u[d] + draw(k, PERSON_SKILL);
        k->to->truth[person * p->n_skills + s] = ability;
        make_skill(k, person, s, tree, general, domains[d], ability, visits);
    }
}

void synthetic_make(const struct synthetic_plan *p, struct synthetic *to)
{
    size_t people = (size_t)p->n_people, skills = (size_t)p->n_skills;
    size_t ratings = people * (size_t)(p->n_visits * p->skills_per_visit);
    size_t globals = (size_t)p->n_raters * (1 + skills * STEPS) + skills * STEPS;
    size_t leaves = people * skills < ratings ? people * skills : ratings;
    memset(to, 0, sizeof *to);
    struct maker k = {.plan = p, .to = to, .rng = rng_seed(p->seed)};
    for (int f = 0; f < N_FAMILIES; f++) {
        to->families[f] = (struct joint_family){
            .variance = spread[f] * spread[f] * (f == THRESHOLD ? 1 : .7), .pseudo = 4};
    }
    to->families[RATER].centred = true;
    to->families[THRESHOLD].rule = JOINT_FIXED;
    to->families[THRESHOLD].shared = true;
    /* One rating each: an overdispersion whose variance such data do not show. */
    to->families[VISIT_SKILL].rule = JOINT_FIXED;
    k.effects =
        calloc(globals + people * (size_t)(1 + p->n_domains + p->n_visits) + leaves + ratings,
               sizeof *k.effects);
    k.front_parent = calloc(people + leaves, sizeof *k.front_parent);
    k.observations = calloc(ratings, sizeof *k.observations);
    k.terms = calloc(ratings * 7 + leaves * 3, sizeof *k.terms);
    k.queries = calloc(leaves, sizeof *k.queries);
    to->truth = calloc(people * skills, sizeof *to->truth);
    to->query_of = malloc(people * skills * sizeof *to->query_of);
    memset(to->query_of, -1, people * skills * sizeof *to->query_of);
    make_globals(&k);
    for (int i = 0; i < p->n_people; i++) {
        make_person(&k, i);
    }
    to->model.families = to->families;
    to->model.n_families = N_FAMILIES;
    to->model.effects = k.effects;
    to->model.front_parent = k.front_parent;
    to->model.observations = k.observations;
    to->model.terms = k.terms;
    to->model.queries = k.queries;
    free(k.rater);
    free(k.rater_skill);
    free(k.difficulty);
}

void synthetic_free(struct synthetic *s)
{
    free((void *)s->model.effects);
    free((void *)s->model.front_parent);
    free((void *)s->model.observations);
    free((void *)s->model.terms);
    free((void *)s->model.queries);
    free(s->truth);
    free(s->query_of);
}
