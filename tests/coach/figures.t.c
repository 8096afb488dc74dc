/* Figures of small worlds, protected, then attacked: every world that fits what is told is tried,
 * and each hidden figure may still be all that its words say. */
#include "coach/figures.h"
#include "base/rng.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

#define SKILLS 3
#define PEOPLE 40
#define NEEDS 3

struct range {
    int low, high;
};

static struct range range_of(const struct figure *f, int whole)
{
    switch (f->told) {
    case FIGURE_SHOWN:
        return (struct range){f->n, f->n};
    case FIGURE_FEW:
        return (struct range){0, whole < 4 ? whole : 4};
    case FIGURE_MOST:
        return (struct range){whole - 4, whole};
    default:
        return (struct range){0, whole};
    }
}

struct world {
    int n_people;
    bool want[PEOPLE][SKILLS], offer[PEOPLE][SKILLS], served[PEOPLE][SKILLS];
};

static void make_world(struct rng *rng, struct world *w)
{
    uint32_t likely[SKILLS], help[SKILLS], serve = rng_below(rng, 101), idle = rng_below(rng, 60);
    memset(w, 0, sizeof *w);
    w->n_people = (int)rng_below(rng, PEOPLE + 1);
    for (int s = 0; s < SKILLS; s++) {
        likely[s] = rng_below(rng, 101);
        help[s] = rng_below(rng, 101);
    }
    for (int p = 0; p < w->n_people; p++) {
        bool is_idle = rng_below(rng, 100) < idle;
        for (int s = 0; s < SKILLS; s++) {
            w->want[p][s] = !is_idle && rng_below(rng, 100) < likely[s];
            w->offer[p][s] = rng_below(rng, 100) < help[s];
            w->served[p][s] = w->want[p][s] && rng_below(rng, 100) < serve;
        }
    }
}

static void count_world(const struct world *w, struct figures_map *map)
{
    map->people.n = w->n_people;
    for (int p = 0; p < w->n_people; p++) {
        bool any[3] = {false};
        for (int s = 0; s < SKILLS; s++) {
            map->skills[s].want.n += w->want[p][s];
            map->skills[s].offer.n += w->offer[p][s];
            map->skills[s].served.n += w->served[p][s];
            any[0] |= w->want[p][s];
            any[1] |= w->offer[p][s];
            any[2] |= w->served[p][s];
        }
        map->want.n += any[0];
        map->offer.n += any[1];
        map->served.n += any[2];
    }
}

/* What may be, of figures of skills and their total: bits by value. */
struct seen {
    uint64_t cells[SKILLS], total;
};

static bool fits(const int *cells, int total, int people)
{
    int sum = 0, top = 0;
    for (int s = 0; s < SKILLS; s++) {
        sum += cells[s];
        top = cells[s] > top ? cells[s] : top;
    }
    return total >= top && total <= sum && total <= people && sum <= NEEDS * total;
}

static void mark(struct seen *seen, const int *cells, int total)
{
    for (int s = 0; s < SKILLS; s++) {
        seen->cells[s] |= UINT64_C(1) << cells[s];
    }
    seen->total |= UINT64_C(1) << total;
}

/* All that fits the figures of those who offer: they stand alone. */
static void attack_alone(const struct figure *cells[SKILLS], const struct figure *total, int people,
                         struct seen *seen)
{
    struct range r[SKILLS], t = range_of(total, people);
    int v[SKILLS];
    for (int s = 0; s < SKILLS; s++) {
        r[s] = range_of(cells[s], people);
    }
    for (v[0] = r[0].low; v[0] <= r[0].high; v[0]++) {
        for (v[1] = r[1].low; v[1] <= r[1].high; v[1]++) {
            for (v[2] = r[2].low; v[2] <= r[2].high; v[2]++) {
                for (int u = t.low; u <= t.high; u++) {
                    if (fits(v, u, people)) {
                        mark(seen, v, u);
                    }
                }
            }
        }
    }
}

