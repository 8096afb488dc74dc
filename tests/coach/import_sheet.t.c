/* Sheets of people into a database. */
#include "import_db_test.h"

static struct coachtest c;

static struct import_db sheet(const char *text)
{
    return import_db_sheet(&c, text, true);
}

static void check(const char *text, const char *name)
{
    struct import_db result = sheet(text);
    if (!tap_ok(!result.err && result.problems.total == 0, "%s: %s", c.name, name)) {
        import_db_print(&result);
    }
    struct import_db again = import_db_sheet(&c, text, false);
    if (!tap_ok(import_db_empty(&again), "%s: %s: the same again changes nothing", c.name, name)) {
        import_db_print(&again);
    }
}

static bool shows(const char *line)
{
    return strstr(import_db_show(&c), line) != NULL;
}

static void test_people(void)
{
    check("id,name,email,school,position,role,languages,free periods,max helps,evaluator\n"
          "t1,Ann Okafor,ann@x.org,North,teacher,,en; es,Mon 3,2,ben@x.org\n"
          ",Ben Sorel,ben@x.org,North; South,principal,coordinator; participant,,,,\n"
          ",Cem Kaya,,,,,,,,Ben Sorel\n",
          "new people");
    tap_text(import_db_show(&c),
             "evaluator Ben|Ann\nevaluator Ben|Cem\nlimits Ann|2|1\n"
             "member Ann|North|participant|sheet\n"
             "member Ben|North|coordinator|sheet\nmember Ben|North|participant|sheet\n"
             "member Ben|South|coordinator|sheet\nmember Ben|South|participant|sheet\n"
             "member Cem|Our organisation|participant|sheet\n"
             "person Ann Okafor|t1|ann@x.org|teacher|sheet\n"
             "person Ben Sorel||ben@x.org|principal|sheet\nperson Cem Kaya|||teacher|sheet\n"
             "tag Ann|language|en\ntag Ann|language|es\ntag Ann|period|mon-3\n"
             "unit North|school||Our organisation|sheet\n"
             "unit Our organisation|organisation|||entered\n"
             "unit South|school||Our organisation|sheet\n",
             "%s: with all that the sheet says", c.name);

    check("email,given name,family name,unit\nANN@x.org,Anna,Okafor,\nben@x.org,Ben,Sorel,south\n",
          "found by address; an empty unit says nothing");
    tap_ok(shows("person Anna Okafor|t1|ANN@x.org|teacher|") && shows("member Anna|North|") &&
               !shows("member Ben|North") && shows("member Ben|South|participant") &&
               !shows("|coordinator|"),
           "%s: changed; memberships of the sheet are those that it has", c.name);
    check("name,position\nCem Kaya,coach\n", "found by name");
    tap_ok(shows("person Cem Kaya|||coach|sheet\n") &&
               coachtest_number(&c, "SELECT count(*) FROM person") == 3,
           "%s: and nobody came twice", c.name);
    check("id,name,languages,subjects,max helps\nt1,Anna Okafor,fr,Art,5\n", "what is Ann's own");
    tap_ok(shows("tag Anna|subject|Art\n") && !shows("language|fr") && shows("limits Anna|2|1\n"),
           "%s: is filled in where it is empty, and not changed", c.name);

    check("id,name,active\nt1,Anna Okafor,no\n", "somebody has left");
    tap_ok(shows("person Anna Okafor|t1|ANN@x.org|teacher|sheet|left\n"), "%s: deactivated",
           c.name);
    struct import_db result = sheet("id,name,position\nt1,Anna Okafor,coach\n");
    tap_ok(import_db_empty(&result) && import_test_noted(&result.problems, "1 person was deactiv"),
           "%s: and stays so when a sheet has them", c.name);
    check("id,name,active\nt1,Anna Okafor,yes\n", "until it says that they are back");
    tap_ok(shows("person Anna Okafor|t1|ANN@x.org|teacher|sheet\n"), "%s: back", c.name);
    check("name\nMar\xC3\xAD"
          "a Jos\xC3\xA9 Garc\xC3\xAD"
          "a L\xC3\xB3pez\n",
          "a long name");
    coachtest_script(&c, "UPDATE person SET given_name = 'Mar\xC3\xAD"
                         "a Jos\xC3\xA9', family_name = "
                         "'Garc\xC3\xAD"
                         "a L\xC3\xB3pez' WHERE family_name LIKE 'L%'");
    result = sheet("name\nMar\xC3\xAD"
                   "a Jos\xC3\xA9 Garc\xC3\xAD"
                   "a L\xC3\xB3pez\n");
    tap_ok(import_db_empty(&result), "%s: where its family name begins does not matter", c.name);
}

