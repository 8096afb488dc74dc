/* Sheets of people: columns guessed in several languages or said, and every cell that is wrong. */
#include "coach/people_sheet.h"

#include "import_test.h"
#include "tap.h"

#include "base/rng.h"
#include "coach/people_sheet_cell.h"

static struct arena *arena;
static struct import_test test;
static struct people_sheet sheet;

static void read_sheet(const char *text, const struct people_sheet_mapping *mapping)
{
    test = (struct import_test){.arena = arena};
    zip_test_require(!roster_problems_init(&test.problems, arena, 20), "problems");
    test.err =
        people_sheet_read(arena, str_of(text), "people.csv", mapping, &test.problems, &sheet);
    test.set = sheet.set;
}

/* Persons that are kept, with all that hangs on them, as sorted lines. */
static const char *show(void)
{
    const struct import_set *set = sheet.set;
    const struct import_member *members = set ? set->members.items : NULL;
    const struct import_evaluator *evaluators = set ? set->evaluators.items : NULL;
    struct buf buf;
    struct str text;
    if (!set) {
        return "nothing\n";
    }
    buf_init(&buf, arena, 1 << 16);
    buf_add_text(&buf, import_test_show(&test));
    for (size_t k = 0; k < set->members.n; k++) {
        const struct import_person *p = import_set_person_at(set, members[k].person);
        buf_addf(&buf, "member %s%s|%s%s\n", p->given_name.p, p->id.p,
                 import_set_unit_at(set, members[k].unit)->name.p,
                 members[k].coordinator ? "|coordinator" : "");
    }
    for (size_t k = 0; k < set->evaluators.n; k++) {
        buf_addf(&buf, "evaluator %s|%s\n",
                 import_set_person_at(set, evaluators[k].person)->given_name.p,
                 evaluators[k].who.p);
    }
    for (size_t k = 0; k < set->people.n; k++) {
        const struct import_person *p = import_set_person_at(set, (int32_t)k);
        if (p->max_helps != IMPORT_UNSAID || p->max_learns != IMPORT_UNSAID || p->back) {
            buf_addf(&buf, "limits %s|%d|%d%s\n", p->given_name.p, p->max_helps, p->max_learns,
                     p->back ? "|back" : "");
        }
    }
    zip_test_require(!buf_end(&buf, &text), "memory");
    return import_test_sorted(arena, text);
}

/* The fields of the columns, joined. */
static const char *columns(void)
{
    static char text[512];
    size_t n = 0;
    text[0] = '\0';
    for (int32_t k = 0; k < sheet.n_columns; k++) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", k ? " " : "",
                              people_sheet_field_word(sheet.columns[k].field));
    }
    return text;
}

static void test_whole(void)
{
    read_sheet("id,given name,family name,e-mail,school,position,role,languages,subjects,grades,"
               "free periods,max helps,max learns,evaluator,active,notes\n"
               "t1,Ann,Okafor,ann@x.org,North; South,teacher,participant; coordinator,"
               "en Espa\xC3\xB1ol,\"Maths, Physics\",9;10,Mon 3; 4; Tue 1-2,2,1,Ben Sorel,yes,x\n"
               "t2,Ben,Sorel,,,principal,,,,,,,,,no,\n",
               NULL);
    tap_ok(!test.err && test.problems.total == 0, "a sheet with every column");
    tap_text(columns(),
             "id given_name family_name email unit position role languages subjects grades "
             "free_periods max_helps max_learns evaluator active nothing",
             "its columns");
    tap_text(show(),
             "evaluator Ann|Ben Sorel\nlimits Ann|2|1|back\n"
             "member Annt1|North\nmember Annt1|North|coordinator\n"
             "member Annt1|South\nmember Annt1|South|coordinator\n"
             "person t1|Ann|Okafor|ann@x.org|teacher\nperson t2|Ben|Sorel||principal|gone\n"
             "tag t1|0|Maths\ntag t1|0|Physics\ntag t1|1|10\ntag t1|1|9\n"
             "tag t1|2|en\ntag t1|2|es\n"
             "tag t1|3|mon-3\ntag t1|3|mon-4\ntag t1|3|tue-1\ntag t1|3|tue-2\n"
             "unit |North|2|\nunit |South|2|\n",
             "everything it says");
    tap_ok(import_test_noted(&test.problems, "The column \"notes\" is not used."),
           "and what is not used");
    tap_text(sheet.columns[4].samples[0].p, "North; South", "samples of a column");
    tap_ok(str_is(sheet.set->source, "sheet") && !sheet.set->people_complete, "nobody leaves by "
                                                                              "not being in it");
}

