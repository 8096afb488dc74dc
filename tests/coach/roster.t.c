/* Good input: every decision about it; files, memory, the real data. */
#include "base/day.h"
#include "coach/roster_cell.h"
#include "roster_test.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

enum { PEOPLE, SKILLS, EVIDENCE, NEEDS, OFFERS, RULES };

static struct roster *read_one(struct arena *arena, int which, const char *text,
                               struct roster_problems *problems)
{
    struct roster *roster;
    enum err err = roster_test_read(arena, which, str_of(text), 20, problems, &roster);
    if (!tap_ok(err == ERR_OK, "it can be read")) {
        printf("#   %s: %s\n", err_name(err), problems->n ? problems->items[0].message : "");
        exit(1);
    }
    return roster;
}

static bool has_note(const struct roster_problems *problems, const char *part)
{
    for (size_t i = 0; i < problems->n_notes; i++) {
        if (strstr(problems->notes[i].text, part)) {
            return true;
        }
    }
    return false;
}

static void test_people(struct arena *arena)
{
    struct roster_problems problems;
    struct roster *r =
        read_one(arena, PEOPLE,
                 "\xEF\xBB\xBFUnit;ID;Max Helps;LANGUAGES;free-periods;Notes;max_lerns\r\n"
                 "North ;p1;2.0;en fr;Mon1|Tue2;hello;\r\n"
                 "\r\n"
                 "north;p2;;EN;;;3\r\n"
                 ";;;;;;\r\n"
                 ";p3\r\n",
                 &problems);
    tap_ok(r->n_people == 3 && r->n_columns == 3, "rows and further columns");
    tap_ok(str_is(r->people[0].id, "p1") && str_is(r->people[0].name, "p1"), "no name: the id");
    tap_ok(r->people[0].max_helps == 2 && r->people[1].max_helps == ROSTER_UNLIMITED, "max_helps");
    tap_ok(r->unit_column == 0 && str_is(roster_value(r, 0, 0), "North") &&
               str_is(roster_value(r, 1, 0), "North") && roster_value(r, 2, 0).n == 0,
           "values of a column without regard to case, first spelling");
    tap_ok(r->n_languages == 2 && r->people[0].languages == 3 && r->people[1].languages == 1 &&
               r->people[2].languages == 0,
           "languages");
    tap_ok(r->n_periods == 2 && r->people[0].free_periods[0] == 3, "free periods");
    tap_ok(roster_find_column(r, str_of("notes")) == 1 && roster_find_column(r, str_of("x")) == -1,
           "columns are found without regard to case");
    tap_ok(roster_find_person(r, str_of(" p2 ")) == 1 && roster_find_person(r, str_of("P2")) == -1,
           "people are found by their id as written");
    tap_ok(
        has_note(&problems, "\"max_lerns\" was kept as a further column; is \"max_learns\" meant?"),
        "a likely misspelling is noted");
    tap_ok(!has_note(&problems, "languages"), "nothing is said of languages that are as written");
}

/* Names, and sheets as people keep them. */
static void test_names(struct arena *arena)
{
    struct roster_problems problems;
    struct roster *r = read_one(arena, PEOPLE, "Name,school\nAnn,x\nBen,y\np1,y\n", &problems);
    tap_ok(r->n_people == 3 && str_is(r->people[0].id, "Ann") && str_is(r->people[0].name, "Ann"),
           "without ids the names are the ids");
    r = read_one(arena, PEOPLE, "id,name\np1,Ann\np2,Ann\np3,Cem\n", &problems);
    tap_ok(str_is(r->people[0].label, "Ann (p1)") && str_is(r->people[1].label, "Ann (p2)") &&
               str_is(r->people[2].label, "Cem"),
           "two of one name are told apart");
    r = read_one(arena, EVIDENCE,
                 "person,skill,level,rater\nBen,s1,2,Ann\np1,s1,2,p2\nBen,s1,1,Ben\n", &problems);
    const struct zone_evidence *e = r->evidence;
    tap_ok(e[0].person == 1 && e[1].person == 0 && e[2].person == 1, "a name does for an id");
    tap_ok(r->raters[e[0].rater].person == 0 && str_is(r->raters[e[0].rater].id, "p1") &&
               r->raters[e[1].rater].person == 1 && e[2].kind == ZONE_SELF,
           "of a rater too, so that a self-rating is seen");
    r = read_one(arena, EVIDENCE,
                 "Name,school,s1,s2,rater,date\n"
                 "Ann,x,3,5,R,2026-11-24\n"
                 "Ben,x,,1,R,24.11.2026\n"
                 "Ann,x,3,5,R,2026-11-24\n",
                 &problems);
    e = r->evidence;
    tap_ok(r->n_evidence == 3 && e[0].skill == 0 && e[0].level == 2 && e[1].skill == 1 &&
               e[1].level == 4 && e[2].person == 1 && e[2].skill == 1 && e[2].level == 0,
           "a column for each skill");
    tap_ok(e[0].day == e[2].day && e[0].rater == e[2].rater, "what else the row says");
    tap_ok(has_note(&problems, "2 columns have the name of a skill") &&
               has_note(&problems, "\"school\" is not used") &&
               has_note(&problems, "2 rows that repeat an earlier one"),
           "it is noted");
}

