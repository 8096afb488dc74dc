/* A bundle of files, read without trusting it: a zip, or a folder.
 *
 * Nothing is ever unpacked to disk; entries are read one by one, in pieces.  A zip that promises
 * more than the limits, or tries something (paths that lead elsewhere, links, encryption, the same
 * name twice, entries that share bytes), is refused as a whole with one fault.  Folders inside are
 * allowed as long as all files that count stand in the same one; what file managers add (folders'
 * own entries, names that begin with a dot, "__MACOSX") does not count.
 *
 *     struct archive *archive;
 *     struct archive_fault fault;
 *     err = archive_open_zip(arena, path, &archive, &fault);
 *     for (int32_t i = 0; i < archive_count(archive); i++) {
 *         err = archive_begin(archive, i, &source);      // csv_reader_open(arena, source)
 *         archive_end(archive);
 *     }
 *     archive_close(archive);
 *
 * libzip does the unpacking and stays behind this header. */
#ifndef DUET_COACH_ARCHIVE_H
#define DUET_COACH_ARCHIVE_H

#include "base/csv.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct arena;
struct archive;

#define ARCHIVE_MAX_ENTRIES 200                /* files and folders */
#define ARCHIVE_MAX_NAME 255                   /* bytes of an entry's path */
#define ARCHIVE_MAX_ENTRY ((uint64_t)1 << 30)  /* bytes of one file, unpacked */
#define ARCHIVE_MAX_TOTAL ((uint64_t)3 << 30)  /* bytes of all files, unpacked */
#define ARCHIVE_MAX_RATIO 400                  /* unpacked : packed; text reaches 50 */
#define ARCHIVE_FREE_RATIO ((uint64_t)1 << 20) /* a file up to this size may have any ratio */

enum archive_fault_kind {
    ARCHIVE_FAULT_NONE,
    ARCHIVE_FAULT_OPEN,      /* cannot be opened; `system` says why */
    ARCHIVE_FAULT_NO_ZIP,    /* not a zip, or its end is missing */
    ARCHIVE_FAULT_DAMAGED,   /* an entry cannot be read or its checksum is wrong */
    ARCHIVE_FAULT_MANY,      /* more than ARCHIVE_MAX_ENTRIES */
    ARCHIVE_FAULT_LARGE,     /* more than ARCHIVE_MAX_ENTRY or ARCHIVE_MAX_TOTAL */
    ARCHIVE_FAULT_RATIO,     /* more than ARCHIVE_MAX_RATIO, or entries that share bytes */
    ARCHIVE_FAULT_NAME,      /* a path that is absolute, climbs, is too long or cannot be shown */
    ARCHIVE_FAULT_ENCRYPTED, /* with a password */
    ARCHIVE_FAULT_LINK,      /* a link, device or the like */
    ARCHIVE_FAULT_METHOD,    /* packed in a way that libzip does not know */
    ARCHIVE_FAULT_TWICE,     /* two files of one name, in capital or small letters */
    ARCHIVE_FAULT_FOLDERS,   /* files in several folders */
    ARCHIVE_FAULT_EMPTY,     /* no file in it */
    ARCHIVE_FAULT__MAX
};

struct archive_fault {
    enum archive_fault_kind kind;
    struct str entry; /* the path in question, shortened, safe to show; "" for the whole */
    int system;       /* errno of ARCHIVE_FAULT_OPEN */
};

/* What a fault is in one sentence without the final period, and what to do about it: msgids. */
const char *archive_fault_message(enum archive_fault_kind kind);
const char *archive_fault_hint(enum archive_fault_kind kind);

struct archive_entry {
    struct str name; /* without its folder */
    uint64_t size;   /* unpacked, as promised */
};

/* Opens a zip by its path or in memory (borrowed until the close), or a folder whose regular files
 * are the entries.  ERR_INVALID or ERR_IO: *fault says why; nothing is open.  ERR_NOMEM. */
MUST_CHECK enum err archive_open_zip(struct arena *arena, const char *path,
                                     struct archive **archive, struct archive_fault *fault);
MUST_CHECK enum err archive_open_memory(struct arena *arena, struct str bytes,
                                        struct archive **archive, struct archive_fault *fault);
MUST_CHECK enum err archive_open_folder(struct arena *arena, const char *path,
                                        struct archive **archive, struct archive_fault *fault);
void archive_close(struct archive *archive); /* NULL is a no-op */

/* The files, in the order of their names. */
int32_t archive_count(const struct archive *archive);
struct archive_entry archive_at(const struct archive *archive, int32_t i);

/* The file of this name without regard to case, or -1. */
int32_t archive_find(const struct archive *archive, struct str name);

/* Reads an entry from its beginning; one at a time, until archive_end.  The source gives ERR_IO
 * when the entry is damaged or longer than it promised, and says so in words. */
MUST_CHECK enum err archive_begin(struct archive *archive, int32_t i, struct csv_source *source);
void archive_end(struct archive *archive);

#endif
