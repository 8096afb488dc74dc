/* The last fit of a framework, and the rows of zones; see zones_store.h. */
#include "coach/zones_store.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/list.h"
#include "coach/evidence.h"
#include "coach/framework.h"
#include "coach/roster_cell.h"
#include "coach/sql.h"

#include <math.h>

#define PLACES 9
#define NUMBER_ROOM 32 /* bytes of one number */

/* ---- words and numbers ---- */

uint8_t zones_kind_of(struct str word)
{
    return str_is(word, "self") ? ZONE_SELF : str_is(word, "task") ? ZONE_TASK : ZONE_OBSERVED;
}

uint8_t zones_support_of(struct str word)
{
    for (int k = 0; k < EVIDENCE_SUPPORT__MAX; k++) {
        if (str_is(word, evidence_support_word((enum evidence_support)k))) {
            return (uint8_t)k;
        }
    }
    return ZONE_INDEPENDENT;
}

enum err zones_write_numbers(struct coach *coach, const double *numbers, int n, struct str *text)
{
    struct buf buf;
    buf_init(&buf, coach->arena, (size_t)n * NUMBER_ROOM + 1);
    for (int k = 0; k < n; k++) {
        buf_add_text(&buf, k ? " " : "");
        buf_add_fixed(&buf, numbers[k], PLACES);
    }
    return buf_end(&buf, text);
}

int zones_read_numbers(struct str text, double *numbers, int n)
{
    int count = 0;
    while (text.n > 0 && count < n) {
        const char *blank = memchr(text.p, ' ', text.n);
        size_t length = blank ? (size_t)(blank - text.p) : text.n;
        if (roster_cell_decimal((struct str){text.p, length}, &numbers[count]) ==
            ROSTER_NUMBER_BAD) {
            break;
        }
        count++;
        length += blank != NULL;
        text = (struct str){text.p + length, text.n - length};
    }
    return count;
}

enum err zones_write_model(struct coach *coach, const struct zone_fit *fit, double took_s,
                           struct str *text)
{
    const struct zone_spread *s = &fit->spread;
    const double numbers[ZONES_MODEL_NUMBERS] = {
        s->general,     s->domain, s->skill,       s->gain, s->gain_skill,   s->visit,
        s->visit_skill, s->rater,  s->rater_skill, s->task, fit->self_slope, took_s};
    return zones_write_numbers(coach, numbers, ZONES_MODEL_NUMBERS, text);
}

bool zones_read_model(struct str text, struct zone_fit *fit, double *took_s)
{
    double n[ZONES_MODEL_NUMBERS];
    if (zones_read_numbers(text, n, ZONES_MODEL_NUMBERS) != ZONES_MODEL_NUMBERS) {
        return false;
    }
    fit->spread = (struct zone_spread){.general = n[0],
                                       .domain = n[1],
                                       .skill = n[2],
                                       .gain = n[3],
                                       .gain_skill = n[4],
                                       .visit = n[5],
                                       .visit_skill = n[6],
                                       .rater = n[7],
                                       .rater_skill = n[8],
                                       .task = n[9]};
    fit->self_slope = n[10];
    *took_s = n[11];
    return true;
}

/* ---- the fit ---- */

/* One row of the framework's skills. */
struct skill_row {
    int64_t id, domain_id;
    uint8_t levels;
    bool fitted;
    struct zone_skill skill;
    struct zone_estimate prior;
};

static enum err read_skill(const struct db_query *q, struct skill_row *row)
{
    int n_steps;
    *row = (struct skill_row){.id = db_int(q, 0),
                              .domain_id = db_int(q, 1),
                              .levels = (uint8_t)db_int(q, 2),
                              .fitted = !db_is_null(q, 4)};
    n_steps = row->levels - 1;
    if (row->fitted &&
        zones_read_numbers(db_text(q, 4), row->skill.threshold, n_steps) != n_steps) {
        row->fitted = false; /* the number of levels was another then */
    }
    row->skill.difficulty = db_double(q, 3);
    row->skill.mean = db_double(q, 5);
    row->skill.sd = db_double(q, 6);
    row->skill.n_people = (int32_t)db_int(q, 7);
    row->prior = (struct zone_estimate){.alone = db_double(q, 8),
                                        .alone_sd = db_double(q, 9),
                                        .gain = db_double(q, 10),
                                        .gain_sd = db_double(q, 11),
                                        .alone_gain_cov = db_double(q, 12),
                                        .last_day = ZONE_DAY_UNKNOWN};
    return ERR_OK;
}

static enum err read_skills(struct coach *coach, int64_t framework_id, struct list *rows)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(coach, SQL_ZONE_FIT_SKILLS, SQL_ARGS(sql_int(framework_id)), &q);
    if (err) {
        return err;
    }
    list_init(rows, coach->arena, sizeof(struct skill_row), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct skill_row *row = list_push(rows);
        failed = row ? read_skill(q, row) : rows->err;
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err read_head(struct coach *coach, struct zones_fit *fit, bool *model)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_ZONE_FIT_HEAD, SQL_ARGS(sql_int(fit->framework_id)), &q);
    *model = false;
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    fit->finished_ms = db_int(q, 0);
    fit->last_id = db_int(q, 1);
    fit->n_evidence = db_int(q, 2);
    fit->evidence_ids = db_int(q, 3);
    *model = zones_read_model(db_text(q, 4), &fit->fit, &fit->took_s);
    db_finish(q);
    return ERR_OK;
}

