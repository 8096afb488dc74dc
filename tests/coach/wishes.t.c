/* Needs and offers, on both databases. */
#include "coachtest.h"

#include "base/rng.h"
#include "coach/evaluators.h"
#include "coach/frameworks.h"
#include "coach/memory.h"
#include "coach/shares.h"
#include "coach/wishes.h"

struct world {
    struct coachtest c;
    int64_t unit, other_unit, framework, ann, ben, cem, head;
    int64_t skills[18];
};

static void world_make(struct world *w, const struct dbtest *t)
{
    struct coachtest *c = &w->c;
    struct framework *tree = NULL;
    struct frameworks_summary summary;
    coachtest_open(c, t);
    coachtest_must(c, frameworks_read_shipped(c->coach.arena, 0, &tree), "shipped");
    coachtest_do(c, frameworks_bring(&c->coach, tree, 0, &summary));
    w->framework = summary.id;
    coachtest_must(
        c, coachtest_read(c, frameworks_get(&c->coach, summary.id, str_of(""), 0, &tree)), "get");
    for (int d = 0, n = 0; d < tree->n_domains; d++) {
        for (int s = 0; s < tree->domains[d].n_skills; s++) {
            w->skills[n++] = tree->domains[d].skills[s].id;
        }
    }
    int64_t top = coachtest_unit(c, 0, UNIT_ORGANISATION, "All");
    w->unit = coachtest_unit(c, top, UNIT_SCHOOL, "Hill");
    w->other_unit = coachtest_unit(c, top, UNIT_SCHOOL, "Dale");
    w->ann = coachtest_person(c, "Ann", "Abel");
    w->ben = coachtest_person(c, "Ben", "Bell");
    w->cem = coachtest_person(c, "Cem", "Cook");
    w->head = coachtest_person(c, "Hal", "Head");
    coachtest_do(c, roles_add(&c->coach, w->ann, w->unit, ROLE_PARTICIPANT, "entered"));
    coachtest_do(c, roles_add(&c->coach, w->ben, w->unit, ROLE_PARTICIPANT, "entered"));
    coachtest_do(c, roles_add(&c->coach, w->head, w->unit, ROLE_PARTICIPANT, "entered"));
    coachtest_do(c, roles_add(&c->coach, w->cem, w->other_unit, ROLE_PARTICIPANT, "entered"));
    coachtest_do(c, evaluators_add(&c->coach, w->head, w->ann));
}

static struct wishes of(struct world *w, int64_t person, const char *locale)
{
    struct wishes wishes;
    coachtest_must(
        &w->c, coachtest_read(&w->c, wishes_of(&w->c.coach, person, 0, str_of(locale), &wishes)),
        "wishes");
    return wishes;
}

static void test_form(struct world *w)
{
    struct coachtest *c = &w->c;
    struct wish needs[4] = {{.skill_id = w->skills[3], .note = str_of(" in Year 9 ")},
                            {.skill_id = w->skills[1], .priority = 1},
                            {.skill_id = w->skills[9], .priority = 3},
                            {.skill_id = w->skills[10]}};
    struct wish offers[2] = {{.skill_id = w->skills[5]}, {.skill_id = w->skills[0]}};
    struct wishes form = {needs, offers, 4, 2};
    coachtest_as(c, w->ann);
    enum err err =
        coachtest_write(c, wishes_save(&c->coach, w->ann, w->framework, &form, &c->complaints));
    tap_ok(err == ERR_INVALID && c->complaints.n == 1 &&
               strcmp(c->complaints.items[0].field, "need") == 0,
           "%s: more than three needs", c->name);
    form.n_needs = 3;
    offers[1].skill_id = w->skills[5];
    err = coachtest_write(c, wishes_save(&c->coach, w->ann, w->framework, &form, &c->complaints));
    tap_ok(err == ERR_INVALID && strcmp(c->complaints.items[0].field, "offer") == 0,
           "%s: an offer twice", c->name);
    offers[1].skill_id = w->skills[0];
    coachtest_do(c, wishes_save(&c->coach, w->ann, w->framework, &form, &c->complaints));
    struct wishes now = of(w, w->ann, "es");
    tap_ok(now.n_needs == 3 && now.n_offers == 2 && now.needs[0].skill_id == w->skills[3] &&
               now.needs[1].skill_id == w->skills[1] && now.needs[2].skill_id == w->skills[9],
           "%s: needs by priority", c->name);
    tap_ok(str_is(now.needs[0].note, "in Year 9") && now.offers[0].skill_id == w->skills[0],
           "%s: notes trimmed, offers in the framework's order", c->name);
    tap_text(now.offers[0].skill.p, "Un trato c\303\241lido y respetuoso", "%s: in Spanish",
             c->name);
    form.n_needs = 1;
    form.n_offers = 0;
    coachtest_do(c, wishes_save(&c->coach, w->ann, w->framework, &form, &c->complaints));
    now = of(w, w->ann, "");
    tap_ok(now.n_needs == 1 && now.n_offers == 0, "%s: the form replaces what was there", c->name);
    err = coachtest_write(c, wishes_save(&c->coach, w->ben, w->framework, &form, &c->complaints));
    tap_ok(err == ERR_FORBIDDEN, "%s: nobody else's", c->name);
}

