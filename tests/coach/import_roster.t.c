/* Rosters into a database: what is added, changed, taken back, and what is left alone. */
#include "import_db_test.h"

#define MANIFEST(mode)                                                                             \
    "propertyName,value\noneroster.version,1.2\nfile.orgs," mode "\nfile.users," mode              \
    "\nfile.roles," mode "\nfile.classes," mode "\nfile.enrollments," mode                         \
    "\nsource.systemName,Aeries\n"
#define ORG "sourcedId,status,name,type,parentSourcedId\n"
#define ROLE "sourcedId,status,userSourcedId,roleType,role,orgSourcedId\n"
#define USER "sourcedId,status,enabledUser,username,givenName,familyName,email\n"

#define ORGS ORG "d1,,Riverside,district,\ns1,,North,school,d1\ns2,,South,school,d1\n"
#define ROLES                                                                                      \
    ROLE "r1,,t1,primary,teacher,s1\nr2,,t1,secondary,aide,s1\nr3,,t2,primary,principal,s2\n"      \
         "r4,,k1,primary,student,s1\n"
#define USERS                                                                                      \
    USER "t1,,true,a,Ann,Okafor,ann@x.org\nt2,,true,b,Ben,Sorel,ben@x.org\nk1,,true,k,Kim,K,\n"
#define CLASSES "sourcedId,subjects,grades\nc1,\"Maths,Physics\",09\n"
#define ENROLLMENTS "classSourcedId,userSourcedId,role\nc1,t1,teacher\nc1,k1,student\n"

static struct coachtest c;

static struct import_db bring(const char *mode, const char *orgs, const char *roles,
                              const char *users, bool apply)
{
    const struct zip_test_file files[] = {{"manifest.csv", mode},
                                          {"orgs.csv", orgs},
                                          {"roles.csv", roles},
                                          {"users.csv", users},
                                          {"classes.csv", CLASSES},
                                          {"enrollments.csv", ENROLLMENTS},
                                          {NULL, NULL}};
    return import_db_roster(&c, files, apply);
}

static struct import_db bulk(const char *orgs, const char *roles, const char *users)
{
    return bring(MANIFEST("bulk"), orgs, roles, users, true);
}

static struct import_db delta(const char *orgs, const char *roles, const char *users)
{
    return bring(MANIFEST("delta"), orgs, roles, users, true);
}

/* Applied without a problem, and the same file again changes nothing. */
static void check(const struct import_db *result, const char *mode, const char *orgs,
                  const char *roles, const char *users, const char *name)
{
    if (!tap_ok(!result->err && result->problems.total == 0, "%s: %s", c.name, name)) {
        import_db_print(result);
    }
    struct import_db again = bring(mode, orgs, roles, users, false);
    if (!tap_ok(import_db_empty(&again), "%s: %s: the same again changes nothing", c.name, name)) {
        import_db_print(&again);
    }
}

static void check_bulk(const char *orgs, const char *roles, const char *users, const char *name)
{
    struct import_db result = bulk(orgs, roles, users);
    check(&result, MANIFEST("bulk"), orgs, roles, users, name);
}

static void check_delta(const char *orgs, const char *roles, const char *users, const char *name)
{
    struct import_db result = delta(orgs, roles, users);
    check(&result, MANIFEST("delta"), orgs, roles, users, name);
}

static bool shows(const char *line)
{
    return strstr(import_db_show(&c), line) != NULL;
}

#define WHOLE                                                                                      \
    "member Ann|North|participant|oneroster:Aeries\n"                                              \
    "member Ben|South|participant|oneroster:Aeries\n"                                              \
    "person Ann Okafor|t1|ann@x.org|teacher|oneroster:Aeries\n"                                    \
    "person Ben Sorel|t2|ben@x.org|principal|oneroster:Aeries\n"                                   \
    "role Ann|North|aide|\nrole Ann|North|teacher|primary\nrole Ben|South|principal|primary\n"     \
    "tag Ann|grade|09\ntag Ann|subject|Maths\ntag Ann|subject|Physics\n"                           \
    "unit North|school|s1|Riverside|oneroster:Aeries\n"                                            \
    "unit Our organisation|organisation|||entered\n"                                               \
    "unit Riverside|district|d1|Our organisation|oneroster:Aeries\n"                               \
    "unit South|school|s2|Riverside|oneroster:Aeries\n"

