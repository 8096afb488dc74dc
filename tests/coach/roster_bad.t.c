/* Bad input: every decision about it, each with the place, the message and the hint it gives. */
#include "roster_test.h"
#include "tap.h"

enum { PEOPLE, SKILLS, EVIDENCE, NEEDS, OFFERS, RULES };

static const struct {
    const char *name;
    int file;
    const char *text;
    int line, column;
    const char *message, *hint; /* parts of them */
} cases[] = {
    {"empty people", PEOPLE, "", 0, 0, "the file is empty", "first line"},
    {"empty needs", NEEDS, "\n\n", 0, 0, "the file is empty", ""},
    {"header only", PEOPLE, "id,name\n", 0, 0, "has no rows", ""},
    {"evidence with header only", EVIDENCE, "person,skill,level\n,,\n", 0, 0, "has no rows", ""},
    {"missing column", EVIDENCE, "persn,skill,level\np1,s1,2\n", 1, 0,
     "the column \"person\" is missing; these were found: persn, skill, level",
     "rename \"persn\" to \"person\""},
    {"missing columns", EVIDENCE, "who,what\np1,s1\n", 1, 0,
     "\"person\", \"skill\" and \"level\" are missing", "first line"},
    {"same name twice", PEOPLE, "id,Free Periods,free_periods\np1,,\n", 1, 3, "columns 2 and 3",
     ""},
    {"duplicate person", PEOPLE, "id\np1\np2\np1\n", 4, 1, "already used in line 2", "one row"},
    {"duplicate after normalising", PEOPLE, "id\n\xC3\xA9\n e\xCC\x81 \n", 3, 1,
     "already used in line 2", ""},
    {"duplicate skill", SKILLS, "id\ns1\n\ns1\n", 4, 1, "already used in line 2", ""},
    {"empty id", PEOPLE, "id,name\n,Ann\n", 2, 1, "id may not be empty", ""},
    {"line end in an id", PEOPLE, "id\n\"a\nb\"\n", 2, 1, "line ends or control", "quotation"},
    {"max_helps below 0", PEOPLE, "id,max_helps\np1,-1\n", 2, 2, "from 0 to 1000", "empty"},
    {"max_learns text", PEOPLE, "id,max_learns\np1,many\n", 2, 2, "whole number", ""},
    {"max_helps a half", PEOPLE, "id,max_helps\np1,1.5\n", 2, 2, "whole number", ""},
    {"levels too few", SKILLS, "id,levels\ns1,1\n", 2, 2, "from 2 to 12", ""},
    {"levels too many", SKILLS, "id,levels\ns1,13\n", 2, 2, "from 2 to 12", ""},
    {"unknown person", EVIDENCE, "person,skill,level\np9,s1,2\n", 2, 1,
     "no person with this id or name", "is p1 meant?"},
    {"unknown skill", EVIDENCE, "person,skill,level\np1,reading,2\n", 2, 2,
     "no skill with this id or name", "add the skill"},
    {"level 0", EVIDENCE, "person,skill,level\np1,s1,0\n", 2, 3, "from 1 to 4", "task in kind"},
    {"level too high", EVIDENCE, "person,skill,level\np1,s1,5\n", 2, 3, "from 1 to 4",
     "skills file"},
    {"level below 0", EVIDENCE, "person,skill,level\np1,s1,-1\n", 2, 3, "from 1 to 4", ""},
    {"half level", EVIDENCE, "person,skill,level\np1,s1,2.5\n", 2, 3, "whole number",
     "half levels"},
    {"level in words", EVIDENCE, "person,skill,level\np1,s1,good\n", 2, 3, "whole number", "empty"},
    {"level huge", EVIDENCE, "person,skill,level\np1,s1,99999999999999999999\n", 2, 3, "whole", ""},
    {"task level 2", EVIDENCE, "person,skill,level,kind\np1,s1,2,task\n", 2, 3,
     "0 (not yet) or 1 (done)", ""},
    {"unknown kind", EVIDENCE, "person,skill,level,kind\np1,s1,2,seen\n", 2, 4,
     "observed, self or task", ""},
    {"unknown support", EVIDENCE, "person,skill,level,support\np1,s1,2,alone\n", 2, 4,
     "independent, prompted, modelled or joint", ""},
    {"self by another", EVIDENCE, "person,skill,level,kind,rater\np1,s1,2,self,p2\n", 2, 5,
     "rater can only be the person", "leave rater empty"},
    {"date day first", EVIDENCE, "person,skill,level,date\np1,s1,2,03/04/2026\n", 2, 4,
     "YYYY-MM-DD", "two different days"},
    {"date that is none", EVIDENCE, "person,skill,level,date\np1,s1,2,2026-02-30\n", 2, 4,
     "no such day", ""},
    {"date of another century", EVIDENCE, "person,skill,level,date\np1,s1,2,0202-02-03\n", 2, 4,
     "between 1900 and 2199", ""},
    {"difficulty too far", EVIDENCE, "person,skill,level,kind,difficulty\np1,s1,1,task,11\n", 2, 5,
     "from -10 to 10", ""},
    {"difficulty of a rating", EVIDENCE, "person,skill,level,difficulty\np1,s1,1,0.5\n", 2, 4,
     "only a task", ""},
    {"two difficulties", EVIDENCE,
     "person,skill,level,kind,task,difficulty\np1,s1,1,task,t,1\np2,s1,1,task,t,1.0\n"
     "p2,s1,1,task,t,2\n",
     4, 6, "line 2 gives this task another difficulty", ""},
    {"too many cells", EVIDENCE, "person,skill,level\np1,s1,2,x\n", 2, 4, "more cells",
     "quotation"},
    {"bad UTF-8", PEOPLE, "id,name\np1,caf\xE9\n", 2, 2, "not UTF-8", "CSV UTF-8"},
    {"bad UTF-8 in the header", PEOPLE, "id,caf\xE9\np1,x\n", 1, 2, "not UTF-8", ""},
    {"UTF-16", PEOPLE, "\xFF\xFEi", 0, 0, "UTF-16", "LibreOffice"},
    {"spreadsheet", PEOPLE, "PK\x03\x04....", 0, 0, "not a CSV file", "save the sheet"},
    {"quotes", EVIDENCE, "person,skill,level\np1,s1,2\np1,\"s1,2\n", 3, 2, "quotation marks", ""},
    {"need of nobody", NEEDS, "person,skill\np8,s1\n", 2, 1, "no person", ""},
    {"priority 0", NEEDS, "person,skill,priority\np1,s1,0\n", 2, 3, "from 1 to 3", "1 comes first"},
    {"two priorities", OFFERS, "person,skill,priority\np1,s1,1\np1,s1,2\n", 3, 2,
     "line 2 names the same person and skill with another priority", ""},
    {"unknown rule", RULES, "rule,person,other\nnot,p1,p2\n", 2, 1, "never, must, evaluator", ""},
    {"rule without other", RULES, "rule,person,other\nnever,p1,\n", 2, 3, "needs other", ""},
    {"rule without its column", RULES, "rule,person\nnever,p1\n", 2, 1, "needs other", ""},
    {"rule with too much", RULES, "rule,person,other,skill\nnever,p1,p2,s1\n", 2, 4,
     "does not use skill", "empty"},
    {"rule with oneself", RULES, "rule,person,other\nmust,p1,p1\n", 2, 3, "same person", ""},
    {"never and must", RULES, "rule,person,other\nnever,p1,p2\nmust,p2,p1\n", 3, 1,
     "contradicts line 2", "delete one"},
    {"keep and evaluator", RULES, "rule,person,other\nkeep,p1,p2\nevaluator,p1,p2\n", 3, 1,
     "contradicts line 2, which says that the two are partners", ""},
    {"same unknown column", RULES, "rule,column\nsame,region\n", 2, 2, "no such column",
     "the people file has district"},
    {"same languages", RULES, "rule,column\nsame,Languages\n", 2, 2, "shared",
     "use the rule shared"},
    {"shared district", RULES, "rule,column\nshared,district\n", 2, 2, "languages or free_periods",
     "rule same"},
};

