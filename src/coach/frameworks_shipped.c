/* The frameworks that are part of the program; see frameworks.h. */
#include "coach/frameworks_shipped.h"

#include "base/arena.h"
#include "coach/framework_csv.h"
#include "coach/frameworks.h"
#include "coach/roster_problems.h"

#include <assert.h>

int frameworks_n_shipped(void)
{
    return frameworks_shipped_n;
}

const char *frameworks_shipped_key(int i)
{
    assert(i >= 0 && i < frameworks_shipped_n);
    return frameworks_shipped_list[i].key;
}

enum err frameworks_read_shipped(struct arena *arena, int i, struct framework **framework)
{
    assert(i >= 0 && i < frameworks_shipped_n);
    const struct frameworks_shipped *shipped = &frameworks_shipped_list[i];
    struct str text = {shipped->text, (size_t)(shipped->end - shipped->text)};
    struct roster_problems problems;
    enum err err = roster_problems_init(&problems, arena, 1);
    return err ? err
               : framework_csv_read(arena, csv_source_memory(&text), shipped->key, &problems,
                                    framework);
}
