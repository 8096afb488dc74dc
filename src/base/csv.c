/* Reading CSV: libcsv is a push parser, the reader feeds it one physical line at a time so that it
 * knows the line of everything, and hands out a row whenever one is complete. */
#include "base/csv.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <assert.h>
#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CSV_CHUNK ((size_t)256 << 10) /* bytes read at once */
#define CSV_SNIFF 512u                /* bytes looked at for UTF-16 without a mark */
#define CSV_GROW 4096u                /* libcsv's cell buffer grows by this */
#define CSV_ROOM (CSV_MAX_CELL + 1)   /* libcsv wants one byte more than a cell has */

struct csv_reader {
    struct csv_source source;
    struct csv_parser parser;
    char *chunk;
    size_t at, end;  /* of chunk: next byte to parse, end of what was read */
    size_t line_end; /* the next LF at or after `at`, or `end` */
    bool begun, source_done, finished;
    bool after_cr;     /* the last byte parsed was a CR at the end of its chunk */
    uint64_t line;     /* of the byte at `at` */
    uint64_t row_line; /* where the current row begins */
    uint64_t cell_line;
    uint64_t taken;               /* of the source: where the chunk ends */
    bool anywhere;                /* the source is read from `taken` on, wherever it stands */
    bool no_quotes, no_cr, ascii; /* of the chunk: it has none; all bytes below 0x80, none NUL */
    bool in_row;                  /* a row has begun and not ended */
    bool row_done;                /* the cells below are a whole row */
    bool row_ascii;               /* which are plain, for certain */
    char delimiter;
    int32_t n;
    struct buf text; /* the row's cells, one behind the other */
    struct str *cells;
    enum err err;
    struct csv_fault fault;
};

static enum err source_read_file(void *ctx, char *to, size_t n, size_t *got)
{
    const int *fd = ctx;
    ssize_t result;
    do {
        result = read(*fd, to, n);
    } while (result < 0 && errno == EINTR);
    if (result < 0) {
        return ERR_IO;
    }
    *got = (size_t)result;
    return ERR_OK;
}

static enum err source_read_file_at(const struct csv_source *source, uint64_t at, char *to,
                                    size_t n, size_t *got)
{
    const int *fd = source->ctx;
    ssize_t result;
    do {
        result = pread(*fd, to, n, (off_t)at);
    } while (result < 0 && errno == EINTR);
    if (result < 0) {
        return ERR_IO;
    }
    *got = (size_t)result;
    return ERR_OK;
}

struct csv_source csv_source_file(int *fd)
{
    struct csv_source source = {.read = source_read_file, .ctx = fd};
    struct stat about;
    if (fstat(*fd, &about) == 0 && S_ISREG(about.st_mode) && lseek(*fd, 0, SEEK_CUR) == 0) {
        source.read_at = source_read_file_at;
        source.size = (uint64_t)about.st_size;
    }
    return source;
}

static enum err source_read_memory(void *ctx, char *to, size_t n, size_t *got)
{
    struct str *bytes = ctx;
    size_t take = bytes->n < n ? bytes->n : n;
    if (take > 0) {
        memcpy(to, bytes->p, take);
        bytes->p += take;
        bytes->n -= take;
    }
    *got = take;
    return ERR_OK;
}

/* However far the view has moved, its end stands. */
static enum err source_read_memory_at(const struct csv_source *source, uint64_t at, char *to,
                                      size_t n, size_t *got)
{
    const struct str *bytes = source->ctx;
    uint64_t left = at < source->size ? source->size - at : 0;
    *got = left < n ? (size_t)left : n;
    if (*got > 0) {
        memcpy(to, bytes->p + bytes->n - (size_t)left, *got);
    }
    return ERR_OK;
}

struct csv_source csv_source_memory(struct str *bytes)
{
    return (struct csv_source){.read = source_read_memory,
                               .ctx = bytes,
                               .read_at = source_read_memory_at,
                               .size = bytes->n};
}

/* libcsv's only way to bound a cell: no memory beyond the limit. */
static void *csv_bounded_realloc(void *old, size_t size)
{
    return size > CSV_ROOM ? NULL : realloc(old, size);
}

