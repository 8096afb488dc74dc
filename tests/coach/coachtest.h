/* The frame of tests of the rules in the database: a migrated database, a coach, and a small world.
 *
 *     static void suite(const struct dbtest *t)
 *     {
 *         struct coachtest c;
 *         coachtest_open(&c, t);
 *         int64_t ann = coachtest_person(&c, "Ann", "Abel");
 *         coachtest_as(&c, ann);
 *         enum err err = coachtest_write(&c, shares_give(&c.coach, ...));
 *         coachtest_close(&c);
 *     }
 *     int main(void) { dbtest_both(suite); return tap_done(); } */
#ifndef DUET_TESTS_COACH_COACHTEST_H
#define DUET_TESTS_COACH_COACHTEST_H

#include "base/arena.h"
#include "coach/coach.h"
#include "coach/complaint.h"
#include "coach/people.h"
#include "coach/roles.h"
#include "coach/sql.h"
#include "coach/units.h"
#include "db/dbtest.h"
#include "db/migrate.h"

#include <stdlib.h>

#define COACHTEST_NOW INT64_C(1700000000000)

struct coachtest {
    const struct dbtest *t;
    const char *name; /* of the database */
    struct db *db;
    struct db *beside; /* NULL until coachtest_beside */
    struct coach coach;
    struct complaints complaints;
    int n_people;
};

static inline void coachtest_must(struct coachtest *c, enum err err, const char *what)
{
    if (err) {
        printf("Bail out! %s: %s: %s: %s\n", c->name, what, err_name(err), db_message(c->db));
        exit(1);
    }
}

static inline void coachtest_begin(struct coachtest *c, enum coach_mode mode)
{
    complaint_init(&c->complaints, c->coach.arena);
    coachtest_must(c, coach_begin(&c->coach, mode), "begin");
}

static inline enum err coachtest_end(struct coachtest *c, enum err err)
{
    if (err) {
        coach_rollback(&c->coach);
        return err;
    }
    return coach_commit(&c->coach);
}

/* Evaluates a call in a transaction of its own; its result, or that of the commit. */
#define coachtest_write(c, call) (coachtest_begin((c), COACH_WRITE), coachtest_end((c), (call)))
#define coachtest_read(c, call) (coachtest_begin((c), COACH_READ), coachtest_end((c), (call)))

/* The same, and it must be ERR_OK: for what a test stands on. */
#define coachtest_do(c, call) coachtest_must((c), coachtest_write((c), (call)), #call)

static inline struct db *coachtest_connect(struct coachtest *c)
{
    struct db *db;
    char message[DB_MAX_MESSAGE];
    if (coach_connect(c->t->where, &db, message, sizeof message)) {
        printf("Bail out! %s\n", message);
        exit(1);
    }
    return db;
}

static inline void coachtest_open(struct coachtest *c, const struct dbtest *t)
{
    int from, to;
    *c = (struct coachtest){.t = t, .name = t->name};
    c->db = coachtest_connect(c);
    coach_init(&c->coach, c->db, arena_new(0), COACHTEST_NOW);
    coach_act_as_system(&c->coach);
    coachtest_must(c, migrate_run(c->db, 0, &from, &to), "migrate");
    coachtest_do(c, coach_found(&c->coach));
}

static inline void coachtest_close(struct coachtest *c)
{
    db_close(c->beside);
    coach_disconnect(c->db);
    arena_free(c->coach.arena);
}

/* From now on the person asks (0: nobody). */
static inline void coachtest_as(struct coachtest *c, int64_t person_id)
{
    c->coach.actor = (struct actor){0};
    if (person_id) {
        coachtest_must(c, coachtest_read(c, coach_act_as(&c->coach, person_id)), "act as");
    }
}

static inline void coachtest_as_system(struct coachtest *c)
{
    coach_act_as_system(&c->coach);
}

/* Who asks stays who it was. */
static inline int64_t coachtest_unit(struct coachtest *c, int64_t parent, enum unit_kind kind,
                                     const char *name)
{
    struct unit_input input = {.parent_id = parent,
                               .kind = kind,
                               .name = str_of(name),
                               .external_id = {"", 0},
                               .source = {"", 0}};
    struct actor actor = c->coach.actor;
    int64_t id = 0;
    coach_act_as_system(&c->coach);
    coachtest_do(c, units_add(&c->coach, &input, &c->complaints, &id));
    c->coach.actor = actor;
    return id;
}

static inline int64_t coachtest_person(struct coachtest *c, const char *given, const char *family)
{
    char email[100];
    snprintf(email, sizeof email, "p%d@example.org", ++c->n_people);
    struct person_input input = {.external_id = {"", 0},
                                 .given_name = str_of(given),
                                 .family_name = str_of(family),
                                 .email = str_of(email),
                                 .position = {"", 0},
                                 .source = {"", 0}};
    struct actor actor = c->coach.actor;
    int64_t id = 0;
    coach_act_as_system(&c->coach);
    coachtest_do(c, people_add(&c->coach, &input, &c->complaints, &id));
    c->coach.actor = actor;
    return id;
}

static inline void coachtest_role(struct coachtest *c, int64_t person, int64_t unit, enum role role)
{
    struct actor actor = c->coach.actor;
    coach_act_as_system(&c->coach);
    coachtest_do(c, roles_add(&c->coach, person, unit, role, NULL));
    c->coach.actor = actor;
}

/* The connection beside the coach's, for what a test makes or looks at itself. */
static inline struct db *coachtest_beside(struct coachtest *c)
{
    if (!c->beside) {
        c->beside = dbtest_open(c->t, NULL, 0);
    }
    return c->beside;
}

/* Runs SQL beside the rules, to make what they would not. */
static inline void coachtest_script(struct coachtest *c, const char *sql)
{
    dbtest_script(coachtest_beside(c), sql);
}

/* The first column of the first row of a statement of the test. */
static inline int64_t coachtest_number(struct coachtest *c, const char *sql)
{
    struct db *db = coachtest_beside(c);
    struct db_query *q;
    int64_t value = -1;
    if (db_begin(db, DB_READ) || db_prepare_text(db, DB_READ, "TEST", sql, &q) || db_step(q)) {
        printf("Bail out! %s: %s\n", sql, db_message(db));
        exit(1);
    }
    value = db_int(q, 0);
    db_drop(q);
    db_rollback(db);
    return value;
}

#endif
