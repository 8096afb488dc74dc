/* Any bytes as the people file. */
#include "roster_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_roster(ROSTER_FILE_PEOPLE, bytes, n);
    return 0;
}
