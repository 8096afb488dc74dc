/* What the rows share: reports, tables, codes. */
#include "rows.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

void bench_report(struct bench *ctx, const char *what, double figure, double at_least,
                  double at_most, const char *peer)
{
    char must[64] = "";
    bool ok = figure >= at_least && figure <= at_most; /* NaN fails */
    if (isfinite(at_least) && isfinite(at_most)) {
        snprintf(must, sizeof must, "%g .. %g", at_least, at_most);
    } else if (isfinite(at_least)) {
        snprintf(must, sizeof must, ">= %g", at_least);
    } else if (isfinite(at_most)) {
        snprintf(must, sizeof must, "<= %g", at_most);
    } else {
        ok = true;
    }
    ctx->n_checks++;
    ctx->n_failures += !ok;
    printf("%-4s %-10s %-44s %10.4f  %-14s %s\n", ok ? "ok" : "FAIL", ctx->row, what, figure, must,
           peer);
    fflush(stdout);
}

void bench_note(struct bench *ctx, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    printf("     %-10s ", ctx->row);
    vprintf(fmt, args);
    printf("\n");
    va_end(args);
    fflush(stdout);
}

void bench_missing(struct bench *ctx, const char *path)
{
    bench_report(ctx, "data not found", NAN, 0, 0, path);
}

double bench_cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double bench_peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static void *must_have(void *p)
{
    if (!p) {
        fputs("bench-zone: out of memory\n", stderr);
        exit(2);
    }
    return p;
}

static char *read_all(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return NULL;
    }
    size_t room = 1 << 16, used = 0, got;
    char *bytes = must_have(malloc(room + 1));
    while ((got = fread(bytes + used, 1, room - used, file)) > 0) {
        used += got;
        if (used == room) {
            bytes = must_have(realloc(bytes, (room *= 2) + 1));
        }
    }
    fclose(file);
    bytes[used] = '\0';
    *n = used;
    return bytes;
}

/* Splits in place; a field may be quoted as a whole. */
static void split(struct bench_table *table, size_t n)
{
    size_t n_lines = 1, n_columns = 1;
    for (size_t i = 0; i < n; i++) {
        n_lines += table->bytes[i] == '\n';
    }
    for (char *p = table->bytes; *p && *p != '\n'; p++) {
        n_columns += *p == ',';
    }
    table->n_columns = n_columns;
    table->fields = must_have(calloc(n_lines * n_columns, sizeof *table->fields));
    char *p = table->bytes;
    size_t row = 0;
    static char empty[] = "";
    while (*p) {
        for (size_t c = 0; c < n_columns; c++) {
            table->fields[row * n_columns + c] = empty;
        }
        size_t column = 0;
        char *start = p;
        for (;; p++) {
            if (*p != ',' && *p != '\n' && *p != '\0') {
                continue;
            }
            char stop = *p, *end = p;
            while (end > start && (end[-1] == '\r' || end[-1] == '"')) {
                end--;
            }
            *end = '\0';
            if (column < n_columns) {
                table->fields[row * n_columns + column++] = start + (*start == '"');
            }
            start = p + 1;
            if (stop != ',') {
                p += stop == '\n';
                break;
            }
        }
        row++;
    }
    table->n_rows = row ? row - 1 : 0; /* the first is the header */
}

bool bench_read(struct bench *ctx, const char *file, struct bench_table *table)
{
    char path[4096];
    size_t n;
    snprintf(path, sizeof path, "%s/%s", ctx->data, file);
    table->bytes = read_all(path, &n);
    if (!table->bytes) {
        bench_missing(ctx, path);
        return false;
    }
    split(table, n);
    return true;
}

int bench_column(const struct bench_table *table, const char *name)
{
    for (size_t c = 0; c < table->n_columns; c++) {
        if (strcmp(table->fields[c], name) == 0) {
            return (int)c;
        }
    }
    return -1;
}

const char *bench_field(const struct bench_table *table, size_t row, int column)
{
    return table->fields[(row + 1) * table->n_columns + (size_t)column];
}

double bench_number(const struct bench_table *table, size_t row, int column)
{
    return strtod(bench_field(table, row, column), NULL);
}

void bench_free(struct bench_table *table)
{
    free(table->bytes);
    free(table->fields);
}

uint32_t bench_fnv(const char *text)
{
    uint32_t h = 2166136261u;
    for (; *text; text++) {
        h = (h ^ (unsigned char)*text) * 16777619u;
    }
    return h;
}

static bool same(const struct bench_table *t, const int *columns, size_t a, size_t b)
{
    for (; *columns >= 0; columns++) {
        if (strcmp(bench_field(t, a, *columns), bench_field(t, b, *columns)) != 0) {
            return false;
        }
    }
    return true;
}

int32_t bench_codes(const struct bench_table *table, const int *columns, int32_t *code)
{
    size_t room = 1024;
    while (room < table->n_rows * 2) {
        room *= 2;
    }
    size_t *seen = must_have(calloc(room, sizeof *seen)); /* 1 + first row of the value */
    int32_t n = 0;
    for (size_t i = 0; i < table->n_rows; i++) {
        size_t at = 0;
        for (const int *c = columns; *c >= 0; c++) {
            at = (at * 31 + bench_fnv(bench_field(table, i, *c))) * 2654435761u;
        }
        for (at &= room - 1; seen[at] && !same(table, columns, seen[at] - 1, i);) {
            at = (at + 1) & (room - 1);
        }
        if (!seen[at]) {
            seen[at] = i + 1;
            code[i] = n++;
        } else {
            code[i] = code[seen[at] - 1];
        }
    }
    free(seen);
    return n;
}
