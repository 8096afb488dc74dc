/* A person's zones between two refits: new from the last fit and the pieces of evidence since; see
 * zones.h.
 *
 * Where the pieces that the fit had are no longer the same (one was withdrawn), the person starts
 * again from what is known of somebody new, with all pieces that are left; the next refit gives
 * back what that loses (own views, growth). */
#include "base/arena.h"
#include "base/intern.h"
#include "base/list.h"
#include "coach/queue.h"
#include "coach/sql.h"
#include "coach/zones.h"
#include "coach/zones_store.h"
#include "zone/live.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define MAX_PIECES 5000 /* of one person in one framework; more wait for the refit */

/* A refit is due so long after the first new piece, or sooner once there are this many. */
#define REFIT_AFTER_MS (10 * COACH_MINUTE_MS)
#define REFIT_PIECES 20
/* Between two refits of one framework: a minute, or so that they take a tenth of the time at most.
 */
#define REFIT_PAUSE_MS COACH_MINUTE_MS
#define REFIT_PAUSE_TIMES 9000.0 /* milliseconds for each second that the last one took */

struct piece {
    int64_t id, rater_id;
    struct zone_evidence row;
};

struct person {
    struct coach *coach;
    int64_t id;
    struct zones_fit fit; /* a copy of the framework's, with this person's estimates and raters */
    struct list pieces;   /* struct piece, by id */
    struct list raters;   /* struct zone_rater */
    struct intern *rater_ids, *occasions;
    struct zones_base *bases; /* per skill */
    bool *based;              /* per skill: there is a row */
    int64_t last_id;          /* pieces up to here are in the bases */
};

/* ---- reading ---- */

static enum err read_rater(struct person *p, const struct db_query *q, struct piece *piece)
{
    int32_t k;
    bool fresh;
    piece->rater_id = db_int(q, 5);
    piece->row.rater = ZONE_NONE;
    if (db_is_null(q, 5) || piece->row.kind != ZONE_OBSERVED) {
        return ERR_OK;
    }
    enum err err = intern_add(p->rater_ids,
                              (struct str){(const char *)&piece->rater_id, sizeof piece->rater_id},
                              &k, &fresh);
    if (err) {
        return err;
    }
    piece->row.rater = k;
    if (fresh) {
        struct zone_rater rater = {.severity_sd = sqrt(p->fit.fit.spread.rater)};
        if (!db_is_null(q, 10)) {
            rater.severity = db_double(q, 10);
            rater.severity_sd = db_double(q, 11);
        }
        return list_add(&p->raters, &rater) ? ERR_OK : p->raters.err;
    }
    return ERR_OK;
}

/* The visit: what the piece says, else the rater and the day. */
static enum err read_occasion(struct person *p, struct str occasion, struct piece *piece)
{
    char own[64];
    struct str key = occasion;
    bool fresh;
    piece->row.occasion = ZONE_NONE;
    if (piece->row.kind != ZONE_OBSERVED) {
        return ERR_OK;
    }
    if (occasion.n == 0) {
        if (piece->row.day == ZONE_DAY_UNKNOWN) {
            return ERR_OK;
        }
        int n =
            snprintf(own, sizeof own, "\n%" PRId64 " %" PRId32, piece->rater_id, piece->row.day);
        key = (struct str){own, (size_t)n};
    }
    return intern_add(p->occasions, key, &piece->row.occasion, &fresh);
}

static enum err read_piece(struct person *p, const struct db_query *q)
{
    int32_t skill = zones_skill_index(&p->fit, db_int(q, 1));
    struct piece *piece = skill >= 0 ? list_push(&p->pieces) : NULL;
    if (!piece) {
        return skill >= 0 ? p->pieces.err : ERR_OK;
    }
    piece->id = db_int(q, 0);
    piece->row = (struct zone_evidence){
        .skill = skill,
        .item = ZONE_NONE,
        .day = db_is_null(q, 9) ? ZONE_DAY_UNKNOWN : (int32_t)db_int(q, 9),
        .difficulty = db_is_null(q, 8) ? NAN : (float)db_double(q, 8),
        .kind = zones_kind_of(db_text(q, 2)),
        .support = zones_support_of(db_text(q, 3)),
    };
    piece->row.level = zones_level_of(piece->row.kind, db_int(q, 4));
    enum err err = read_rater(p, q, piece);
    return err ? err : read_occasion(p, db_text(q, 6), piece);
}

