/* Any bytes as the rules file. */
#include "roster_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_roster(ROSTER_FILE_RULES, bytes, n);
    return 0;
}