struct csv_reader *csv_reader_open(struct arena *arena, struct csv_source source)
{
    struct csv_reader *reader = arena_alloc(arena, 1, sizeof *reader);
    if (!reader) {
        return NULL;
    }
    reader->source = source;
    reader->line = 1;
    reader->delimiter = ',';
    reader->chunk = arena_alloc(arena, CSV_CHUNK, 1);
    reader->cells = arena_alloc(arena, CSV_MAX_CELLS, sizeof *reader->cells);
    buf_init(&reader->text, arena, CSV_MAX_ROW);
    const unsigned char options = CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL;
    if (!reader->chunk || !reader->cells || csv_init(&reader->parser, options)) {
        return NULL;
    }
    csv_set_realloc_func(&reader->parser, csv_bounded_realloc);
    csv_set_blk_size(&reader->parser, CSV_GROW);
    return reader;
}

void csv_reader_close(struct csv_reader *reader)
{
    if (reader) {
        csv_free(&reader->parser);
    }
}

struct csv_fault csv_reader_fault(const struct csv_reader *reader)
{
    return reader->fault;
}

char csv_reader_delimiter(const struct csv_reader *reader)
{
    return reader->delimiter;
}

static void csv_fail(struct csv_reader *reader, enum csv_fault_kind kind, uint64_t line,
                     int32_t column)
{
    if (!reader->err) {
        reader->err = ERR_INVALID;
        reader->fault = (struct csv_fault){kind, line, column};
    }
}

/* Callback of libcsv: one cell is complete. */
static void csv_take_cell(void *bytes, size_t n, void *ctx)
{
    struct csv_reader *reader = ctx;
    if (reader->n == CSV_MAX_CELLS) {
        csv_fail(reader, CSV_FAULT_MANY_CELLS, reader->row_line, 0);
        return;
    }
    buf_add(&reader->text, (struct str){bytes, n});
    if (reader->text.err == ERR_LIMIT) {
        csv_fail(reader, CSV_FAULT_LONG_ROW, reader->row_line, 0);
    }
    reader->cells[reader->n++].n = n;
    reader->cell_line = reader->line;
}

/* Callback of libcsv: a line end outside quotes, or the end of the file (-1). */
static void csv_take_row(int c, void *ctx)
{
    struct csv_reader *reader = ctx;
    (void)c;
    reader->in_row = false;
    reader->row_done = reader->n > 0;
}

static void csv_parser_failed(struct csv_reader *reader)
{
    bool full = csv_get_buffer_size(&reader->parser) >= CSV_ROOM;
    if (csv_error(&reader->parser) == CSV_EPARSE) {
        csv_fail(reader, CSV_FAULT_QUOTES, reader->cell_line, reader->n + 1);
    } else if (full) {
        csv_fail(reader, CSV_FAULT_LONG_CELL, reader->cell_line, reader->n + 1);
    } else if (!reader->err) {
        reader->err = ERR_NOMEM;
    }
}

/* What can be said of all of the chunk at once need not be asked of every line. */
static void csv_look_over(struct csv_reader *reader)
{
    const char *from = reader->chunk + reader->at;
    size_t n = reader->end - reader->at;
    reader->no_quotes = !memchr(from, '"', n);
    reader->no_cr = !memchr(from, '\r', n);
    reader->ascii = utf8_is_plain((struct str){from, n});
    reader->line_end = 0;
}

/* Fills the chunk from byte 0 as far as the source goes, or up to `n` bytes, so that the first look
 * sees a whole line. */
static enum err csv_fill(struct csv_reader *reader, size_t n)
{
    const struct csv_source *source = &reader->source;
    reader->at = reader->end = 0;
    while (reader->end < n && !reader->source_done) {
        size_t got = 0, room = n - reader->end;
        char *to = reader->chunk + reader->end;
        enum err err = reader->anywhere ? source->read_at(source, reader->taken, to, room, &got)
                                        : source->read(source->ctx, to, room, &got);
        if (err) {
            return err;
        }
        reader->end += got;
        reader->taken += got;
        reader->source_done = got == 0;
    }
    return ERR_OK;
}

static bool csv_looks_utf16(struct str text)
{
    if (text.n >= 2 && (memcmp(text.p, "\xFF\xFE", 2) == 0 || memcmp(text.p, "\xFE\xFF", 2) == 0)) {
        return true;
    }
    size_t n = text.n < CSV_SNIFF ? text.n : CSV_SNIFF, zeros[2] = {0, 0};
    for (size_t i = 0; i < n; i++) {
        zeros[i % 2] += text.p[i] == '\0';
    }
    /* Half of the bytes are NUL, nearly all of them on one side. */
    size_t more = zeros[0] > zeros[1] ? zeros[0] : zeros[1];
    return n >= 4 && more * 3 >= n && (zeros[0] + zeros[1] - more) * 8 <= more;
}

