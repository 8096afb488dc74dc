/* Evidence, on both databases: who may add, see and withdraw what; forms; files. */
#include "skills_test.h"

#include "coach/audit.h"
#include "coach/evaluators.h"

enum { ANN, BEN, CEM, EVA, N_PEOPLE };

static enum err add(struct world *w, int actor, struct evidence_new piece, int64_t *id)
{
    coachtest_as(&w->c, w->people[actor]);
    return coachtest_write(&w->c, evidence_add(&w->c.coach, &piece, &w->c.complaints, id));
}

static struct evidence_new piece_of(struct world *w, int person, enum evidence_kind kind)
{
    return (struct evidence_new){
        .person_id = w->people[person],
        .skill_id = w->skills[0],
        .kind = kind,
        .level = kind == EVIDENCE_TASK ? 1 : 2,
        .task_id = kind == EVIDENCE_TASK ? w->task : 0,
        .day = EVIDENCE_DAY_UNKNOWN,
        .note = str_of("seen"),
    };
}

static int count_listed(struct world *w, int actor, int person, int skill)
{
    struct evidence_piece *pieces;
    int32_t n = 0;
    bool more;
    coachtest_as(&w->c, w->people[actor]);
    enum err err = coachtest_read(&w->c, evidence_list(&w->c.coach, w->people[person],
                                                       skill < 0 ? 0 : w->skills[skill],
                                                       str_of("en"), 0, 100, &pieces, &n, &more));
    return err == ERR_FORBIDDEN ? -1 : err ? -2 : n;
}

static void test_who_adds(struct world *w)
{
    static const struct {
        int actor;
        enum evidence_kind kind;
        enum err expected;
        const char *says;
    } before[] =
        {
            {ANN, EVIDENCE_SELF, ERR_OK, "an own view"},
            {ANN, EVIDENCE_TASK, ERR_OK, "an own task"},
            {ANN, EVIDENCE_OBSERVED, ERR_FORBIDDEN, "nobody observes themselves"},
            {BEN, EVIDENCE_OBSERVED, ERR_FORBIDDEN, "no observation without a share"},
            {BEN, EVIDENCE_SELF, ERR_FORBIDDEN, "no own view of another"},
            {EVA, EVIDENCE_OBSERVED, ERR_FORBIDDEN, "no evaluator"},
        },
      after[] = {
          {BEN, EVIDENCE_OBSERVED, ERR_OK, "an observation with a share"},
          {BEN, EVIDENCE_TASK, ERR_OK, "a task with a share"},
          {BEN, EVIDENCE_SELF, ERR_FORBIDDEN, "still no own view of another"},
          {CEM, EVIDENCE_OBSERVED, ERR_FORBIDDEN, "a share of another skill"},
          {EVA, EVIDENCE_OBSERVED, ERR_FORBIDDEN, "still no evaluator"},
      };
    struct coachtest *c = &w->c;
    int64_t id;
    coachtest_as_system(c);
    coachtest_do(c, evaluators_add(&c->coach, w->people[EVA], w->people[ANN]));
    for (size_t k = 0; k < sizeof before / sizeof *before; k++) {
        enum err err = add(w, before[k].actor, piece_of(w, ANN, before[k].kind), &id);
        tap_ok(err == before[k].expected, "%s: %s", c->name, before[k].says);
    }
    tap_ok(count_listed(w, BEN, ANN, 0) == -1, "%s: nothing to see without a share", c->name);
    coachtest_as(c, w->people[ANN]);
    coachtest_do(c, shares_give(&c->coach, w->people[BEN], SHARE_ZONES, w->skills[0], &id));
    coachtest_do(c, shares_give(&c->coach, w->people[CEM], SHARE_ZONES, w->skills[5], &id));
    for (size_t k = 0; k < sizeof after / sizeof *after; k++) {
        enum err err = add(w, after[k].actor, piece_of(w, ANN, after[k].kind), &id);
        tap_ok(err == after[k].expected, "%s: %s", c->name, after[k].says);
    }
    tap_ok(count_listed(w, ANN, ANN, -1) == 4 && count_listed(w, BEN, ANN, 0) == 4 &&
               count_listed(w, BEN, ANN, -1) == -1 && count_listed(w, CEM, ANN, 0) == -1,
           "%s: seen by the owner, and by whom they let", c->name);
    struct audit_list audit;
    coachtest_must(c, coach_settle(&c->coach), "settle");
    coachtest_as(c, w->people[ANN]);
    coachtest_must(c, coachtest_read(c, audit_of_person(&c->coach, w->people[ANN], 0, &audit)),
                   "audit");
    int views = 0, refused = 0;
    for (size_t k = 0; k < audit.n; k++) {
        bool evidence = str_is(audit.items[k].object, "evidence");
        views += evidence && str_is(audit.items[k].verb, "view") && !audit.items[k].refused;
        refused += evidence && audit.items[k].refused;
    }
    tap_ok(views == 1 && refused >= 6,
           "%s: the owner sees who looked (%d) and who was refused (%d)", c->name, views, refused);
}

