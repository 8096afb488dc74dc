/* OneRoster exports: what is read of real ones, what is dropped, and every typo we know of. */
#include "import_test.h"
#include "tap.h"

#include "base/rng.h"

#define MANIFEST(version, mode)                                                                    \
    "propertyName,value\nmanifest.version,1.0\noneroster.version," version "\nfile.orgs," mode     \
    "\nfile.users," mode "\nfile.roles," mode "\nfile.classes," mode "\nfile.courses," mode        \
    "\nfile.enrollments," mode "\nsource.systemName,Aeries\nsource.systemCode,\n"

#define ORGS                                                                                       \
    "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"                     \
    "d1,,,Riverside,district,,\ns1,,,North School,school,,d1\ns2,,,South School,school,,d1\n"      \
    "x1,,,Maths,department,,s1\n"

#define ROLES                                                                                      \
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"             \
    "orgSourcedId,userProfileSourcedId\n"                                                          \
    "r1,,,t1,primary,teacher,,,s1,\nr2,,,t1,secondary,aide,,,s2,\nr3,,,t2,primary,principal,,,s2," \
    "\nr4,,,k1,primary,student,,,s1,\nr5,,,p1,primary,parent,,,s1,\nr6,,,t2,secondary,guardian,,"  \
    ",s1,\n"

#define USERS                                                                                      \
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,"         \
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,"                       \
    "userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,"             \
    "primaryOrgSourcedId,pronouns\n"                                                               \
    "t1,,,true,ann,,Ann,Okafor,,,ann@x.org,,,,,,,Annie,,,,\n"                                      \
    "t2,,,true,ben,,Ben,Sorel,,,ben@x.org,,,,,,,,,,,\n"                                            \
    "k1,,,true,kim,,SECRETKID,SECRETKID,,,secretkid@x.org,,,,5,SECRETKID,,,,,,\n"                  \
    "p1,,,maybe,pat,,SECRETKID,\xFF\xFE,,,secretkid@x.org,,,k1,,,,,,,,\n"

#define CLASSES                                                                                    \
    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,"          \
    "location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n"                      \
    "c1,,,Algebra,\"09,10\",k1,,scheduled,,s1,a1,\"Maths, Physics\",,1\n"                          \
    "c2,,,Biology,,k2,,scheduled,,s1,a1,,,\n"

#define COURSES                                                                                    \
    "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,"  \
    "subjects,subjectCodes\nk2,,,,Biology,,\"11\",s1,\"Biology,maths\",\n"                         \
    "k1,,,,Algebra,,\"12\",s1,Never,\n"

#define ENROLLMENTS                                                                                \
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary," \
    "beginDate,endDate\ne1,,,c1,s1,t1,teacher,true,,\ne2,,,c2,s1,t1,teacher,false,,\n"             \
    "e3,,,c1,s1,k1,student,,,\n"

static struct arena *arena;
static struct import_test test;

static void read_files(const struct zip_test_file *files, const struct intern *known)
{
    test = (struct import_test){.arena = arena};
    import_test_oneroster(&test, files, NULL, known);
}

/* Whether any text of the set or the problems has the part. */
static int leaks(const char *part)
{
    if (strstr(import_test_show(&test), part)) {
        return 1;
    }
    for (size_t k = 0; k < test.problems.n; k++) {
        const struct roster_problem *p = &test.problems.items[k];
        if (strstr(p->value, part) || strstr(p->message, part) || strstr(p->hint, part)) {
            return 1;
        }
    }
    return import_test_noted(&test.problems, part);
}

