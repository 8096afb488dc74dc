/* One line to stderr in logfmt (key=value, quoted where needed), which journald keeps.
 *
 *     struct log line;
 *     log_begin(&line, "request");
 *     log_text(&line, "route", str_of("/people/:id"));
 *     log_int(&line, "status", 200);
 *     log_end(&line);
 *
 * gives   at=2026-11-03T10:15:00.123Z event=request route=/people/:id status=200
 *
 * A line is written with one write(2), so lines of several processes never mix; what is longer than
 * LOG_MAX is cut.  No personal data goes into a log: ids of requests, routes with placeholders,
 * counts; never names, addresses, queries or contents. */
#ifndef DUET_BASE_LOG_H
#define DUET_BASE_LOG_H

#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

#define LOG_MAX 1024

struct log {
    char text[LOG_MAX + 1];
    size_t n;
};

void log_begin(struct log *line, const char *event);
void log_text(struct log *line, const char *key, struct str value);
void log_int(struct log *line, const char *key, int64_t value);
/* A duration of microseconds >= 0, written as milliseconds with three decimals. */
void log_micro(struct log *line, const char *key, int64_t microseconds);
void log_end(struct log *line);

/* A line of its own: what happened, and a sentence. */
void log_event(const char *event, const char *message);

#endif
