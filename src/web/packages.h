/* The libraries that Duet stands on, as Debian's package manager knows them: whether they are cared
 * for is a question of the security page. */
#ifndef DUET_WEB_PACKAGES_H
#define DUET_WEB_PACKAGES_H

#include <stddef.h>
#include <stdint.h>

#define PACKAGES_MOST 16

struct packages_item {
    const char *name;   /* "libssl3" */
    int64_t changed_ms; /* installed or last upgraded; 0: not known here */
};

struct packages {
    struct packages_item items[PACKAGES_MOST];
    size_t n;
    int64_t lists_ms; /* when the lists of packages were last refreshed; 0: not known */
    int64_t read_ms;  /* when this was read: the start of the process */
};

/* Reads it; before the sandbox closes.  What cannot be read is not known. */
void packages_read(struct packages *packages, int64_t now_ms);

#endif