static void test_whole(void)
{
    const struct zip_test_file files[] = {
        {"manifest.csv", MANIFEST("1.2", "bulk")},
        {"orgs.csv", ORGS},
        {"roles.csv", ROLES},
        {"users.csv", USERS},
        {"classes.csv", CLASSES},
        {"courses.csv", COURSES},
        {"enrollments.csv", ENROLLMENTS},
        {"demographics.csv", "sourcedId,birthDate\nk1,\"never closed\n"},
        {NULL, NULL},
    };
    read_files(files, NULL);
    tap_ok(!test.err && test.problems.total == 0, "a whole export of version 1.2");
    tap_text(import_test_show(&test),
             "person t1|Annie|Okafor|ann@x.org|\n"
             "person t2|Ben|Sorel|ben@x.org|\n"
             "role t1|s1|teacher|primary\n"
             "role t1|s2|aide\n"
             "role t2|s2|principal|primary\n"
             "tag t1|0|Biology\n"
             "tag t1|0|Maths\n"
             "tag t1|0|Physics\n"
             "tag t1|1|09\n"
             "tag t1|1|10\n"
             "tag t1|1|11\n"
             "unit d1|Riverside|1|\n"
             "unit s1|North School|2|d1\n"
             "unit s2|South School|2|d1\n"
             "unit x1|Maths|3|s1\n",
             "units, staff, roles; subjects of classes, or else of their courses");
    tap_text(test.source.p, "oneroster:Aeries", "the source is named after its system");
    tap_ok(test.set->units_complete && test.set->people_complete && test.set->roles_complete,
           "bulk means complete");
    tap_ok(!leaks("SECRETKID") && !leaks("secretkid") && !leaks("k1") && !leaks("p1"),
           "nothing of students and parents is kept or said");
    tap_ok(
        import_test_noted(&test.problems, "3 rows were left unread: 1 of students, 2 of parents"),
        "they are counted");
    tap_ok(import_test_noted(&test.problems, "not opened"), "demographics are not opened");
}

/* Lines in another order, the first one stays. */
static const char *shuffled(const char *text, struct rng *rng)
{
    enum { MOST = 64 };
    char *copy = arena_text(arena, text, strlen(text)), *lines[MOST], *out;
    int n = 0;
    for (char *line = copy; *line && n < MOST; n++) {
        lines[n] = line;
        line = strchr(line, '\n');
        *line++ = '\0';
    }
    for (int k = n - 1; k > 1; k--) {
        int other = 1 + (int)rng_below(rng, (uint32_t)k);
        char *line = lines[k];
        lines[k] = lines[other];
        lines[other] = line;
    }
    out = arena_alloc(arena, strlen(text) + 1, 1);
    size_t at = 0;
    for (int k = 0; k < n; k++) {
        size_t length = strlen(lines[k]);
        memcpy(out + at, lines[k], length);
        at += length;
        out[at++] = '\n';
    }
    return out;
}

static void test_order(void)
{
    const char *texts[] = {ORGS, ROLES, USERS, CLASSES, COURSES, ENROLLMENTS};
    static const char *const names[] = {"orgs.csv",    "roles.csv",   "users.csv",
                                        "classes.csv", "courses.csv", "enrollments.csv"};
    struct rng rng = rng_seed(20261125);
    const char *expected = NULL;
    int different = 0;
    for (int round = 0; round < 40; round++) {
        struct zip_test_file files[8] = {{"manifest.csv", MANIFEST("1.2", "bulk")}};
        for (int k = 0; k < 6; k++) {
            files[k + 1] = (struct zip_test_file){names[k], shuffled(texts[k], &rng)};
        }
        read_files(files, NULL);
        const char *shown = import_test_show(&test);
        expected = expected ? expected : shown;
        different += strcmp(shown, expected) != 0;
    }
    tap_ok(different == 0 && strlen(expected) > 300, "the order of rows does not matter");
}

#define USERS11                                                                                    \
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"           \
    "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
#define USER11(id, org, role, given) id ",,,true," org "," role ",u,," given ",F,,,,,,,,\n"

