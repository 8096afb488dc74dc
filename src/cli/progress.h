/* One line on stderr for work that takes more than a second, and only on a terminal. */
#ifndef DUET_CLI_PROGRESS_H
#define DUET_CLI_PROGRESS_H

#include "cli/term.h"

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const struct term *term; /* of stderr */
    const char *label;
    int64_t begin_ms, last_ms;
    bool shown;
};

/* Begins; the label must outlive the progress. */
struct progress progress_begin(const struct term *err, const char *label);

/* `ctx` is a struct progress, `done` 0 .. 1; always false ("go on"), so that it fits
 * zone_progress_fn. */
bool progress_step(void *ctx, double done);

/* Wipes the line. */
void progress_end(struct progress *progress);

#endif