/* Cells that list values, and dates. */
static void test_lists_and_dates(void)
{
    static const struct {
        const char *text, *values;
    } lists[] = {
        {"en fr", "en|fr|"},         {" en\tfr ", "en|fr|"}, {"Mon 3; Tue 4", "Mon 3|Tue 4|"},
        {"Mon3,Tue4", "Mon3|Tue4|"}, {"; ;a ;;", "a|"},      {"", ""},
        {"a b\nc", "a b|c|"}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        char got[64] = "";
        struct str value;
        struct roster_cell_list list = roster_cell_list(str_of(lists[i].text));
        while (roster_cell_next_value(&list, &value)) {
            size_t n = strlen(got);
            snprintf(got + n, sizeof got - n, "%.*s|", (int)value.n, value.p);
        }
        tap_text(got, lists[i].values, "the values of a cell");
    }
    tap_ok(roster_cell_splits_number(str_of("Mon 3")) && roster_cell_splits_number(str_of("1 a 2")),
           "a number on its own among words");
    tap_ok(!roster_cell_splits_number(str_of("1 2 3")) &&
               !roster_cell_splits_number(str_of("Mon3 Tue4")) &&
               !roster_cell_splits_number(str_of("Mon 3; Tue 4")),
           "no such number");
    static const char *const good[] = {"2026-03-04", "2026/3/4", "4.3.2026", "04.03.2026",
                                       "2026-03-04T08:00"};
    static const char *const form[] = {"3/4/2026", "4.3.26",  "4.3.2026.",  "4.3", "2026/3",
                                       "2026.3.4", "4..2026", "2026/3/4/5", "x"};
    int32_t day, first = 0;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        tap_ok(roster_cell_date(str_of(good[i]), &day) == ROSTER_DATE_OK &&
                   (i == 0 || day == first),
               "a date: %s", good[i]);
        first = day;
    }
    for (size_t i = 0; i < sizeof form / sizeof *form; i++) {
        tap_ok(roster_cell_date(str_of(form[i]), &day) == ROSTER_DATE_FORM, "no date: %s", form[i]);
    }
    tap_ok(roster_cell_date(str_of("31.2.2026"), &day) == ROSTER_DATE_WRONG &&
               roster_cell_date(str_of("1.13.2026"), &day) == ROSTER_DATE_WRONG,
           "there is no such day");
}

static void test_skills(struct arena *arena)
{
    struct roster_problems problems;
    struct roster *r = read_one(arena, SKILLS,
                                "id\tname\tdomain\tlevels\ttags\n"
                                "s1\tAsking\tTalk\t\tx\ns2\t\ttalk\t12\t\ns3\t\t\t2\t\n",
                                &problems);
    tap_ok(r->n_skills == 3 && str_is(r->skills[0].name, "Asking") &&
               str_is(r->skills[1].name, "s2"),
           "names, or the id");
    tap_ok(r->skills[0].levels == 4 && r->skills[1].levels == 12 && r->skills[2].levels == 2,
           "levels, 4 where not said");
    tap_ok(r->n_domains == 2 && r->skills[0].domain == r->skills[1].domain &&
               r->domains[r->skills[2].domain].n == 0,
           "domains without regard to case; none is one too");
    tap_ok(has_note(&problems, "\"tags\" is not used"), "an unused column is noted");
    struct zone_data data = roster_zone_data(r);
    tap_ok(data.n_skills == 3 && data.skill_levels[1] == 12 && data.skill_domain[2] == 1 &&
               data.n_evidence == 1,
           "what the estimation takes");
}