static void read_users11(const char *rows, const char *mode, const struct intern *known)
{
    char manifest[256], users[4096];
    snprintf(manifest, sizeof manifest,
             "propertyName,value\noneroster.version,1.1\nfile.users,%s\nfile.orgs,%s\n", mode,
             mode);
    snprintf(users, sizeof users, USERS11 "%s", rows);
    const struct zip_test_file files[] = {
        {"manifest.csv", manifest}, {"orgs.csv", ORGS}, {"users.csv", users}, {NULL, NULL}};
    read_files(files, known);
}

static void test_version_1_1(void)
{
    read_users11(USER11("t1", "\"s1,s2\"", "Teacher", "A") USER11("t2", "", "administrator", "B")
                     USER11("k1", "s1", "student", "SECRETKID"),
                 "bulk", NULL);
    tap_text(import_test_show(&test),
             "person t1|A|F||\nperson t2|B|F||\nrole t1|s1|teacher\nrole t1|s2|teacher\n"
             "role t2||administrator\nunit d1|Riverside|1|\nunit s1|North School|2|d1\n"
             "unit s2|South School|2|d1\nunit x1|Maths|3|s1\n",
             "version 1.1: roles and organisations stand in users");
    tap_ok(test.set->people_complete && test.set->roles_complete, "and are complete");
    read_users11(USER11("t1", "s1", "teacher", "A") USER11("t1", "s2", "teacher", "A"), "bulk",
                 NULL);
    tap_ok(!test.problems.total && test.set->roles.n == 2 &&
               import_test_noted(&test.problems, "row repeats a person"),
           "a row for each organisation is two roles");
    read_users11(USER11("t1", "s1", "teacher", "A") USER11("t1", "s1", "teacher", "B"), "bulk",
                 NULL);
    tap_ok(test.problems.total == 1 && test.set->n_left_out == 1 && !test.set->people_complete,
           "but two names are a problem, and then nobody is taken to have left");

    struct intern *known = intern_new(arena, 100);
    int32_t id;
    zip_test_require(!intern_add(known, str_of("t9"), &id, NULL), "known");
    read_users11(USER11("t9", "s1", "parent", "SECRETKID") USER11("t8", "s1", "parent", "A"),
                 "delta", known);
    tap_ok(!test.err && strstr(import_test_show(&test), "person t9|||||gone|mentioned\n") &&
               !leaks("SECRETKID") && !leaks("t8"),
           "somebody who was staff and is no more has left");
    read_users11(USER11("t9", "s1", "ext:janitor", "A"), "delta", known);
    tap_ok(strstr(import_test_show(&test), "person t9|||||gone|mentioned\n") &&
               import_test_noted(&test.problems, "none of OneRoster's were left out with their "
                                                 "people: ext:janitor"),
           "also when the role is none that we know");
    tap_ok(!test.set->people_complete, "a delta is not complete");
}

static void test_delta(void)
{
    struct intern *known = intern_new(arena, 100);
    int32_t id;
    zip_test_require(!intern_add(known, str_of("t9"), &id, NULL), "known");
    const char *users = "sourcedId,status,dateLastModified,enabledUser,username,givenName,"
                        "familyName,email\n"
                        "t9,active,2026-01-01,true,u,New,Name,\n"
                        "t9,active,2026-01-01,true,u,New,Name,\n"
                        "t7,active,2026-01-01,true,u,SECRETKID,Name,\n";
    const char *roles = "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,"
                        "endDate,orgSourcedId,userProfileSourcedId\n"
                        "r7,tobedeleted,2026-01-01,t8,primary,teacher,,,s1,\n";
    const struct zip_test_file files[] = {{"manifest.csv", MANIFEST("1.2", "delta")},
                                          {"orgs.csv", ORGS},
                                          {"roles.csv", roles},
                                          {"users.csv", users},
                                          {NULL, NULL}};
    read_files(files, known);
    tap_ok(!test.err && test.problems.total == 0, "a delta");
    tap_ok(strstr(import_test_show(&test), "person t9|New|Name||\n") != NULL,
           "changes of somebody known are read without a role");
    tap_ok(strstr(import_test_show(&test), "role t8|s1|teacher|primary|gone\n") != NULL,
           "a role that is over");
    tap_ok(!leaks("SECRETKID") && !leaks("t7") &&
               import_test_noted(&test.problems, "who is no staff"),
           "somebody unknown without a role may be a student");
    tap_ok(!test.set->people_complete && !test.set->roles_complete && !test.set->units_complete,
           "nothing is complete");
}

