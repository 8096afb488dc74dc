/* What the tests of the roster share: reading from texts. */
#ifndef DUET_TESTS_COACH_ROSTER_TEST_H
#define DUET_TESTS_COACH_ROSTER_TEST_H

#include "base/arena.h"
#include "coach/roster_build.h"

#define ROSTER_TEST_PEOPLE "id,name,district\np1,Ann,North\np2,Ben,north\np3,Cem,South\n"
#define ROSTER_TEST_SKILLS "id,levels\ns1,4\ns2,5\n"
#define ROSTER_TEST_EVIDENCE "person,skill,level\np1,s1,2\n"

static const char *const roster_test_names[ROSTER_FILE__MAX] = {
    "people.csv", "skills.csv", "evidence.csv", "needs.csv", "offers.csv", "rules.csv"};

/* Reads a small complete roster in which one file is replaced by `text` (or none: which < 0). */
static inline enum err roster_test_read(struct arena *arena, int which, struct str text,
                                        size_t limit, struct roster_problems *problems,
                                        struct roster **roster)
{
    struct roster_source sources[ROSTER_FILE__MAX] = {
        {roster_test_names[0], NULL, str_of(ROSTER_TEST_PEOPLE)},
        {roster_test_names[1], NULL, str_of(ROSTER_TEST_SKILLS)},
        {roster_test_names[2], NULL, str_of(ROSTER_TEST_EVIDENCE)},
    };
    *roster = NULL;
    if (which >= 0) {
        sources[which] = (struct roster_source){roster_test_names[which], NULL, text};
    }
    enum err err = roster_problems_init(problems, arena, limit);
    return err ? err : roster_read_sources(arena, sources, problems, roster);
}

#endif