static void test_clicks(struct world *w)
{
    struct coachtest *c = &w->c;
    coachtest_as(c, w->ben);
    for (int k = 0; k < 3; k++) {
        coachtest_do(c, wishes_add_need(&c->coach, w->ben, w->skills[k]));
    }
    coachtest_do(c, wishes_add_need(&c->coach, w->ben, w->skills[0]));
    tap_ok(coachtest_write(c, wishes_add_need(&c->coach, w->ben, w->skills[3])) == ERR_LIMIT,
           "%s: no fourth need", c->name);
    struct wishes now = of(w, w->ben, "");
    tap_ok(now.n_needs == 3 && now.needs[2].priority == 3, "%s: each behind the others", c->name);
    coachtest_do(c, wishes_drop_need(&c->coach, w->ben, w->skills[1]));
    coachtest_do(c, wishes_drop_need(&c->coach, w->ben, w->skills[1]));
    coachtest_do(c, wishes_add_offer(&c->coach, w->ben, w->skills[7]));
    coachtest_do(c, wishes_add_offer(&c->coach, w->ben, w->skills[7]));
    now = of(w, w->ben, "");
    tap_ok(now.n_needs == 2 && now.n_offers == 1, "%s: twice is as good as once", c->name);
    tap_ok(coachtest_write(c, wishes_add_offer(&c->coach, w->ben, 999999)) == ERR_NOT_FOUND,
           "%s: no such skill", c->name);
}

static void test_helpers(struct world *w)
{
    struct coachtest *c = &w->c;
    struct wishes_help help;
    struct wishes_wanted *wanted;

    int64_t skill = w->skills[7];
    coachtest_as(c, w->cem);
    coachtest_do(c, wishes_add_offer(&c->coach, w->cem, skill));
    coachtest_as(c, w->head);
    coachtest_do(c, wishes_add_offer(&c->coach, w->head, skill));
    coachtest_as(c, w->ann);
    coachtest_must(c, coachtest_read(c, wishes_helpers(&c->coach, &skill, 1, 10, &help)), "h");
    tap_ok(help.n == 2 && !help.more && help.helpers[0].person_id == w->ben &&
               help.helpers[0].same_unit && help.helpers[1].person_id == w->cem &&
               !help.helpers[1].same_unit,
           "%s: the own school first, never the evaluator", c->name);
    tap_ok(str_is(help.helpers[1].unit, "Dale") && str_is(help.helpers[0].name, "Ben Bell"),
           "%s: with names and units", c->name);
    coachtest_must(c, coachtest_read(c, wishes_helpers(&c->coach, &skill, 1, 1, &help)), "h");
    tap_ok(help.n == 1 && help.more, "%s: some of them", c->name);
    coachtest_as(c, w->head);
    coachtest_must(c, coachtest_read(c, wishes_helpers(&c->coach, &skill, 1, 9, &help)), "h");
    tap_ok(help.n == 2, "%s: the head may learn from those they do not evaluate", c->name);
    coachtest_as_system(c);
    int64_t people[6];
    for (int k = 0; k < 6; k++) {
        char name[8];
        snprintf(name, sizeof name, "P%d", k);
        people[k] = coachtest_person(c, name, "Pool");
    }
    for (int k = 0; k < 6; k++) {
        coachtest_as(c, people[k]);
        coachtest_do(c, wishes_add_need(&c->coach, people[k], skill));
        coachtest_as(c, w->ben);
        struct wishes own = of(w, w->ben, "");
        coachtest_must(c, coachtest_read(c, wishes_wanted(&c->coach, &own, &wanted)), "w");
        bool few = k + 1 < WISHES_FEWEST;
        tap_ok(own.n_offers == 1 && wanted[0].some == few &&
                   wanted[0].n_people == (few ? 0 : k + 1),
               "%s: %d people need it: %s", c->name, k + 1, few ? "some" : "counted");
    }
}