static void test_shared(const char *folder, const char *expected, int n_notes,
                        const char *const notes[])
{
    struct archive *archive = NULL;
    struct archive_fault fault;
    char path[128];
    snprintf(path, sizeof path, "oneroster/%s", folder);
    const char *where = zip_test_shared(arena, path);
    struct zip_test_file *files = zip_test_folder(arena, where);
    if (!files) {
        tap_skip("the exports of ../shared are not here");
        return;
    }
    read_files(files, NULL);
    tap_ok(!test.err && test.problems.total == 0, "%s: read without a problem", folder);
    tap_text(import_test_show(&test), expected, "%s: units and staff", folder);
    for (int k = 0; k < n_notes; k++) {
        tap_ok(import_test_noted(&test.problems, notes[k]), "%s: says \"%s\"", folder, notes[k]);
    }
    tap_ok(!leaks("usr-222-66778899") && !leaks("mary.") && !leaks("Bruce") &&
               !leaks("Password1") && !leaks("anna"),
           "%s: nothing of students", folder);
    const char *zipped = import_test_show(&test);
    zip_test_require(!archive_open_folder(arena, where, &archive, &fault), where);
    import_test_archive(&test, archive, NULL, NULL);
    archive_close(archive);
    tap_text(import_test_show(&test), zipped, "%s: the same from the folder", folder);
}

static void test_real(void)
{
    static const char *const notes11[] = {"4 rows were left unread: 3 of students, 1 of parents"};
    static const char *const notes12[] = {
        "The column \"dataLastModified\" was read as \"dateLastModified\".",
        "The column \"prefferedGivenName\" was read as \"preferredGivenName\".",
        "The column \"prefferedFamilyName\" was read as \"preferredFamilyName\".",
        "Columns without a name at the end of the first line were left out: 2.",
        "3 dates are not written YYYY-MM-DD; they are not used.",
        "4 rows were left unread: 3 of students, 1 of parents",
        "3 roles ended before today by their endDate",
    };
    static const char *const notes_delta[] = {"1 row was left unread: 1 of students", "not opened"};
    test_shared("Test_full_data_set",
                "person usr-222-123456|John|Doe|john.doe@myschool.com|\n"
                "person usr-222-987654|Jim|Smith|jim.smith@myschool.com|\n"
                "role usr-222-123456|org-sch-222-456|teacher\n"
                "role usr-222-987654|org-sch-222-456|teacher\n"
                "tag usr-222-123456|0|Biology\ntag usr-222-123456|0|Physics\n"
                "tag usr-222-123456|0|Science\ntag usr-222-123456|1|09\n"
                "tag usr-222-123456|1|10\ntag usr-222-123456|1|11\n"
                "unit org-sch-222-456|History Department|3|org-sch-222-3456\n",
                1, notes11);
    test_shared("Test_minimal_data_set",
                "person usr-222-123456|John|Doe||\nperson usr-222-987654|Jim|Smith||\n"
                "role usr-222-123456|org-sch-222-456|teacher\n"
                "role usr-222-987654|org-sch-222-456|teacher\n"
                "unit org-sch-222-456|History Department|3|\n",
                1, notes11);
    test_shared("oneroster_test_data", "unit ORG_1|Gotham High School|2|\n", 2, notes_delta);
    test_shared("v1p2_full_dataset",
                "person usr-222-1234561|Tom|Paulsy|thomas.jones@testemail.com|\n"
                "person usr-222-123456|John|Doe|john.doe@myschool.com|\n"
                "person usr-222-987654|Jim|Smith|jim.smith@myschool.com|\n"
                "role usr-222-1234561|org-sch-222-456|siteAdministrator\n"
                "role usr-222-123456|org-sch-222-456|teacher|primary\n"
                "role usr-222-987654|org-sch-222-456|teacher|primary\n"
                "tag usr-222-123456|0|Biology\ntag usr-222-123456|0|Physics\n"
                "tag usr-222-123456|0|Science\ntag usr-222-123456|1|09\n"
                "tag usr-222-123456|1|10\ntag usr-222-123456|1|11\n"
                "unit org-sch-222-456|History Department|3|org-sch-222-3456\n",
                7, notes12);
}