static void test_life(void)
{
    struct import_db seen = bring(MANIFEST("bulk"), ORGS, ROLES, USERS, false);
    tap_ok(!seen.err && import_db_n(&seen, IMPORT_PERSON_ADD) == 2 &&
               import_db_n(&seen, IMPORT_UNIT_ADD) == 4 && seen.plan->n_people == 2,
           "%s: a look says what would come", c.name);
    tap_text(import_db_show(&c), "", "%s: and changes nothing", c.name);
    check_bulk(ORGS, ROLES, USERS, "the first time");
    tap_text(import_db_show(&c), WHOLE, "%s: units, people, roles, subjects", c.name);

    check_bulk(ORG "s1,,North High,school,\ns2,,South,school,s1\n", ROLES,
               USER "t1,,true,a,Anna,Okafor,anna@x.org\nt2,,true,b,Ben,Sorel,\n",
               "names, addresses and parents change");
    tap_ok(shows("person Anna Okafor|t1|anna@x.org|teacher") &&
               shows("person Ben Sorel|t2|ben@x.org|principal"),
           "%s: an empty cell empties nothing", c.name);
    tap_ok(shows("unit North High|school|s1|Our organisation|") &&
               shows("unit South|school|s2|North High|") &&
               shows("unit Riverside|district|d1|Our organisation|oneroster:Aeries|retired"),
           "%s: units move, and one that nobody is in is retired", c.name);
    check_bulk(ORGS, ROLES, USERS, "everything as before");
    tap_text(import_db_show(&c), WHOLE, "%s: is everything as before", c.name);

    check_bulk(ORGS, ROLE "r1,,t1,primary,teacher,s1\n", USER "t1,,,a,Ann,Okafor,ann@x.org\n",
               "somebody leaves");
    tap_ok(shows("person Ben Sorel|t2|ben@x.org|principal|oneroster:Aeries|left\n") &&
               !shows("role Ben"),
           "%s: who is not there any more is deactivated", c.name);
    tap_ok(shows("member Ben|South") && !shows("role Ann|North|aide"),
           "%s: a membership stays to come back to, a role does not", c.name);
    check_bulk(ORGS, ROLES, USERS, "and comes back");
    tap_text(import_db_show(&c), WHOLE, "%s: as before", c.name);

    check_bulk(ORGS, ROLES,
               USER "t1,tobedeleted,,a,Ann,Okafor,ann@x.org\nt2,,false,b,Ben,Sorel,ben@x.org\n",
               "to be deleted, and not enabled");
    tap_ok(shows("Ann Okafor|t1|ann@x.org|teacher|oneroster:Aeries|left\n") &&
               shows("|principal|oneroster:Aeries|left\n"),
           "%s: both have left, nobody is deleted", c.name);
    check_bulk(ORGS, ROLES, USERS, "and come back");
}