static bool csv_looks_spreadsheet(struct str text)
{
    return text.n >= 4 &&
           (memcmp(text.p, "PK\x03\x04", 4) == 0 || memcmp(text.p, "\xD0\xCF\x11\xE0", 4) == 0);
}

/* The delimiter that the first line with anything on it has most of. */
static char csv_detect(struct str text)
{
    static const char candidates[] = {',', ';', '\t'};
    size_t counts[sizeof candidates] = {0}, best = 0;
    bool quoted = false, any = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!quoted && (c == '\n' || c == '\r')) {
            if (any) {
                break;
            }
            continue;
        }
        any = any || c != ' ';
        quoted = quoted != (c == '"');
        for (size_t k = 0; k < sizeof candidates; k++) {
            counts[k] += !quoted && c == candidates[k];
        }
    }
    for (size_t k = 1; k < sizeof candidates; k++) {
        best = counts[k] > counts[best] ? k : best;
    }
    return candidates[best];
}

/* Looks at the beginning of the file once. */
static void csv_begin(struct csv_reader *reader)
{
    reader->begun = true;
    struct str text = {reader->chunk, reader->end};
    if (csv_looks_utf16(text)) {
        csv_fail(reader, CSV_FAULT_UTF16, 0, 0);
        return;
    }
    if (csv_looks_spreadsheet(text)) {
        csv_fail(reader, CSV_FAULT_SPREADSHEET, 0, 0);
        return;
    }
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0) {
        reader->at = 3;
        text = (struct str){text.p + 3, text.n - 3};
    }
    if (text.n >= 6 && memcmp(text.p, "sep=", 4) == 0 && (text.p[5] == '\n' || text.p[5] == '\r') &&
        strchr(",;\t", text.p[4]) && text.p[4] != '\0') {
        reader->delimiter = text.p[4];
        reader->at += text.p[5] == '\r' && text.n >= 7 && text.p[6] == '\n' ? 7 : 6;
        reader->line = 2;
    } else {
        reader->delimiter = csv_detect(text);
    }
    csv_set_delim(&reader->parser, (unsigned char)reader->delimiter);
}

/* The end of the physical line at reader->at, behind its line end, or the end of the chunk. */
static size_t csv_line_end(struct csv_reader *reader)
{
    if (reader->line_end < reader->at || reader->line_end == 0) {
        const char *lf = memchr(reader->chunk + reader->at, '\n', reader->end - reader->at);
        reader->line_end = lf ? (size_t)(lf - reader->chunk) : reader->end;
    }
    const char *cr = reader->no_cr
                         ? NULL
                         : memchr(reader->chunk + reader->at, '\r', reader->line_end - reader->at);
    size_t stop = cr ? (size_t)(cr - reader->chunk) : reader->line_end;
    if (stop == reader->end) {
        return stop;
    }
    bool both = reader->chunk[stop] == '\r' && stop + 1 == reader->line_end &&
                reader->line_end < reader->end;
    return stop + (both ? 2 : 1);
}

/* The cell that begins at `at`, without the white space around it; *end: where its delimiter
 * stands, or the line's end. */
static struct str csv_plain_cell(const char *line, size_t at, size_t n, char delimiter, size_t *end)
{
    size_t stop = at;
    while (stop < n && line[stop] != delimiter) {
        stop++;
    }
    *end = stop;
    while (at < stop && (line[at] == ' ' || line[at] == '\t')) {
        at++;
    }
    while (stop > at && (line[stop - 1] == ' ' || line[stop - 1] == '\t')) {
        stop--;
    }
    return (struct str){line + at, stop - at};
}

