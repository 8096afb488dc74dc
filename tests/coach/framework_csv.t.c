/* Frameworks as sheets: both shapes, round trips, and what is said about bad ones. */
#include "framework_test.h"
#include "tap.h"

static const struct framework_skill *skill_at(const struct framework *f, int d, int s)
{
    return &f->domains[d].skills[s];
}

static void test_tall(void)
{
    static const char sheet[] =
        "kind;code;name;description;level;difficulty;language;licence;name:es;description:es\r\n"
        "framework;;Teaching;What we look for;;;en;CC0;Ense\303\261anza;\r\n"
        "domain;;Talk;;;;;;Conversaci\303\263n;\r\n"
        "skill;wait;Waiting;Gives time to think;;;;;Esperar;\r\n"
        "level;;Starting;Asks and answers;1;;;;;Pregunta y responde\r\n"
        "level;;Growing;\"Waits,\nsometimes\";2;;;;;\r\n"
        "task;;Count to three;;;-0.5;;;;\r\n"
        "skill;;What's new? (\303\211t\303\251);;;;;;;\r\n"
        "task;;Try;;;;;;;\r\n"
        "level;wait;Strong;Waits;3;;;;;\r\n";
    struct arena *arena = arena_new(0);
    struct roster_problems problems;
    struct framework *f;
    tap_ok(framework_test_read(arena, str_of(sheet), &problems, &f) == ERR_OK, "a sheet is read");
    framework_test_show(&problems);
    tap_ok(f && f->n_domains == 1 && f->n_skills == 2 && f->n_languages == 1, "its parts");
    if (!f) {
        arena_free(arena);
        return;
    }
    const struct framework_skill *wait = skill_at(f, 0, 0), *second = skill_at(f, 0, 1);
    tap_ok(str_is(f->words.name, "Teaching") && str_is(f->licence, "CC0") &&
               str_is(f->languages[0], "es") && str_is(f->others[0].name, "Ense\303\261anza"),
           "the framework's row");
    tap_ok(wait->n_levels == 3 && str_is(wait->levels[1].words.description, "Waits,\nsometimes") &&
               str_is(wait->levels[0].others[0].description, "Pregunta y responde"),
           "levels, one of them further down by the code of its skill");
    tap_ok(wait->n_tasks == 1 && wait->tasks[0].has_difficulty && wait->tasks[0].difficulty == -0.5,
           "a task with a difficulty");
    tap_text(second->code.p, "whats-new-\303\251t\303\251", "a code is made from the name");
    tap_ok(second->n_levels == 4 && !second->levels && !second->tasks[0].has_difficulty,
           "four levels where none are described");
    arena_free(arena);
}

static void test_wide(void)
{
    static const char sheet[] = "\xEF\xBB\xBF"
                                "Strand,Skill,Level 1: Starting,Level 2,level 3 - Strong,Notes\n"
                                "Talk,Waiting,Answers at once,Waits,Waits and asks again,x\n"
                                "Talk,Asking,Closed,Open,,\n"
                                "Room,Calm,,,,\n"
                                "Talk,Waiting,a,b,,\n";
    struct arena *arena = arena_new(0);
    struct roster_problems problems;
    struct framework *f;
    tap_ok(framework_test_read(arena, str_of(sheet), &problems, &f) == ERR_OK,
           "a rubric with a column for each level");
    framework_test_show(&problems);
    if (f) {
        tap_ok(f->n_domains == 2 && f->domains[0].n_skills == 3 && f->words.name.n == 0,
               "grouped by strand");
        tap_ok(skill_at(f, 0, 0)->n_levels == 3 &&
                   str_is(skill_at(f, 0, 0)->levels[0].words.name, "Starting") &&
                   str_is(skill_at(f, 0, 0)->levels[2].words.description, "Waits and asks again"),
               "texts and names of levels");
        tap_ok(skill_at(f, 0, 1)->n_levels == 2 && skill_at(f, 1, 0)->n_levels == 4,
               "as many levels as are described, four where none is");
        tap_text(skill_at(f, 0, 2)->code.p, "waiting-2", "the same name twice");
        tap_ok(problems.n_notes == 1 && strstr(problems.notes[0].text, "Notes"),
               "a column without a use is noted");
    }
    arena_free(arena);
}

static void test_round_trip(void)
{
    int good = 0;
    const int n = 200;
    for (uint64_t seed = 1; seed <= (uint64_t)n; seed++) {
        struct arena *arena = arena_new(0);
        struct roster_problems problems;
        struct framework *made = framework_test_make(arena, seed), *back;
        struct buf buf;
        struct str text;
        const char *where = "it could not be read";
        buf_init(&buf, arena, (size_t)1 << 24);
        framework_csv_write(made, &buf);
        if (buf_end(&buf, &text) == ERR_OK &&
            framework_test_read(arena, text, &problems, &back) == ERR_OK &&
            framework_same(made, back, false, &where)) {
            good++;
        } else {
            printf("# seed %d: %s\n", (int)seed, where);
            framework_test_show(&problems);
        }
        arena_free(arena);
    }
    tap_ok(good == n, "what is written is read back the same, %d of %d", good, n);
}