static void test_delta(void)
{
    check_delta(ORG, ROLE "r1,tobedeleted,t1,primary,teacher,s1\n", USER, "one of two roles ends");
    tap_ok(shows("member Ann|North") && shows("person Ann Okafor|t1|ann@x.org|aide|"),
           "%s: the other keeps the membership and gives the position", c.name);
    check_delta(ORG, ROLE "r2,tobedeleted,t1,secondary,aide,s1\n", USER, "the other ends too");
    tap_ok(shows("person Ann Okafor|t1|ann@x.org|aide|oneroster:Aeries|left\n"),
           "%s: without a role somebody has left", c.name);
    check_delta(ORG "s9,active,East,school,d1\n", ROLE "r9,active,t1,primary,counselor,s9\n",
                USER "t1,active,true,a,Ann,Okafor,ann@x.org\n", "a new role in a new school");
    tap_ok(shows("member Ann|East|") && !shows("member Ann|North") &&
               shows("person Ann Okafor|t1|ann@x.org|counselor|oneroster:Aeries\n"),
           "%s: brings somebody back, elsewhere and as something else", c.name);
    check_delta(ORG, ROLE, USER "t2,active,true,b,Benjamin,Sorel,ben@x.org\n", "a name alone");
    tap_ok(shows("person Benjamin Sorel|t2|") && shows("member Benjamin|South|"),
           "%s: of somebody known, without their roles", c.name);
    struct import_db bad = bring(MANIFEST("delta"), ORG,
                                 ROLE "r8,,t8,primary,teacher,s1\nr7,,t2,,aide,s77\n", USER, false);
    tap_ok(!bad.err && bad.problems.total == 2 && bad.plan->n_left_out == 2 &&
               strstr(bad.problems.items[0].message, "no user with the sourcedId t8") &&
               strstr(bad.problems.items[1].message, "no organisation with the sourcedId s77") &&
               bad.problems.items[1].line == 3,
           "%s: roles of nobody and nowhere are told", c.name);
    check_bulk(ORGS, ROLES, USERS, "a whole file after the changes");
    tap_ok(shows("unit East|school|s9|Riverside|oneroster:Aeries|retired\n"),
           "%s: retires what was only in changes", c.name);
}

/* What people did by hand is theirs. */
static void test_by_hand(void)
{
    int64_t root = coachtest_number(&c, "SELECT id FROM unit WHERE parent_id IS NULL");
    int64_t ann = coachtest_number(&c, "SELECT id FROM person WHERE external_id = 't1'");
    int64_t ben = coachtest_number(&c, "SELECT id FROM person WHERE external_id = 't2'");
    int64_t west = coachtest_unit(&c, root, UNIT_SCHOOL, "West School");
    int64_t eve = coachtest_person(&c, "Eve", "Entered");
    coachtest_role(&c, eve, root, ROLE_ADMINISTRATOR);
    coachtest_role(&c, ben, west, ROLE_PARTICIPANT);
    coachtest_script(&c, "UPDATE person SET email = 'eve@x.org', email_key = 'eve@x.org', position "
                         "= 'coach' WHERE given_name = 'Eve'");
    coachtest_script(&c, "UPDATE person SET position = 'coach' WHERE external_id = 't1'");
    const char *orgs = ORG "d1,,Riverside,district,\ns1,,North,school,d1\ns2,,South,school,d1\n"
                           "w1,,WEST school,school,d1\n";
    const char *roles = ROLES "r5,,t5,primary,teacher,w1\n";
    const char *users = USERS "t5,,true,e,Eva,Roster,EVE@x.org\n";
    check_bulk(orgs, roles, users, "people and units that were here before");
    tap_ok(shows("person Eve Entered|t5|eve@x.org|coach|entered\n") && !shows("Eva"),
           "%s: somebody entered by hand is linked and otherwise left alone", c.name);
    tap_ok(shows("unit West School|school|w1|Our organisation|entered\n") &&
               shows("member Eve|West School|participant|oneroster:Aeries\n"),
           "%s: so is a unit, and it gets a member", c.name);
    tap_ok(shows("person Ann Okafor|t1|ann@x.org|coach|"),
           "%s: a position written over the roster's stays", c.name);

    check_bulk(ORGS, ROLES, USERS, "they are not in the roster any more");
    tap_ok(shows("person Eve Entered|t5|eve@x.org|coach|entered\n") &&
               shows("unit West School|school|w1|Our organisation|entered\n") &&
               !shows("member Eve|West"),
           "%s: only the memberships that the roster gave end", c.name);
    tap_ok(shows("member Ben|West School|participant|entered\n"),
           "%s: memberships given by hand stay", c.name);

    coachtest_do(&c, people_leave(&c.coach, ann));
    check_bulk(ORGS, ROLES, USERS, "somebody was deactivated by hand");
    tap_ok(shows("person Ann Okafor|t1|ann@x.org|coach|oneroster:Aeries|left\n"),
           "%s: and stays so", c.name);
    struct import_db again = bulk(ORGS, ROLES, USERS);
    tap_ok(import_test_noted(&again.problems, "1 person was deactivated in Duet"),
           "%s: which is noted", c.name);
    coachtest_do(&c, people_return(&c.coach, ann));

    coachtest_role(&c, ben, root, ROLE_ADMINISTRATOR);
    const char *less = ROLE "r1,,t1,primary,teacher,s1\nr2,,t1,secondary,aide,s1\n";
    const char *fewer = USER "t1,,true,a,Ann,Okafor,ann@x.org\n";
    check_bulk(ORGS, less, fewer, "an administrator of Duet is not in the roster");
    again = bulk(ORGS, less, fewer);
    tap_ok(shows("person Ben Sorel|t2|ben@x.org|principal|oneroster:Aeries\n") &&
               import_test_noted(&again.problems, "1 administrator of Duet is not in the file"),
           "%s: and stays, noted", c.name);
    coachtest_do(&c, roles_remove(&c.coach, ben, root, ROLE_ADMINISTRATOR));

    coachtest_script(&c, "DELETE FROM person_tag");
    coachtest_script(&c, "INSERT INTO person_tag (person_id, kind, value) SELECT id, 'subject', "
                         "'Art' FROM person WHERE external_id = 't1'");
    check_bulk(ORGS, ROLES, USERS, "somebody wrote their subjects");
    tap_ok(shows("tag Ann|subject|Art\n") && !shows("Maths") && shows("tag Ann|grade|09\n"),
           "%s: they stay, empty grades are filled", c.name);
}