/* Version 1.2 with one file replaced (text) or left out (NULL). */
static void read_with(const char *name, const char *text)
{
    struct zip_test_file files[] = {
        {"manifest.csv", MANIFEST("1.2", "bulk")},
        {"orgs.csv", ORGS},
        {"roles.csv", ROLES},
        {"users.csv", USERS},
        {"classes.csv", CLASSES},
        {"courses.csv", COURSES},
        {"enrollments.csv", ENROLLMENTS},
        {NULL, NULL},
    };
    int at = 0;
    while (files[at].name && strcmp(files[at].name, name) != 0) {
        at++;
    }
    if (text) {
        files[at].text = text;
    } else {
        for (; files[at].name; at++) {
            files[at] = files[at + 1];
        }
    }
    read_files(files, NULL);
}

#define ROLE_HEAD                                                                                  \
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"             \
    "orgSourcedId\n"
#define USER_HEAD "sourcedId,status,enabledUser,username,givenName,familyName,email\n"

static const struct {
    const char *name, *file, *text;
    int line, column; /* -1: no problem */
    const char *said; /* message, hint or note */
} cases[] = {
    {"status", "orgs.csv", "sourcedId,status,name\ns1,activ,North\n", 2, 2,
     "active or tobedeleted"},
    {"status in capitals", "orgs.csv", "sourcedId,status,name\nd1,ToBeDeleted,North\n", -1, 0, ""},
    {"organisation twice", "orgs.csv", "sourcedId,name\ns1,A\ns1,B\n", 3, 1, "used in line 2"},
    {"organisation without a name", "orgs.csv", "sourcedId,name\ns1,\n", 2, 2, "may not be empty"},
    {"strange type", "orgs.csv", "sourcedId,name,type\ns1,A,ext:team\ns2,B,x\n", -1, 0,
     "2 organisations have types"},
    {"orgs misspelt", "orgs.csv", "soucredId,name,parrentSourcedId\ns1,A,\n", -1, 0,
     "\"soucredId\" was read as \"sourcedId\""},
    {"orgs without ids", "orgs.csv", "key,name\ns1,A\n", 1, 0, "\"sourcedId\" is missing"},
    {"empty orgs", "orgs.csv", "", 0, 0, "the file is empty"},
    {"quotes", "orgs.csv", "sourcedId,name\ns1,\"A\n", 2, 2, "quotation marks"},
    {"role misspelt", "roles.csv", ROLE_HEAD "r1,,,t1,primary,techer,,,s1\n", 2, 6,
     "is teacher meant?"},
    {"student misspelt", "roles.csv", ROLE_HEAD "r1,,,t1,primary,studnet,,,s1\n", 2, 6,
     "is student meant?"},
    {"no role", "roles.csv", ROLE_HEAD "r1,,,t1,primary,,,,s1\n", 2, 6, "may not be empty"},
    {"other roles", "roles.csv", ROLE_HEAD "r1,,,t1,primary,busDriver,,,s1\n", -1, 0, "busDriver"},
    {"an extension", "roles.csv", ROLE_HEAD "r1,,,t1,primary,ext:teacher,,,s1\n", -1, 0, ""},
    {"role ids twice", "roles.csv",
     ROLE_HEAD "r1,,,t1,primary,teacher,,,s1\nr1,,,t1,primary,teacher,,,s2\n", 3, 1,
     "line 2 has another role"},
    {"a role twice", "roles.csv",
     ROLE_HEAD "r1,,,t1,primary,teacher,,,s1\nr1,,,t1,primary,teacher,,,s1\n", -1, 0, ""},
    {"nobody's role", "roles.csv", ROLE_HEAD "r1,,,t99,primary,teacher,,,s1\n", 2, 0,
     "no user with the sourcedId t99"},
    {"a role nowhere", "roles.csv", ROLE_HEAD "r1,,,t1,primary,teacher,,,\n", -1, 0,
     "1 role names no organisation"},
    {"roleType", "roles.csv", ROLE_HEAD "r1,,,t1,main,teacher,,,s1\n", -1, 0,
     "1 roleType is neither"},
    {"dates", "roles.csv", ROLE_HEAD "r1,,1/05/2023,t1,primary,teacher,3/4/22,31.12.2099,s1\n", -1,
     0, "2 dates are not written YYYY-MM-DD"},
    {"no name", "users.csv", USER_HEAD "t1,,true,a,,,\nt2,,,b,B,,\n", 2, 5,
     "givenName or a family"},
    {"one name is enough", "users.csv", USER_HEAD "t1,,true,a,Ann,,\nt2,,,b,,Sorel,\n", -1, 0, ""},
    {"enabledUser", "users.csv", USER_HEAD "t1,,perhaps,a,A,A,\nt2,,1,b,B,,\n", 2, 3,
     "true or false"},
    {"bad e-mail", "users.csv", USER_HEAD "t1,,,a,A,A,none\nt2,,,b,B,,b@x\n", -1, 0,
     "2 e-mail addresses are none"},
    {"shared e-mail", "users.csv", USER_HEAD "t1,,,a,A,A,Office@x.org\nt2,,,b,B,,office@X.org\n",
     -1, 0, "2 people share an e-mail address"},
    {"bad bytes of staff", "users.csv", USER_HEAD "t1,,,a,\xFF,A,\nt2,,,b,B,,\n", 2, 5,
     "not UTF-8"},
    {"long name", "users.csv",
     USER_HEAD "t1,,,a,0123456789012345678901234567890123456789012345678901234567890123456789"
               "0123456789012345678901234567890,A,\nt2,,,b,B,,\n",
     2, 5, "at most 100 characters"},
    {"semicolons, CRLF, a mark", "users.csv",
     "\xEF\xBB\xBFsourcedId;givenName;familyName\r\nt1;A;A\r\nt2;B;B\r\n", -1, 0, ""},
    {"manifest word", "manifest.csv", "propertyName,value\nfile.users,full\n", 2, 2,
     "bulk, delta or absent"},
    {"manifest version", "manifest.csv", "propertyName,value\nOneRoster.Version,2.0\n", -1, 0,
     "neither 1.1 nor 1.2"},
    {"manifest says absent", "manifest.csv", "propertyName,value\nfile.classes,absent\n", -1, 0,
     "so it was not read"},
    {"no manifest", "manifest.csv", NULL, -1, 0, "nobody is taken to have left"},
    {"no users", "users.csv", NULL, 0, 0, "the manifest promises this file"},
    {"no classes", "classes.csv", NULL, -1, 0, "subjects and grades may be missing"},
};

