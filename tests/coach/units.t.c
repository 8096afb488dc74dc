/* Units: the tree in order, what a unit may be, and random trees against a plain recursion. */
#include "coach/units.h"
#include "base/rng.h"
#include "coachtest.h"

static struct unit_input input(int64_t parent, enum unit_kind kind, const char *name,
                               const char *external)
{
    return (struct unit_input){.parent_id = parent,
                               .kind = kind,
                               .name = str_of(name),
                               .external_id = str_of(external),
                               .source = {"", 0}};
}

static bool complains(const struct coachtest *c, const char *field)
{
    for (size_t i = 0; i < c->complaints.n; i++) {
        if (strcmp(c->complaints.items[i].field, field) == 0) {
            return true;
        }
    }
    return false;
}

static void refuse(struct coachtest *c, int64_t id, struct unit_input in, const char *field,
                   const char *what)
{
    int64_t made;
    coachtest_begin(c, COACH_WRITE);
    enum err err = id ? units_edit(&c->coach, id, &in, &c->complaints)
                      : units_add(&c->coach, &in, &c->complaints, &made);
    err = coachtest_end(c, err);
    tap_ok(err == ERR_INVALID && complains(c, field), "%s: %s", c->name, what);
}

static void test_rules(struct coachtest *c)
{
    int64_t top = coachtest_unit(c, 0, UNIT_ORGANISATION, "  Everything  ");
    int64_t district = coachtest_unit(c, top, UNIT_DISTRICT, "District");
    int64_t school = coachtest_unit(c, district, UNIT_SCHOOL, "School");
    struct unit_input in = input(district, UNIT_SCHOOL, "With id", "S-1");
    struct unit unit = {0};
    int64_t other = 0;
    coachtest_do(c, units_add(&c->coach, &in, &c->complaints, &other));
    tap_ok(coachtest_read(c, units_get(&c->coach, top, &unit)) == ERR_OK &&
               str_is(unit.name, "Everything") && unit.active && unit.parent_id == 0 &&
               str_is(unit.source, "entered"),
           "%s: a unit is what was entered, trimmed", c->name);
    tap_ok(coachtest_read(c, units_by_external_id(&c->coach, str_of("S-1"), &unit)) == ERR_OK &&
               unit.id == other,
           "%s: found by the id of the roster", c->name);
    tap_ok(coachtest_read(c, units_get(&c->coach, 999999, &unit)) == ERR_NOT_FOUND,
           "%s: what is not there is not found", c->name);
    refuse(c, 0, input(top, UNIT_SCHOOL, " ", ""), "name", "a unit has a name");
    refuse(c, 0, input(top, UNIT_SCHOOL, "a\nb", ""), "name", "a name is one line");
    refuse(c, 0, input(top, UNIT_SCHOOL, "Again", "S-1"), "external_id", "an id is one unit's");
    refuse(c, 0, input(999999, UNIT_SCHOOL, "Lost", ""), "parent", "a parent is there");
    refuse(c, 0, input(school, UNIT_DISTRICT, "Upside down", ""), "parent",
           "a district does not belong to a school");
    refuse(c, district, input(school, UNIT_SCHOOL, "Round", ""), "parent",
           "a unit does not belong below itself");
    refuse(c, district, input(district, UNIT_DISTRICT, "Self", ""), "parent", "and not to itself");
    int64_t deep = school;
    for (int i = 3; i < UNITS_DEPTH; i++) {
        deep = coachtest_unit(c, deep, UNIT_GROUP, "Deeper");
    }
    refuse(c, 0, input(deep, UNIT_GROUP, "Too deep", ""), "parent", "the tree is not too deep");
    refuse(c, school, input(other, UNIT_SCHOOL, "School", ""), "parent",
           "also not when a whole branch moves");
    int64_t person = coachtest_person(c, "Ann", "Abel");
    coachtest_role(c, person, other, ROLE_PARTICIPANT);
    tap_ok(coachtest_write(c, units_set_active(&c->coach, other, false)) == ERR_CONFLICT &&
               coachtest_write(c, units_set_active(&c->coach, district, false)) == ERR_CONFLICT,
           "%s: a unit in use is not retired", c->name);
    tap_ok(coachtest_write(c, units_set_active(&c->coach, deep, false)) == ERR_OK,
           "%s: an empty one is", c->name);
    refuse(c, 0, input(deep, UNIT_GROUP, "Below", ""), "parent",
           "nothing new belongs to a retired unit");
    tap_ok(coachtest_write(c, units_set_active(&c->coach, deep, true)) == ERR_OK,
           "%s: it can come back", c->name);
    int64_t admin = coachtest_person(c, "Ada", "Admin");
    coachtest_role(c, admin, top, ROLE_ADMINISTRATOR);
    int64_t second = coachtest_unit(c, 0, UNIT_ORGANISATION, "Second top");
    refuse(c, top, input(second, UNIT_ORGANISATION, "Everything", ""), "parent",
           "a unit with administrators stays at the top");
    coachtest_as(c, person);
    struct unit_input mine = input(top, UNIT_SCHOOL, "Mine", "");
    coachtest_begin(c, COACH_WRITE);
    tap_ok(coachtest_end(c, units_add(&c->coach, &mine, &c->complaints, &other)) == ERR_FORBIDDEN,
           "%s: units are made by administrators", c->name);
    coachtest_as_system(c);
}

