/* Programmes: who may arrange them, what they go through, who takes part, which rules are refused.
 */
#include "coach/programmes.h"
#include "coach/evaluators.h"
#include "coachtest.h"

struct world {
    int64_t north, south, north_class;
    int64_t admin, coord, coord_south, above, head; /* head coordinates north and evaluates ann */
    int64_t ann, ben, cleo, dan, eve, left;
    int64_t framework, skill, other_skill;
};

static void make_world(struct coachtest *c, struct world *w)
{
    int64_t all = coachtest_unit(c, 0, UNIT_ORGANISATION, "All");
    w->north = coachtest_unit(c, all, UNIT_SCHOOL, "North");
    w->south = coachtest_unit(c, all, UNIT_SCHOOL, "South");
    w->north_class = coachtest_unit(c, w->north, UNIT_GROUP, "North maths");
    w->admin = coachtest_person(c, "Ada", "Admin");
    w->coord = coachtest_person(c, "Cora", "Coord");
    w->coord_south = coachtest_person(c, "Sue", "South");
    w->above = coachtest_person(c, "Abe", "Above");
    w->head = coachtest_person(c, "Hal", "Head");
    int64_t *people[] = {&w->ann, &w->ben, &w->cleo, &w->dan, &w->eve, &w->left};
    const char *names[] = {"Ann", "Ben", "Cleo", "Dan", "Eve", "Lee"};
    for (int k = 0; k < 6; k++) {
        *people[k] = coachtest_person(c, names[k], "Zay");
        coachtest_role(c, *people[k],
                       k == 2   ? w->north_class
                       : k == 3 ? w->south
                                : w->north,
                       ROLE_PARTICIPANT);
    }
    coachtest_role(c, w->admin, all, ROLE_ADMINISTRATOR);
    coachtest_role(c, w->coord, w->north, ROLE_COORDINATOR);
    coachtest_role(c, w->head, w->north, ROLE_COORDINATOR);
    coachtest_role(c, w->coord_south, w->south, ROLE_COORDINATOR);
    coachtest_role(c, w->above, all, ROLE_COORDINATOR);
    coachtest_script(c, "INSERT INTO framework (name, created_ms, changed_ms) VALUES ('F', 1, 1), "
                        "('G', 1, 1);"
                        "INSERT INTO domain (framework_id, position, name) VALUES (1, 1, 'D'), "
                        "(2, 1, 'E');"
                        "INSERT INTO skill (framework_id, domain_id, code, position, name, levels) "
                        "VALUES (1, 1, 'A', 1, 'Asking', 4), (1, 1, 'B', 2, 'Briefing', 4), "
                        "(2, 2, 'A', 1, 'Other', 4)");
    w->framework = 1;
    w->skill = 1;
    w->other_skill = 3;
    coachtest_as_system(c);
    coachtest_do(c, evaluators_add(&c->coach, w->head, w->ann));
    coachtest_do(c, people_leave(&c->coach, w->left));
}

static struct programme some(const struct world *w)
{
    return (struct programme){.name = str_of(" Autumn pairs "),
                              .about = {"", 0},
                              .framework_id = w->framework,
                              .starts_day = 20000,
                              .ends_day = 20090,
                              .opt_in = true,
                              .max_helps = -1,
                              .max_learns = 1};
}

static int64_t add(struct coachtest *c, const struct programme *p)
{
    int64_t id = 0;
    coachtest_do(c, programmes_add(&c->coach, p, &c->complaints, &id));
    return id;
}

static bool complained(const struct coachtest *c, const char *field)
{
    for (size_t k = 0; k < c->complaints.n; k++) {
        if (strcmp(c->complaints.items[k].field, field) == 0) {
            return true;
        }
    }
    return false;
}

