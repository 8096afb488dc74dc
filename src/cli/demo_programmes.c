/* Programmes of the demonstration district: one with strategies compared and a round that waits to
 * be reviewed, one to which people are invited. */
#include "cli/demo_world.h"
#include "coach/programmes.h"
#include "coach/rounds.h"

#define TERM 84   /* days */
#define SCHOOLS 4 /* of one programme in a large district: rounds of thousands take their time */

struct made {
    struct demo_world *w;
    int64_t comparison, round;
};

/* Of the coordinator's own units; in a large district of some schools, the teacher's among them. */
static enum err set_units(struct demo_world *w, int64_t id)
{
    const struct actor *actor = &w->coach->actor;
    int32_t n = w->demo->n_schools, first = w->demo->people[w->personas[DEMO_ROLE_TEACHER]].school;
    if (n <= SCHOOLS) {
        return programmes_set_units(w->coach, id, actor->coordinates, actor->n_coordinates,
                                    &w->complaints);
    }
    first = first < n - SCHOOLS ? first : n - SCHOOLS;
    return programmes_set_units(w->coach, id, w->schools + first, SCHOOLS, &w->complaints);
}

static enum err add_programme(struct made *m, const char *name, const char *about, bool opt_in,
                              enum programme_strategy strategy, int64_t *id)
{
    struct demo_world *w = m->w;
    struct coach *coach = w->coach;
    int32_t today = (int32_t)(coach->now_ms / COACH_DAY_MS);
    const struct programme programme = {.name = str_of(name),
                                        .about = str_of(about),
                                        .framework_id = w->framework,
                                        .starts_day = today - (opt_in ? -21 : 7),
                                        .ends_day = today + TERM,
                                        .strategy = strategy,
                                        .opt_in = opt_in,
                                        .max_helps = -1,
                                        .max_learns = -1};
    enum err err = programmes_add(coach, &programme, &w->complaints, id);
    err = err ? err : set_units(w, *id);
    return err ? err : programmes_open(coach, *id, &w->complaints);
}

static enum err add_all(struct coach *coach, void *ctx)
{
    struct made *m = ctx;
    int64_t pairs, trios;
    complaint_init(&m->w->complaints, coach->arena);
    enum err err = coach_act_as(coach, m->w->ids[m->w->personas[DEMO_ROLE_COORDINATOR]]);
    err = err ? err
              : add_programme(m, "Pairs of this term",
                              "Two colleagues, one skill each, three cycles in twelve weeks. It "
                              "takes about an hour a week.",
                              false, PROGRAMME_RECIPROCAL, &pairs);
    err = err ? err : comparisons_start(coach, pairs, &m->comparison);
    err = err ? err : rounds_start(coach, pairs, &m->round);
    err = err ? err
              : add_programme(m, "Groups of three, next month",
                              "Three colleagues visit each other once, and talk about one thing "
                              "each has tried.",
                              true, PROGRAMME_TRIO, &trios);
    coach_act_as_system(coach);
    return err;
}

enum err demo_programmes(struct demo_world *w)
{
    struct made m = {.w = w};
    enum err err = coach_transact(w->coach, COACH_WRITE, add_all, &m);
    err = err ? err : comparisons_work(w->coach, m.comparison, NULL, NULL);
    return err ? err : rounds_work(w->coach, m.round, NULL, NULL);
}
