/* Any bytes as a sheet of people. */
#include "coach/people_sheet.h"
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    struct roster_problems problems;
    struct people_sheet sheet;
    FUZZ_CHECK(arena && !roster_problems_init(&problems, arena, 5));
    enum err err = people_sheet_read(arena, (struct str){(const char *)bytes, n}, "fuzzed", NULL,
                                     &problems, &sheet);
    FUZZ_CHECK(err == ERR_OK || err == ERR_INVALID);
    FUZZ_CHECK((err == ERR_OK) == (sheet.set != NULL));
    FUZZ_CHECK(err == ERR_OK || problems.total > 0);
    for (int32_t k = 0; k < sheet.n_columns; k++) {
        for (int32_t s = 0; s < sheet.columns[k].n_samples; s++) {
            fuzz_check_shown(sheet.columns[k].samples[s].p);
        }
    }
    if (sheet.set) {
        fuzz_check_set(sheet.set);
        FUZZ_CHECK((problems.total > 0) == (sheet.set->n_left_out > 0));
        fuzz_plan(arena, sheet.set, &problems);
    }
    fuzz_check_problems(&problems);
    arena_free(arena);
    return 0;
}