static const struct {
    const char *name, *text;
    int line;
    const char *message;
} bad[] = {
    {"address of somebody else", "id,name,email\nt1,Anna Okafor,BEN@x.org\n", 2,
     "belongs to Ben Sorel"},
    {"the same person twice", "id,name,email\nt1,Anna Okafor,\n,Anna,ann@x.org\n", 3,
     "belongs to Anna Okafor"},
    {"a name that two have", "name\nDora Twin\n", 2, "several people here are called"},
    {"an unknown evaluator", "id,name,evaluator\nt1,Anna Okafor,Nobody\n", 2, "there is nobody"},
    {"an evaluator of several", "id,name,evaluator\nt1,Anna Okafor,Dora Twin\n", 2,
     "several people have this name"},
    {"oneself", "id,name,evaluator\nt1,Anna Okafor,t1\n", 2, "nobody evaluates themselves"},
    {"a unit of several", "id,name,unit\nt1,Anna Okafor,Twins\n", 2, "several units are called"},
    {"the administrator leaves", "name,email,active\nAda Admin,ada@x.org,no\n", 2,
     "administers Duet"},
};

static void test_like(void)
{
    struct import_db look =
        import_db_sheet(&c, "name,school\nUma U,Nort Hall 1\nVic V,North Hall 2\n", false);
    tap_ok(look.problems.n_notes == 0, "%s: new units are new units", c.name);
    coachtest_unit(&c, coachtest_number(&c, "SELECT id FROM unit WHERE parent_id IS NULL"),
                   UNIT_SCHOOL, "North Hall 1");
    look = import_db_sheet(&c, "name,school\nUma U,Nort Hall 1\nVic V,North Hall 2\n", false);
    tap_ok(look.problems.n_notes == 1 &&
               import_test_noted(&look.problems,
                                 "The unit \"Nort Hall 1\" is new; is \"North Hall 1\" meant?"),
           "%s: one that is nearly another is asked about", c.name);
}

static void test_bad(void)
{
    int64_t root = coachtest_number(&c, "SELECT id FROM unit WHERE parent_id IS NULL");
    int64_t ada = coachtest_person(&c, "Ada", "Admin");
    coachtest_script(&c, "UPDATE person SET email = 'ada@x.org', email_key = 'ada@x.org' WHERE "
                         "given_name = 'Ada'");
    coachtest_role(&c, ada, root, ROLE_ADMINISTRATOR);
    coachtest_person(&c, "Dora", "Twin");
    coachtest_person(&c, "Dora", "Twin");
    coachtest_unit(&c, root, UNIT_SCHOOL, "Twins");
    coachtest_unit(&c, root, UNIT_GROUP, "Twins");
    const char *before = import_db_show(&c);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct import_db result = import_db_sheet(&c, bad[k].text, false);
        const struct roster_problem *p = result.problems.items;
        bool right = result.problems.total == 1 && p->line == (uint64_t)bad[k].line &&
                     strstr(p->message, bad[k].message) && result.plan->n_left_out == 1;
        if (!tap_ok(!result.err && right, "%s: %s", c.name, bad[k].name)) {
            import_db_print(&result);
        }
    }
    tap_text(import_db_show(&c), before, "%s: nothing was changed", c.name);
    check("name,email,school\nAda Admin,ada@x.org,North\n", "somebody entered by hand");
    tap_ok(shows("person Ada Admin||ada@x.org|teacher|entered\n") && shows("member Ada|North|"),
           "%s: may be in a sheet", c.name);
}

/* As an administrator asks, not the server; and nobody else may. */
static void test_permission(void)
{
    int64_t ada = coachtest_number(&c, "SELECT id FROM person WHERE given_name = 'Ada'");
    int64_t ben = coachtest_number(&c, "SELECT id FROM person WHERE given_name = 'Ben'");
    coachtest_as(&c, ada);
    check("id,name,school,evaluator,subjects,role\nz1,Zed Z,North,ada@x.org,Art,coordinator\n",
          "an administrator brings somebody in");
    coachtest_as(&c, ben);
    struct import_db result = import_db_sheet(&c, "name\nMallory M\n", true);
    tap_ok(result.err == ERR_FORBIDDEN && !shows("Mallory"), "%s: nobody else may", c.name);
    coachtest_as_system(&c);
}

static void suite(const struct dbtest *t)
{
    coachtest_open(&c, t);
    test_people();
    test_like();
    test_bad();
    test_permission();
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