static void test_form(struct world *w)
{
    struct coachtest *c = &w->c;
    struct evidence_new bad = piece_of(w, CEM, EVIDENCE_SELF);
    int64_t id = 0;
    int32_t today = (int32_t)(c->coach.now_ms / COACH_DAY_MS);
    bad.level = 5;
    bad.day = today + 2;
    bad.support = EVIDENCE_JOINT;
    bad.occasion = str_of("x\n");
    tap_ok(add(w, CEM, bad, &id) == ERR_INVALID && c->complaints.n >= 3,
           "%s: all that is wrong is said (%zu)", c->name, c->complaints.n);
    bad = piece_of(w, CEM, EVIDENCE_SELF);
    bad.skill_id = 999999;
    tap_ok(add(w, CEM, bad, &id) == ERR_INVALID &&
               strcmp(c->complaints.items[0].field, "skill") == 0,
           "%s: no such skill", c->name);
    bad = piece_of(w, CEM, EVIDENCE_TASK);
    bad.skill_id = w->skills[1];
    tap_ok(add(w, CEM, bad, &id) == ERR_INVALID &&
               strcmp(c->complaints.items[0].field, "task") == 0,
           "%s: another skill's task", c->name);
    bad.task_id = 0;
    tap_ok(add(w, CEM, bad, &id) == ERR_INVALID, "%s: no task", c->name);
    bad.task_name = str_of("my own idea");
    bad.level = 0;
    bad.support = EVIDENCE_MODELLED;
    tap_ok(add(w, CEM, bad, &id) == ERR_OK, "%s: a task in one's own words", c->name);
    struct evidence_new many[3] = {piece_of(w, CEM, EVIDENCE_SELF), piece_of(w, CEM, EVIDENCE_SELF),
                                   piece_of(w, CEM, EVIDENCE_SELF)};
    many[1].skill_id = w->skills[1];
    many[2].level = 9;
    enum err err = coachtest_write(c, evidence_add_many(&c->coach, many, 3, &c->complaints));
    tap_ok(err == ERR_INVALID && c->complaints.n == 1 &&
               strcmp(c->complaints.items[0].field, "2.level") == 0 &&
               count_listed(w, CEM, CEM, 0) == 0,
           "%s: several at once: the field says which, and none is there", c->name);
    many[2].level = 4;
    many[2].skill_id = w->skills[2];
    err = coachtest_write(c, evidence_add_many(&c->coach, many, 3, &c->complaints));
    tap_ok(err == ERR_OK && count_listed(w, CEM, CEM, -1) == 4, "%s: then all", c->name);
}

