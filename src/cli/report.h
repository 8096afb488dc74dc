/* The plain sentences, facts and warnings that the commands print. */
#ifndef DUET_CLI_REPORT_H
#define DUET_CLI_REPORT_H

#include "cli/command.h"

#include <stdint.h>
#include <stdio.h>

/* A short text by value, for use inside one printf call. */
struct report_text {
    char text[64];
};

/* 127551 as "127,551". */
struct report_text report_count(int64_t n);

/* "1 person", "2,000 people". */
struct report_text report_many(int64_t n, const char *one, const char *many);

/* Days since 1970-01-01 as "2026-11-24". */
struct report_text report_date(int32_t day);

/* A title above what follows, with an empty line before it. */
void report_heading(FILE *out, const struct term *term, const char *title);

/* "  label      text", the text wrapped beside the label (20 columns). */
__attribute__((format(printf, 4, 5))) void report_fact(FILE *out, const struct term *term,
                                                       const char *label, const char *fmt, ...);

/* A paragraph wrapped to the width, each line indented. */
__attribute__((format(printf, 4, 5))) void report_paragraph(FILE *out, const struct term *term,
                                                            int indent, const char *fmt, ...);

/* A paragraph behind "! ", for what a person should look at. */
__attribute__((format(printf, 3, 4))) void report_warning(FILE *out, const struct term *term,
                                                          const char *fmt, ...);

/* A paragraph behind "Note: ", for what was decided and should be known. */
__attribute__((format(printf, 3, 4))) void report_note(FILE *out, const struct term *term,
                                                       const char *fmt, ...);

/* "duet: message" on stderr, with the exit status that goes with it handed through. */
__attribute__((format(printf, 2, 3))) enum status report_failure(enum status status,
                                                                 const char *fmt, ...);

/* What to say when a call failed and nothing more is known: the message for `code` on stderr. */
enum status report_error(enum err code, const char *doing);

#endif