static void test_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(0);
        struct roster_problems problems;
        struct roster *roster;
        enum err err =
            roster_test_read(arena, cases[i].file, str_of(cases[i].text), 20, &problems, &roster);
        bool one = err == ERR_INVALID && problems.total >= 1 && problems.n == problems.total;
        /* A broken people or skills file must not bring complaints about the others. */
        const struct roster_problem *first = problems.items;
        bool place = one && (int)first->line == cases[i].line && first->column == cases[i].column &&
                     strcmp(first->file, roster_test_names[cases[i].file]) == 0;
        bool words =
            one && strstr(first->message, cases[i].message) && strstr(first->hint, cases[i].hint);
        tap_ok(place && words && !roster, "%s", cases[i].name);
        if (!place || !words) {
            printf("#   %s: line %d, column %d: %s (%s)\n", err_name(err),
                   one ? (int)first->line : -1, one ? first->column : -1, one ? first->message : "",
                   one ? first->hint : "");
        }
        arena_free(arena);
    }
}

/* Ten people with three bad cells each, all different. */
static void write_bad_people(char *text, size_t size)
{
    size_t n = (size_t)snprintf(text, size, "id,name,max_helps,max_learns\n");
    for (int i = 0; i < 10; i++) {
        n += (size_t)snprintf(text + n, size - n, "p%d,a\x01%d,%dx,-%d\n", i, i, i, i + 1);
    }
}