static int said(const char *part)
{
    const struct roster_problem *p = test.problems.items;
    return import_test_noted(&test.problems, part) ||
           (test.problems.n > 0 && (strstr(p->message, part) || strstr(p->hint, part)));
}

static void test_cases(void)
{
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        read_with(cases[k].file, cases[k].text);
        const struct roster_problem *p = test.problems.items;
        bool none = cases[k].line < 0;
        bool right = none ? test.problems.total == 0 && !test.err
                          : test.problems.total >= 1 && p->line == (uint64_t)cases[k].line &&
                                p->column == cases[k].column && strcmp(p->file, cases[k].file) == 0;
        if (!tap_ok(right && said(cases[k].said), "%s", cases[k].name)) {
            import_test_print(&test.problems);
        }
    }
}

static void test_look_alikes(void)
{
    const struct zip_test_file sds[] = {
        {"Users.csv",
         "sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,"
         "phone,sms\n1,a,Ann,Okafor,,,,,\n2,k,SECRETKID,X,,,,,\n"},
        {"roles.csv", "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,"
                      "roleStartDate,roleEndDate\n1,s1,faculty,,,True,,\n2,s1,student,,9,True,,\n"},
        {"orgs.csv", "sourcedId,name,type,parentSourcedId\ns1,North,school,\n"},
        {NULL, NULL},
    };
    struct oneroster_options options = {.complete = true, .system = str_of("sds"), .today = 0};
    test = (struct import_test){.arena = arena};
    import_test_oneroster(&test, sds, &options, NULL);
    tap_text(import_test_show(&test),
             "person 1|Ann|Okafor||\nrole 1|s1|teacher|primary\nunit s1|North|2|\n",
             "Microsoft's SDS v2.1 is read");
    tap_ok(!leaks("SECRETKID") && test.set->people_complete &&
               strcmp(test.source.p, "oneroster:sds") == 0,
           "complete when we are told so, with a name of its own");

    const struct zip_test_file neither[] = {
        {"users.csv", "sourcedId,givenName,familyName\n1,SECRETKID,X\n"}, {NULL, NULL}};
    read_files(neither, NULL);
    tap_ok(test.err == ERR_INVALID && !test.set && said("who is a student: nothing is read"),
           "without roles nothing is read at all");
    const struct zip_test_file other[] = {{"people.csv", "id,name\n1,Ann\n"}, {NULL, NULL}};
    read_files(other, NULL);
    tap_ok(test.err == ERR_INVALID && said("use the import of people"), "another kind of file");
}