static void test_form(struct coachtest *c, const struct world *w)
{
    int64_t id = 0;
    struct programme p = some(w), got;
    coachtest_as(c, w->ann);
    tap_ok(coachtest_write(c, programmes_add(&c->coach, &p, &c->complaints, &id)) == ERR_FORBIDDEN,
           "%s: a participant makes no programme", c->name);
    coachtest_as(c, w->coord);
    struct programme bad = {.name = str_of(" "),
                            .about = {"", 0},
                            .framework_id = 99,
                            .starts_day = 10,
                            .ends_day = 9,
                            .strategy = PROGRAMME_TRIO,
                            .lift = true,
                            .max_helps = 21,
                            .max_learns = -2};
    tap_ok(coachtest_write(c, programmes_add(&c->coach, &bad, &c->complaints, &id)) ==
                   ERR_INVALID &&
               c->complaints.n == 6 && complained(c, "name") && complained(c, "framework") &&
               complained(c, "ends") && complained(c, "lift") && complained(c, "max_helps") &&
               complained(c, "max_learns"),
           "%s: all that is wrong with the form is told", c->name);
    id = add(c, &p);
    coachtest_must(c, coachtest_read(c, programmes_get(&c->coach, id, &got)), "get");
    tap_ok(str_is(got.name, "Autumn pairs") && got.state == PROGRAMME_DRAFT && got.opt_in &&
               got.max_helps == -1 && got.max_learns == 1 && got.created_by == w->coord &&
               got.starts_day == 20000 && got.ends_day == 20090 && str_is(got.framework, "F"),
           "%s: what was written is read", c->name);
    got.strategy = PROGRAMME_GUIDE;
    got.same_language = got.same_period = got.same_unit = got.keep_good = got.lift = true;
    got.max_helps = 3;
    coachtest_do(c, programmes_edit(&c->coach, &got, &c->complaints));
    coachtest_must(c, coachtest_read(c, programmes_get(&c->coach, id, &p)), "get");
    tap_ok(p.strategy == PROGRAMME_GUIDE && p.same_language && p.same_period && p.same_unit &&
               p.keep_good && p.lift && p.max_helps == 3,
           "%s: and what was changed", c->name);
    coachtest_do(c, programmes_remove(&c->coach, id));
    tap_ok(coachtest_read(c, programmes_get(&c->coach, id, &got)) == ERR_NOT_FOUND,
           "%s: a draft can be removed", c->name);
}

/* Who may see and change the programme. */
static void test_may(struct coachtest *c, const struct world *w, int64_t id, const int64_t *may,
                     size_t n_may, const char *what)
{
    const int64_t all[] = {w->admin, w->coord, w->coord_south, w->above, w->head, w->ann};
    int wrong = 0;
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        struct programme p;
        struct programme_list list;
        bool should = false, listed = false;
        for (size_t j = 0; j < n_may; j++) {
            should |= may[j] == all[k];
        }
        coachtest_as(c, all[k]);
        enum err err = coachtest_read(c, programmes_get(&c->coach, id, &p));
        wrong += should ? err != ERR_OK : err != ERR_FORBIDDEN;
        coachtest_must(c, coachtest_read(c, programmes_list(&c->coach, &list)), "list");
        for (size_t j = 0; j < list.n; j++) {
            listed |= list.items[j].id == id;
        }
        wrong += listed != should;
    }
    tap_ok(wrong == 0, "%s: %s", c->name, what);
}

