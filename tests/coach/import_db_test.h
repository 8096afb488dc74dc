/* What the tests of imports into a database share: bringing files in, and the database as text. */
#ifndef DUET_TESTS_COACH_IMPORT_DB_TEST_H
#define DUET_TESTS_COACH_IMPORT_DB_TEST_H

#include "coachtest.h"
#include "import_test.h"

#include "coach/import_apply.h"
#include "coach/import_known.h"
#include "coach/import_plan.h"
#include "coach/people_sheet.h"

/* What the database has of people and units, a line each, in the order of the alphabet. */
static inline const char *import_db_show(struct coachtest *c)
{
    static const char *const rows[] = {
        "SELECT 'unit ' || u.name || '|' || u.kind || '|' || coalesce(u.external_id, '') || '|' || "
        "coalesce(p.name, '') || '|' || u.source || CASE WHEN u.active = 1 THEN '' ELSE '|retired' "
        "END FROM unit u LEFT JOIN unit p ON p.id = u.parent_id",
        "SELECT 'person ' || given_name || ' ' || family_name || '|' || coalesce(external_id, '') "
        "|| '|' || coalesce(email, '') || '|' || position || '|' || source || CASE WHEN active = 1 "
        "THEN '' ELSE '|left' END FROM person",
        "SELECT 'member ' || p.given_name || '|' || u.name || '|' || m.role || '|' || m.source "
        "FROM membership m JOIN person p ON p.id = m.person_id JOIN unit u ON u.id = m.unit_id",
        "SELECT 'tag ' || p.given_name || '|' || t.kind || '|' || t.value FROM person_tag t JOIN "
        "person p ON p.id = t.person_id",
        "SELECT 'role ' || p.given_name || '|' || u.name || '|' || r.role || '|' || "
        "CASE WHEN r.is_primary = 1 THEN 'primary' ELSE '' END FROM roster_role r "
        "JOIN person p ON p.id = r.person_id JOIN unit u ON u.id = r.unit_id",
        "SELECT 'evaluator ' || e.given_name || '|' || p.given_name FROM evaluator v "
        "JOIN person e ON e.id = v.evaluator_id JOIN person p ON p.id = v.person_id",
        "SELECT 'limits ' || given_name || '|' || max_helps || '|' || max_learns FROM person "
        "WHERE max_helps <> 1 OR max_learns <> 1",
    };
    enum { N = sizeof rows / sizeof *rows };
    struct buf buf;
    struct str text;
    struct db *db = coachtest_beside(c);
    buf_init(&buf, c->coach.arena, 1 << 22);
    coachtest_must(c, db_begin(db, DB_READ), "begin");
    for (int k = 0; k < N; k++) {
        struct db_query *q;
        coachtest_must(c, db_prepare_text(db, DB_SCAN, "SHOW", rows[k], &q), "prepare");
        enum err err;
        while ((err = db_step(q)) == ERR_OK) {
            buf_add(&buf, db_text(q, 0));
            buf_add_char(&buf, '\n');
        }
        coachtest_must(c, err == ERR_NOT_FOUND ? ERR_OK : err, db_message(db));
        db_drop(q);
    }
    db_rollback(db);
    coachtest_must(c, buf_end(&buf, &text), "memory");
    return import_test_sorted(c->coach.arena, text);
}

/* One import: what came of it. */
struct import_db {
    struct roster_problems problems;
    const struct import_plan *plan;
    enum err err;
};

/* Plans a set in the open transaction and applies it, unless it has problems. */
static inline void import_db_plan(struct coachtest *c, struct import_db *result,
                                  const struct import_set *set, struct import_known *known,
                                  bool apply)
{
    struct import_plan *plan = NULL;
    result->err = import_plan_make(c->coach.arena, set, known, &result->problems, &plan);
    result->plan = plan;
    if (!result->err && apply) {
        result->err = import_apply(&c->coach, plan, &result->problems);
    }
}

/* Brings a OneRoster export in, in a transaction of its own. */
static inline struct import_db import_db_roster(struct coachtest *c,
                                                const struct zip_test_file *files, bool apply)
{
    struct import_db result = {.plan = NULL};
    struct archive *archive = NULL;
    struct archive_fault fault;
    struct oneroster *oneroster = NULL;
    struct import_known *known = NULL;
    struct import_set *set = NULL;
    struct oneroster_options options = {.today = IMPORT_TEST_TODAY, .system = {"", 0}};
    struct arena *arena = c->coach.arena;
    struct str bytes = zip_test_make(arena, files, NULL);
    zip_test_require(!archive_open_memory(arena, bytes, &archive, &fault), "zip");
    zip_test_require(!roster_problems_init(&result.problems, arena, 50), "problems");
    coachtest_begin(c, apply ? COACH_WRITE : COACH_READ);
    enum err err = oneroster_begin(arena, archive, &options, &result.problems, &oneroster);
    err = err ? err : import_known_load(&c->coach, arena, oneroster_source(oneroster), &known);
    err = err ? err : oneroster_read(oneroster, known->own_ids, &set);
    if (!err) {
        import_db_plan(c, &result, set, known, apply);
        err = result.err;
    }
    result.err = coachtest_end(c, err);
    archive_close(archive);
    return result;
}

/* Brings a sheet in. */
static inline struct import_db import_db_sheet(struct coachtest *c, const char *text, bool apply)
{
    struct import_db result = {.plan = NULL};
    struct import_known *known = NULL;
    struct people_sheet sheet;
    struct arena *arena = c->coach.arena;
    zip_test_require(!roster_problems_init(&result.problems, arena, 50), "problems");
    coachtest_begin(c, apply ? COACH_WRITE : COACH_READ);
    enum err err =
        people_sheet_read(arena, str_of(text), "people.csv", NULL, &result.problems, &sheet);
    err = err ? err : import_known_load(&c->coach, arena, str_of("sheet"), &known);
    if (!err) {
        import_db_plan(c, &result, sheet.set, known, apply);
        err = result.err;
    }
    result.err = coachtest_end(c, err);
    return result;
}

/* How many steps of a kind; -1: there is no plan. */
static inline int import_db_n(const struct import_db *result, enum import_what what)
{
    return result->plan ? result->plan->n[what] : -1;
}

static inline bool import_db_empty(const struct import_db *result)
{
    return !result->err && result->plan && import_plan_is_empty(result->plan);
}

static inline void import_db_print(const struct import_db *result)
{
    import_test_print(&result->problems);
    const struct import_step *steps = result->plan ? result->plan->steps.items : NULL;
    for (size_t k = 0; steps && k < result->plan->steps.n; k++) {
        printf("#   step: %s: %s (%s)\n", import_plan_what_text(steps[k].what), steps[k].name.p,
               steps[k].detail.p);
    }
    printf("#   %s\n", err_name(result->err));
}

#endif