static void test_evidence(struct arena *arena)
{
    struct roster_problems problems;
    struct roster *r = read_one(
        arena, EVIDENCE,
        "person,skill,level,rater,occasion,segment,support,kind,task,indicator,difficulty,date,"
        "ocasion\n"
        "p1,s1,2,R1,v1,1,,,,,,2026-01-05,\n" /* 0 */
        "p2,s1,1,R1,v1,1,,,,,,2026-01-05,\n" /* 1: another person, another occasion */
        "p1,s2,5.0,p2,,,Prompted,Observed,,i1,,2026-01-05T10:30,\n" /* 2: the day is the occasion */
        "p1,s2,4,R2,,,,,,i1,,2026-01-05,\n"                         /* 3: the same day */
        "p3,s1,3,p3,,,,,,,,,\n"                                     /* 4: self by the rater */
        "p3,s1,3,,,,,self,,,,,\n"                                   /* 5: self by the kind */
        "p1,s1,0,,,,modeled,task,t1,,,,\n"                          /* 6 */
        "p1,s1,1,,,,joint,task,t1,,\"-0,5\",,\n"                    /* 7 */
        "p1,s1,1,,,,joint,task,t1,,,,\n"             /* 8: an attempt is no copy of another */
        "p1,s1,2,R1,v1,1,,,,,,2026-01-05,\n"         /* copy of 0 */
        "p1,s1,2,R1,v1,2,,,,,,2026-01-05,\n"         /* 9: another segment */
        "p1,s1,,R1,v1,2,,,,,,2026-01-05,\n"          /* not rated */
        "p1,s1,2,R9,,,,,,,,,\np1,s1,2,R9,,,,,,,,,\n" /* 10, 11: may be two visits */
        "p1,s1,2,R1,v1,1,,,,,,2026-01-05,x\n",       /* 12: differs in a column not used */
        &problems);
    const struct zone_evidence *e = r->evidence;
    tap_ok(r->n_evidence == 13, "rows that count (%d)", (int)r->n_evidence);
    tap_ok(e[0].level == 1 && e[2].level == 4 && e[6].level == 0 && e[7].level == 1,
           "levels from 1, of tasks from 0");
    tap_ok(e[0].occasion != e[1].occasion && e[0].occasion == e[9].occasion, "occasions by person");
    tap_ok(e[2].occasion == e[3].occasion && e[2].occasion != e[0].occasion &&
               str_is(r->occasions[e[2].occasion].id, "2026-01-05"),
           "the day stands for a missing occasion");
    tap_ok(e[4].kind == ZONE_SELF && e[5].kind == ZONE_SELF && e[4].rater == ROSTER_NONE &&
               e[4].occasion == ROSTER_NONE,
           "self-ratings");
    tap_ok(e[2].rater != ROSTER_NONE && r->raters[e[2].rater].person == 1 &&
               r->raters[e[0].rater].person == ROSTER_NONE,
           "a rater may be one of the people");
    tap_ok(e[2].support == ZONE_PROMPTED && e[6].support == ZONE_MODELLED &&
               e[0].support == ZONE_INDEPENDENT,
           "support");
    tap_ok(e[2].item == e[3].item && e[6].item == e[8].item && e[2].item != e[6].item &&
               r->items[e[6].item].task && !r->items[e[2].item].task && e[0].item == ROSTER_NONE,
           "indicators and tasks");
    tap_ok(e[6].difficulty == -0.5f && e[8].difficulty == -0.5f && isnan(e[0].difficulty),
           "one row tells the difficulty of a task");
    tap_ok(e[2].day == 20458 && r->first_day == 20458 && e[4].day == ZONE_DAY_UNKNOWN, "days");
    tap_ok(has_note(&problems, "1 rating of a person by themselves was read as a self-rating."),
           "self-ratings are noted");
    tap_ok(has_note(&problems, "1 row that repeats an earlier one in every cell was left out."),
           "copies are noted");
    tap_ok(has_note(&problems, "1 row without a level was left out."), "unrated rows are noted");
    tap_ok(has_note(&problems, "\"ocasion\" is not used; is \"occasion\" meant?"), "misspelling");
}