static enum err read_base(struct person *p, const struct db_query *q)
{
    int32_t skill = zones_skill_index(&p->fit, db_int(q, 0));
    if (skill >= 0) {
        p->bases[skill] = (struct zones_base){.alone = db_double(q, 1),
                                              .alone_sd = db_double(q, 2),
                                              .gain = db_double(q, 3),
                                              .gain_sd = db_double(q, 4),
                                              .cov = db_double(q, 5),
                                              .n = db_int(q, 6),
                                              .ids = db_int(q, 7),
                                              .last_id = db_int(q, 8),
                                              .fit_ms = db_int(q, 9)};
        p->based[skill] = true;
        p->last_id = p->bases[skill].last_id;
    }
    return ERR_OK;
}

static enum err read_all(struct person *p, enum sql_id id,
                         enum err (*read)(struct person *p, const struct db_query *q))
{
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_rows(p->coach, id,
                                             SQL_ARGS(sql_int(p->id), sql_int(p->fit.framework_id),
                                                      sql_int(MAX_PIECES + 1)),
                                             &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        failed = read(p, q);
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- where to start from ---- */

/* Whether the pieces behind the bases are those that count now. */
static bool same_pieces(const struct person *p)
{
    const struct piece *pieces = p->pieces.items;
    for (int32_t s = 0; s < p->fit.data.n_skills; s++) {
        int64_t n = 0, ids = 0;
        for (size_t k = 0; k < p->pieces.n; k++) {
            bool in = pieces[k].row.skill == s && pieces[k].id <= p->last_id;
            n += in;
            ids += in ? pieces[k].id : 0;
        }
        if (n != p->bases[s].n || ids != p->bases[s].ids) {
            return false;
        }
    }
    return true;
}

/* Bases of somebody of whom nothing is known. */
static void start_again(struct person *p)
{
    for (int32_t s = 0; s < p->fit.data.n_skills; s++) {
        p->bases[s] = zones_base_of(&p->fit.prior[s]);
        p->bases[s].fit_ms = p->fit.finished_ms;
    }
    p->last_id = 0;
}

static void start(struct person *p)
{
    bool any = false;
    for (int32_t s = 0; s < p->fit.data.n_skills; s++) {
        any = any || p->based[s];
        if (!p->based[s]) { /* a skill that is newer than the fit */
            p->bases[s] = zones_base_of(&p->fit.prior[s]);
            p->bases[s].fit_ms = p->fit.finished_ms;
            p->bases[s].last_id = p->last_id;
        }
    }
    if (!any || !same_pieces(p)) {
        start_again(p);
    }
    for (int32_t s = 0; s < p->fit.data.n_skills; s++) {
        const struct zones_base *b = &p->bases[s];
        p->fit.fit.estimates[s] = (struct zone_estimate){.alone = b->alone,
                                                         .alone_sd = b->alone_sd,
                                                         .gain = b->gain,
                                                         .gain_sd = b->gain_sd,
                                                         .alone_gain_cov = b->cov,
                                                         .n_evidence = (int32_t)b->n,
                                                         .last_day = ZONE_DAY_UNKNOWN};
    }
}

/* ---- counting what stands behind ---- */

static void count(const struct person *p, int32_t skill, struct zone_estimate *e)
{
    const struct piece *pieces = p->pieces.items;
    e->n_evidence = e->n_raters = e->n_occasions = 0;
    e->last_day = ZONE_DAY_UNKNOWN;
    for (size_t k = 0; k < p->pieces.n; k++) {
        const struct zone_evidence *row = &pieces[k].row;
        if (row->skill != skill) {
            continue;
        }
        bool rater = row->rater >= 0, occasion = row->kind == ZONE_OBSERVED;
        for (size_t j = 0; j < k && (rater || occasion); j++) {
            const struct zone_evidence *other = &pieces[j].row;
            bool rated = other->skill == skill && other->kind == ZONE_OBSERVED;
            rater = rater && !(rated && other->rater == row->rater);
            occasion =
                occasion && !(rated && row->occasion >= 0 && other->occasion == row->occasion);
        }
        e->n_evidence++;
        e->n_raters += rater;
        e->n_occasions += occasion;
        e->last_day = row->day > e->last_day ? row->day : e->last_day;
    }
}

/* ---- the update ---- */

static enum err follow(struct person *p)
{
    struct zone_live *live;
    const struct piece *pieces = p->pieces.items;
    p->fit.fit.raters = p->raters.items;
    p->fit.data.n_raters = (int32_t)p->raters.n;
    p->fit.data.n_occasions = intern_count(p->occasions);
    enum err err = live_new(p->coach->arena, &p->fit.data, &p->fit.fit, 0, &live);
    for (size_t k = 0; k < p->pieces.n && !err; k++) {
        err = pieces[k].id > p->last_id ? live_add(live, &pieces[k].row) : ERR_OK;
    }
    for (int32_t s = 0; s < p->fit.data.n_skills && !err; s++) {
        struct zone_estimate e;
        live_estimate(live, s, &e);
        count(p, s, &e);
        err = zones_save(p->coach, p->id, p->fit.skill_ids[s], &e, &p->bases[s]);
    }
    return err;
}

enum err zones_renew(struct coach *coach, int64_t person_id, const struct zones_fit *fit)
{
    struct person p = {.coach = coach, .id = person_id, .fit = *fit};
    size_t n = (size_t)fit->data.n_skills;
    if (fit->data.n_skills > LIVE_MAX_SKILLS) {
        return ERR_OK; /* the refit does it */
    }
    p.bases = arena_alloc(coach->arena, n, sizeof *p.bases);
    p.based = arena_alloc(coach->arena, n, sizeof *p.based);
    p.fit.fit.estimates = arena_alloc(coach->arena, n, sizeof *p.fit.fit.estimates);
    p.rater_ids = intern_new(coach->arena, MAX_PIECES + 1);
    p.occasions = intern_new(coach->arena, MAX_PIECES + 1);
    if (!p.bases || !p.based || !p.fit.fit.estimates || !p.rater_ids || !p.occasions) {
        return ERR_NOMEM;
    }
    list_init(&p.pieces, coach->arena, sizeof(struct piece), MAX_PIECES + 1);
    list_init(&p.raters, coach->arena, sizeof(struct zone_rater), MAX_PIECES + 1);
    enum err err = read_all(&p, SQL_ZONE_BASES, read_base);
    err = err ? err : read_all(&p, SQL_ZONE_PIECES, read_piece);
    if (!err && p.pieces.n > MAX_PIECES) {
        return ERR_OK;
    }
    if (!err && p.pieces.n == 0) {
        return sql_run(coach, SQL_ZONE_FORGET,
                       SQL_ARGS(sql_int(person_id), sql_int(fit->framework_id)), NULL);
    }
    if (!err) {
        start(&p);
        err = follow(&p);
    }
    return err;
}

/* ---- when to refit ---- */

static enum err queue_refit(struct coach *coach, int64_t framework_id, const char *key,
                            int64_t at_ms)
{
    char payload[24], unique[64];
    snprintf(payload, sizeof payload, "%" PRId64, framework_id);
    snprintf(unique, sizeof unique, "%s:%" PRId64, key, framework_id);
    return queue_add(coach, ZONES_JOB, str_of(payload), QUEUE_COALESCE, str_of(unique), at_ms,
                     NULL);
}

enum err zones_update(struct coach *coach, int64_t person_id, int64_t framework_id)
{
    struct zones_fit fit;
    int64_t n = 0;
    enum err err = zones_load_fit(coach, framework_id, &fit);
    err = err ? err : zones_renew(coach, person_id, &fit);
    err =
        err ? err
            : sql_number(
                  coach, SQL_ZONE_N_SINCE,
                  SQL_ARGS(sql_int(framework_id), sql_int(fit.last_id), sql_int(REFIT_PIECES)), &n);
    if (err) {
        return err;
    }
    bool soon = fit.finished_ms == 0 || n >= REFIT_PIECES || fit.data.n_skills > LIVE_MAX_SKILLS;
    int64_t pause = (int64_t)(REFIT_PAUSE_TIMES * fit.took_s);
    int64_t earliest = fit.finished_ms + (pause > REFIT_PAUSE_MS ? pause : REFIT_PAUSE_MS);
    return soon ? queue_refit(coach, framework_id, "refit-soon",
                              earliest > coach->now_ms ? earliest : coach->now_ms)
                : queue_refit(coach, framework_id, "refit", coach->now_ms + REFIT_AFTER_MS);
}

enum err zones_touch(struct coach *coach, int64_t framework_id)
{
    return queue_refit(coach, framework_id, "refit-soon", coach->now_ms);
}
