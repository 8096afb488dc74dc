/* Writing a file so that nobody ever sees half of it.
 *
 * The text goes to a temporary file in the same folder; committing flushes it to the disk and
 * renames it over the old file.  A new file can be read by its owner only, because it tells what
 * people can do; an old file keeps its mode.  What is not a regular file (a pipe, /dev/null) is
 * written directly.
 *
 *     struct outfile *file;
 *     enum err err = outfile_open(&file, path);
 *     if (err == ERR_OK) {
 *         fprintf(outfile_stream(file), ...);
 *         err = outfile_commit(file);           // or outfile_discard(file)
 *     }
 *
 * Failures are ERR_IO or ERR_NOMEM and have been explained on stderr. */
#ifndef DUET_CLI_OUTFILE_H
#define DUET_CLI_OUTFILE_H

#include "base/err.h"

#include <stdio.h>

struct outfile;

MUST_CHECK enum err outfile_open(struct outfile **file, const char *path);
FILE *outfile_stream(struct outfile *file);

/* Lets the disk begin with what the stream was given, so that the commit of a large file has less
 * to wait for; nothing for a pipe, or where the system cannot. */
void outfile_hasten(FILE *stream);

/* Both free the file. */
MUST_CHECK enum err outfile_commit(struct outfile *file);
void outfile_discard(struct outfile *file); /* NULL is a no-op */

#endif
