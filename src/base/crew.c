/* Fork and join over POSIX threads; see crew.h. */
#include "base/crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct job {
    crew_fn *fn;
    void *ctx;
    uint32_t n;
    _Atomic uint32_t next; /* the first piece that nobody has taken */
};

struct crew crew_of_machine(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return (struct crew){n < 1 ? 1 : n > CREW_MOST ? CREW_MOST : (int)n};
}

static void *work(void *argument)
{
    struct job *job = argument;
    uint32_t piece;
    while ((piece = atomic_fetch_add(&job->next, 1)) < job->n) {
        job->fn(job->ctx, piece);
    }
    return NULL;
}

void crew_run(const struct crew *crew, uint32_t n, crew_fn *fn, void *ctx)
{
    struct job job = {.fn = fn, .ctx = ctx, .n = n};
    pthread_t threads[CREW_MOST - 1];
    int most = crew && crew->n_threads < CREW_MOST ? crew->n_threads : CREW_MOST, n_made = 0;
    while (crew && n_made + 1 < most && (uint32_t)n_made + 1 < n &&
           pthread_create(&threads[n_made], NULL, work, &job) == 0) {
        n_made++;
    }
    work(&job);
    for (int k = 0; k < n_made; k++) {
        pthread_join(threads[k], NULL);
    }
}
