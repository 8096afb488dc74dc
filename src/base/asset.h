/* A file that is part of the program: style sheet, script, icon.
 *
 * tools/mkembed makes a table of these at build time, sorted by name, with the bytes of the file
 * and, where that is smaller, its gzip and brotli forms.  Nothing is ever freed.  The address of an
 * asset is /a/<hash>/<name>: what it answers never changes, so browsers keep it for good. */
#ifndef DUET_BASE_ASSET_H
#define DUET_BASE_ASSET_H

#include "base/str.h"

struct asset {
    const char *name; /* path below assets/, "icons/leaf.svg" */
    const char *type; /* "text/css; charset=utf-8" */
    const char *hash; /* the first ASSET_HASH hexadecimal digits of its SHA-256 */
    struct str raw;
    struct str gzip, brotli; /* n == 0: not stored in this form */
};

#define ASSET_HASH 16

struct asset_table {
    const struct asset *assets; /* by name, strcmp order */
    int n;
};

/* The files of assets/, made at build time (assets/meson.build). */
extern const struct asset_table asset_embedded;

/* The asset of this name, or NULL.  O(log n). */
const struct asset *asset_find(const struct asset_table *table, struct str name);

#endif