/* Skills, levels and domains as the engine wants them. */
static enum err shape(struct coach *coach, const struct skill_row *rows, size_t n,
                      struct zones_fit *fit)
{
    int64_t *domains = arena_alloc(coach->arena, n, sizeof *domains);
    int32_t *domain = arena_alloc(coach->arena, n, sizeof *domain);
    uint8_t *levels = arena_alloc(coach->arena, n, sizeof *levels);
    fit->skill_ids = arena_alloc(coach->arena, n, sizeof *fit->skill_ids);
    fit->prior = arena_alloc(coach->arena, n, sizeof *fit->prior);
    fit->fit.skills = arena_alloc(coach->arena, n, sizeof *fit->fit.skills);
    if (!domains || !domain || !levels || !fit->skill_ids || !fit->prior || !fit->fit.skills) {
        return ERR_NOMEM;
    }
    int32_t n_domains = 0;
    for (size_t k = 0; k < n; k++) {
        int32_t d = 0;
        while (d < n_domains && domains[d] != rows[k].domain_id) {
            d++;
        }
        domains[d] = rows[k].domain_id;
        n_domains = d == n_domains ? d + 1 : n_domains;
        domain[k] = d;
        levels[k] = rows[k].levels;
        fit->skill_ids[k] = rows[k].id;
        fit->prior[k] = rows[k].prior;
        fit->fit.skills[k] = rows[k].skill;
    }
    fit->data = (struct zone_data){.n_people = 1,
                                   .n_skills = (int32_t)n,
                                   .n_domains = n_domains,
                                   .skill_domain = domain,
                                   .skill_levels = levels};
    return ERR_OK;
}

enum err zones_load_fit(struct coach *coach, int64_t framework_id, struct zones_fit *fit)
{
    struct list list;
    bool complete;
    *fit = (struct zones_fit){.framework_id = framework_id, .evidence_ids = -1};
    enum err err = read_head(coach, fit, &complete);
    err = err ? err : read_skills(coach, framework_id, &list);
    err = err ? err : shape(coach, list.items, list.n, fit);
    const struct skill_row *rows = list.items;
    bool known = complete;
    for (size_t k = 0; !err && k < list.n; k++) {
        complete = complete && rows[k].fitted;
    }
    if (err || complete) {
        return err;
    }
    struct zone_fit *blank;
    err = zone_fit(coach->arena, &fit->data, NULL, NULL, &blank);
    for (size_t k = 0; !err && k < list.n; k++) {
        if (!known || !rows[k].fitted) {
            fit->fit.skills[k] = blank->skills[k];
            fit->prior[k] = blank->estimates[k];
        }
    }
    if (!err && !known) {
        fit->fit.spread = blank->spread;
        fit->fit.self_slope = blank->self_slope;
    }
    return err;
}

int32_t zones_skill_index(const struct zones_fit *fit, int64_t skill_id)
{
    int32_t low = 0, high = fit->data.n_skills;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (fit->skill_ids[middle] < skill_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < fit->data.n_skills && fit->skill_ids[low] == skill_id ? low : -1;
}

/* ---- rows ---- */

struct zones_base zones_base_of(const struct zone_estimate *estimate)
{
    return (struct zones_base){.alone = estimate->alone,
                               .alone_sd = estimate->alone_sd,
                               .gain = estimate->gain,
                               .gain_sd = estimate->gain_sd,
                               .cov = estimate->alone_gain_cov};
}

enum err zones_save(struct coach *coach, int64_t person_id, int64_t skill_id,
                    const struct zone_estimate *e, const struct zones_base *base)
{
    return sql_run(
        coach, SQL_ZONE_SAVE,
        SQL_ARGS(
            sql_int(person_id), sql_int(skill_id), sql_double(e->alone), sql_double(e->alone_sd),
            sql_double(e->helped), sql_double(e->helped_sd), sql_double(e->gain),
            sql_double(e->gain_sd), sql_double(e->alone_gain_cov), sql_double(e->alone_level),
            sql_double(e->helped_level), sql_double(e->alone_level_lo),
            sql_double(e->alone_level_hi), sql_double(e->zone_lo), sql_double(e->zone_hi),
            sql_int(e->n_evidence), sql_int(e->n_raters), sql_int(e->n_occasions),
            e->last_day == ZONE_DAY_UNKNOWN ? sql_null() : sql_int(e->last_day), sql_int(e->enough),
            sql_int(coach->now_ms), sql_double(base->alone), sql_double(base->alone_sd),
            sql_double(base->gain), sql_double(base->gain_sd), sql_double(base->cov),
            sql_int(base->n), sql_int(base->ids), sql_int(base->last_id), sql_int(base->fit_ms)),
        NULL);
}