static void test_identity(void)
{
    const char *roles = ROLE "r1,,t1,primary,teacher,s1\nr3,,t2,primary,principal,s2\n";
    check_bulk(ORGS, roles, USER "t1,,,a,Ann,Okafor,ben@x.org\nt2,,,b,Ben,Sorel,ann@x.org\n",
               "two people swap addresses");
    tap_ok(shows("Ann Okafor|t1|ben@x.org|") && shows("Ben Sorel|t2|ann@x.org|"),
           "%s: they have each other's", c.name);
    check_bulk(ORGS, ROLE "r1,,T-1,primary,teacher,s1\nr3,,t2,primary,principal,s2\n",
               USER "T-1,,,a,Ann,Okafor,ben@x.org\nt2,,,b,Ben,Sorel,ann@x.org\n", "another id");
    tap_ok(shows("Ann Okafor|T-1|ben@x.org|") &&
               coachtest_number(&c, "SELECT count(*) FROM person WHERE given_name = 'Ann'") == 1,
           "%s: with the same address is the same person", c.name);
    check_bulk(ORGS,
               ROLE "r1,,T-1,primary,teacher,s1\nr3,,t2,primary,principal,s2\n"
                    "r4,,t3,primary,teacher,s1\n",
               USER "T-1,,,a,Ann,Okafor,new@x.org\nt2,,,b,Ben,Sorel,ann@x.org\n"
                    "t3,,,c,Cem,Neu,ben@x.org\n",
               "an address goes to somebody new");
    tap_ok(shows("Ann Okafor|T-1|new@x.org|") && shows("Cem Neu|t3|ben@x.org|"),
           "%s: and its owner has another", c.name);

    check_bulk(ORGS, ROLES, USERS, "back");
    coachtest_script(&c,
                     "INSERT INTO person (external_id, given_name, family_name, search, "
                     "created_ms, changed_ms) VALUES ('t7', 'Zoe', 'Other', 'other zoe', 1, 1)");
    struct import_db bad =
        bring(MANIFEST("bulk"), ORGS, ROLE "r1,,t1,primary,teacher,s1\nr7,,t7,primary,teacher,s1\n",
              USER "t1,,,a,Ann,Okafor,ann@x.org\nt7,,,z,Max,Different,max@x.org\n", false);
    tap_ok(bad.problems.total == 1 && bad.problems.items[0].line == 3 &&
               strstr(bad.problems.items[0].message, "belongs to Zoe Other here"),
           "%s: an id of somebody else from elsewhere is told", c.name);
    tap_ok(import_db_n(&bad, IMPORT_PERSON_LEAVE) == 0, "%s: and then nobody is taken to have left",
           c.name);
    struct import_db taken =
        bring(MANIFEST("bulk"), ORGS, ROLES,
              USER "t1,,,a,Ann,Okafor,p1@example.org\nt2,,,b,Ben,Sorel,\n", false);
    tap_ok(!taken.err && taken.problems.total == 0 &&
               import_db_n(&taken, IMPORT_PERSON_CHANGE) == 1,
           "%s: an address that is free is taken", c.name);
    taken = bring(MANIFEST("bulk"), ORGS, ROLES,
                  USER "t1,,,a,Ann,Okafor,eve@x.org\nt2,,,b,Ben,Sorel,\n", false);
    tap_ok(import_db_empty(&taken) &&
               import_test_noted(&taken.problems, "1 e-mail address belongs to somebody else"),
           "%s: one of somebody else here is left out", c.name);
}

