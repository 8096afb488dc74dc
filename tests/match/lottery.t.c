/* Pairs by lot: allowed, maximal, uniform enough, and the same for the same seed. */
#include "match/lottery.h"

#include "base/arena.h"
#include "tap.h"

#define N 60

static bool same_third(void *ctx, int32_t u, int32_t v)
{
    (void)ctx;
    return u % 3 == v % 3;
}

static bool anybody(void *ctx, int32_t u, int32_t v)
{
    (void)ctx;
    return u != v;
}

static void reset(int32_t *mate, int n)
{
    for (int u = 0; u < n; u++) {
        mate[u] = -1;
    }
}

int main(void)
{
    struct arena *arena = arena_new(0);
    int32_t mate[N], again[N];
    int wrong = 0, alone = 0, different = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        reset(mate, N);
        mate[0] = 1; /* stays, although it would not be drawn */
        mate[1] = 0;
        wrong += match_lottery_draw(arena, N, seed, same_third, NULL, mate) != ERR_OK;
        wrong += mate[0] != 1 || mate[1] != 0;
        for (int u = 2; u < N; u++) {
            alone += mate[u] < 0;
            wrong += mate[u] >= 0 && (mate[mate[u]] != u || mate[u] % 3 != u % 3);
        }
        reset(again, N);
        again[0] = 1;
        again[1] = 0;
        wrong += match_lottery_draw(arena, N, seed, same_third, NULL, again) != ERR_OK;
        different += memcmp(mate, again, sizeof mate) != 0;
    }
    tap_ok(wrong == 0, "partners are mutual and allowed, pairs that were there stay");
    tap_ok(alone == 2 * 200, "one person is left where a set is odd, nobody else");
    tap_ok(different == 0, "the same seed gives the same pairs");
    int with[4] = {0};
    for (uint64_t seed = 0; seed < 3000; seed++) {
        reset(mate, 4);
        wrong += match_lottery_draw(arena, 4, seed, anybody, NULL, mate) != ERR_OK;
        with[mate[0]]++;
    }
    tap_ok(with[1] > 880 && with[2] > 880 && with[3] > 880,
           "each of three partners comes up about equally often (%d %d %d)", with[1], with[2],
           with[3]);
    int failed = 0;
    for (uint64_t nth = 1; nth < 20; nth++) {
        arena_fail_after(arena, nth);
        reset(mate, N);
        enum err err = match_lottery_draw(arena, N, 1, anybody, NULL, mate);
        arena_fail_after(arena, 0);
        failed += err == ERR_NOMEM;
    }
    tap_ok(failed >= 1, "a failing allocation is told");
    arena_free(arena);
    return tap_done();
}
