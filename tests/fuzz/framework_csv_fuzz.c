/* Any bytes as a framework sheet.
 *
 * sources: src/base/ src/coach/roster src/coach/framework_ */
#include "framework_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_framework(bytes, n);
    return 0;
}