/* The served, given how many want each skill and anything. */
static bool attack_served(const struct figures_map *map, const int *want, int wanting, int people,
                          struct seen *seen)
{
    struct range r[SKILLS];
    /* part of those who want when that is told, else of all */
    struct range t = range_of(&map->served, map->want.told == FIGURE_SHOWN ? wanting : people);
    int v[SKILLS];
    bool any = false;
    for (int s = 0; s < SKILLS; s++) {
        r[s] = range_of(&map->skills[s].served, want[s]);
    }
    for (v[0] = r[0].low; v[0] <= r[0].high; v[0]++) {
        for (v[1] = r[1].low; v[1] <= r[1].high; v[1]++) {
            for (v[2] = r[2].low; v[2] <= r[2].high; v[2]++) {
                for (int u = t.low; u <= t.high && u <= wanting; u++) {
                    if (fits(v, u, wanting)) {
                        mark(seen, v, u);
                        any = true;
                    }
                }
            }
        }
    }
    return any;
}

static void attack(const struct figures_map *map, int people, struct seen *want,
                   struct seen *served)
{
    struct range r[SKILLS], t = range_of(&map->want, people);
    int v[SKILLS];
    for (int s = 0; s < SKILLS; s++) {
        r[s] = range_of(&map->skills[s].want, people);
    }
    for (v[0] = r[0].low; v[0] <= r[0].high; v[0]++) {
        for (v[1] = r[1].low; v[1] <= r[1].high; v[1]++) {
            for (v[2] = r[2].low; v[2] <= r[2].high; v[2]++) {
                for (int u = t.low; u <= t.high; u++) {
                    if (fits(v, u, people) && attack_served(map, v, u, people, served)) {
                        mark(want, v, u);
                    }
                }
            }
        }
    }
}

/* How many values a figure may have; all of its words when these are few. */
static bool holds(const struct figure *f, uint64_t seen, int whole)
{
    struct range r = range_of(f, whole);
    int n = 0;
    for (int v = 0; v < 64; v++) {
        n += (seen >> v & 1) != 0;
    }
    return f->told == FIGURE_SHOWN    ? n == 1 && f->n >= FIGURES_LEAST
           : f->told == FIGURE_HIDDEN ? n >= 5
                                      : n == r.high - r.low + 1;
}

static int check_world(const struct world *w, int *shown)
{
    struct figures_skill skills[SKILLS] = {0}, truth_skills[SKILLS];
    struct figures_map map = {.skills = skills, .n = SKILLS}, truth;
    struct seen want = {0}, offer = {0}, served = {0};
    const struct figure *offers[SKILLS];
    int bad = 0, people = w->n_people;
    count_world(w, &map);
    memcpy(truth_skills, skills, sizeof skills);
    truth = map;
    figures_protect(&map, NEEDS);
    if (people < 2 * FIGURES_LEAST) { /* nothing but, perhaps, how many they are */
        for (int s = 0; s < SKILLS; s++) {
            bad += skills[s].want.told == FIGURE_SHOWN || skills[s].offer.told == FIGURE_SHOWN ||
                   skills[s].served.told == FIGURE_SHOWN;
        }
        return bad + (map.people.told == FIGURE_SHOWN && people < FIGURES_LEAST);
    }
    for (int s = 0; s < SKILLS; s++) {
        offers[s] = &skills[s].offer;
    }
    attack(&map, people, &want, &served);
    attack_alone(offers, &map.offer, people, &offer);
    for (int s = 0; s < SKILLS; s++) {
        const struct figures_skill *k = &skills[s], *is = &truth_skills[s];
        bad += !holds(&k->want, want.cells[s], people) || !holds(&k->offer, offer.cells[s], people);
        if (k->want.told == FIGURE_SHOWN) {
            bad += !holds(&k->served, served.cells[s], k->want.n);
            bad += k->served.told == FIGURE_SHOWN && k->want.n - k->served.n < FIGURES_LEAST;
        } else {
            bad += k->served.told == FIGURE_SHOWN;
        }
        bad += k->want.told == FIGURE_SHOWN &&
               (k->want.n != is->want.n || people - k->want.n < FIGURES_LEAST);
        bad += k->want.told != FIGURE_SHOWN && k->want.n != 0;
        bad += k->served.told != FIGURE_SHOWN && k->served.n != 0;
        *shown += (k->want.told == FIGURE_SHOWN) + (k->served.told == FIGURE_SHOWN);
    }
    bad += map.want.told == FIGURE_SHOWN && people - map.want.n < FIGURES_LEAST;
    bad += map.served.told == FIGURE_SHOWN &&
           (map.want.told != FIGURE_SHOWN || truth.want.n - map.served.n < FIGURES_LEAST);
    *shown += (map.want.told == FIGURE_SHOWN) + (map.served.told == FIGURE_SHOWN);
    return bad;
}

