/* Crews of every size do each piece once, also when threads cannot be made; the linker puts
 * __wrap_pthread_create() in the place of the library's. */
#include "base/crew.h"

#include "tap.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>

#define PIECES 100

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *argument);

static int threads_left, threads_made;

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *argument)
{
    if (threads_left-- <= 0) {
        return EAGAIN;
    }
    threads_made++;
    return __real_pthread_create(thread, attributes, start, argument);
}

static void count(void *ctx, uint32_t piece)
{
    int *counts = ctx;
    counts[piece] += 1 + (int)piece;
}

/* Every piece once and no other, with this many threads to be had. */
static int once(const struct crew *crew, uint32_t n, int left)
{
    int counts[PIECES + 1] = {0}, good = 1;
    threads_left = left;
    threads_made = 0;
    crew_run(crew, n, count, counts);
    for (uint32_t k = 0; k <= PIECES; k++) {
        good &= counts[k] == (k < n ? 1 + (int)k : 0);
    }
    return good;
}

struct ordered {
    int made[PIECES], taken[CREW_MOST]; /* by piece; by slot: what it holds, plus 1 */
    uint32_t turn;
    int good;
};

static void make(void *ctx, uint32_t piece, int slot)
{
    struct ordered *all = ctx;
    all->made[piece]++;
    all->taken[slot] = (int)piece + 1;
}

static void take(void *ctx, uint32_t piece, int slot)
{
    struct ordered *all = ctx;
    all->good &= piece == all->turn++ && all->made[piece] == 1 && slot >= 0 && slot < CREW_MOST &&
                 all->taken[slot] == (int)piece + 1;
}

/* Every piece is taken once, in order, from the slot that it was made in. */
static int in_order(const struct crew *crew, uint32_t n, int left)
{
    struct ordered all = {.good = 1};
    threads_left = left;
    crew_run_in_order(crew, n, make, take, &all);
    return all.good && all.turn == n;
}

int main(void)
{
    tap_ok(once(NULL, PIECES, 99) && threads_made == 0, "nobody: the caller does it all");
    for (int n = -1; n <= CREW_MOST + 1; n++) {
        struct crew crew = {n};
        int expected = n < 1 ? 0 : n > CREW_MOST ? CREW_MOST - 1 : n - 1;
        tap_ok(once(&crew, PIECES, 99) && threads_made == expected, "a crew of %d", n);
    }
    struct crew eight = {8};
    tap_ok(once(&eight, 0, 99) && threads_made == 0, "nothing to do");
    tap_ok(once(&eight, 1, 99) && threads_made == 0, "one piece needs no thread");
    tap_ok(once(&eight, 3, 99) && threads_made == 2, "no more threads than pieces");
    tap_ok(once(&eight, PIECES, 0) && threads_made == 0, "no thread can be made");
    tap_ok(once(&eight, PIECES, 3) && threads_made == 3, "only some can be made");

    for (int n = 0; n <= CREW_MOST; n++) {
        struct crew crew = {n};
        tap_ok(in_order(&crew, PIECES, 99) && in_order(&crew, 1, 99) && in_order(&crew, 0, 99),
               "in order by a crew of %d", n);
    }
    tap_ok(in_order(NULL, PIECES, 99) && in_order(&eight, PIECES, 0),
           "in order without another thread");

    int good = crew_first(0, 7, 50) == 0 && crew_first(7, 7, 50) == 50;
    for (uint32_t k = 0; k < 7; k++) {
        uint32_t size = crew_first(k + 1, 7, 50) - crew_first(k, 7, 50);
        good &= size == 7 || size == 8;
    }
    tap_ok(good && crew_first(3, 8, UINT32_MAX) == 1610612735u, "pieces of one size");
    struct crew machine = crew_of_machine();
    tap_ok(machine.n_threads >= 1 && machine.n_threads <= CREW_MOST, "a crew of this machine");
    return tap_done();
}
