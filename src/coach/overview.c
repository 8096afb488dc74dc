/* Where the people of a programme stand: read in a few passes over what runs, each in the order of
 * the people's ids, so that they are put together side by side; see overview.h. */
#include "coach/overview.h"

#include "base/arena.h"
#include "base/list.h"
#include "base/sort.h"
#include "coach/audit.h"
#include "coach/cycles_store.h"
#include "coach/programmes_read.h"
#include "coach/rounds_store.h"
#include "coach/sql.h"

#include <stdlib.h>
#include <string.h>

static const char *const words[OVERVIEW_TRAIT__MAX] = {
    "paired", "asked", "active", "stalled", "paused", "unserved", "guided", "helping", "overloaded",
};

const char *overview_trait_word(enum overview_trait trait)
{
    return words[trait];
}

#define BIT(trait) (1u << (trait))

struct reading {
    struct coach *coach;
    int64_t programme_id, unit_id;
    struct list people; /* of struct overview_person, by id */
    struct list withheld;
    bool names; /* of all, with their units */
};

typedef enum err take_fn(struct reading *r, const struct db_query *q, struct overview_person *p);

/* ---- people ---- */

static enum err read_withheld(struct reading *r)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(r->coach, SQL_OVERVIEW_WITHHELD,
                            SQL_ARGS(sql_int(r->programme_id), sql_int(r->coach->actor.person_id)),
                            &q);
    list_init(&r->withheld, r->coach->arena, sizeof(int64_t), PROGRAMMES_PEOPLE);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        int64_t id = db_int(q, 0);
        failed = list_add(&r->withheld, &id) ? ERR_OK : r->withheld.err;
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static bool is_withheld(const struct reading *r, size_t *at, int64_t id)
{
    const int64_t *ids = r->withheld.items;
    while (*at < r->withheld.n && ids[*at] < id) {
        ++*at;
    }
    return *at < r->withheld.n && ids[*at] == id;
}

