/* Log lines in logfmt: built in place, written with one call. */
#include "base/log.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static void add(struct log *line, const char *text, size_t n)
{
    size_t room = LOG_MAX - 1 - line->n; /* one byte is left for the end of the line */
    if (n > room) {
        n = room;
    }
    memcpy(line->text + line->n, text, n);
    line->n += n;
}

static void add_key(struct log *line, const char *key)
{
    if (line->n > 0) {
        add(line, " ", 1);
    }
    add(line, key, strlen(key));
    add(line, "=", 1);
}

static bool is_plain(struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\') {
            return false;
        }
    }
    return value.n > 0;
}

/* Between quotes; control characters as \xNN, so that a value never makes a line of its own. */
static void add_quoted(struct log *line, struct str value)
{
    add(line, "\"", 1);
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (c == '"' || c == '\\') {
            add(line, "\\", 1);
            add(line, &value.p[i], 1);
        } else if (c < ' ' || c == 0x7f) {
            char code[8];
            int n = snprintf(code, sizeof code, "\\x%02x", c);
            add(line, code, (size_t)n);
        } else {
            add(line, &value.p[i], 1);
        }
    }
    add(line, "\"", 1);
}

void log_begin(struct log *line, const char *event)
{
    struct timespec now;
    struct tm day;
    char at[48];
    line->n = 0;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &day);
    int n = snprintf(at, sizeof at, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ", day.tm_year + 1900,
                     day.tm_mon + 1, day.tm_mday, day.tm_hour, day.tm_min, day.tm_sec,
                     now.tv_nsec / 1000000);
    log_text(line, "at", (struct str){at, n > 0 ? (size_t)n : 0});
    log_text(line, "event", str_of(event));
}

void log_text(struct log *line, const char *key, struct str value)
{
    add_key(line, key);
    if (is_plain(value)) {
        add(line, value.p, value.n);
    } else {
        add_quoted(line, value);
    }
}

void log_int(struct log *line, const char *key, int64_t value)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%" PRId64, value);
    add_key(line, key);
    add(line, text, (size_t)n);
}

void log_micro(struct log *line, const char *key, int64_t microseconds)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%" PRId64 ".%03" PRId64, microseconds / 1000,
                     microseconds % 1000);
    add_key(line, key);
    add(line, text, (size_t)n);
}

void log_end(struct log *line)
{
    line->text[line->n++] = '\n';
    /* Nowhere is left to say that the log itself cannot be written. */
    ssize_t written = write(STDERR_FILENO, line->text, line->n);
    (void)written;
}

void log_event(const char *event, const char *message)
{
    struct log line;
    log_begin(&line, event);
    log_text(&line, "message", str_of(message));
    log_end(&line);
}
