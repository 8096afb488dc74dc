/* Phase 1 on a matrix: Jonker-Volgenant on rows of 32-bit weights where they fit, 64-bit ones
 * otherwise.  Both are made from fractional_rows.h. */
#include "match/fractional.h"

#include "base/arena.h"

#define ROWS_NAME(name) narrow_##name
#define ROWS_INT int32_t
#define ROWS_MAX INT32_MAX
#include "match/fractional_rows.h"
#undef ROWS_NAME
#undef ROWS_INT
#undef ROWS_MAX

#define ROWS_NAME(name) wide_##name
#define ROWS_INT int64_t
#define ROWS_MAX INT64_MAX
#include "match/fractional_rows.h"
#undef ROWS_NAME
#undef ROWS_INT
#undef ROWS_MAX

enum err match_fractional_dense(struct arena *arena, const struct match_graph *graph,
                                int32_t *partner, int64_t *y)
{
    return graph->narrow ? narrow_solve(arena, graph->n, graph->narrow, partner, y)
                         : wide_solve(arena, graph->n, graph->wide, partner, y);
}