/* -- Helpers against a search of our own ---------------------------------------------------------
 */

#define CROWD 60
#define CROWD_UNITS 4
#define CROWD_SKILLS 4

/* Somebody of a crowd; those without a unit in common are strangers. */
struct crowd {
    int64_t ids[CROWD], units[CROWD_UNITS], skills[CROWD_SKILLS];
    bool in[CROWD][CROWD_UNITS], offers[CROWD][CROWD_SKILLS], evaluates[CROWD][CROWD];
    bool gone[CROWD];
};

static void crowd_make(struct world *w, struct crowd *crowd, struct rng *rng)
{
    struct coachtest *c = &w->c;
    coachtest_as_system(c);
    int64_t top = coachtest_number(c, "SELECT id FROM unit WHERE parent_id IS NULL");
    for (int u = 0; u < CROWD_UNITS; u++) {
        char name[8];
        snprintf(name, sizeof name, "U%d", u);
        crowd->units[u] = coachtest_unit(c, top, UNIT_SCHOOL, name);
    }
    memcpy(crowd->skills, w->skills + 12, sizeof crowd->skills);
    for (int i = 0; i < CROWD; i++) {
        char name[8];
        snprintf(name, sizeof name, "C%d", i);
        crowd->ids[i] = coachtest_person(c, name, "Crowd");
        for (int u = 0; u < CROWD_UNITS; u++) {
            crowd->in[i][u] = rng_below(rng, 2 * (uint32_t)u + 2) == 0;
            if (crowd->in[i][u]) {
                coachtest_role(c, crowd->ids[i], crowd->units[u], ROLE_PARTICIPANT);
            }
            if (crowd->in[i][u] && rng_below(rng, 3) == 0) {
                coachtest_role(c, crowd->ids[i], crowd->units[u], ROLE_COORDINATOR);
            }
        }
        for (int k = 0; k < CROWD_SKILLS; k++) {
            crowd->offers[i][k] = rng_below(rng, (uint32_t)k + 2) == 0;
            if (crowd->offers[i][k]) {
                coachtest_as(c, crowd->ids[i]);
                coachtest_do(c, wishes_add_offer(&c->coach, crowd->ids[i], crowd->skills[k]));
                coachtest_as_system(c);
            }
        }
    }
    for (int i = 0; i < CROWD; i++) {
        int other = (int)rng_below(rng, CROWD);
        crowd->evaluates[i][other] = other != i;
        if (other != i) {
            coachtest_do(c, evaluators_add(&c->coach, crowd->ids[i], crowd->ids[other]));
        }
    }
}

static bool in_common(const struct crowd *crowd, int a, int b)
{
    bool common = false;
    for (int u = 0; u < CROWD_UNITS; u++) {
        common = common || (crowd->in[a][u] && crowd->in[b][u]);
    }
    return common;
}

/* Adds those of one unit (or, unit < 0, of no unit of `me`) from behind `me` round to before. */
static int expect_round(const struct crowd *crowd, int me, int k, int unit, int64_t *ids, int n)
{
    for (int step = 1; step < CROWD; step++) {
        int i = (me + step) % CROWD;
        bool there = unit >= 0 ? crowd->in[i][unit] : !in_common(crowd, me, i);
        for (int j = 0; j < n; j++) {
            there = there && ids[j] != crowd->ids[i];
        }
        if (there && crowd->offers[i][k] && !crowd->gone[i] && !crowd->evaluates[i][me] &&
            !crowd->evaluates[me][i]) {
            ids[n++] = crowd->ids[i];
        }
    }
    return n;
}

static bool is_expected(const struct crowd *crowd, int me, int k, int limit,
                        const struct wishes_help *help)
{
    int64_t ids[CROWD];
    int n = 0;
    for (int u = 0; u < CROWD_UNITS; u++) {
        n = crowd->in[me][u] ? expect_round(crowd, me, k, u, ids, n) : n;
    }
    n = expect_round(crowd, me, k, -1, ids, n);
    bool right = help->n == (n < limit ? n : limit) && help->more == (n > limit);
    for (int j = 0; j < help->n && right; j++) {
        right = help->helpers[j].person_id == ids[j];
    }
    return right;
}

