/* The rows of bench-zone: one table, one file of functions per group of rows.
 *
 * A row reads its data below ctx->data, prints one or more lines "name | figure | must | peer" with
 * bench_report() and returns.  A figure outside its `must` bounds is marked FAIL and makes the
 * program's exit status 1; missing data is reported as such and fails too unless --allow-missing.
 */
#ifndef DUET_BENCH_ZONE_ROWS_H
#define DUET_BENCH_ZONE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bench {
    const char *data; /* directory, default ../shared/data/zone */
    const char *row;  /* the row that runs now */
    const char *duet; /* the program, for rows about a whole command */
    int n_checks, n_failures;
    bool verbose;
};

struct bench_row {
    const char *name;  /* --only NAME (prefix match) */
    const char *about; /* one line: what is measured against whom */
    void (*run)(struct bench *ctx);
};

/* Bounds of a figure; use -INFINITY or INFINITY where there is none. */
void bench_report(struct bench *ctx, const char *what, double figure, double at_least,
                  double at_most, const char *peer);

/* A line of text without a bound. */
__attribute__((format(printf, 2, 3))) void bench_note(struct bench *ctx, const char *fmt, ...);

/* The data are not there: says so. */
void bench_missing(struct bench *ctx, const char *path);

double bench_cpu_seconds(void);
/* Largest resident size so far, MB.  Rows run in a child process each, so it is the row's own. */
double bench_peak_mb(void);

/* A CSV of plain fields (no quotes but around whole fields), kept in memory: field(row, column) is
 * a NUL-terminated string; column by name, -1 if absent. */
struct bench_table {
    char *bytes;
    char **fields;
    size_t n_rows, n_columns;
};
bool bench_read(struct bench *ctx, const char *file, struct bench_table *table);
int bench_column(const struct bench_table *table, const char *name);
const char *bench_field(const struct bench_table *table, size_t row, int column);
double bench_number(const struct bench_table *table, size_t row, int column);
void bench_free(struct bench_table *table);

/* Dense codes 0 .. n - 1 of a column (or of several, joined by '|') in order of first appearance;
 * returns n.  `columns` ends with -1. */
int32_t bench_codes(const struct bench_table *table, const int *columns, int32_t *code);

/* FNV-1a, 32 bit. */
uint32_t bench_fnv(const char *text);

/* Groups: bench/zone/<group>.c each; the table is in main.c. */
void row_facets_3mile(struct bench *ctx);
void row_facets_baseball(struct bench *ctx);
void row_tam_cqc04(struct bench *ctx);
void row_tam_immer05(struct bench *ctx);
void row_tam_ej1(struct bench *ctx);
void row_tam_ej2(struct bench *ctx);
void row_tam_ptam4(struct bench *ctx);
void row_rasch(struct bench *ctx);
void row_gti(struct bench *ctx);
void row_peer(struct bench *ctx);
void row_school(struct bench *ctx);
void row_joint(struct bench *ctx);
void row_million(struct bench *ctx);
void row_numerics(struct bench *ctx);
void row_cloze(struct bench *ctx);
void row_sim(struct bench *ctx);
void row_lessons(struct bench *ctx);
void row_districts(struct bench *ctx);
void row_online(struct bench *ctx);

/* Any tutoring log; `name` is its base name (practice.c). */
void bench_practice(struct bench *ctx, const char *file, const char *name);

#endif