static const struct {
    const char *head, *expected;
} headings[] = {
    {"Nombre,Apellidos,Correo electr\xC3\xB3nico,Centro,Cargo",
     "given_name family_name email unit position"},
    {"Nombre y apellidos;Correo", "name email"},
    {"Nombre;Escuela;Idiomas", "name unit languages"},
    {"Name,Vorname,E-Mail-Adresse,Schule,F\xC3\xA4"
     "cher,Klassenstufe",
     "family_name given_name email unit subjects grades"},
    {"Nachname\tVorname\tSprachen\tFreistunden", "family_name given_name languages free_periods"},
    {"Nom,Pr\xC3\xA9nom,Courriel,\xC3\x89tablissement,Langues",
     "family_name given_name email unit languages"},
    {"Cognome,Nome,Scuola,Materie", "family_name given_name unit subjects"},
    {"Nome,Sobrenome,Escola,Disciplinas", "given_name family_name unit subjects"},
    {"Voornaam,Achternaam,School,Vakken", "given_name family_name unit subjects"},
    {"Staff ID,Full Name,Email Address,School Name,Job Title", "id name email unit position"},
    {"Teacher,Building,Grade Level", "name unit grades"},
    {"First,Last,Department,School", "given_name family_name nothing unit"},
};

static void test_headings(void)
{
    for (size_t k = 0; k < sizeof headings / sizeof *headings; k++) {
        char text[512];
        snprintf(text, sizeof text, "%s\n1\n", headings[k].head);
        read_sheet(text, NULL);
        tap_text(columns(), headings[k].expected, "%s", headings[k].head);
    }
    read_sheet("name,role\nAnn,teacher\n", NULL);
    tap_text(columns(), "name position", "a role that is a profession is the position");
    read_sheet("name,role\nAnn,Koordinatorin\nBen,\n", NULL);
    tap_text(columns(), "name role", "a role in Duet");
    struct people_sheet_mapping mapping = {
        .fields = {PEOPLE_SHEET_NOTHING, PEOPLE_SHEET_NAME, PEOPLE_SHEET_ID}, .n = 3};
    read_sheet("name,who,what\nx,Ann Okafor,7\n", &mapping);
    tap_text(show(), "person 7|Ann|Okafor||\n", "columns as somebody says");
}

/* What one cell of a sheet "name,COLUMN" becomes. */
static void one(const char *column, const char *cell)
{
    char text[1024];
    snprintf(text, sizeof text, "name,%s\nAnn,\"%s\"\n", column, cell);
    read_sheet(text, NULL);
}

static void test_cells(void)
{
    static const struct {
        const char *name, *given, *family;
    } names[] = {
        {"Okafor, Ann", "Ann", "Okafor"},
        {"Ann Okafor", "Ann", "Okafor"},
        {"Ludwig van Beethoven", "Ludwig", "van Beethoven"},
        {"Mar\xC3\xAD"
         "a de la Cruz",
         "Mar\xC3\xAD"
         "a",
         "de la Cruz"},
        {"von Trapp", "von", "Trapp"},
        {"Cher", "Cher", ""},
        {"Ann Mary Lee", "Ann Mary", "Lee"},
    };
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        struct str given, family;
        people_sheet_cell_name(str_of(names[k].name), &given, &family);
        tap_ok(str_is(given, names[k].given) && str_is(family, names[k].family), "the name %s",
               names[k].name);
    }
    static const char *const languages[][2] = {
        {"Spanish", "es"},        {"espa\xC3\xB1ol", "es"},
        {"EN-gb", "en-GB"},       {"zh-hant-tw", "zh-Hant-TW"},
        {"Haitian Creole", "ht"}, {"Kiswahili", "sw"},
        {"en_US", "en-US"},
    };
    for (size_t k = 0; k < sizeof languages / sizeof *languages; k++) {
        char code[PEOPLE_SHEET_CODE] = "";
        tap_ok(people_sheet_cell_language(str_of(languages[k][0]), code) &&
                   strcmp(code, languages[k][1]) == 0,
               "the language %s is %s", languages[k][0], languages[k][1]);
    }
    one("languages", "en fr");
    tap_ok(strstr(show(), "|2|en\n") && strstr(show(), "|2|fr\n"), "two languages with a blank");
    one("free_periods", "Mon3 Tue4");
    tap_ok(strstr(show(), "|3|mon-3\n") && strstr(show(), "|3|tue-4\n"), "periods with blanks");
    one("free_periods", "lunes 2; mi\xC3\xA9rcoles 3-4");
    tap_ok(strstr(show(), "|3|mon-2\n") && strstr(show(), "|3|wed-3\n") &&
               strstr(show(), "|3|wed-4\n"),
           "in Spanish");
    one("free_periods", "Mo. 1, Sonntag 12");
    tap_ok(strstr(show(), "|3|mon-1\n") && strstr(show(), "|3|sun-12\n"), "in German");
    one("subjects", "maths; Maths; MATHS");
    tap_ok(strstr(show(), "|0|MATHS\n") && !strstr(show(), "|0|maths\n"), "a subject once");
}