static void test_who(struct coachtest *c, const struct world *w)
{
    struct programme p = some(w);
    int64_t unit = 0;
    coachtest_as(c, w->coord);
    int64_t id = add(c, &p);
    test_may(c, w, id, (const int64_t[]){w->admin, w->coord}, 2,
             "a programme without a unit is its maker's");
    coachtest_as(c, w->coord);
    unit = w->south;
    tap_ok(coachtest_write(c, programmes_set_units(&c->coach, id, &unit, 1, &c->complaints)) ==
                   ERR_INVALID &&
               complained(c, "unit"),
           "%s: a coordinator chooses their own units", c->name);
    unit = w->north_class;
    coachtest_do(c, programmes_set_units(&c->coach, id, &unit, 1, &c->complaints));
    test_may(c, w, id, (const int64_t[]){w->admin, w->coord, w->head, w->above}, 4,
             "then it is arranged by all who coordinate its units, from above too");
    coachtest_as(c, w->above);
    int64_t both[] = {w->north, w->south};
    coachtest_do(c, programmes_set_units(&c->coach, id, both, 2, &c->complaints));
    test_may(c, w, id, (const int64_t[]){w->admin, w->above}, 2,
             "whoever coordinates one of two schools does not arrange what joins them");
    coachtest_as(c, w->admin);
    coachtest_do(c, programmes_remove(&c->coach, id));
}

static int count_people(struct coachtest *c, int64_t id, enum taking_part state)
{
    struct programme_people people;
    coachtest_must(c,
                   coachtest_read(c, programmes_people(&c->coach, id, (struct str){"", 0}, state,
                                                       (struct str){"", 0}, &people)),
                   "people");
    return (int)people.n;
}

static int64_t open_programme(struct coachtest *c, const struct world *w, bool opt_in)
{
    struct programme p = some(w);
    p.opt_in = opt_in;
    coachtest_as(c, w->coord);
    int64_t id = add(c, &p), unit = w->north;
    coachtest_do(c, programmes_set_units(&c->coach, id, &unit, 1, &c->complaints));
    coachtest_do(c, programmes_open(&c->coach, id, &c->complaints));
    return id;
}

