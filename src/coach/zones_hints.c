/* What the first page may propose to a person, and how they rate; see zones.h. */
#include "base/list.h"
#include "base/num.h"
#include "base/sort.h"
#include "coach/coach.h"
#include "coach/frameworks_store.h"
#include "coach/sql.h"
#include "coach/zones.h"

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

/* Whether a row is something to help with or to grow in, and how much. */
static void weigh(const struct db_query *q, double *help, double *grow)
{
    double alone = db_double(q, 3), alone_sd = db_double(q, 4);
    double mean = db_double(q, 10), sd = db_double(q, 11);
    bool enough = db_int(q, 7) != 0, said = !db_is_null(q, 12) || !db_is_null(q, 13);
    *help = *grow = 0;
    if (!enough || said || !(sd > 0) || !(alone_sd > 0)) {
        return;
    }
    double chance = num_normal_cdf((alone - mean - UPPER_QUARTER * sd) / alone_sd);
    *help = chance > LIKELY ? chance : 0;
    if (db_double(q, 8) < db_double(q, 9) && alone < mean) {
        *grow = (mean - alone) / sd;
    }
}

static enum err collect(struct coach *coach, const struct db_query *q, struct list *list,
                        double weight)
{
    enum err failed = ERR_OK;
    struct candidate *c = weight > 0 ? list_push(list) : NULL;
    if (!c) {
        return weight > 0 ? list->err : ERR_OK;
    }
    *c = (struct candidate){.hint = {.skill_id = db_int(q, 0),
                                     .name = sql_copy(coach, q, 1, &failed),
                                     .domain = sql_copy(coach, q, 2, &failed)},
                            .weight = weight,
                            .id = db_int(q, 0)};
    return failed;
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

enum err zones_hints(struct coach *coach, int64_t framework_id, struct str locale, int32_t limit,
                     struct zones_hint **help, int32_t *n_help, struct zones_hint **grow,
                     int32_t *n_grow)
{
    struct list helps, grows;
    struct db_query *q;
    int64_t me = coach->actor.person_id;
    enum err failed = ERR_OK, err = me ? ERR_OK : ERR_FORBIDDEN;
    err = err ? err
              : sql_rows(coach, SQL_ZONE_HINTS,
                         SQL_ARGS(sql_int(me), sql_text(locale),
                                  sql_text(frameworks_base_locale(locale)), sql_int(framework_id)),
                         &q);
    if (err) {
        return err;
    }
    list_init(&helps, coach->arena, sizeof(struct candidate), SIZE_MAX);
    list_init(&grows, coach->arena, sizeof(struct candidate), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        double to_help, to_grow;
        weigh(q, &to_help, &to_grow);
        failed = collect(coach, q, &helps, to_help);
        failed = failed ? failed : collect(coach, q, &grows, to_grow);
    }
    db_finish(q);
    err = failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
    err = err ? err : pick(coach, &helps, limit, help, n_help);
    return err ? err : pick(coach, &grows, limit, grow, n_grow);
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
