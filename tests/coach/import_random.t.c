/* Random rosters and sheets, one after the other, into one database.
 *
 * After each: the same file again is an empty plan, in whatever order its rows are; who is active
 * and where follows from the file alone, by a second, simpler way of computing it (the oracle);
 * people and units of others are as they were. */
#include "import_db_test.h"

#include "base/rng.h"

enum { PEOPLE = 9, UNITS = 5, ROUNDS = 60 };

static struct coachtest c;
static struct rng rng;

/* What the last roster said of a person. */
struct oracle {
    bool here, staff;
    bool in[UNITS];
    char name[16];
};
static struct oracle oracle[PEOPLE];
static bool unit_there[UNITS];

static const char *const works[] = {"teacher", "aide", "principal", "student", "guardian"};

struct rows {
    char text[64][128];
    int n;
};

static void add(struct rows *rows, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add(struct rows *rows, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(rows->text[rows->n++], sizeof rows->text[0], fmt, args);
    va_end(args);
}

/* The rows in another order below their header. */
static const char *shuffled(const char *header, const struct rows *rows)
{
    int order[64];
    struct buf buf;
    struct str text;
    buf_init(&buf, c.coach.arena, 1 << 16);
    buf_add_text(&buf, header);
    for (int k = 0; k < rows->n; k++) {
        order[k] = k;
    }
    for (int k = rows->n - 1; k > 0; k--) {
        int other = (int)rng_below(&rng, (uint32_t)k + 1), kept = order[k];
        order[k] = order[other];
        order[other] = kept;
    }
    for (int k = 0; k < rows->n; k++) {
        buf_add_text(&buf, rows->text[order[k]]);
    }
    zip_test_require(!buf_end(&buf, &text), "memory");
    return text.p;
}

struct export
{
    struct rows orgs, users, roles;
};

/* A whole file: some units, some people, each with up to three roles. */
static void make_bulk(struct export *roster)
{
    *roster = (struct export){{{{0}}, 0}, {{{0}}, 0}, {{{0}}, 0}};
    for (int u = 0; u < UNITS; u++) {
        unit_there[u] = u == 0 || rng_below(&rng, 4) > 0;
        int parent = (int)rng_below(&rng, UNITS);
        if (unit_there[u]) {
            add(&roster->orgs, "u%d,,Unit %d %d,%s,u%d\n", u, u, (int)rng_below(&rng, 2),
                u < 2 ? "district" : "school", parent < u ? parent : 99);
        }
    }
    for (int p = 0; p < PEOPLE; p++) {
        oracle[p] = (struct oracle){.here = rng_below(&rng, 4) > 0};
        snprintf(oracle[p].name, sizeof oracle[p].name, "N%d-%d", p, (int)rng_below(&rng, 2));
        if (!oracle[p].here) {
            continue;
        }
        /* Addresses wander among the people. */
        add(&roster->users, "p%d,,%s,F,a%d@x.org\n", p, oracle[p].name,
            (int)rng_below(&rng, 2 * PEOPLE));
        for (int r = 0; r < 3; r++) {
            int work = (int)rng_below(&rng, 5), unit = (int)rng_below(&rng, UNITS);
            if (!unit_there[unit] || rng_below(&rng, 3) == 0) {
                continue;
            }
            add(&roster->roles, "r%d-%d,,p%d,%s,%s,u%d\n", p, r, p,
                rng_below(&rng, 2) ? "primary" : "secondary", works[work], unit);
            oracle[p].staff = oracle[p].staff || work < 3;
            oracle[p].in[unit] = oracle[p].in[unit] || work < 3;
        }
    }
}

static struct import_db bring(const struct export *roster, bool apply)
{
    const struct zip_test_file files[] = {
        {"manifest.csv", "propertyName,value\nfile.orgs,bulk\nfile.users,bulk\nfile.roles,bulk\n"},
        {"orgs.csv", shuffled("sourcedId,status,name,type,parentSourcedId\n", &roster->orgs)},
        {"users.csv", shuffled("sourcedId,status,givenName,familyName,email\n", &roster->users)},
        {"roles.csv",
         shuffled("sourcedId,status,userSourcedId,roleType,role,orgSourcedId\n", &roster->roles)},
        {NULL, NULL}};
    return import_db_roster(&c, files, apply);
}

/* Whether the database is what the oracle says. */
static bool agrees(void)
{
    const char *shown = import_db_show(&c);
    for (int p = 0; p < PEOPLE; p++) {
        char line[128];
        bool active = oracle[p].here && oracle[p].staff;
        snprintf(line, sizeof line, "person %s F|p%d|", oracle[p].name, p);
        const char *at = strstr(shown, line);
        bool left = at && memcmp(strchr(at, '\n') - 5, "|left", 5) == 0;
        if (active != (at && !left)) {
            printf("# p%d should be %s\n%s", p, active ? "active" : "away", shown);
            return false;
        }
        for (int u = 0; u < UNITS && active; u++) {
            snprintf(line, sizeof line, "member %s|Unit %d ", oracle[p].name, u);
            if ((strstr(shown, line) != NULL) != oracle[p].in[u]) {
                printf("# p%d and unit %d\n%s", p, u, shown);
                return false;
            }
        }
    }
    return true;
}

static void make_sheet(char *text, size_t size)
{
    static const char *const units[] = {"Alpha", "Beta", "alpha", "", "Alpha; Beta"};
    static const char *const yes[] = {"", "", "yes", "no"};
    size_t n = (size_t)snprintf(text, size, "id,given name,family name,unit,active,position\n");
    for (int p = 0; p < 4; p++) {
        if (rng_below(&rng, 3) > 0) {
            n += (size_t)snprintf(text + n, size - n, "s%d,S%d,Sheet,%s,%s,%s\n", p,
                                  (int)rng_below(&rng, 2) * 10 + p, units[rng_below(&rng, 5)],
                                  yes[rng_below(&rng, 4)], rng_below(&rng, 2) ? "coach" : "");
        }
    }
    snprintf(text + n, size - n, "s9,Always,There,Beta,,\n");
}

/* The lines about what was entered by hand. */
static const char *others(void)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, c.coach.arena, 1 << 16);
    for (const char *line = import_db_show(&c), *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        struct str whole = {line, (size_t)(end - line) + 1};
        if (memcmp(strchr(line, ' '), " Hand", 5) == 0) {
            buf_add(&buf, whole);
        }
    }
    zip_test_require(!buf_end(&buf, &text), "memory");
    return text.p;
}

