/* Looking an embedded file up in its sorted table. */
#include "base/asset.h"

const struct asset *asset_find(const struct asset_table *table, struct str name)
{
    int low = 0, high = table->n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        struct str there = str_of(table->assets[middle].name);
        size_t shorter = there.n < name.n ? there.n : name.n;
        int order = shorter ? memcmp(there.p, name.p, shorter) : 0;
        if (order == 0 && there.n == name.n) {
            return &table->assets[middle];
        }
        if (order < 0 || (order == 0 && there.n < name.n)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}