static void test_withdraw(struct world *w)
{
    struct coachtest *c = &w->c;
    int64_t seen = 0, own = 0;
    tap_ok(add(w, BEN, piece_of(w, ANN, EVIDENCE_OBSERVED), &seen) == ERR_OK &&
               add(w, ANN, piece_of(w, ANN, EVIDENCE_SELF), &own) == ERR_OK,
           "%s: two pieces", c->name);
    coachtest_as(c, w->people[BEN]);
    tap_ok(coachtest_write(c, evidence_withdraw(&c->coach, own)) == ERR_FORBIDDEN,
           "%s: not another's own view", c->name);
    tap_ok(coachtest_write(c, evidence_delete(&c->coach, seen)) == ERR_FORBIDDEN,
           "%s: whoever entered it does not delete", c->name);
    tap_ok(coachtest_write(c, evidence_withdraw(&c->coach, seen)) == ERR_OK &&
               coachtest_write(c, evidence_withdraw(&c->coach, seen)) == ERR_OK,
           "%s: but withdraws, also twice", c->name);
    coachtest_as(c, w->people[CEM]);
    tap_ok(coachtest_write(c, evidence_withdraw(&c->coach, own)) == ERR_FORBIDDEN,
           "%s: a stranger does not", c->name);
    coachtest_as(c, w->people[ANN]);
    tap_ok(coachtest_write(c, evidence_delete(&c->coach, seen)) == ERR_OK &&
               coachtest_write(c, evidence_withdraw(&c->coach, seen)) == ERR_NOT_FOUND,
           "%s: the owner deletes", c->name);
    struct evidence_piece *pieces;
    int32_t n;
    bool more;
    coachtest_as(c, w->people[BEN]);
    coachtest_must(c,
                   coachtest_read(c, evidence_list_entered(&c->coach, str_of("es"), 0, 10, &pieces,
                                                           &n, &more)),
                   "entered");
    tap_ok(n == 2 && !more && pieces[0].can_withdraw, "%s: what one has entered about others",
           c->name);
}

static void test_pages(struct world *w)
{
    struct coachtest *c = &w->c;
    struct evidence_piece *pieces;
    int32_t n, total = 0, last_day = INT32_MAX;
    int64_t before = 0, last_id = INT64_MAX;
    bool more = true, ordered = true;
    coachtest_as_system(c);
    for (int k = 0; k < 25; k++) {
        bool fresh;
        struct evidence_row row = world_row(w, EVA, 3, 1 + k % 4, ANN, 19000 + k % 6);
        row.piece.day = k % 7 == 0 ? EVIDENCE_DAY_UNKNOWN : row.piece.day;
        coachtest_do(c, evidence_add_row(&c->coach, &row, &fresh));
    }
    coachtest_as(c, w->people[EVA]);
    for (int page = 0; more && page < 10; page++) {
        coachtest_must(
            c,
            coachtest_read(c, evidence_list(&c->coach, w->people[EVA], w->skills[3],
                                            str_of("es-MX"), before, 10, &pieces, &n, &more)),
            "page");
        for (int32_t k = 0; k < n; k++) {
            ordered = ordered && (pieces[k].day < last_day ||
                                  (pieces[k].day == last_day && pieces[k].id < last_id));
            last_day = pieces[k].day;
            last_id = pieces[k].id;
        }
        total += n;
        before = n ? pieces[n - 1].id : 0;
    }
    tap_ok(total == 25 && ordered, "%s: three pages, newest first, each piece once", c->name);
    tap_ok(str_is(pieces[0].rater, "P00 Person") && pieces[0].level_name.n > 0 &&
               !str_is(pieces[0].level_name, "Growing"),
           "%s: with the rater's name and the level in the reader's language", c->name);
}

static void test_file(struct world *w)
{
    struct coachtest *c = &w->c;
    unsigned char key[EVIDENCE_KEY_SIZE] = {1, 2, 3};
    bool first = false, second = true;
    struct evidence_row row = world_row(w, BEN, 4, 3, CEM, 19000);
    row.key = key;
    row.rater_person_id = 0;
    row.rater_name = str_of("Visitor");
    coachtest_as(c, w->people[BEN]);
    tap_ok(coachtest_write(c, evidence_add_row(&c->coach, &row, &first)) == ERR_FORBIDDEN,
           "%s: files are for administrators", c->name);
    coachtest_as_system(c);
    coachtest_do(c, evidence_add_row(&c->coach, &row, &first));
    coachtest_do(c, evidence_add_row(&c->coach, &row, &second));
    tap_ok(first && !second && count_listed(w, BEN, BEN, 4) == 1, "%s: the same row twice is one",
           c->name);
    coachtest_as_system(c);
    row.piece.level = 5;
    tap_ok(coachtest_write(c, evidence_add_row(&c->coach, &row, &second)) == ERR_RANGE,
           "%s: a level that there is not", c->name);
}

static void suite(const struct dbtest *t)
{
    struct world w;
    world_make(&w, t, N_PEOPLE);
    test_who_adds(&w);
    test_form(&w);
    test_withdraw(&w);
    test_pages(&w);
    test_file(&w);
    coachtest_close(&w.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