/* A name stands for an id only where one person has it. */
static void test_names(void)
{
    struct arena *arena = arena_new(0);
    struct roster_problems problems;
    struct roster *roster;
    struct roster_source sources[ROSTER_FILE__MAX] = {
        {"people.csv", NULL, str_of("id,name\np1,Ann\np2,Ben\np3,Ann\n")},
        {"skills.csv", NULL, str_of(ROSTER_TEST_SKILLS)},
        {"evidence.csv", NULL, str_of("person,skill,level\nBen,s1,2\nAnn,s1,2\n")},
    };
    if (roster_problems_init(&problems, arena, 20)) {
        tap_ok(false, "memory");
        return;
    }
    enum err err = roster_read_sources(arena, sources, &problems, &roster);
    tap_ok(err == ERR_INVALID && problems.total == 1 && problems.items[0].line == 3 &&
               strstr(problems.items[0].message, "several people have this name") &&
               strstr(problems.items[0].hint, "write the id"),
           "a name that two have does not do");
    arena_free(arena);
}

static void test_limits(void)
{
    struct arena *arena = arena_new(0);
    struct roster_problems problems;
    struct roster *roster;
    char text[8000] = "person,skill,level\n";
    for (int i = 0; i < 100; i++) {
        snprintf(text + strlen(text), 10, "px,sx,9\n");
    }
    enum err err = roster_test_read(arena, EVIDENCE, str_of(text), 20, &problems, &roster);
    tap_ok(err == ERR_INVALID && problems.n == 2 && problems.total == 200 && problems.alike == 198,
           "all problems are counted, the same one is kept once");
    tap_ok(problems.items[0].n_like == 99 && problems.items[0].line == 2, "with its first line");
    write_bad_people(text, sizeof text);
    err = roster_test_read(arena, PEOPLE, str_of(text), 20, &problems, &roster);
    tap_ok(err == ERR_INVALID && problems.n == 15 && problems.total == 30 && problems.alike == 15,
           "of one column the first five are kept");
    tap_ok(problems.items[2].line == 2 && problems.items[3].line == 3 &&
               problems.items[14].line == 6,
           "in the order of the rows");
    err = roster_test_read(arena, PEOPLE, str_of(text), 4, &problems, &roster);
    tap_ok(err == ERR_INVALID && problems.n == 4 && problems.total == 30, "never above the limit");
    char longer[ROSTER_MAX_ID + 100] = "id\n";
    memset(longer + 3, 'x', ROSTER_MAX_ID + 1);
    err = roster_test_read(arena, PEOPLE, str_of(longer), 20, &problems, &roster);
    tap_ok(err == ERR_INVALID && strstr(problems.items[0].message, "at most 256 bytes"),
           "too long an id");
    char many[2000] = "id,languages\np1,";
    for (int i = 0; i < 65; i++) {
        snprintf(many + strlen(many), 8, "l%d;", i);
    }
    err = roster_test_read(arena, PEOPLE, str_of(many), 20, &problems, &roster);
    tap_ok(err == ERR_INVALID && strstr(problems.items[0].message, "more than 64 different"),
           "too many languages");
    struct str nul = {"id,name\np1,a\0b\n", 15};
    err = roster_test_read(arena, PEOPLE, nul, 20, &problems, &roster);
    tap_ok(err == ERR_INVALID && strstr(problems.items[0].message, "NUL"), "a NUL byte");
    char columns[4000] = "id";
    for (int i = 0; i < 251; i++) {
        snprintf(columns + strlen(columns), 8, ",c%d", i);
    }
    snprintf(columns + strlen(columns), 8, "\np1\n");
    err = roster_test_read(arena, PEOPLE, str_of(columns), 20, &problems, &roster);
    tap_ok(err == ERR_INVALID && strstr(problems.items[0].message, "more than 250 further"),
           "too many columns");
    arena_free(arena);
}

