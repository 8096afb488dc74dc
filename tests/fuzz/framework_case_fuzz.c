/* Any bytes as a CASE package or observation guides. */
#include "framework_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_framework(bytes, n);
    return 0;
}
