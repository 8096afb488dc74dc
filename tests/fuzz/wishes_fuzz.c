/* Any bytes as the needs file and as the offers file. */
#include "roster_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_roster(ROSTER_FILE_NEEDS, bytes, n);
    fuzz_roster(ROSTER_FILE_OFFERS, bytes, n);
    return 0;
}