static void test_tree(void)
{
    check_bulk(ORG "d1,,Riverside,district,s1\ns1,,North,school,x9\ns2,,South,school,g1\n"
                   "g1,,Maths,department,s1\ng2,,Deep,department,g1\n",
               ROLES, USERS, "parents that do not fit");
    tap_ok(shows("unit Riverside|district|d1|Our organisation|") &&
               shows("unit North|school|s1|Our organisation|") &&
               shows("unit South|school|s2|Our organisation|") &&
               shows("unit Deep|group|g2|Maths|"),
           "%s: come below the organisation", c.name);
    struct import_db round = bring(MANIFEST("bulk"),
                                   ORG "a,,A,department,b\nb,,B,department,a\ns1,,N,school,\n"
                                       "s2,,S,school,\n",
                                   ROLES, USERS, false);
    tap_ok(round.problems.total >= 1 &&
               strstr(round.problems.items[0].message, "stands below itself"),
           "%s: a circle is told", c.name);
    struct import_db kept =
        bring(MANIFEST("bulk"), ORG "d1,,Riverside,district,\n", ROLES, USERS, false);
    tap_ok(import_test_noted(&kept.problems, "2 units are not in the file any more and stay") &&
               import_db_n(&kept, IMPORT_UNIT_LEAVE) == 2,
           "%s: units that people are in stay, empty ones below others do not", c.name);
    check_bulk(ORGS, ROLES, USERS, "back");
}

static void test_many_leavers(void)
{
    struct buf users, roles;
    struct str users_text, roles_text;
    buf_init(&users, c.coach.arena, 1 << 16);
    buf_init(&roles, c.coach.arena, 1 << 16);
    buf_add_text(&users, USERS);
    buf_add_text(&roles, ROLES);
    for (int k = 0; k < 40; k++) {
        buf_addf(&users, "m%d,,,m,Many%d,Person,m%d@x.org\n", k, k, k);
        buf_addf(&roles, "rm%d,,m%d,primary,teacher,s1\n", k, k);
    }
    zip_test_require(!buf_end(&users, &users_text) && !buf_end(&roles, &roles_text), "memory");
    check_bulk(ORGS, roles_text.p, users_text.p, "forty more");
    struct import_db look = bring(MANIFEST("bulk"), ORGS, ROLES, USERS, false);
    tap_ok(look.plan->many_leavers && import_db_n(&look, IMPORT_PERSON_LEAVE) == 40,
           "%s: many who leave at once are remarked", c.name);
    look = bring(MANIFEST("delta"), ORG, ROLE, USER, false);
    tap_ok(!look.plan->many_leavers && import_db_empty(&look), "%s: no change is no change",
           c.name);
}

static void suite(const struct dbtest *t)
{
    coachtest_open(&c, t);
    test_life();
    test_delta();
    test_by_hand();
    test_identity();
    test_tree();
    test_many_leavers();
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