static void test_safe_to_show(void)
{
    struct arena *arena = arena_new(0);
    struct roster_problems problems;
    struct roster *roster;
    struct str text = str_of("person,skill,level\n\x1B[31mp1,s1,\"x\ty\nz\"\n");
    enum err err = roster_test_read(arena, EVIDENCE, text, 20, &problems, &roster);
    tap_ok(err == ERR_INVALID && problems.total == 2, "both cells are told");
    tap_text(problems.items[0].value, "\\x1B[31mp1", "no control characters reach the terminal");
    tap_text(problems.items[1].value, "x\\ty\\nz", "line ends and tabs are escaped");
    char longer[400] = "person,skill,level\np1,s1,";
    memset(longer + strlen(longer), 'q', 200);
    err = roster_test_read(arena, EVIDENCE, str_of(longer), 20, &problems, &roster);
    tap_ok(err == ERR_INVALID && strlen(problems.items[0].value) == 60, "long values are cut");
    arena_free(arena);
}

/* Unknown ids are not complained about when the rows that may have had them were unreadable. */
static void test_no_flood(void)
{
    struct arena *arena = arena_new(0);
    struct roster_problems problems;
    struct roster *roster;
    enum err err = roster_test_read(arena, PEOPLE, str_of("nam\nAnn\n"), 20, &problems, &roster);
    tap_ok(err == ERR_INVALID && problems.total == 1, "a broken people file is one problem");
    err = roster_test_read(arena, PEOPLE, str_of("id,name\np1\xFF,x\n"), 20, &problems, &roster);
    tap_ok(err == ERR_INVALID && problems.total == 1, "so is an unreadable row");
    err = roster_test_read(arena, SKILLS, str_of("id,levels\ns1,99\n"), 20, &problems, &roster);
    tap_ok(err == ERR_INVALID && problems.total == 1, "a skill with a bad cell is still known");
    arena_free(arena);
}

int main(void)
{
    test_cases();
    test_names();
    test_limits();
    test_safe_to_show();
    test_no_flood();
    return tap_done();
}