/* The cells of a line that is not blank.  False: too many. */
static bool csv_take_plain(struct csv_reader *reader, const char *line, size_t n)
{
    size_t at = 0;
    struct str cell = csv_plain_cell(line, 0, n, reader->delimiter, &at);
    while (reader->n < CSV_MAX_CELLS) {
        buf_add(&reader->text, cell);
        reader->cells[reader->n++].n = cell.n;
        if (at >= n) {
            return true;
        }
        cell = csv_plain_cell(line, at + 1, n, reader->delimiter, &at);
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The same in one go, where no cell has white space around it, as in most files.  False: some has,
 * or there are too many. */
static bool csv_take_bare(struct csv_reader *reader, const char *line, size_t n)
{
    char *to = buf_grow(&reader->text, n), delimiter = reader->delimiter;
    size_t used = 0, begin = 0;
    int32_t k = 0;
    for (size_t i = 0; to && i <= n; i++) {
        if (i < n && line[i] != delimiter) {
            to[used++] = line[i];
            continue;
        }
        bool blank = used > begin && (is_blank(to[begin]) || is_blank(to[used - 1]));
        if (blank || k == CSV_MAX_CELLS) {
            return false;
        }
        reader->cells[k++].n = used - begin;
        begin = used;
    }
    reader->text.n = used;
    reader->n = k;
    return to != NULL;
}

/* A whole row that stands on a whole line without quotes, as nearly all do: the same cells that
 * libcsv finds, in a fifth of the time.  False, and nothing is done: leave it to libcsv. */
static bool csv_parse_plain(struct csv_reader *reader, size_t begin, size_t stop)
{
    const char *line = reader->chunk + begin;
    size_t n = stop - begin, first = 0;
    if (line[n - 1] != '\n') {
        return false;
    }
    n -= n > 1 && line[n - 2] == '\r' ? 2 : 1;
    if (n > CSV_MAX_CELL || (!reader->no_quotes && memchr(line, '"', n))) {
        return false;
    }
    while (first < n && is_blank(line[first]) && line[first] != reader->delimiter) {
        first++;
    }
    if (first < n && !csv_take_bare(reader, line, n)) { /* not a blank line */
        buf_clear(&reader->text);
        if (!csv_take_plain(reader, line, n)) {
            reader->n = 0;
            buf_clear(&reader->text);
            return false;
        }
    }
    reader->row_ascii = reader->ascii;
    csv_take_row('\n', reader);
    return true;
}

/* Parses one physical line, or what the chunk has of it. */
static void csv_parse_line(struct csv_reader *reader)
{
    size_t begin = reader->at;
    bool rest_of_crlf = reader->after_cr && reader->chunk[begin] == '\n';
    size_t stop = rest_of_crlf ? begin + 1 : csv_line_end(reader);
    if (!rest_of_crlf && reader->after_cr) {
        reader->line++;
    }
    bool fresh = !reader->in_row && !rest_of_crlf;
    if (!reader->in_row) {
        reader->row_line = reader->cell_line = reader->line;
        reader->in_row = true;
        reader->row_ascii = false;
    }
    size_t n = stop - begin;
    bool done = fresh && csv_parse_plain(reader, begin, stop);
    if (!done && csv_parse(&reader->parser, reader->chunk + begin, n, csv_take_cell, csv_take_row,
                           reader) != n) {
        csv_parser_failed(reader);
    }
    reader->at = stop;
    char last = reader->chunk[stop - 1];
    /* Whether a CR at the end of the chunk ends the line alone is known from the next byte only. */
    reader->after_cr = last == '\r' && stop == reader->end;
    reader->line += (last == '\n' || last == '\r') && !reader->after_cr;
}

static void csv_finish(struct csv_reader *reader)
{
    reader->finished = true;
    if (csv_fini(&reader->parser, csv_take_cell, csv_take_row, reader)) {
        csv_parser_failed(reader);
    }
}

static void csv_give(struct csv_reader *reader, struct csv_row *row)
{
    struct str text = {reader->text.p ? reader->text.p : "", reader->text.n};
    size_t at = 0;
    for (int32_t i = 0; i < reader->n; i++) {
        reader->cells[i].p = text.p + at;
        at += reader->cells[i].n;
    }
    *row = (struct csv_row){reader->cells, reader->n, reader->row_line, -1, 0};
    if (!reader->row_ascii && !utf8_is_plain(text)) {
        for (int32_t i = 0; i < reader->n && row->bad_cell < 0; i++) {
            size_t bad;
            if (!utf8_is_valid(reader->cells[i], &bad)) {
                row->bad_cell = i;
                row->bad_byte = (uint8_t)reader->cells[i].p[bad];
            }
        }
    }
    reader->row_done = false;
}

enum err csv_reader_next(struct csv_reader *reader, struct csv_row *row)
{
    if (!reader->in_row) {
        reader->n = 0;
        buf_clear(&reader->text);
    }
    while (!reader->err && !reader->row_done) {
        if (reader->at < reader->end) {
            csv_parse_line(reader);
        } else if (reader->finished) {
            return ERR_NOT_FOUND;
        } else if (reader->source_done) {
            csv_finish(reader);
        } else {
            reader->err = csv_fill(reader, CSV_CHUNK);
            csv_look_over(reader);
            if (!reader->err && !reader->begun) {
                csv_begin(reader);
            }
        }
        if (!reader->err && reader->text.err) {
            reader->err = reader->text.err;
        }
    }
    if (reader->err) {
        return reader->err;
    }
    csv_give(reader, row);
    return ERR_OK;
}

struct csv_place csv_reader_place(const struct csv_reader *reader)
{
    return (struct csv_place){reader->taken - (reader->end - reader->at), reader->line};
}

/* Nothing of the source is in the chunk; the next row is a new one. */
static void csv_empty(struct csv_reader *reader, uint64_t at, uint64_t line)
{
    reader->taken = at;
    reader->line = line;
    reader->at = reader->end = 0;
    reader->anywhere = reader->begun = true;
    reader->source_done = reader->finished = reader->after_cr = false;
    reader->in_row = reader->row_done = false;
}

void csv_reader_go(struct csv_reader *reader, struct csv_place place)
{
    assert(reader->source.read_at);
    csv_empty(reader, place.at, place.line);
}

uint32_t csv_reader_pieces(const struct csv_reader *reader, size_t bytes)
{
    const struct csv_source *source = &reader->source;
    uint64_t at = csv_reader_place(reader).at;
    assert(bytes >= 1 && bytes <= CSV_MAX_PIECE);
    bool fit = source->read_at && !reader->err && !reader->in_row && !reader->after_cr;
    if (!fit || at >= source->size || (source->size - at) / bytes >= UINT32_MAX) {
        return 0;
    }
    return (uint32_t)((source->size - at + bytes - 1) / bytes);
}

enum err csv_piece_open(struct csv_reader *piece, const struct csv_reader *reader, size_t bytes,
                        uint32_t k)
{
    uint64_t size = reader->source.size, from = csv_reader_place(reader).at + (uint64_t)k * bytes;
    uint64_t to = size - from < bytes ? size : from + bytes, begin = k ? from - 1 : from;
    uint64_t room =
        size - begin < to - begin + CSV_PIECE_LINE ? size - begin : to - begin + CSV_PIECE_LINE;
    piece->source = reader->source;
    piece->delimiter = reader->delimiter;
    csv_set_delim(&piece->parser, (unsigned char)piece->delimiter);
    csv_empty(piece, begin, 1);
    piece->err = csv_fill(piece, (size_t)room);
    if (piece->err || piece->end < room) {
        return piece->err ? piece->err : ERR_NOT_FOUND; /* the file has become shorter */
    }
    /* Between the end of the line before the first one, and that of the last one. */
    const char *chunk = piece->chunk, *lf = k ? memchr(chunk, '\n', (size_t)(to - begin)) : NULL;
    size_t last = (size_t)(to - begin) - 1, stop = last + 1;
    bool none = k > 0 && (!lf || (size_t)(lf - chunk) == last);
    if (none) {
        stop = 0;
    } else if (to < size) {
        const char *end = memchr(chunk + last, '\n', piece->end - last);
        if (!end) {
            return ERR_NOT_FOUND;
        }
        stop = (size_t)(end - chunk) + 1;
    }
    piece->at = lf && !none ? (size_t)(lf - chunk) + 1 : 0;
    piece->taken -= piece->end - stop;
    piece->end = stop;
    piece->source_done = true;
    csv_look_over(piece);
    return ERR_OK;
}

uint64_t csv_row_line(const struct csv_row *row, int32_t cell)
{
    assert(cell >= 0 && cell < row->n);
    uint64_t line = row->line;
    for (int32_t i = 0; i < cell; i++) {
        struct str text = row->cells[i];
        for (size_t k = 0; k < text.n; k++) {
            bool crlf = text.p[k] == '\r' && k + 1 < text.n && text.p[k + 1] == '\n';
            line += text.p[k] == '\n' || (text.p[k] == '\r' && !crlf);
        }
    }
    return line;
}