static void test_open(struct coachtest *c, const struct world *w)
{
    struct programme p = some(w);
    struct programme_reach reach;
    struct programme_parts parts;
    struct programme_part part;
    int64_t n = -1;
    coachtest_as(c, w->coord);
    int64_t id = add(c, &p), unit = w->north_class;
    coachtest_do(c, programmes_set_units(&c->coach, id, &unit, 1, &c->complaints));
    tap_ok(coachtest_write(c, programmes_open(&c->coach, id, &c->complaints)) == ERR_INVALID &&
               complained(c, "unit") && count_people(c, id, PART__MAX) == 0,
           "%s: one person alone is no programme, and nobody is asked", c->name);
    tap_ok(coachtest_write(c, programmes_add_person(&c->coach, id, w->dan)) == ERR_FORBIDDEN,
           "%s: somebody of another school is not a coordinator's to add", c->name);
    coachtest_do(c, programmes_add_person(&c->coach, id, w->ben));
    coachtest_as(c, w->ben);
    coachtest_must(c, coachtest_read(c, programmes_mine(&c->coach, &parts)), "mine");
    tap_ok(parts.n == 0 && coachtest_read(c, programmes_get(&c->coach, id, &p)) == ERR_FORBIDDEN,
           "%s: of a draft nobody hears", c->name);
    coachtest_as(c, w->coord);
    unit = w->north;
    coachtest_do(c, programmes_set_units(&c->coach, id, &unit, 1, &c->complaints));
    coachtest_must(c, coachtest_read(c, programmes_reach(&c->coach, id, &reach)), "reach");
    tap_ok(reach.n_people == 4 && reach.n_new == 3,
           "%s: it would reach all who are there, below too, not those who left", c->name);
    coachtest_do(c, programmes_open(&c->coach, id, &c->complaints));
    tap_ok(count_people(c, id, PART_INVITED) == 4 && count_people(c, id, PART_IN) == 0,
           "%s: all are asked", c->name);
    coachtest_do(c, programmes_refresh(&c->coach, id, &n));
    tap_ok(n == 0 && count_people(c, id, PART__MAX) == 4, "%s: nobody twice", c->name);
    coachtest_role(c, w->dan, w->north_class, ROLE_PARTICIPANT);
    coachtest_do(c, programmes_refresh(&c->coach, id, &n));
    tap_ok(n == 1 && count_people(c, id, PART__MAX) == 5, "%s: a new colleague later", c->name);
    coachtest_as(c, w->ben);
    coachtest_must(c, coachtest_read(c, programmes_my_part(&c->coach, id, &part)), "part");
    tap_ok(part.state == PART_INVITED && part.max_learns == 1 && part.programme.id == id,
           "%s: Ben is invited", c->name);
    tap_ok(coachtest_write(c, programmes_answer(&c->coach, id, true, 21, -5, &c->complaints)) ==
                   ERR_INVALID &&
               c->complaints.n == 2,
           "%s: limits are limited", c->name);
    coachtest_do(c, programmes_answer(&c->coach, id, true, 2, 0, &c->complaints));
    coachtest_must(c, coachtest_read(c, programmes_my_part(&c->coach, id, &part)), "part");
    tap_ok(part.state == PART_IN && part.max_helps == 2 && part.max_learns == 0,
           "%s: Ben says yes, with limits of his own", c->name);
    coachtest_do(c, programmes_answer(&c->coach, id, false, -1, -1, &c->complaints));
    coachtest_must(c, coachtest_read(c, programmes_my_part(&c->coach, id, &part)), "part");
    tap_ok(part.state == PART_OUT && part.max_learns == 1, "%s: and leaves again", c->name);
    coachtest_as(c, w->eve);
    coachtest_do(c, programmes_answer(&c->coach, id, true, -1, -1, &c->complaints));
    coachtest_as(c, w->coord_south);
    tap_ok(coachtest_write(c, programmes_answer(&c->coach, id, true, -1, -1, &c->complaints)) ==
               ERR_NOT_FOUND,
           "%s: who is not asked has no answer", c->name);
    coachtest_as(c, w->coord);
    coachtest_do(c, programmes_close(&c->coach, id));
    coachtest_as(c, w->eve);
    tap_ok(coachtest_write(c, programmes_answer(&c->coach, id, false, -1, -1, &c->complaints)) ==
               ERR_CONFLICT,
           "%s: what is closed is closed", c->name);
    coachtest_must(c, coachtest_read(c, programmes_mine(&c->coach, &parts)), "mine");
    tap_ok(parts.n == 1 && parts.items[0].programme.state == PROGRAMME_CLOSED,
           "%s: Eve sees the programme that she was in", c->name);
    coachtest_as(c, w->cleo);
    coachtest_must(c, coachtest_read(c, programmes_mine(&c->coach, &parts)), "mine");
    tap_ok(parts.n == 0, "%s: Cleo, who never answered, does not", c->name);
}

static void test_people(struct coachtest *c, const struct world *w)
{
    int64_t id = open_programme(c, w, false);
    struct programme_people people;
    struct str none = {"", 0};
    tap_ok(count_people(c, id, PART_IN) == 5, "%s: without asking first all are in", c->name);
    coachtest_script(c, "INSERT INTO need (person_id, skill_id, priority, created_ms) "
                        "SELECT id, 1, 1, 1 FROM person WHERE given_name IN ('Ann', 'Ben')");
    coachtest_must(c,
                   coachtest_read(c, programmes_people(&c->coach, id, str_of("ben"), PART__MAX,
                                                       none, &people)),
                   "people");
    tap_ok(people.n == 1 && people.items[0].person_id == w->ben && people.items[0].n_needs == 1 &&
               !people.items[0].withheld && str_is(people.items[0].units, "North"),
           "%s: one is found by name", c->name);
    coachtest_as(c, w->head);
    coachtest_must(c,
                   coachtest_read(c, programmes_people(&c->coach, id, str_of("ann"), PART__MAX,
                                                       none, &people)),
                   "people");
    tap_ok(people.n == 1 && people.items[0].withheld && people.items[0].n_needs == 0 &&
               people.items[0].answered_ms == 0,
           "%s: an evaluator learns nothing of whom they evaluate", c->name);
    tap_ok(count_people(c, id, PART_IN) == 4, "%s: not even by asking for those who are in",
           c->name);
    coachtest_as(c, w->coord);
    coachtest_do(c, programmes_drop_person(&c->coach, id, w->ben));
    tap_ok(count_people(c, id, PART__MAX) == 4, "%s: taken out", c->name);
    coachtest_do(c, programmes_add_person(&c->coach, id, w->ben));
    tap_ok(count_people(c, id, PART_IN) == 5, "%s: and added again", c->name);
    coachtest_as(c, w->coord);
    coachtest_do(c, programmes_close(&c->coach, id));
    tap_ok(coachtest_write(c, programmes_add_person(&c->coach, id, w->ben)) == ERR_CONFLICT,
           "%s: nobody into a closed one", c->name);
}