static void test_worlds(void)
{
    struct rng rng = rng_seed(11);
    struct world w;
    int bad = 0, shown = 0, n = getenv("DUET_SANITIZED") ? 150 : 1500;
    for (int i = 0; i < n; i++) {
        make_world(&rng, &w);
        int here = check_world(&w, &shown);
        if (here && bad == 0) {
            printf("# world %d of %d people\n", i, w.n_people);
        }
        bad += here;
    }
    tap_ok(bad == 0, "%d worlds: no hidden figure can be worked out (%d can)", n, bad);
    tap_ok(shown > 2 * n, "and much is shown (%d figures)", shown);
}

/* What would tell: a total of 14, one figure of 10, one hidden: it would have to be 4. */
static void test_total(void)
{
    struct figures_skill skills[2] = {{.want = {.n = 10}}, {.want = {.n = 4}}};
    struct figures_map map = {.skills = skills, .n = 2, .people = {.n = 100}, .want = {.n = 14}};
    figures_protect(&map, NEEDS);
    tap_ok(skills[0].want.told == FIGURE_SHOWN && skills[1].want.told == FIGURE_FEW &&
               map.want.told == FIGURE_HIDDEN && map.want.n == 0,
           "a total that would tell a small figure is not told");
}

static void test_board(void)
{
    struct rng rng = rng_seed(5);
    int bad = 0, shown = 0;
    for (int i = 0; i < 20000; i++) {
        struct figures_board b = {.people.n = (int32_t)rng_below(&rng, 40)}, is;
        b.partners.n = (int32_t)rng_below(&rng, (uint32_t)b.people.n + 1);
        b.cycled.n = (int32_t)rng_below(&rng, (uint32_t)b.partners.n + 1);
        b.partnerships.n = b.partners.n / 2;
        b.cycles.n = b.cycled.n;
        is = b;
        figures_protect_board(&b);
        const struct figure *all[] = {&b.people, &b.partners,     &b.cycled,
                                      &b.cycles, &b.partnerships, &b.meetings};
        for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
            bad += all[k]->told == FIGURE_SHOWN ? all[k]->n < FIGURES_LEAST : all[k]->n != 0;
            shown += all[k]->told == FIGURE_SHOWN;
        }
        bad += b.partners.told == FIGURE_SHOWN && is.people.n - is.partners.n < FIGURES_LEAST;
        bad += b.cycled.told == FIGURE_SHOWN &&
               (b.partners.told != FIGURE_SHOWN || is.partners.n - is.cycled.n < FIGURES_LEAST);
        bad += b.cycles.told == FIGURE_SHOWN && is.cycled.n < FIGURES_LEAST;
        bad += b.partnerships.told == FIGURE_SHOWN && is.partners.n < FIGURES_LEAST;
    }
    tap_ok(bad == 0 && shown > 1000, "figures for a board: none of a small group (%d)", bad);
}

int main(void)
{
    test_worlds();
    test_total();
    test_board();
    return tap_done();
}
