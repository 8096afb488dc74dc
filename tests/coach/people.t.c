/* People: accounts and what may be said in them, the directory against a plain search, pages, units
 * and offers, leaving and coming back. */
#include "coach/people.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "coach/sessions.h"
#include "coachtest.h"

static struct person_input input(const char *given, const char *family, const char *email,
                                 const char *external)
{
    return (struct person_input){.given_name = str_of(given),
                                 .family_name = str_of(family),
                                 .email = str_of(email),
                                 .external_id = str_of(external),
                                 .position = {"", 0},
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

static void refuse(struct coachtest *c, struct person_input in, const char *field, const char *what)
{
    int64_t id = 0;
    coachtest_begin(c, COACH_WRITE);
    enum err err = coachtest_end(c, people_add(&c->coach, &in, &c->complaints, &id));
    tap_ok(err == ERR_INVALID && complains(c, field), "%s: %s", c->name, what);
}

static void test_accounts(struct coachtest *c)
{
    struct person_input in = input(" Jos\xC3\xA9 ",
                                   "N\xC3\xBA\xC3\xB1"
                                   "ez",
                                   "Jose@Example.org", "T-1");
    struct person person = {0}, same = {0};
    int64_t id = 0;
    coachtest_do(c, people_add(&c->coach, &in, &c->complaints, &id));
    tap_ok(coachtest_read(c, people_get(&c->coach, id, &person)) == ERR_OK &&
               str_is(person.name, "Jos\xC3\xA9 N\xC3\xBA\xC3\xB1"
                                   "ez") &&
               person.active && str_is(person.position, "teacher") &&
               str_is(person.source, "entered"),
           "%s: an account is what was entered", c->name);
    tap_ok(coachtest_read(c, people_by_email(&c->coach, str_of(" JOSE@example.ORG "), &same)) ==
                   ERR_OK &&
               same.id == id && str_is(same.email, "Jose@Example.org"),
           "%s: an address in any case is the same address", c->name);
    tap_ok(coachtest_read(c, people_by_external_id(&c->coach, str_of("T-1"), &same)) == ERR_OK &&
               same.id == id,
           "%s: found by the roster's id", c->name);
    tap_ok(coachtest_read(c, people_by_email(&c->coach, str_of("no address"), &same)) ==
               ERR_NOT_FOUND,
           "%s: what is no address is nobody's", c->name);
    refuse(c, input("", " ", "", ""), "family_name", "a person has a name");
    refuse(c, input("A\xFF", "B", "", ""), "given_name", "a name is text");
    refuse(c, input("A", "B", "jOSE@example.org", ""), "email", "an address is one person's");
    refuse(c, input("A", "B", "", "T-1"), "external_id", "a roster's id is one person's");
    static const char *const bad[] = {"x",
                                      "@example.org",
                                      "a@b",
                                      "a@@b.org",
                                      "a@.org",
                                      "a@b..org",
                                      "a b@c.org",
                                      "a@b.org.",
                                      "a,b@c.org",
                                      "<a@b.org>",
                                      "a@b.org\r\nBcc: x@y.org"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        refuse(c, input("A", "B", bad[i], ""), "email", "an address looks like one");
    }
    in = input("", "", "", "");
    in.given_name = (struct str){"\xFF", 1};
    in.email = str_of("bad");
    in.external_id = str_of("T-1");
    coachtest_begin(c, COACH_WRITE);
    tap_ok(coachtest_end(c, people_add(&c->coach, &in, &c->complaints, &id)) == ERR_INVALID &&
               complains(c, "given_name") && complains(c, "email") && complains(c, "external_id"),
           "%s: all that is wrong is said at once", c->name);
    in = input("Jos\xC3\xA9", "", "", "T-1");
    coachtest_do(c, people_edit(&c->coach, person.id, &in, &c->complaints));
    tap_ok(coachtest_read(c, people_get(&c->coach, person.id, &same)) == ERR_OK &&
               str_is(same.name, "Jos\xC3\xA9") && same.email.n == 0 &&
               str_is(same.position, "teacher"),
           "%s: an edit replaces names and address, and keeps what it does not say", c->name);
}

/* ---- the directory against a plain search ---- */

#define MANY 180

struct entry {
    int64_t id;
    char given[40], family[40];
    int unit; /* index, or -1 */
    bool offers, active;
};

static const char *const parts[] = {"Ana",
                                    "\xC3\x81"
                                    "lvaro",
                                    "O'Neil",
                                    "M\xC3\xBCller",
                                    "de la Cruz",
                                    "100%",
                                    "Li_a",
                                    "Zo\xC3\xAB",
                                    "Ng",
                                    "\xC5\x81ukasz",
                                    "ANNA",
                                    "Sa\xC3\xAF"
                                    "d"};

static void make_people(struct coachtest *c, struct entry *all, const int64_t *units, int64_t skill)
{
    struct rng rng = rng_seed(8);
    char sql[200];
    coachtest_begin(c, COACH_WRITE);
    for (int i = 0; i < MANY; i++) {
        struct entry *e = &all[i];
        snprintf(e->given, sizeof e->given, "%s", parts[rng_below(&rng, 12)]);
        snprintf(e->family, sizeof e->family, "%s", parts[rng_below(&rng, 12)]);
        e->unit = (int)rng_below(&rng, 4) - 1;
        e->offers = rng_below(&rng, 3) == 0;
        e->active = rng_below(&rng, 5) > 0;
        struct person_input in = input(e->given, e->family, "", "");
        coachtest_must(c, people_add(&c->coach, &in, &c->complaints, &e->id), "add");
        if (e->unit >= 0) {
            coachtest_must(c, roles_add(&c->coach, e->id, units[e->unit], ROLE_PARTICIPANT, NULL),
                           "role");
        }
        if (!e->active) {
            coachtest_must(c, people_leave(&c->coach, e->id), "leave");
        }
    }
    coachtest_must(c, coachtest_end(c, ERR_OK), "commit");
    for (int i = 0; i < MANY; i++) {
        if (all[i].offers) {
            snprintf(sql, sizeof sql,
                     "INSERT INTO offer (person_id, skill_id, created_ms) VALUES (%lld, %lld, 1)",
                     (long long)all[i].id, (long long)skill);
            coachtest_script(c, sql);
        }
    }
}

static bool has_words(const struct entry *e, const char *words)
{
    char name[100], a[UTF8_MAX_FORM], b[UTF8_MAX_FORM], each[100];
    struct str text, form;
    snprintf(name, sizeof name, "%s %s", e->family, e->given);
    if (utf8_search(str_of(name), a, &text) || utf8_search(str_of(words), b, &form)) {
        return false;
    }
    snprintf(each, sizeof each, "%.*s", (int)form.n, form.p);
    for (char *p = each; *p;) {
        char *end = strchr(p, ' ');
        if (end) {
            *end = '\0';
        }
        if (!strstr(text.p, p)) {
            return false;
        }
        p = end ? end + 1 : p + strlen(p);
    }
    return true;
}

static void test_directory(struct coachtest *c, const struct entry *all, const int64_t *units,
                           int64_t skill)
{
    static const char *const words[] = {"",         "ana",    "ANNA",      "muller",  "li_a",
                                        "100%",     "%",      "_",         "de cruz", "\xC5\x81",
                                        "o'ne ana", "nobody", "alvaro zoe"};
    struct rng rng = rng_seed(9);
    int wrong = 0, pages = 0, found = 0, n = 120;
    for (int round = 0; round < n; round++) {
        int unit = (int)rng_below(&rng, 4) - 1;
        struct people_query query = {.words = str_of(words[rng_below(&rng, 13)]),
                                     .unit_id = unit < 0 ? 0 : units[unit],
                                     .skill_id = rng_below(&rng, 2) ? skill : 0,
                                     .after = {"", 0},
                                     .limit = 1 + rng_below(&rng, 60),
                                     .locale = {"", 0}};
        bool seen[MANY] = {false};
        int more = 0;
        do {
            struct person_lines lines = {0};
            coachtest_must(c, coachtest_read(c, people_list(&c->coach, &query, &lines)), "list");
            wrong += lines.n > query.limit;
            for (size_t i = 0; i < lines.n; i++) {
                int k = (int)(lines.items[i].id - all[0].id);
                if (k >= 0) { /* who was there before is none of these */
                    wrong += k >= MANY || seen[k];
                    seen[k] = true;
                }
            }
            query.after = lines.next;
            more = lines.next.n > 0 && more >= 0;
            pages++;
        } while (more);
        for (int i = 0; i < MANY; i++) {
            bool in_unit = unit < 0 || all[i].unit == unit || (unit == 0 && all[i].unit == 1);
            bool expected = all[i].active && in_unit && (!query.skill_id || all[i].offers) &&
                            has_words(&all[i], query.words.p);
            wrong += seen[i] != expected;
            found += expected;
        }
    }
    tap_ok(wrong == 0 && found > 500,
           "%s: %d searches on %d pages find the %d whom a plain search finds", c->name, n, pages,
           found);
    struct people_query query = {.after = str_of("nonsense")};
    struct person_lines lines;
    tap_ok(coachtest_read(c, people_list(&c->coach, &query, &lines)) == ERR_INVALID,
           "%s: a page that begins nowhere is refused", c->name);
}

static void test_lines(struct coachtest *c, const int64_t *units, int64_t skill)
{
    char sql[300];
    int64_t id = coachtest_person(c, "Zora", "Zz"), reader = coachtest_person(c, "Rea", "Der");
    struct person_line line = {0};
    struct person person;
    coachtest_role(c, id, units[0], ROLE_PARTICIPANT);
    coachtest_role(c, id, units[2], ROLE_COORDINATOR);
    coachtest_role(c, id, units[2], ROLE_PARTICIPANT);
    snprintf(sql, sizeof sql,
             "INSERT INTO offer (person_id, skill_id, created_ms) VALUES (%lld, %lld, 1);"
             "INSERT INTO framework_text (framework_id, locale, kind, object_id, name) "
             "VALUES (1, 'es', 'skill', %lld, 'Preguntar');",
             (long long)id, (long long)skill, (long long)skill);
    coachtest_script(c, sql);
    coachtest_as(c, reader);
    tap_ok(coachtest_read(c, people_line(&c->coach, id, str_of("es"), &line)) == ERR_OK &&
               str_is(line.units, "Unit 0, Unit 2") && str_is(line.offers, "Preguntar") &&
               line.n_offers == 1,
           "%s: an entry says each unit once, and offers in the reader's language", c->name);
    tap_ok(coachtest_read(c, people_line(&c->coach, id, str_of("fr"), &line)) == ERR_OK &&
               str_is(line.offers, "Asking"),
           "%s: or in the framework's own", c->name);
    tap_ok(coachtest_read(c, people_get(&c->coach, id, &person)) == ERR_FORBIDDEN,
           "%s: the account is not the directory", c->name);
    struct people_query query = {.limit = 10};
    struct person_accounts accounts;
    tap_ok(coachtest_read(c, people_accounts(&c->coach, &query, PEOPLE_ACTIVE, &accounts)) ==
               ERR_FORBIDDEN,
           "%s: nor are accounts listed to everybody", c->name);
    coachtest_as(c, id); /* coordinates unit 2 */
    query.limit = PEOPLE_MAX_PAGE;
    int wrong = 0;
    coachtest_must(c,
                   coachtest_read(c, people_accounts(&c->coach, &query, PEOPLE_ACTIVE, &accounts)),
                   "accounts");
    for (size_t i = 0; i < accounts.n; i++) {
        wrong += !strstr(accounts.items[i].units.p, "Unit 2");
    }
    snprintf(sql, sizeof sql,
             "SELECT count(DISTINCT m.person_id) FROM membership m JOIN person p "
             "ON p.id = m.person_id WHERE p.active = 1 AND m.unit_id = %lld",
             (long long)units[2]);
    tap_ok(wrong == 0 && (int64_t)accounts.n == coachtest_number(c, sql),
           "%s: coordinators see the accounts of their units", c->name);
    coachtest_as(c, 0);
    tap_ok(coachtest_read(c, people_line(&c->coach, id, str_of(""), &line)) == ERR_FORBIDDEN,
           "%s: the directory is for those who have signed in", c->name);
    coachtest_as_system(c);
}

struct counted {
    int n, wrong;
    int64_t last;
};

static enum err count_person(void *ctx, const struct person *person)
{
    struct counted *counted = ctx;
    counted->n++;
    counted->wrong += person->id <= counted->last || person->name.n == 0;
    counted->last = person->id;
    return ERR_OK;
}

static void test_leaving(struct coachtest *c)
{
    int64_t id = coachtest_person(c, "Lea", "Ver");
    char token[SESSIONS_TOKEN + 1];
    struct session session;
    struct person person;
    struct person_line line;
    coachtest_do(
        c, sessions_start(&c->coach, id, SESSION_PASSWORD, str_of("Browser"), token, &session));
    coachtest_as_system(c);
    coachtest_do(c, people_leave(&c->coach, id));
    tap_ok(coachtest_read(c, sessions_open(&c->coach, str_of(token), &session)) == ERR_NOT_FOUND,
           "%s: whoever leaves is signed out", c->name);
    coachtest_as_system(c);
    tap_ok(coachtest_read(c, people_line(&c->coach, id, str_of(""), &line)) == ERR_NOT_FOUND &&
               coachtest_read(c, people_get(&c->coach, id, &person)) == ERR_OK && !person.active &&
               person.left_ms == COACHTEST_NOW,
           "%s: is in the directory no more, and still there", c->name);
    tap_ok(coachtest_write(c, people_leave(&c->coach, id)) == ERR_OK &&
               coachtest_write(c, people_return(&c->coach, id)) == ERR_OK &&
               coachtest_read(c, people_line(&c->coach, id, str_of(""), &line)) == ERR_OK,
           "%s: can leave twice and come back", c->name);
    struct counted counted = {0};
    coachtest_must(c, coachtest_read(c, people_each(&c->coach, count_person, &counted)), "each");
    tap_ok(counted.wrong == 0 && counted.n == coachtest_number(c, "SELECT count(*) FROM person"),
           "%s: imports read all %d people", c->name, counted.n);
}

static void suite(const struct dbtest *t)
{
    static struct entry all[MANY];
    struct coachtest c;
    int64_t units[3];
    coachtest_open(&c, t);
    coachtest_script(&c,
                     "INSERT INTO framework (name, created_ms, changed_ms) VALUES ('F', 1, 1);"
                     "INSERT INTO domain (framework_id, position, name) VALUES (1, 1, 'D');"
                     "INSERT INTO skill (framework_id, domain_id, code, position, name, levels) "
                     "VALUES (1, 1, 'A', 1, 'Asking', 4)");
    int64_t skill = coachtest_number(&c, "SELECT max(id) FROM skill");
    units[0] = coachtest_unit(&c, 0, UNIT_DISTRICT, "Unit 0");
    units[1] = coachtest_unit(&c, units[0], UNIT_SCHOOL, "Unit 1");
    units[2] = coachtest_unit(&c, 0, UNIT_SCHOOL, "Unit 2");
    test_accounts(&c);
    make_people(&c, all, units, skill);
    test_directory(&c, all, units, skill);
    test_lines(&c, units, skill);
    test_leaving(&c);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
