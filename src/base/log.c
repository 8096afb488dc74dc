/* Log lines in logfmt: built in place, written with one call. */
#include "base/log.h"

#include "base/buf.h"
#include "base/day.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define DAY_S 86400

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

/* A sign and digits, at least so many. */
static void add_padded(struct log *line, const char *sign, int64_t value, size_t least)
{
    char text[BUF_DIGITS];
    struct str digits = buf_digits(text, value);
    add(line, sign, strlen(sign));
    for (size_t n = digits.n; n < least; n++) {
        add(line, "0", 1);
    }
    add(line, digits.p, digits.n);
}

/* A line without printf: there is one for each request. */
void log_begin(struct log *line, const char *event)
{
    struct timespec now;
    char day[DAY_TEXT_SIZE];
    line->n = 0;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t second = now.tv_sec % DAY_S;
    day_write((int32_t)(now.tv_sec / DAY_S), day);
    add_key(line, "at");
    add(line, day, sizeof day - 1);
    add_padded(line, "T", second / 3600, 2);
    add_padded(line, ":", second / 60 % 60, 2);
    add_padded(line, ":", second % 60, 2);
    add_padded(line, ".", now.tv_nsec / 1000000, 3);
    add(line, "Z", 1);
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
    add_key(line, key);
    add_padded(line, "", value, 1);
}

void log_micro(struct log *line, const char *key, int64_t microseconds)
{
    add_key(line, key);
    add_padded(line, "", microseconds / 1000, 1);
    add_padded(line, ".", microseconds % 1000, 3);
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
