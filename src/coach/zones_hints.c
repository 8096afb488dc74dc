/* What the first page may propose to a person, and how they rate; see zones.h. */
#include "base/list.h"
#include "base/num.h"
#include "base/sort.h"
#include "coach/coach.h"
#include "coach/sql.h"
#include "coach/zones.h"
#include "coach/zones_tell.h"

#define UPPER_QUARTER 0.6744897501960817 /* of the standard normal */
#define LIKELY 0.5
#define FEW_RATINGS 30
#define PLAIN_SEVERITY 0.3 /* logits; less is nothing one would notice */

struct candidate {
    struct zones_hint hint;
    double weight;
    int64_t id;
};

static int by_weight(const void *a, const void *b, void *ctx)
{
    const struct candidate *x = a, *y = b;
    (void)ctx;
    if (x->weight != y->weight) {
        return x->weight > y->weight ? -1 : 1;
    }
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Whether a skill is something to help with or to grow in, and how much. */
static void weigh(const struct zones_telling *t, int32_t k, double *help, double *grow)
{
    const struct zones_skill *skill = &t->zones->skills[k];
    const struct zone_estimate *e = &t->estimates[k];
    int32_t s = zones_skill_index(t->fit, skill->skill_id);
    *help = *grow = 0;
    if (s < 0 || !e->enough || skill->retired || skill->need || skill->offer ||
        !t->fit->finished_ms) {
        return;
    }
    double mean = t->fit->fit.skills[s].mean, sd = t->fit->fit.skills[s].sd;
    if (!(sd > 0) || !(e->alone_sd > 0)) {
        return;
    }
    double chance = num_normal_cdf((e->alone - mean - UPPER_QUARTER * sd) / e->alone_sd);
    *help = chance > LIKELY ? chance : 0;
    if (e->zone_lo < e->zone_hi && e->alone < mean) {
        *grow = (mean - e->alone) / sd;
    }
}

static enum err collect(const struct zones_skill *skill, struct list *list, double weight)
{
    struct candidate c = {
        .hint = {.skill_id = skill->skill_id, .name = skill->name, .domain = skill->domain},
        .weight = weight,
        .id = skill->skill_id};
    return weight > 0 && !list_add(list, &c) ? list->err : ERR_OK;
}

/* The best of a list, as hints. */
static enum err pick(struct coach *coach, struct list *list, int32_t limit,
                     struct zones_hint **hints, int32_t *n)
{
    struct list out;
    struct candidate *items = list->items;
    sort_items(items, list->n, sizeof *items, by_weight, NULL);
    list_init(&out, coach->arena, sizeof(struct zones_hint), SIZE_MAX);
    for (size_t k = 0; k < list->n && k < (size_t)(limit > 0 ? limit : 0); k++) {
        if (!list_add(&out, &items[k].hint)) {
            return out.err;
        }
    }
    *hints = out.items;
    *n = (int32_t)out.n;
    return ERR_OK;
}

enum err zones_first(struct coach *coach, int64_t framework_id, struct str locale,
                     const struct wishes *own, int32_t limit, struct zones_first *first)
{
    struct list helps, grows;
    struct zones_telling t;
    int64_t me = coach->actor.person_id;
    *first = (struct zones_first){0};
    enum err err = me ? ERR_OK : ERR_FORBIDDEN;
    err = err ? err : zones_tell(coach, me, framework_id, locale, own, &first->zones, &t);
    list_init(&helps, coach->arena, sizeof(struct candidate), SIZE_MAX);
    list_init(&grows, coach->arena, sizeof(struct candidate), SIZE_MAX);
    for (int32_t k = 0; k < first->zones.n_skills && !err; k++) {
        double to_help, to_grow;
        weigh(&t, k, &to_help, &to_grow);
        err = collect(&first->zones.skills[k], &helps, to_help);
        err = err ? err : collect(&first->zones.skills[k], &grows, to_grow);
    }
    err = err ? err : pick(coach, &helps, limit, &first->help, &first->n_help);
    return err ? err : pick(coach, &grows, limit, &first->grow, &first->n_grow);
}

enum err zones_own_rating(struct coach *coach, int64_t framework_id, enum zones_rater_word *word,
                          int32_t *n_ratings)
{
    struct db_query *q;
    int64_t me = coach->actor.person_id;
    *word = ZONES_RATER_TOO_FEW;
    *n_ratings = 0;
    enum err err =
        me ? sql_first(coach, SQL_ZONE_OWN_RATING, SQL_ARGS(sql_int(me), sql_int(framework_id)), &q)
           : ERR_FORBIDDEN;
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    double severity = db_double(q, 0), sd = db_double(q, 1);
    *n_ratings = (int32_t)db_int(q, 2);
    db_finish(q);
    double plain = sd > PLAIN_SEVERITY ? sd : PLAIN_SEVERITY;
    if (*n_ratings >= FEW_RATINGS) {
        *word = severity > plain    ? ZONES_RATER_STRICT
                : severity < -plain ? ZONES_RATER_GENEROUS
                                    : ZONES_RATER_TYPICAL;
    }
    return ERR_OK;
}
