/* See progress.h. */
#include "cli/progress.h"

#include <stdio.h>
#include <time.h>

#define PROGRESS_FIRST_MS 1000
#define PROGRESS_EVERY_MS 100

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct progress progress_begin(const struct term *err, const char *label)
{
    int64_t now = now_ms();
    return (struct progress){.term = err, .label = label, .begin_ms = now, .last_ms = now};
}

bool progress_step(void *ctx, double done)
{
    struct progress *progress = ctx;
    int64_t now = now_ms();
    if (!progress->term->is_terminal || now - progress->begin_ms < PROGRESS_FIRST_MS ||
        now - progress->last_ms < PROGRESS_EVERY_MS) {
        return false;
    }
    progress->last_ms = now;
    progress->shown = true;
    fprintf(stderr, "\r%s ... %3.0f %%", progress->label, 100 * done);
    fflush(stderr);
    return false;
}

void progress_end(struct progress *progress)
{
    if (progress->shown) {
        fprintf(stderr, "\r\033[K");
        fflush(stderr);
    }
}
