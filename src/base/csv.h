/* Reading and writing comma-separated values (RFC 4180, and what spreadsheets make of it).
 *
 * The reader takes bytes from a source in large pieces and gives rows one by one; memory does not
 * depend on the size of the file.  libcsv finds the cells, in its strict mode.
 *   - The delimiter (comma, semicolon, tab) is the one that the first line has most of, outside
 *     quotes; a first line "sep=;" as Excel writes it decides instead.
 *   - A byte order mark of UTF-8 is skipped.  Lines end in LF, CRLF or CR.  Blank lines are
 * skipped.
 *   - White space around a cell and around its quotes is dropped by libcsv.
 *   - What cannot be read on (unequal quotes, a limit, UTF-16, a spreadsheet's own format) ends the
 *     reading with a fault that names the line.  Bad bytes inside one cell are told with the row.
 *
 * The writer appends to a buffer, quotes where needed and protects spreadsheets' users from cells
 * that would be taken as formulas. */
#ifndef DUET_BASE_CSV_H
#define DUET_BASE_CSV_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct csv_reader;

#define CSV_MAX_CELL 65536            /* bytes of one cell */
#define CSV_MAX_CELLS 1024            /* cells of one row */
#define CSV_MAX_ROW ((size_t)1 << 20) /* bytes of all cells of one row */

/* Where bytes come from: gives 1 .. n bytes, 0 at the end, or an error (ERR_IO). */
struct csv_source {
    enum err (*read)(void *ctx, char *to, size_t n, size_t *got);
    void *ctx;
    const char *(*why)(void *ctx); /* what went wrong after ERR_IO, in words; NULL: errno knows */
    /* The bytes from `at` on, whatever was read before, from several threads at a time; NULL where
     * they come from front to back only. */
    enum err (*read_at)(const struct csv_source *source, uint64_t at, char *to, size_t n,
                        size_t *got);
    uint64_t size; /* of what read_at() reads */
};

/* A file descriptor, borrowed; errno tells why after ERR_IO.  A regular file that stands at its
 * beginning can be read anywhere. */
struct csv_source csv_source_file(int *fd);

/* Bytes in memory, borrowed; the view moves forward as it is read from front to back. */
struct csv_source csv_source_memory(struct str *bytes);

enum csv_fault_kind {
    CSV_FAULT_NONE,
    CSV_FAULT_QUOTES,      /* a quotation mark where none may be, or one that is never closed */
    CSV_FAULT_LONG_CELL,   /* more than CSV_MAX_CELL */
    CSV_FAULT_MANY_CELLS,  /* more than CSV_MAX_CELLS */
    CSV_FAULT_LONG_ROW,    /* more than CSV_MAX_ROW */
    CSV_FAULT_UTF16,       /* saved as "Unicode text" */
    CSV_FAULT_SPREADSHEET, /* .xlsx, .ods or .xls itself */
    CSV_FAULT__MAX
};

struct csv_fault {
    enum csv_fault_kind kind;
    uint64_t line;  /* physical line from 1 where the cell or row begins; 0: the whole file */
    int32_t column; /* from 1; 0: no column */
};

struct csv_row {
    const struct str *cells; /* valid until the next call */
    int32_t n;               /* at least 1 */
    uint64_t line;           /* physical line of its beginning, from 1 */
    int32_t bad_cell;        /* the first cell that is not UTF-8 or has a NUL, or -1 */
    uint8_t bad_byte;        /* the byte in question */
};

/* A reader in `arena`, or NULL.  It holds some memory of libcsv: csv_reader_close() gives it back;
 * NULL is a no-op there. */
struct csv_reader *csv_reader_open(struct arena *arena, struct csv_source source);
void csv_reader_close(struct csv_reader *reader);

/* The next row.  ERR_NOT_FOUND: there are no more.  ERR_INVALID: see csv_reader_fault(); ERR_IO as
 * the source said; ERR_NOMEM.  A failure repeats itself. */
MUST_CHECK enum err csv_reader_next(struct csv_reader *reader, struct csv_row *row);

struct csv_fault csv_reader_fault(const struct csv_reader *reader);

/* ',', ';' or tab; known after the first row. */
char csv_reader_delimiter(const struct csv_reader *reader);

/* What follows the rows read so far, in pieces that can be read side by side: piece k has the lines
 * that begin in the kth `bytes` bytes (1 .. CSV_MAX_PIECE) of it.  The number of pieces; 0 where
 * the source cannot be read anywhere or the reader does not stand at the beginning of a line. */
#define CSV_MAX_PIECE ((size_t)224 << 10)
uint32_t csv_reader_pieces(const struct csv_reader *reader, size_t bytes);

/* Gives `piece`, a reader of its own (opened on any source), the lines of piece k, which count from
 * 1.  A cell in quotes that goes on in the next piece is a fault of this one; that all pieces
 * before it had none tells that a piece begins with a row.  ERR_NOT_FOUND: there is a line beyond
 * CSV_PIECE_LINE bytes; ERR_IO.  `reader` stands still. */
#define CSV_PIECE_LINE ((size_t)16 << 10)
MUST_CHECK enum err csv_piece_open(struct csv_reader *piece, const struct csv_reader *reader,
                                   size_t bytes, uint32_t k);

/* Where the next row stands: its first byte in the source, and its line, when every row before it
 * ended with its line. */
struct csv_place {
    uint64_t at, line;
};
struct csv_place csv_reader_place(const struct csv_reader *reader);

/* Goes on from there; the source can be read anywhere. */
void csv_reader_go(struct csv_reader *reader, struct csv_place place);

/* The physical line where a cell begins (cells before it may hold line ends), 0 <= cell < n. */
uint64_t csv_row_line(const struct csv_row *row, int32_t cell);

/* Writing: cells, then the end of the row, to a buffer that remembers the first failure. */
struct csv_writer {
    struct buf *buf;
    bool begun; /* the row has a cell */
};

/* A text cell; one that begins with = + - @, tab or carriage return (or with apostrophes before one
 * of these) gets an apostrophe in front, so that no spreadsheet takes it for a formula. */
void csv_writer_text(struct csv_writer *writer, struct str text);

/* A number or other cell that is safe as it is: no guard, quoted only if it must be. */
void csv_writer_plain(struct csv_writer *writer, struct str text);

void csv_writer_end(struct csv_writer *writer);

/* A cell as it was before csv_writer_text guarded it. */
struct str csv_unguard(struct str cell);

#endif