/* ---- random trees ---- */

#define MANY 300

struct tree {
    int64_t ids[MANY];
    int parents[MANY]; /* index, or -1 */
    char names[MANY][12];
    bool active[MANY];
};

/* Children of `parent` in order of their names, each followed by its own. */
static void expect(const struct tree *tree, int parent, int depth, bool retired,
                   struct unit *expected, size_t *n)
{
    int last = -1;
    for (;;) {
        int next = -1;
        for (int i = 0; i < MANY; i++) {
            bool after = last < 0 || strcmp(tree->names[i], tree->names[last]) > 0 ||
                         (strcmp(tree->names[i], tree->names[last]) == 0 && i > last);
            bool before = next < 0 || strcmp(tree->names[i], tree->names[next]) < 0;
            if (tree->parents[i] == parent && (tree->active[i] || retired) && after && before) {
                next = i;
            }
        }
        if (next < 0) {
            return;
        }
        expected[(*n)++] = (struct unit){.id = tree->ids[next], .depth = depth};
        expect(tree, next, depth + 1, retired, expected, n);
        last = next;
    }
}

static void make_tree(struct coachtest *c, struct tree *tree)
{
    struct rng rng = rng_seed(5);
    coachtest_begin(c, COACH_WRITE);
    for (int i = 0; i < MANY; i++) {
        int parent = (int)rng_below(&rng, (uint32_t)i + 1) - 1, depth = 1;
        for (int up = parent; up >= 0; up = tree->parents[up]) {
            depth++;
        }
        parent = depth > UNITS_DEPTH ? -1 : parent;
        tree->parents[i] = parent;
        snprintf(tree->names[i], sizeof tree->names[i], "unit %u", rng_below(&rng, 40));
        struct unit_input in =
            input(parent < 0 ? 0 : tree->ids[parent], UNIT_GROUP, tree->names[i], "");
        coachtest_must(c, units_add(&c->coach, &in, &c->complaints, &tree->ids[i]), "add");
        tree->active[i] = true;
    }
    for (int i = MANY; i-- > 0;) { /* whole branches, from below */
        bool leaf = true;
        for (int k = 0; k < MANY; k++) {
            leaf = leaf && !(tree->parents[k] == i && tree->active[k]);
        }
        if (leaf && rng_below(&rng, 3) == 0) {
            coachtest_must(c, units_set_active(&c->coach, tree->ids[i], false), "retire");
            tree->active[i] = false;
        }
    }
    coachtest_must(c, coachtest_end(c, ERR_OK), "commit");
}

static void test_tree(struct coachtest *c)
{
    static struct tree tree;
    static struct unit expected[MANY];
    struct unit_list list = {0};
    make_tree(c, &tree);
    for (int retired = 0; retired < 2; retired++) {
        size_t n = 0, wrong = 0;
        expect(&tree, -1, 0, retired, expected, &n);
        coachtest_must(c, coachtest_read(c, units_list(&c->coach, retired, &list)), "list");
        for (size_t i = 0; i < n && i < list.n; i++) {
            wrong += list.items[i].id != expected[i].id || list.items[i].depth != expected[i].depth;
        }
        tap_ok(list.n == n && wrong == 0, "%s: a tree of %zu units%s, parents first, by name",
               c->name, n, retired ? ", retired ones too" : "");
    }
}

/* Everybody counts once in each unit, whoever has left nowhere. */
static void test_counts(struct coachtest *c)
{
    enum { UNITS = 5, PEOPLE = 12 };
    struct rng rng = rng_seed(9);
    struct unit_list list = {0};
    int64_t units[UNITS], expected[UNITS] = {0};
    size_t wrong = 0, seen = 0;
    for (int u = 0; u < UNITS; u++) {
        units[u] = coachtest_unit(c, 0, UNIT_SCHOOL, "Counted");
    }
    for (int i = 0; i < PEOPLE; i++) {
        int64_t person = coachtest_person(c, "Someone", "Counted");
        for (int u = 0; u + 1 < UNITS; u++) { /* the last has nobody */
            bool in = rng_below(&rng, 2) == 0;
            if (in) {
                coachtest_role(c, person, units[u], ROLE_PARTICIPANT);
                coachtest_role(c, person, units[u], ROLE_COORDINATOR);
            }
            expected[u] += in && i != 3;
        }
        if (i == 3) {
            coachtest_do(c, people_leave(&c->coach, person));
        }
    }
    coachtest_must(c, coachtest_read(c, units_list(&c->coach, false, &list)), "list");
    coachtest_must(c, coachtest_read(c, units_count(&c->coach, &list)), "count");
    for (size_t i = 0; i < list.n; i++) {
        for (int u = 0; u < UNITS; u++) {
            if (list.items[i].id == units[u]) {
                seen++;
                wrong += list.items[i].n_people != expected[u];
            }
        }
    }
    tap_ok(seen == UNITS && wrong == 0, "%s: people of units are counted once each", c->name);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    test_tree(&c);
    test_rules(&c);
    test_counts(&c);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
