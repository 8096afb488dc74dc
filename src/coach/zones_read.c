/* All evidence of a framework, as the engine takes it; see zones_read.h. */
#include "coach/zones_read.h"

#include "base/arena.h"
#include "base/intern.h"
#include "base/list.h"
#include "coach/evidence.h"
#include "coach/framework.h"
#include "coach/sql.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_PIECES ((size_t)50000000)
#define KEY_ROOM (EVIDENCE_MAX_OCCASION + FRAMEWORK_MAX_NAME + 64)

struct reading {
    struct coach *coach;
    const struct zones_fit *fit;
    struct zones_evidence *out;
    struct list pieces, people, runs, raters;
    struct intern *rater_ids, *occasions, *items;
};

/* A key of some bytes and a text. */
static struct str key_of(char room[KEY_ROOM], char kind, int64_t owner, int64_t id, struct str text)
{
    int n = snprintf(room, 48, "%c%" PRId64 " %" PRId64 " ", kind, owner, id);
    size_t length = text.n < KEY_ROOM - 48 ? text.n : KEY_ROOM - 48;
    memcpy(room + n, text.p, length);
    return (struct str){room, (size_t)n + length};
}

static enum err read_rater(struct reading *r, int64_t id, int32_t *rater)
{
    bool fresh;
    enum err err =
        intern_add(r->rater_ids, (struct str){(const char *)&id, sizeof id}, rater, &fresh);
    return err || !fresh || list_add(&r->raters, &id) ? err : r->raters.err;
}

/* The visit: what the piece says, else the rater and the day. */
static enum err read_occasion(struct reading *r, const struct db_query *q,
                              struct zone_evidence *row)
{
    char room[KEY_ROOM];
    struct str text = db_text(q, 7);
    if (text.n == 0 && row->day == ZONE_DAY_UNKNOWN) {
        return ERR_OK;
    }
    struct str key = text.n ? key_of(room, 'o', row->person, 0, text)
                            : key_of(room, 'd', row->person, (int64_t)row->day,
                                     (struct str){(const char *)&row->rater, sizeof row->rater});
    return intern_add(r->occasions, key, &row->occasion, NULL);
}

/* The indicator or the task. */
static enum err read_item(struct reading *r, const struct db_query *q, struct zone_evidence *row)
{
    char room[KEY_ROOM];
    struct str text = db_text(q, row->kind == ZONE_TASK ? 10 : 8);
    int64_t id = row->kind == ZONE_TASK ? db_int(q, 9) : 0;
    if (text.n == 0 && id == 0) {
        return ERR_OK;
    }
    struct str key = key_of(room, row->kind == ZONE_TASK ? 't' : 's', row->skill, id, text);
    return intern_add(r->items, key, &row->item, NULL);
}

/* Counts the piece for its person and skill; rows come in that order. */
static enum err read_place(struct reading *r, int64_t person_id, int64_t id, int32_t skill)
{
    struct zones_person_read *person =
        r->people.n ? (struct zones_person_read *)r->people.items + r->people.n - 1 : NULL;
    if (!person || person->id != person_id) {
        person = list_push(&r->people);
        if (!person) {
            return r->people.err;
        }
        person->id = person_id;
        person->first_run = r->runs.n;
    }
    struct zones_run *run =
        person->n_runs ? (struct zones_run *)r->runs.items + r->runs.n - 1 : NULL;
    if (!run || run->skill != skill) {
        run = list_push(&r->runs);
        if (!run) {
            return r->runs.err;
        }
        run->skill = skill;
        person->n_runs++;
    }
    run->n++;
    run->ids += id;
    person->n++;
    person->ids += id;
    r->out->n_evidence++;
    r->out->evidence_ids += id;
    r->out->last_id = id > r->out->last_id ? id : r->out->last_id;
    return ERR_OK;
}

static enum err read_piece(struct reading *r, const struct db_query *q)
{
    int32_t skill = zones_skill_index(r->fit, db_int(q, 2));
    if (skill < 0) {
        return ERR_OK;
    }
    enum err err = read_place(r, db_int(q, 1), db_int(q, 0), skill);
    struct zone_evidence *row = err ? NULL : list_push(&r->pieces);
    if (!row) {
        return err ? err : r->pieces.err;
    }
    *row = (struct zone_evidence){
        .person = (int32_t)r->people.n - 1,
        .skill = skill,
        .rater = ZONE_NONE,
        .occasion = ZONE_NONE,
        .item = ZONE_NONE,
        .day = db_is_null(q, 12) ? ZONE_DAY_UNKNOWN : (int32_t)db_int(q, 12),
        .difficulty = db_is_null(q, 11) ? NAN : (float)db_double(q, 11),
        .kind = zones_kind_of(db_text(q, 3)),
        .support = zones_support_of(db_text(q, 4)),
    };
    row->level = zones_level_of(row->kind, db_int(q, 5));
    if (row->kind == ZONE_OBSERVED && !db_is_null(q, 6)) {
        err = read_rater(r, db_int(q, 6), &row->rater);
    }
    if (!err && row->kind == ZONE_OBSERVED) {
        err = read_occasion(r, q, row);
    }
    return err ? err : read_item(r, q, row);
}

static enum err read_rows(struct reading *r)
{
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_rows(r->coach, SQL_ZONE_ALL_PIECES,
                                             SQL_ARGS(sql_int(r->fit->framework_id)), &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        failed = read_piece(r, q);
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err zones_read_evidence(struct coach *coach, const struct zones_fit *fit,
                             struct zones_evidence *evidence)
{
    struct reading r = {.coach = coach, .fit = fit, .out = evidence};
    *evidence =
        (struct zones_evidence){.framework_id = fit->framework_id, .skill_ids = fit->skill_ids};
    list_init(&r.pieces, coach->arena, sizeof(struct zone_evidence), MAX_PIECES);
    list_init(&r.people, coach->arena, sizeof(struct zones_person_read), INTERN_MAX);
    list_init(&r.runs, coach->arena, sizeof(struct zones_run), MAX_PIECES);
    list_init(&r.raters, coach->arena, sizeof(int64_t), INTERN_MAX);
    r.rater_ids = intern_new(coach->arena, INTERN_MAX);
    r.occasions = intern_new(coach->arena, INTERN_MAX);
    r.items = intern_new(coach->arena, INTERN_MAX);
    if (!r.rater_ids || !r.occasions || !r.items) {
        return ERR_NOMEM;
    }
    enum err err = read_rows(&r);
    evidence->people = r.people.items;
    evidence->n_people = (int32_t)r.people.n;
    evidence->runs = r.runs.items;
    evidence->rater_ids = r.raters.items;
    evidence->zone = fit->data;
    evidence->zone.n_people = evidence->n_people + 1;
    evidence->zone.n_raters = (int32_t)r.raters.n;
    evidence->zone.n_occasions = intern_count(r.occasions);
    evidence->zone.n_items = intern_count(r.items);
    evidence->zone.evidence = r.pieces.items;
    evidence->zone.n_evidence = r.pieces.n;
    return err;
}

void zones_behind(const struct zones_evidence *evidence, int32_t person, int32_t skill, int64_t *n,
                  int64_t *ids)
{
    const struct zones_person_read *p = &evidence->people[person];
    *n = *ids = 0;
    for (size_t k = 0; k < p->n_runs; k++) {
        const struct zones_run *run = &evidence->runs[p->first_run + k];
        if (run->skill == skill) {
            *n = run->n;
            *ids = run->ids;
        }
    }
}
