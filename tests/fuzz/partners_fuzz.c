/* Any bytes as partners.csv of a small roster: whatever is read is whole, and nothing that is not
 * what the round says passes the check. */
#include "coach/round_partners.h"
#include "roster_fuzz.h"

static const char people[] = "id,name,unit\np1,Ann,A\np2,Ben,B\np3,\xC3\x89va,A\n";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct roster_source sources[ROSTER_FILE__MAX] = {
        {"people", NULL, str_of(people)},
        {"skills", NULL, str_of("id,levels\ns1,4\ns2,5\n")},
        {"evidence", NULL, str_of("person,skill,level\np1,s1,4\np2,s1,1\np3,s2,5\np1,s2,2\n")},
    };
    struct arena *arena = arena_new((size_t)256 << 20);
    struct roster_problems problems;
    struct roster *roster = NULL;
    struct round_proposal *rows = NULL;
    int32_t n_rows = 0;
    struct str view = {(const char *)bytes, n};
    FUZZ_CHECK(arena && !roster_problems_init(&problems, arena, 5));
    FUZZ_CHECK(roster_read_sources(arena, sources, &problems, &roster) == ERR_OK);
    enum err err = round_partners_read(arena, roster, csv_source_memory(&view), "fuzzed", &problems,
                                       &rows, &n_rows);
    FUZZ_CHECK(err == ERR_OK || err == ERR_INVALID);
    FUZZ_CHECK((err == ERR_OK) == (problems.total == 0));
    for (int32_t k = 0; err == ERR_OK && k < n_rows; k++) {
        FUZZ_CHECK(fuzz_in(rows[k].learner, 3) && fuzz_in(rows[k].helper, 3));
        FUZZ_CHECK(rows[k].learner != rows[k].helper && fuzz_in_or_none(rows[k].skill, 2));
        FUZZ_CHECK(rows[k].pair >= 1 && rows[k].gain >= 0);
    }
    struct zone_estimate estimates[6] = {0};
    struct zone_fit fit = {.estimates = estimates};
    for (int k = 0; k < 6; k++) {
        estimates[k] = (struct zone_estimate){.alone = k % 3,
                                              .alone_sd = 0.4,
                                              .helped = k % 3 + 1,
                                              .helped_sd = 0.5,
                                              .n_evidence = 1};
    }
    for (int s = 0; err == ERR_OK && s < ROUND_STRATEGY__MAX; s++) {
        struct round_options options = round_options_default();
        struct round *round;
        struct round_problem problem;
        struct round_verdict verdict;
        options.strategy = (enum round_strategy)s;
        FUZZ_CHECK(round_prepare(arena, roster, &fit, &options, &round, &problem) == ERR_OK);
        enum err judged = round_verify(arena, round, rows, n_rows, NULL, NULL, NULL, &verdict);
        FUZZ_CHECK(judged == ERR_OK || judged == ERR_REFUSED);
    }
    for (size_t k = 0; k < problems.n; k++) {
        fuzz_check_shown(problems.items[k].value);
        fuzz_check_shown(problems.items[k].message);
    }
    arena_free(arena);
    return 0;
}