static enum err read_people(struct reading *r, int64_t *n_withheld)
{
    struct db_query *q;
    size_t at = 0;
    enum err failed = ERR_OK,
             err = sql_rows(r->coach, SQL_OVERVIEW_PEOPLE,
                            SQL_ARGS(sql_int(r->programme_id), sql_int(r->unit_id)), &q);
    list_init(&r->people, r->coach->arena, sizeof(struct overview_person), PROGRAMMES_PEOPLE);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        int64_t id = db_int(q, 0);
        if (is_withheld(r, &at, id)) {
            ++*n_withheld;
            continue;
        }
        struct overview_person *p = list_push(&r->people);
        if (!p) {
            failed = r->people.err;
            break;
        }
        *p = (struct overview_person){
            .person_id = id,
            .search = sql_copy(r->coach, q, 1, &failed),
            .max_helps = (int32_t)db_int(q, 2),
            .max_learns = (int32_t)db_int(q, 3),
            .name = {"", 0},
            .unit = {"", 0},
        };
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- what is known of each ---- */

/* Goes along the people and the rows of a statement, both by the person's id. */
static enum err read_along(struct reading *r, enum sql_id id, take_fn *take)
{
    struct overview_person *people = r->people.items;
    struct db_query *q;
    size_t at = 0;
    enum err failed = ERR_OK, err = sql_rows(r->coach, id, SQL_ARGS(sql_int(r->programme_id)), &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        int64_t person = db_int(q, 0);
        while (at < r->people.n && people[at].person_id < person) {
            at++;
        }
        if (at < r->people.n && people[at].person_id == person) {
            failed = take(r, q, &people[at]);
        }
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Wants something; whether that is served is known once learning was read. */
static enum err take_need(struct reading *r, const struct db_query *q, struct overview_person *p)
{
    (void)r;
    (void)q;
    p->traits |= p->max_learns > 0 ? BIT(OVERVIEW_UNSERVED) : 0;
    return ERR_OK;
}

static enum err take_member(struct reading *r, const struct db_query *q, struct overview_person *p)
{
    struct str state = db_text(q, 1);
    int64_t still_ms = db_int(q, 2);
    (void)r;
    p->traits |= BIT(str_is(state, "proposed") ? OVERVIEW_ASKED : OVERVIEW_PAIRED);
    p->traits |= str_is(state, "paused") ? BIT(OVERVIEW_PAUSED) : 0;
    if (str_is(state, "active")) {
        p->traits |= BIT(OVERVIEW_ACTIVE) | (still_ms ? BIT(OVERVIEW_STALLED) : 0);
        p->still_ms = still_ms && (!p->still_ms || still_ms < p->still_ms) ? still_ms : p->still_ms;
    }
    return ERR_OK;
}

static enum err take_name(struct reading *r, const struct db_query *q, struct overview_person *p)
{
    enum err err = ERR_OK;
    p->name = sql_copy_name(r->coach, q, 1, 2, &err);
    p->unit = sql_copy(r->coach, q, 3, &err);
    return err;
}

/* ---- who helps, who learns ---- */

/* One side of one focus. */
struct side {
    int64_t person_id, partnership_id;
    bool helps, guide, wanted; /* in a skill of the programme */
};

static int by_person(const void *a, const void *b, void *ctx)
{
    const struct side *x = a, *y = b;
    (void)ctx;
    if (x->person_id != y->person_id) {
        return x->person_id < y->person_id ? -1 : 1;
    }
    return (x->partnership_id > y->partnership_id) - (x->partnership_id < y->partnership_id);
}

static enum err read_sides(struct reading *r, struct list *sides)
{
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(r->coach, SQL_OVERVIEW_FOCUSES, SQL_ARGS(sql_int(r->programme_id)), &q);
    list_init(sides, r->coach->arena, sizeof(struct side), SIZE_MAX);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct side side = {.person_id = db_int(q, 1),
                            .partnership_id = db_int(q, 0),
                            .guide = db_int(q, 3) == 1,
                            .wanted = db_int(q, 4) == 1};
        bool kept = list_add(sides, &side) != NULL;
        side.person_id = db_int(q, 2);
        side.helps = true;
        if (kept && side.person_id && !side.guide) {
            kept = list_add(sides, &side) != NULL;
        }
        failed = kept ? ERR_OK : sides->err;
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* All sides of one person, by partnership: each counts once where they help and where they learn.
 */
static void take_sides(struct overview_person *p, const struct side *sides, size_t n)
{
    int64_t helped = 0, learned = 0;
    for (size_t k = 0; k < n; k++) {
        const struct side *s = &sides[k];
        if (s->helps) {
            p->n_helps += s->partnership_id != helped;
            helped = s->partnership_id;
        } else if (!s->guide) {
            p->n_learns += s->partnership_id != learned;
            learned = s->partnership_id;
            p->traits &= s->wanted ? ~BIT(OVERVIEW_UNSERVED) : ~0u;
        } else {
            p->traits |= s->wanted ? BIT(OVERVIEW_GUIDED) : 0;
        }
    }
    p->traits |= p->n_helps > 0 ? BIT(OVERVIEW_HELPING) : 0;
    p->traits |= p->n_helps > p->max_helps ? BIT(OVERVIEW_OVERLOADED) : 0;
}

static enum err read_help(struct reading *r)
{
    struct overview_person *people = r->people.items;
    struct list list;
    size_t at = 0;
    enum err err = read_sides(r, &list);
    struct side *sides = list.items;
    if (!err) {
        sort_items(sides, list.n, sizeof *sides, by_person, NULL);
    }
    for (size_t k = 0, n; k < list.n && !err; k += n) {
        for (n = 1; k + n < list.n && sides[k + n].person_id == sides[k].person_id; n++) {}
        while (at < r->people.n && people[at].person_id < sides[k].person_id) {
            at++;
        }
        if (at < r->people.n && people[at].person_id == sides[k].person_id) {
            take_sides(&people[at], &sides[k], n);
        }
    }
    return err;
}

static enum err read_all(struct reading *r, struct overview *overview)
{
    enum err err = read_withheld(r);
    err = err ? err : read_people(r, &overview->n_withheld);
    err = err ? err : read_along(r, SQL_OVERVIEW_NEEDS, take_need);
    err = err ? err : read_along(r, SQL_OVERVIEW_MEMBERS, take_member);
    err = err ? err : read_help(r);
    err = err || !r->names ? err : read_along(r, SQL_OVERVIEW_NAMES, take_name);
    const struct overview_person *people = r->people.items;
    for (size_t k = 0; k < r->people.n && !err; k++) {
        for (int t = 0; t < OVERVIEW_TRAIT__MAX; t++) {
            overview->n[t] += (people[k].traits & BIT(t)) != 0;
        }
    }
    overview->n_people = (int64_t)r->people.n;
    return err;
}

/* ---- order ---- */

static int by_name(const void *a, const void *b)
{
    const struct overview_person *p = a, *o = b;
    size_t n = p->search.n < o->search.n ? p->search.n : o->search.n;
    int order = n ? memcmp(p->search.p, o->search.p, n) : 0;
    if (order == 0 && p->search.n != o->search.n) {
        order = p->search.n < o->search.n ? -1 : 1;
    }
    return order ? order : (p->person_id > o->person_id) - (p->person_id < o->person_id);
}

static int by_standstill(const void *a, const void *b)
{
    const struct overview_person *p = a, *o = b;
    int order = (p->still_ms > o->still_ms) - (p->still_ms < o->still_ms);
    return order ? order : by_name(a, b);
}

static int by_help(const void *a, const void *b)
{
    const struct overview_person *p = a, *o = b;
    int order = (p->n_helps < o->n_helps) - (p->n_helps > o->n_helps);
    return order ? order : by_name(a, b);
}

/* Those of the trait, in order, at the beginning of the list; how many. */
static size_t choose(struct list *people, int show)
{
    struct overview_person *p = people->items;
    size_t n = 0;
    for (size_t k = 0; k < people->n; k++) {
        if (show < 0 || (p[k].traits & BIT(show))) {
            p[n++] = p[k];
        }
    }
    if (n > 1) {
        qsort(p, n, sizeof *p,
              show == OVERVIEW_STALLED                                  ? by_standstill
              : show == OVERVIEW_HELPING || show == OVERVIEW_OVERLOADED ? by_help
                                                                        : by_name);
    }
    return n;
}

/* ---- one page ---- */

static enum partnership_state state_of(struct str word)
{
    int k = 0;
    while (k < PARTNERSHIP_ENDED &&
           !str_is(word, partnerships_state_word((enum partnership_state)k))) {
        k++;
    }
    return (enum partnership_state)k;
}

static enum err read_together(struct reading *r, struct overview_person *p)
{
    struct db_query *q;
    int64_t last = 0;
    p->together = arena_alloc(r->coach->arena, OVERVIEW_PARTNERS, sizeof *p->together);
    if (!p->together) {
        return ERR_NOMEM;
    }
    enum err failed = ERR_OK,
             err = sql_rows(r->coach, SQL_OVERVIEW_TOGETHER,
                            SQL_ARGS(sql_int(r->programme_id), sql_int(p->person_id)), &q);
    if (err) {
        return err;
    }
    while (!failed && (err = db_step(q)) == ERR_OK) {
        if (db_int(q, 0) != last) {
            if (p->n_together == OVERVIEW_PARTNERS) {
                break;
            }
            last = db_int(q, 0);
            p->together[p->n_together++] =
                (struct overview_together){.state = state_of(db_text(q, 1)),
                                           .still_ms = db_int(q, 2),
                                           .moved_ms = db_int(q, 3),
                                           .has_cycle = !db_is_null(q, 4),
                                           .stage = cycles_stage_of(db_text(q, 4))};
        }
        struct overview_together *t = &p->together[p->n_together - 1];
        if (t->n_partners < 2) {
            t->partners[t->n_partners++] = sql_copy_name(r->coach, q, 5, 6, &failed);
        }
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err read_why(struct reading *r, struct overview_person *p)
{
    struct db_query *q;
    enum err err = sql_first(r->coach, SQL_OVERVIEW_LAST_ROUND,
                             SQL_ARGS(sql_int(r->programme_id), sql_int(p->person_id)), &q);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    p->why = rounds_why_of(db_text(q, 0));
    p->last = p->why == ROUND_IS_SERVED || p->why == ROUND_STATE__MAX ? OVERVIEW_HAD_ONE
                                                                      : OVERVIEW_WITHOUT;
    db_finish(q);
    return ERR_OK;
}

static enum err read_person(struct reading *r, struct overview_person *p)
{
    struct db_query *q;
    enum err err = sql_first(r->coach, SQL_OVERVIEW_PERSON, SQL_ARGS(sql_int(p->person_id)), &q);
    if (err) {
        return err;
    }
    p->name = sql_copy_name(r->coach, q, 0, 1, &err);
    p->unit = sql_copy(r->coach, q, 2, &err);
    db_finish(q);
    err = err ? err : read_together(r, p);
    return err || !(p->traits & BIT(OVERVIEW_UNSERVED)) ? err : read_why(r, p);
}

enum err overview_page(struct coach *coach, int64_t programme_id,
                       const struct overview_query *query, struct overview *overview)
{
    struct reading r = {.coach = coach, .programme_id = programme_id, .unit_id = query->unit_id};
    *overview = (struct overview){0};
    enum err err = programmes_may(coach, ALLOW_VIEW, programme_id);
    err = err ? err : read_all(&r, overview);
    if (err) {
        return err;
    }
    size_t n = choose(&r.people, query->show), from = (size_t)query->page * OVERVIEW_PAGE;
    from = from < n ? from : n;
    overview->items = r.people.n ? (struct overview_person *)r.people.items + from : NULL;
    overview->n_items = n - from < OVERVIEW_PAGE ? n - from : OVERVIEW_PAGE;
    overview->more = from + overview->n_items < n;
    for (size_t k = 0; k < overview->n_items && !err; k++) {
        err = read_person(&r, &overview->items[k]);
    }
    return err;
}

enum err overview_all(struct coach *coach, int64_t programme_id, struct overview *overview)
{
    struct reading r = {.coach = coach, .programme_id = programme_id, .names = true};
    *overview = (struct overview){0};
    enum err err = programmes_may(coach, ALLOW_EXPORT, programme_id);
    err = err ? err : read_all(&r, overview);
    if (err) {
        return err;
    }
    overview->n_items = choose(&r.people, -1);
    overview->items = r.people.items;
    return audit_note(coach, ALLOW_EXPORT, allow_on(ALLOW_ON_PROGRAMME, programme_id), "people");
}