/* Each bad sheet, and where and what must be said first. */
static const struct {
    const char *sheet;
    int line, column;
    const char *says;
} bad[] = {
    {"", 0, 0, "empty"},
    {"kind,code\nskill,a\n", 1, 0, "\"name\""},
    {"kind,name\n", 0, 0, "no skill"},
    {"kind,name\nskil,A\n", 2, 1, "kind must be"},
    {"kind,name\nlevel,A\n", 2, 1, "no skill above"},
    {"kind,name,code\nskill,A,a\nskill,B,a\n", 3, 3, "already used"},
    {"kind,name\nskill,\n", 2, 2, "may not be empty"},
    {"kind,name,level\nskill,A,\nlevel,x,1\nlevel,y,3\n", 2, 0, "levels"},
    {"kind,name,level\nskill,A,\nlevel,x,1\nlevel,y,1\n", 2, 0, "levels"},
    {"kind,name,level\nskill,A,\nlevel,x,1\n", 2, 0, "levels"},
    {"kind,name,level\nskill,A,\nlevel,x,13\n", 3, 3, "from 1 to 12"},
    {"kind,name,difficulty\nskill,A,\ntask,x,hard\n", 3, 3, "from -10 to 10"},
    {"kind,name,difficulty\nskill,A,\ntask,x,11\n", 3, 3, "from -10 to 10"},
    {"kind,name,levels\nskill,A,1\n", 2, 3, "from 2 to 12"},
    {"kind,name,language\nframework,A,?\nskill,B,\n", 2, 3, "no language"},
    {"kind,name\nskill,A\nframework,B\n", 3, 1, "above all others"},
    {"kind,name,retired\nskill,A,perhaps\n", 2, 3, "yes or no"},
    {"kind,name,code\nskill,A,a\ntask,x,b\n", 3, 3, "no skill of this code"},
    {"name\n\"A\n", 2, 1, "quotation marks"},
    {"name\n\xFF\n", 2, 1, "not UTF-8"},
};

static void test_bad(void)
{
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct arena *arena = arena_new(0);
        struct roster_problems problems;
        struct framework *f;
        enum err err = framework_test_read(arena, str_of(bad[k].sheet), &problems, &f);
        const struct roster_problem *p = &problems.items[0];
        tap_ok(err == ERR_INVALID && !f && problems.n > 0 && (int)p->line == bad[k].line &&
                   p->column == bad[k].column && strstr(p->message, bad[k].says),
               "refused: %s", bad[k].says);
        if (err != ERR_INVALID || (int)p->line != bad[k].line || p->column != bad[k].column) {
            framework_test_show(&problems);
        }
        arena_free(arena);
    }
}

static void test_limits(void)
{
    struct arena *arena = arena_new(0);
    struct roster_problems problems;
    struct framework *f;
    struct buf buf;
    struct str text;
    buf_init(&buf, arena, (size_t)1 << 24);
    buf_add_text(&buf, "name\n");
    for (int k = 0; k <= FRAMEWORK_MAX_SKILLS; k++) {
        buf_addf(&buf, "skill %d\n", k);
    }
    tap_ok(buf_end(&buf, &text) == ERR_OK &&
               framework_test_read(arena, text, &problems, &f) == ERR_INVALID &&
               problems.total == 1 && (int)problems.items[0].line == FRAMEWORK_MAX_SKILLS + 2 &&
               strstr(problems.items[0].message, "more than 500 skills"),
           "too many skills: said once, with the line");
    buf_clear(&buf);
    buf_add_text(&buf, "name,description\nA,");
    buf_add_repeat(&buf, 'x', FRAMEWORK_MAX_TEXT + 1);
    tap_ok(buf_end(&buf, &text) == ERR_OK &&
               framework_test_read(arena, text, &problems, &f) == ERR_INVALID &&
               strstr(problems.items[0].message, "longer than 4000 bytes"),
           "too long a text");
    arena_free(arena);
}

/* No allocation that fails may do more than fail. */
static void test_memory(void)
{
    static const char sheet[] = "kind,name,name:es\nframework,F,\ndomain,D,\nskill,S,H\n"
                                "level,1,\nlevel,2,\ntask,T,\n";
    int failed = 0;
    enum err err = ERR_NOMEM;
    for (uint64_t nth = 1; err == ERR_NOMEM && nth < 1000; nth++) {
        struct arena *arena = arena_new(0);
        struct roster_problems problems;
        struct framework *f = NULL;
        struct str text = str_of(sheet);
        if (roster_problems_init(&problems, arena, 5) == ERR_OK) {
            arena_fail_after(arena, nth);
            err = framework_csv_read(arena, csv_source_memory(&text), "s", &problems, &f);
            failed += err == ERR_NOMEM && !f;
        }
        arena_free(arena);
    }
    tap_ok(err == ERR_OK && failed > 10, "%d allocations failed in turn, each cleanly", failed);
}

int main(void)
{
    test_tall();
    test_wide();
    test_round_trip();
    test_bad();
    test_limits();
    test_memory();
    return tap_done();
}