#define LONG61 "0123456789012345678901234567890123456789012345678901234567890"

static const struct {
    const char *name, *text;
    int line, column;
    const char *message, *hint;
} cases[] = {
    {"empty", "", 0, 0, "the file is empty", ""},
    {"header only", "name\n", 0, 0, "has no rows", ""},
    {"no names", "id,email\n1,a@x.org\n", 1, 0, "no column has the names", "first line"},
    {"no name in a row", "id,name\n1,\n", 2, 2, "needs a name", ""},
    {"id twice", "id,name\n1,A\n2,B\n1,C\n", 4, 1, "already used in line 2", ""},
    {"e-mail twice", "name,email\nA,a@x.org\nB,A@X.org\n", 3, 2, "stands in line 2", "one address"},
    {"name twice", "name,school\nAnn Lee,N\nann LEE,S\n", 3, 1, "stands in line 2", "tell the two"},
    {"bad e-mail", "name,email\nA,a at x\n", 2, 2, "not an e-mail address", ""},
    {"administrator", "name,role\nA,participant\nB,Administrator\n", 3, 2,
     "no file can make somebody an administrator", "one by one"},
    {"role", "name,role\nA,participant\nB,coordinator\nC,member\nD,teacher\n", 5, 2,
     "participant or coordinator", "column position"},
    {"language", "name,languages\nA,Klingonese\n", 2, 2, "not known by its name", "es for Spanish"},
    {"period", "name,free_periods\nA,Mon 13\n", 2, 2, "weekdays with a number", "Mon 3"},
    {"period without a day", "name,free_periods\nA,3\n", 2, 2, "weekdays with a number", ""},
    {"period backwards", "name,free_periods\nA,Mon 4-2\n", 2, 2, "weekdays with a number", ""},
    {"max helps", "name,max_helps\nA,21\n", 2, 2, "from 0 to 20", ""},
    {"max learns", "name,max_learns\nA,some\n", 2, 2, "from 0 to 20", ""},
    {"active", "name,active\nA,perhaps\n", 2, 2, "yes or no", ""},
    {"long subject", "name,subjects\nA," LONG61 "\n", 2, 2, "at most 60 characters", ""},
    {"long name", "given name,family name\nA," LONG61 LONG61 "\n", 2, 2, "at most 100", ""},
    {"a control character", "given name,family name\nA,\"x\ny\"\n", 2, 2, "control", ""},
    {"quotes", "name\n\"A\n", 2, 1, "quotation marks", ""},
    {"not UTF-8", "name\n\xFFx\n", 2, 1, "not UTF-8", ""},
};

static void test_cases(void)
{
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        read_sheet(cases[k].text, NULL);
        const struct roster_problem *p = test.problems.items;
        bool right = test.problems.total == 1 && p->line == (uint64_t)cases[k].line &&
                     p->column == cases[k].column && strstr(p->message, cases[k].message) &&
                     strstr(p->hint, cases[k].hint) && strcmp(p->file, "people.csv") == 0;
        if (!tap_ok(right, "%s", cases[k].name)) {
            import_test_print(&test.problems);
        }
    }
    read_sheet("name,email,languages,active\nAnn,x,Klingonese,often\n", NULL);
    tap_ok(test.problems.total == 3 && sheet.set->n_left_out == 1 && sheet.set->tags.n == 0,
           "all that is wrong with a row is told at once");
    struct people_sheet_mapping twice = {.fields = {PEOPLE_SHEET_NAME, PEOPLE_SHEET_NAME}, .n = 2};
    read_sheet("a,b\nx,y\n", &twice);
    tap_ok(test.err == ERR_INVALID && test.problems.items[0].column == 2 &&
               strstr(test.problems.items[0].message, "columns 1 and 2 are both"),
           "two columns for one field");
    read_sheet("name,max_helps,school\nAnn,1,N\nBen,no,N\nCem,2,S\n", NULL);
    tap_ok(!test.err && sheet.set->n_left_out == 1 && sheet.set->members.n == 2,
           "a row with a problem is left out, the others are kept");
    read_sheet("name;school\r\nAnn;N\r\n", NULL);
    tap_ok(!test.err && sheet.set->members.n == 1, "semicolons and CRLF");
    read_sheet("\xEF\xBB\xBFname\tschool\nAnn\tN\n", NULL);
    tap_ok(!test.err && sheet.set->members.n == 1, "tabs and a byte order mark");
}

int main(void)
{
    arena = arena_new((size_t)1 << 30);
    test_whole();
    test_headings();
    test_cells();
    test_cases();
    arena_free(arena);
    return tap_done();
}
