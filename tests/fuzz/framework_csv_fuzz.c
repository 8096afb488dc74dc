/* Any bytes as a framework sheet. */
#include "framework_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_framework(bytes, n);
    return 0;
}