static void test_wishes_and_rules(struct arena *arena)
{
    struct roster_problems problems;
    struct roster *r =
        read_one(arena, NEEDS, "Person,Skill,Priority\np1,s1,2\np1,s2,\np1,s1,2\n", &problems);
    tap_ok(r->n_needs == 2 && r->needs[0].priority == 2 && r->needs[1].priority == 1 &&
               r->has_needs && !r->has_offers,
           "needs");
    tap_ok(has_note(&problems, "1 row that repeats an earlier one was left out."), "a need twice");
    r = read_one(arena, OFFERS, "person,skill\n", &problems);
    tap_ok(r->n_offers == 0 && r->has_offers && has_note(&problems, "no rows"), "no offers at all");
    tap_near(roster_priority_weight(1), 1, 0, "weight of priority 1");
    tap_near(roster_priority_weight(3), 0.5, 0, "weight of priority 3");
    r = read_one(arena, RULES,
                 "rule,person,other,skill,column\nNever,p1,p2,,\nmust,p1,p3,s2,\nkeep,p1,p3,,\n"
                 "evaluator,p2,p3,,\nsame,,,,District\nshared,,,,free periods\nnever,p1,p2,,\n",
                 &problems);
    tap_ok(r->n_rules == 6, "rules, copies left out");
    tap_ok(r->rules[0].kind == ROSTER_NEVER && r->rules[0].person == 0 && r->rules[0].other == 1 &&
               r->rules[0].skill == ROSTER_NONE && r->rules[0].line == 2,
           "never");
    tap_ok(r->rules[1].kind == ROSTER_MUST && r->rules[1].skill == 1 && r->rules[1].other == 2,
           "must, with a skill");
    tap_ok(r->rules[4].kind == ROSTER_SAME && r->rules[4].column == 0 &&
               r->rules[5].column == ROSTER_SHARED_PERIODS,
           "same and shared");
}

