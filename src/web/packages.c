/* Debian keeps a file for each package, whose time is that of the installation or upgrade. */
#include "web/packages.h"

#include <assert.h>
#include <stdio.h>
#include <sys/stat.h>

#define PATH_ROOM 256

/* Directly linked, and those below that speak to the network or read foreign bytes. */
static const char *const names[] = {
    "libevent-core-2.1-7", "libssl3", "libsqlite3-0", "libpq5",       "libsodium23", "libcurl4",
    "libcjose0",           "libzip4", "libjansson4",  "libutf8proc2", "libseccomp2", "libc6",
};

/* Milliseconds since 1970 of the file's last change; 0: it is not there. */
static int64_t changed(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 ? (int64_t)found.st_mtime * 1000 : 0;
}

static int64_t package_changed(const char *name)
{
    static const char *const suffixes[] = {"", ":amd64", ":arm64"};
    int64_t at = 0;
    for (size_t i = 0; at == 0 && i < sizeof suffixes / sizeof *suffixes; i++) {
        char path[PATH_ROOM];
        int n = snprintf(path, sizeof path, "/var/lib/dpkg/info/%s%s.list", name, suffixes[i]);
        at = n > 0 && (size_t)n < sizeof path ? changed(path) : 0;
    }
    return at;
}

void packages_read(struct packages *packages, int64_t now_ms)
{
    static_assert(sizeof names / sizeof *names <= PACKAGES_MOST, "room for every package");
    *packages = (struct packages){.read_ms = now_ms};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        packages->items[packages->n++] =
            (struct packages_item){names[i], package_changed(names[i])};
    }
    packages->lists_ms = changed("/var/lib/apt/lists");
}