/* Every allocation fails in turn. */
static void test_memory(void)
{
    const struct zip_test_file files[] = {{"manifest.csv", MANIFEST("1.2", "bulk")},
                                          {"orgs.csv", ORGS},
                                          {"roles.csv", ROLES},
                                          {"users.csv", USERS},
                                          {"classes.csv", CLASSES},
                                          {"courses.csv", COURSES},
                                          {"enrollments.csv", ENROLLMENTS},
                                          {NULL, NULL}};
    struct str bytes = zip_test_make(arena, files, NULL);
    int wrong = 0;
    uint64_t nth = 1;
    for (bool done = false; !done && nth < 100000; nth += 1 + nth / 40) {
        struct arena *small = arena_new((size_t)64 << 20);
        struct import_test failing = {.arena = small};
        struct archive *archive = NULL;
        struct archive_fault fault;
        struct oneroster *oneroster = NULL;
        struct oneroster_options usual = {.system = {"", 0}};
        zip_test_require(!roster_problems_init(&failing.problems, small, 5), "problems");
        arena_fail_after(small, nth);
        enum err err = archive_open_memory(small, bytes, &archive, &fault);
        err = err ? err : oneroster_begin(small, archive, &usual, &failing.problems, &oneroster);
        err = err ? err : oneroster_read(oneroster, NULL, &failing.set);
        done = !err;
        wrong += err && err != ERR_NOMEM;
        archive_close(archive);
        arena_free(small);
    }
    tap_ok(wrong == 0 && nth > 100, "out of memory anywhere is told as that");
}

int main(void)
{
    arena = arena_new((size_t)1 << 30);
    test_whole();
    test_order();
    test_version_1_1();
    test_delta();
    test_real();
    test_cases();
    test_look_alikes();
    test_memory();
    arena_free(arena);
    return tap_done();
}
