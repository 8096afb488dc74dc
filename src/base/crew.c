/* Fork and join over POSIX threads; see crew.h. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "base/crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

struct job {
    crew_fn *fn; /* or, for pieces in order, make and take */
    crew_slot_fn *make, *take;
    void *ctx;
    uint32_t n;
    _Atomic uint32_t next; /* the first piece that nobody has begun */
    _Atomic int slots;     /* given out */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    uint32_t turn; /* under the lock: the piece to be taken next */
};

struct crew crew_of_machine(void)
{
    /* Asked of the kernel, not of files below /sys, which a sandbox keeps out of reach. */
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : CREW_MOST;
    return (struct crew){n < 1 ? 1 : n > CREW_MOST ? CREW_MOST : n};
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

/* A piece waits for those before it, which others have in hand: all are begun in order. */
static void *work_in_order(void *argument)
{
    struct job *job = argument;
    int slot = atomic_fetch_add(&job->slots, 1);
    uint32_t piece;
    while ((piece = atomic_fetch_add(&job->next, 1)) < job->n) {
        job->make(job->ctx, piece, slot);
        pthread_mutex_lock(&job->lock);
        while (job->turn != piece) {
            pthread_cond_wait(&job->moved, &job->lock);
        }
        job->take(job->ctx, piece, slot);
        job->turn++;
        pthread_cond_broadcast(&job->moved);
        pthread_mutex_unlock(&job->lock);
    }
    return NULL;
}

/* The caller and as many threads as there is work for. */
static void run(const struct crew *crew, struct job *job, void *(*worker)(void *))
{
    pthread_t threads[CREW_MOST - 1];
    int most = crew && crew->n_threads < CREW_MOST ? crew->n_threads : CREW_MOST, n_made = 0;
    while (crew && n_made + 1 < most && (uint32_t)n_made + 1 < job->n &&
           pthread_create(&threads[n_made], NULL, worker, job) == 0) {
        n_made++;
    }
    worker(job);
    for (int k = 0; k < n_made; k++) {
        pthread_join(threads[k], NULL);
    }
}

void crew_run(const struct crew *crew, uint32_t n, crew_fn *fn, void *ctx)
{
    struct job job = {.fn = fn, .ctx = ctx, .n = n};
    run(crew, &job, work);
}

void crew_run_in_order(const struct crew *crew, uint32_t n, crew_slot_fn *make, crew_slot_fn *take,
                       void *ctx)
{
    struct job job = {.make = make,
                      .take = take,
                      .ctx = ctx,
                      .n = n,
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .moved = PTHREAD_COND_INITIALIZER};
    run(crew, &job, work_in_order);
    pthread_cond_destroy(&job.moved);
    pthread_mutex_destroy(&job.lock);
}