static void test_cells(void)
{
    static const struct {
        const char *text;
        enum roster_number kind;
        double value;
    } cases[] = {
        {"3", ROSTER_NUMBER_OK, 3},
        {"3.0", ROSTER_NUMBER_OK, 3},
        {"3,00", ROSTER_NUMBER_OK, 3},
        {"+3", ROSTER_NUMBER_OK, 3},
        {"-3", ROSTER_NUMBER_OK, -3},
        {"2.5", ROSTER_NUMBER_FRACTION, 2.5},
        {"-0,125", ROSTER_NUMBER_FRACTION, -0.125},
        {"0.1", ROSTER_NUMBER_FRACTION, 0.1},
        {"3.", ROSTER_NUMBER_BAD, 0},
        {".5", ROSTER_NUMBER_BAD, 0},
        {"1.234.5", ROSTER_NUMBER_BAD, 0},
        {"1e3", ROSTER_NUMBER_BAD, 0},
        {"", ROSTER_NUMBER_BAD, 0},
        {"-", ROSTER_NUMBER_BAD, 0},
        {"1234567890123456", ROSTER_NUMBER_BAD, 0},
        {"0x3", ROSTER_NUMBER_BAD, 0},
        {"3 ", ROSTER_NUMBER_BAD, 0},
        {"nan", ROSTER_NUMBER_BAD, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = 0;
        enum roster_number kind = roster_cell_decimal(str_of(cases[i].text), &value);
        tap_ok(kind == cases[i].kind && !(value < cases[i].value) && !(value > cases[i].value),
               "the number \"%s\"", cases[i].text);
    }
}

/* Every allocation fails in turn: told, nothing returned, nothing leaked (the sanitizers look). */
static void test_no_memory(void)
{
    const struct roster_source sources[ROSTER_FILE__MAX] = {
        {"p", NULL, str_of("id,name,unit,languages\np1,\xC3\x89ve,A,en\np2,B,,fr\n")},
        {"s", NULL, str_of("id,name,domain\ns1,One,D\n")},
        {"e", NULL,
         str_of("person,skill,level,rater,date,indicator\np1,s1,2,R,2026-01-01,i\n"
                "p1,s1,2,R,2026-01-01,i\np2,s1,3,p2,,\n")},
        {"n", NULL, str_of("person,skill\np1,s1\np1,s1\n")},
        {"o", NULL, str_of("person,skill\np2,s1\n")},
        {"r", NULL, str_of("rule,person,other,column\nmust,p1,p2,\nsame,,,unit\n")},
    };
    int n = 0, wrong = 0;
    for (enum err err = ERR_NOMEM; err; n++) {
        struct arena *arena = arena_new(0), *list = arena_new(0);
        struct roster_problems problems;
        struct roster *roster = NULL;
        wrong += roster_problems_init(&problems, list, 20) != ERR_OK;
        arena_fail_after(arena, (uint64_t)n + 1);
        err = roster_read_sources(arena, sources, &problems, &roster);
        wrong +=
            err ? err != ERR_NOMEM || roster || problems.total || arena_bytes(arena) > 0 : !roster;
        arena_free(arena);
        arena_free(list);
    }
    tap_ok(wrong == 0 && n > 50, "each of %d allocations may fail", n - 1);
    for (n = 0; n < 40; n++) {
        struct arena *arena = arena_new(0), *list = arena_new(0);
        struct roster_problems problems;
        struct roster *roster = NULL;
        wrong += roster_problems_init(&problems, list, 20) != ERR_OK;
        arena_fail_after(list, (uint64_t)n + 1);
        enum err err = roster_read_sources(arena, sources, &problems, &roster);
        wrong += err && err != ERR_NOMEM;
        arena_free(arena);
        arena_free(list);
    }
    tap_ok(wrong == 0, "the memory of the problems and notes too");
}

static void test_paths(struct arena *arena)
{
    const char *temporary = getenv("TMPDIR");
    char folder[200], people[250], skills[250];
    snprintf(folder, sizeof folder, "%s/duet-roster-XXXXXX", temporary ? temporary : "/tmp");
    struct roster_problems problems;
    struct roster *roster = NULL;
    bool made = mkdtemp(folder) != NULL;
    snprintf(people, sizeof people, "%s/people.csv", folder);
    snprintf(skills, sizeof skills, "%s/skills.csv", folder);
    FILE *file = made ? fopen(people, "w") : NULL;
    tap_ok(file && fputs(ROSTER_TEST_PEOPLE, file) >= 0 && fclose(file) == 0, "a file is written");
    struct roster_files files = {.people = people, .skills = skills};
    enum err err = roster_problems_init(&problems, arena, 20);
    err = err ? err : roster_read(arena, &files, &problems, &roster);
    tap_ok(err == ERR_IO && problems.total == 1 && strcmp(problems.items[0].file, skills) == 0 &&
               strstr(problems.items[0].message, "No such file"),
           "a missing file");
    files.skills = folder;
    err = roster_problems_init(&problems, arena, 20);
    err = err ? err : roster_read(arena, &files, &problems, &roster);
    tap_ok(err == ERR_IO && strstr(problems.items[0].message, "cannot be read"), "a folder");
    file = fopen(skills, "w");
    tap_ok(file && fputs(ROSTER_TEST_SKILLS, file) >= 0 && fclose(file) == 0, "a file is written");
    files.skills = skills;
    err = roster_problems_init(&problems, arena, 20);
    err = err ? err : roster_read(arena, &files, &problems, &roster);
    tap_ok(err == ERR_OK && roster->n_people == 3 && roster->n_evidence == 0 && !roster->has_needs,
           "people and skills are enough");
    files = (struct roster_files){.people = "-", .skills = "-"};
    err = roster_read(arena, &files, &problems, &roster);
    tap_ok(err == ERR_INVALID && strstr(problems.items[0].message, "only one file"),
           "one file only from the standard input");
    unlink(people);
    unlink(skills);
    rmdir(folder);
}

static void test_real(struct arena *arena)
{
    const char *shared = getenv("DUET_SHARED");
    char people[300], skills[300], evidence[300];
    shared = shared ? shared : "../shared";
    snprintf(people, sizeof people, "%s/data/gti/people.csv", shared);
    snprintf(skills, sizeof skills, "%s/data/gti/skills.csv", shared);
    snprintf(evidence, sizeof evidence, "%s/data/gti/evidence.csv", shared);
    if (access(evidence, R_OK) != 0) {
        tap_skip("no ../shared/data/gti here");
        return;
    }
    struct roster_files files = {.people = people, .skills = skills, .evidence = evidence};
    struct roster_problems problems;
    struct roster *r = NULL;
    enum err err = roster_problems_init(&problems, arena, 20);
    err = err ? err : roster_read(arena, &files, &problems, &r);
    tap_ok(err == ERR_OK && r->n_people == 545 && r->n_skills == 18 && r->n_domains == 6 &&
               r->n_evidence == 127551 && r->n_raters == 83,
           "real ratings: 545 teachers, 18 skills, 127,551 ratings by 83 raters");
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_people(arena);
    test_names(arena);
    test_lists_and_dates();
    test_skills(arena);
    test_evidence(arena);
    test_wishes_and_rules(arena);
    test_cells();
    test_no_memory();
    test_paths(arena);
    test_real(arena);
    arena_free(arena);
    return tap_done();
}