/* How many of the crowd see other helpers than they should. */
static int n_wrong(struct world *w, const struct crowd *crowd, int limit, struct memory *memory)
{
    struct coachtest *c = &w->c;
    struct wishes_help helps[CROWD_SKILLS];
    int wrong = 0;
    for (int me = 0; me < CROWD; me++) {
        if (crowd->gone[me]) {
            continue;
        }
        coachtest_as(c, crowd->ids[me]);
        c->coach.memory = memory;
        coachtest_must(
            c,
            coachtest_read(c, wishes_helpers(&c->coach, crowd->skills, CROWD_SKILLS, limit, helps)),
            "helpers");
        c->coach.memory = NULL;
        for (int k = 0; k < CROWD_SKILLS; k++) {
            wrong += !is_expected(crowd, me, k, limit, &helps[k]);
        }
    }
    return wrong;
}

/* What is remembered of a unit is right after every kind of change. */
static void test_remembered(struct world *w, struct crowd *crowd)
{
    struct coachtest *c = &w->c;
    struct memory *memory = memory_new();
    int64_t who = crowd->ids[5], unit = crowd->units[0];
    bool *offers = &crowd->offers[5][0];
    tap_ok(n_wrong(w, crowd, 3, memory) == 0, "%s: remembered, three of each", c->name);
    for (int round = 0; round < 2; round++) {
        *offers = !*offers;
        coachtest_as(c, who);
        coachtest_do(c, *offers ? wishes_add_offer(&c->coach, who, crowd->skills[0])
                                : wishes_drop_offer(&c->coach, who, crowd->skills[0]));
        tap_ok(n_wrong(w, crowd, CROWD, memory) == 0, "%s: after an offer that %s", c->name,
               *offers ? "comes" : "goes");
    }
    coachtest_as_system(c);
    bool joins = crowd->in[5][0] = !crowd->in[5][0];
    for (int role = 0; role < 2; role++) {
        enum role as = role ? ROLE_COORDINATOR : ROLE_PARTICIPANT;
        enum err err = coachtest_write(c, joins ? roles_add(&c->coach, who, unit, as, NULL)
                                                : roles_remove(&c->coach, who, unit, as));
        coachtest_must(c, err == ERR_NOT_FOUND ? ERR_OK : err, "role");
    }
    tap_ok(n_wrong(w, crowd, CROWD, memory) == 0, "%s: after a member who %s", c->name,
           joins ? "comes" : "goes");
    coachtest_as_system(c);
    coachtest_do(c, people_leave(&c->coach, who));
    crowd->gone[5] = true;
    tap_ok(n_wrong(w, crowd, CROWD, memory) == 0, "%s: after somebody has left", c->name);
    coachtest_as_system(c);
    coachtest_do(c, people_return(&c->coach, who));
    crowd->gone[5] = false;
    tap_ok(n_wrong(w, crowd, CROWD, memory) == 0, "%s: and is back", c->name);
    memory_free(memory);
}

static void test_crowd(struct world *w)
{
    struct coachtest *c = &w->c;
    struct crowd crowd = {0};
    struct rng rng = rng_seed(20261126);
    crowd_make(w, &crowd, &rng);
    /* offers of others would count as strangers' */
    coachtest_script(c, "DELETE FROM offer WHERE person_id NOT IN "
                        "(SELECT id FROM person WHERE family_name = 'Crowd')");
    tap_ok(n_wrong(w, &crowd, 3, NULL) == 0, "%s: three helpers of each, as a search finds them",
           c->name);
    tap_ok(n_wrong(w, &crowd, CROWD, NULL) == 0, "%s: all helpers", c->name);
    test_remembered(w, &crowd);
}

static void test_seeing(struct world *w)
{
    struct coachtest *c = &w->c;
    int64_t share;
    coachtest_as(c, w->cem);
    struct wishes seen = of(w, w->ben, "");
    tap_ok(seen.n_needs == 0 && seen.n_offers == 1, "%s: offers are for all, needs are not",
           c->name);
    coachtest_as(c, w->ben);
    coachtest_do(c, shares_give(&c->coach, w->cem, SHARE_ZONES, w->skills[2], &share));
    coachtest_as(c, w->cem);
    seen = of(w, w->ben, "");
    tap_ok(seen.n_needs == 1 && seen.needs[0].skill_id == w->skills[2],
           "%s: the one need that is shared", c->name);
    coachtest_as(c, w->ben);
    coachtest_do(c, shares_take_back(&c->coach, share));
    coachtest_as(c, w->cem);
    tap_ok(of(w, w->ben, "").n_needs == 0, "%s: and no longer", c->name);
}

static void suite(const struct dbtest *t)
{
    struct world w;
    world_make(&w, t);
    test_form(&w);
    test_clicks(&w);
    test_helpers(&w);
    test_seeing(&w);
    test_crowd(&w);
    coachtest_close(&w.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