static void test_rules(struct coachtest *c, const struct world *w)
{
    int64_t id = open_programme(c, w, false);
    struct programme_rules rules;
    struct programme_rule never = {.person_id = w->ann, .other_id = w->ben};
    struct programme_rule must = {
        .must = true, .person_id = w->cleo, .other_id = w->ben, .skill_id = w->skill};
    struct programme_rule bad = {
        .must = true, .person_id = w->coord_south, .other_id = w->left, .skill_id = w->other_skill};
    struct programme_rule self = {.person_id = w->ann, .other_id = w->ann};
    struct programme_rule back = {.person_id = w->ben, .other_id = w->ann};
    struct programme_rule against = {.must = true, .person_id = w->ben, .other_id = w->ann};
    coachtest_do(c, programmes_add_rule(&c->coach, id, &never, &c->complaints));
    coachtest_do(c, programmes_add_rule(&c->coach, id, &must, &c->complaints));
    tap_ok(coachtest_write(c, programmes_add_rule(&c->coach, id, &bad, &c->complaints)) ==
                   ERR_INVALID &&
               c->complaints.n == 3,
           "%s: people and skills of the programme", c->name);
    tap_ok(coachtest_write(c, programmes_add_rule(&c->coach, id, &self, &c->complaints)) ==
               ERR_INVALID,
           "%s: two people", c->name);
    tap_ok(coachtest_write(c, programmes_add_rule(&c->coach, id, &back, &c->complaints)) ==
               ERR_INVALID,
           "%s: never is the same both ways", c->name);
    tap_ok(coachtest_write(c, programmes_add_rule(&c->coach, id, &against, &c->complaints)) ==
               ERR_INVALID,
           "%s: must and never do not go together", c->name);
    coachtest_must(c, coachtest_read(c, programmes_rules(&c->coach, id, &rules)), "rules");
    tap_ok(rules.n == 2 && rules.items[0].must && rules.items[0].skill_id == w->skill &&
               str_is(rules.items[0].skill, "Asking") && str_is(rules.items[1].person, "Ann Zay"),
           "%s: two rules stand", c->name);
    coachtest_as_system(c);
    coachtest_do(c, evaluators_add(&c->coach, w->head, w->cleo));
    coachtest_as(c, w->head);
    coachtest_must(c, coachtest_read(c, programmes_rules(&c->coach, id, &rules)), "rules");
    tap_ok(rules.items[0].withheld && rules.items[0].skill_id == 0 && rules.items[0].skill.n == 0,
           "%s: no skill for an evaluator", c->name);
    coachtest_as(c, w->coord);
    coachtest_do(c, programmes_drop_rule(&c->coach, id, rules.items[0].id));
    tap_ok(coachtest_write(c, programmes_drop_rule(&c->coach, id, rules.items[0].id)) ==
               ERR_NOT_FOUND,
           "%s: a rule is dropped once", c->name);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    struct world w;
    coachtest_open(&c, t);
    make_world(&c, &w);
    test_form(&c, &w);
    test_who(&c, &w);
    test_open(&c, &w);
    test_people(&c, &w);
    test_rules(&c, &w);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