static void suite(const struct dbtest *t)
{
    int wrong = 0, again = 0, touched = 0;
    coachtest_open(&c, t);
    rng = rng_seed(7);
    int64_t root = coachtest_unit(&c, 0, UNIT_ORGANISATION, "Hand organisation");
    int64_t school = coachtest_unit(&c, root, UNIT_SCHOOL, "Hand school");
    coachtest_role(&c, coachtest_person(&c, "Hand", "One"), school, ROLE_PARTICIPANT);
    const char *before = others();
    for (int round = 0; round < ROUNDS; round++) {
        struct arena *arena = c.coach.arena;
        struct import_db result, repeated;
        c.coach.arena = arena_child(arena);
        if (round % 4 == 3) {
            char text[1024];
            make_sheet(text, sizeof text);
            result = import_db_sheet(&c, text, true);
            repeated = import_db_sheet(&c, text, false);
        } else {
            struct export roster;
            make_bulk(&roster);
            result = bring(&roster, true);
            repeated = bring(&roster, false);
        }
        wrong += result.err || result.problems.total > 0 || !agrees();
        again += !import_db_empty(&repeated);
        touched += strcmp(others(), before) != 0;
        if (result.err || !import_db_empty(&repeated)) {
            import_db_print(&result);
            import_db_print(&repeated);
        }
        c.coach.pending = NULL; /* was in the arena of the round */
        arena_free(c.coach.arena);
        c.coach.arena = arena;
    }
    tap_ok(wrong == 0, "%s: after each of %d files the people are those of the file", c.name,
           ROUNDS);
    tap_ok(again == 0, "%s: the same again, in another order, changes nothing", c.name);
    tap_ok(touched == 0, "%s: what was entered by hand stays as it is", c.name);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
