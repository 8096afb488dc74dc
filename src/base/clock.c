/* A TZif file: a head, then (version 2 and later) a second head with 64-bit times.  Only the times
 * of changes and the offsets are of interest here. */
#include "base/clock.h"

#include "base/arena.h"
#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct change {
    int64_t at_s;
    int32_t offset_s;
};

struct clock_zone {
    int32_t first_offset_s; /* before the first change */
    int32_t n;
    struct change *changes;
};

#define HEAD 44
#define DAY_MS INT64_C(86400000)
#define MAX_CHANGES 4096

struct head {
    char version;
    uint32_t n_ut, n_std, n_leap, n_times, n_types, n_chars;
};

static uint32_t number4(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t number8(const unsigned char *p)
{
    return (int64_t)((uint64_t)number4(p) << 32 | number4(p + 4));
}

static bool read_head(struct str bytes, struct head *head)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    if (bytes.n < HEAD || memcmp(p, "TZif", 4) != 0) {
        return false;
    }
    *head = (struct head){.version = (char)p[4],
                          .n_ut = number4(p + 20),
                          .n_std = number4(p + 24),
                          .n_leap = number4(p + 28),
                          .n_times = number4(p + 32),
                          .n_types = number4(p + 36),
                          .n_chars = number4(p + 40)};
    return head->n_times <= MAX_CHANGES && head->n_types >= 1 && head->n_types <= 256 &&
           head->n_chars <= CLOCK_MAX_FILE && head->n_leap <= 1000 && head->n_ut <= 256 &&
           head->n_std <= 256;
}

static size_t body_size(const struct head *head, size_t time)
{
    return head->n_times * (time + 1) + head->n_types * 6u + head->n_chars +
           head->n_leap * (time + 4) + head->n_std + head->n_ut;
}

static enum err read_body(struct arena *arena, struct str bytes, const struct head *head,
                          size_t time, struct clock_zone **zone)
{
    const unsigned char *times = (const unsigned char *)bytes.p;
    const unsigned char *which = times + head->n_times * time;
    const unsigned char *types = which + head->n_times;
    struct clock_zone *made = arena_alloc(arena, 1, sizeof *made);
    if (!made) {
        return ERR_NOMEM;
    }
    made->changes = arena_alloc(arena, head->n_times, sizeof *made->changes);
    if (!made->changes) {
        return ERR_NOMEM;
    }
    made->n = (int32_t)head->n_times;
    made->first_offset_s = (int32_t)number4(types);
    for (uint32_t i = 0; i < head->n_times; i++) {
        if (which[i] >= head->n_types) {
            return ERR_INVALID;
        }
        made->changes[i].at_s =
            time == 8 ? number8(times + 8 * i) : (int32_t)number4(times + 4 * i);
        made->changes[i].offset_s = (int32_t)number4(types + 6 * which[i]);
    }
    *zone = made;
    return ERR_OK;
}

enum err clock_parse(struct arena *arena, struct str bytes, struct clock_zone **zone)
{
    struct head head;
    size_t time = 4;
    if (!read_head(bytes, &head)) {
        return ERR_INVALID;
    }
    if (head.version >= '2') {
        size_t skip = HEAD + body_size(&head, 4);
        if (skip > bytes.n) {
            return ERR_INVALID;
        }
        bytes = (struct str){bytes.p + skip, bytes.n - skip};
        if (!read_head(bytes, &head)) {
            return ERR_INVALID;
        }
        time = 8;
    }
    if (HEAD + body_size(&head, time) > bytes.n) {
        return ERR_INVALID;
    }
    bytes = (struct str){bytes.p + HEAD, bytes.n - HEAD};
    return read_body(arena, bytes, &head, time, zone);
}

bool clock_is_name(struct str name)
{
    bool begins = true;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool other = (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
        if (!letter && !(other && !begins) && !(c == '/' && !begins)) {
            return false;
        }
        begins = c == '/';
    }
    return name.n > 0 && name.n <= 64 && !begins;
}

static enum err read_file(const char *path, struct arena *arena, struct str *bytes)
{
    char *text = arena_alloc(arena, CLOCK_MAX_FILE, 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t n = 0;
    ssize_t got = 1;
    if (!text || fd < 0) {
        if (fd >= 0) {
            close(fd);
        }
        return text ? ERR_NOT_FOUND : ERR_NOMEM;
    }
    while (n < CLOCK_MAX_FILE && got != 0) {
        got = read(fd, text + n, CLOCK_MAX_FILE - n);
        if (got < 0 && errno != EINTR) {
            close(fd);
            return ERR_NOT_FOUND; /* a folder */
        }
        n += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    *bytes = (struct str){text, n};
    return ERR_OK;
}

enum err clock_open(struct arena *arena, struct str name, struct clock_zone **zone)
{
    struct buf path;
    struct str whole, bytes;
    if (!clock_is_name(name)) {
        return ERR_NOT_FOUND;
    }
    struct arena *scratch = arena_child(arena);
    if (!scratch) {
        return ERR_NOMEM;
    }
    buf_init(&path, scratch, 128);
    buf_add_text(&path, CLOCK_FOLDER "/");
    buf_add(&path, name);
    enum err err = buf_end(&path, &whole);
    if (err == ERR_OK) {
        err = read_file(whole.p, scratch, &bytes);
    }
    if (err == ERR_OK) {
        err = clock_parse(arena, bytes, zone);
    }
    arena_free(scratch);
    return err;
}

int64_t clock_offset(const struct clock_zone *zone, int64_t at_ms)
{
    if (!zone) {
        return 0;
    }
    int64_t at_s = at_ms / 1000 - (at_ms % 1000 < 0);
    int32_t lo = 0, hi = zone->n; /* changes before lo are at or before the moment */
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (zone->changes[mid].at_s <= at_s) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return 1000 * (int64_t)(lo ? zone->changes[lo - 1].offset_s : zone->first_offset_s);
}

void clock_read(const struct clock_zone *zone, int64_t at_ms, int32_t *day, int32_t *minute)
{
    int64_t there = at_ms + clock_offset(zone, at_ms);
    int64_t days = there / DAY_MS - (there % DAY_MS < 0);
    *day = (int32_t)days;
    *minute = (int32_t)((there - days * DAY_MS) / 60000);
}

int64_t clock_moment(const struct clock_zone *zone, int32_t day, int32_t minute)
{
    int64_t there = day * DAY_MS + minute * INT64_C(60000);
    int64_t before = clock_offset(zone, there - DAY_MS), after = clock_offset(zone, there + DAY_MS);
    if (clock_offset(zone, there - before) != before &&
        clock_offset(zone, there - after) == after) {
        return there - after;
    }
    return there - before;
}
