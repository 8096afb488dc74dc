/* Lists of problems and notes: bounded, and safe to print on a terminal. */
#include "coach/roster_problems.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/catalog.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#define VALUE_WIDTH 60 /* terminal columns of a value */
#define TEXT_SIZE 1024 /* bytes of a message; longer ones are cut */
#define NOTES_MAX 1000 /* notes kept */

enum err roster_problems_init(struct roster_problems *problems, struct arena *arena, size_t limit)
{
    assert(limit >= 1);
    *problems = (struct roster_problems){.arena = arena, .limit = limit};
    problems->items = arena_alloc(arena, limit, sizeof *problems->items);
    return problems->items ? ERR_OK : ERR_NOMEM;
}

const char *roster_problems_text(const struct roster_problems *problems, const char *text)
{
    return problems->catalog && text[0] ? catalog_text(problems->catalog, text).p : text;
}

/* A copy that is safe to show, or NULL. */
static const char *problems_copy(struct arena *arena, struct str text, size_t width)
{
    struct buf buf;
    struct str shown;
    buf_init(&buf, arena, 16 * width + 16);
    utf8_add_shown(&buf, text, width);
    return buf_end(&buf, &shown) ? NULL : shown.p;
}

static bool problems_same(const struct roster_problem *p, const char *file, int32_t column,
                          const char *message)
{
    return column > 0 && p->column == column && strcmp(p->message, message) == 0 &&
           strcmp(p->file, file) == 0;
}

/* Whether the same is said of this value, or often enough of its column; then it is counted with
 * the last of them. */
static bool problems_alike(struct roster_problems *problems, const char *file, int32_t column,
                           struct str value, const char *message)
{
    struct roster_problem *last = NULL;
    bool known = false;
    int n = 0;
    for (size_t i = 0; i < problems->n; i++) {
        struct roster_problem *p = &problems->items[i];
        if (problems_same(p, file, column, message)) {
            known = known || str_is(value, p->value);
            last = p;
            n++;
        }
    }
    if (!known && n < ROSTER_PROBLEMS_LIKE) {
        return false;
    }
    last->n_like++;
    problems->alike++;
    return true;
}

enum err roster_problems_vadd(struct roster_problems *problems, const char *file, uint64_t line,
                              int32_t column, const char *heading, struct str value,
                              const char *hint, const char *fmt, va_list args)
{
    char message[TEXT_SIZE];
    problems->total++;
    vsnprintf(message, sizeof message, roster_problems_text(problems, fmt), args);
    if (problems_alike(problems, file, column, value, message) || problems->n >= problems->limit) {
        return ERR_OK;
    }
    uint64_t n_like = 0;
    for (size_t i = 0; i < problems->n; i++) {
        struct roster_problem *p = &problems->items[i];
        if (problems_same(p, file, column, message)) {
            n_like += p->n_like;
            p->n_like = 0; /* the last of them has the count */
        }
    }
    struct roster_problem problem = {
        .file = problems_copy(problems->arena, str_of(file), TEXT_SIZE),
        .line = line,
        .column = column,
        .heading = problems_copy(problems->arena, str_of(heading), VALUE_WIDTH),
        .value = problems_copy(problems->arena, value, VALUE_WIDTH),
        .message = problems_copy(problems->arena, str_of(message), TEXT_SIZE),
        .hint =
            problems_copy(problems->arena, str_of(roster_problems_text(problems, hint)), TEXT_SIZE),
        .n_like = n_like,
    };
    if (!problem.file || !problem.heading || !problem.value || !problem.message || !problem.hint) {
        return ERR_NOMEM;
    }
    problems->items[problems->n++] = problem;
    return ERR_OK;
}

enum err roster_problems_add(struct roster_problems *problems, const char *file, uint64_t line,
                             int32_t column, const char *heading, struct str value,
                             const char *hint, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    enum err err =
        roster_problems_vadd(problems, file, line, column, heading, value, hint, fmt, args);
    va_end(args);
    return err;
}

enum err roster_problems_note(struct roster_problems *problems, const char *file, uint64_t line,
                              uint64_t count, const char *fmt, ...)
{
    if (problems->n_notes >= NOTES_MAX) {
        return ERR_OK;
    }
    char text[TEXT_SIZE];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, roster_problems_text(problems, fmt), args);
    va_end(args);
    /* The room doubles whenever the count is a power of two. */
    size_t n = problems->n_notes;
    if ((n & (n - 1)) == 0) {
        void *grown =
            arena_grow(problems->arena, problems->notes, n, n ? 2 * n : 1, sizeof *problems->notes);
        if (!grown) {
            return ERR_NOMEM;
        }
        problems->notes = grown;
    }
    struct roster_note note = {
        .file = problems_copy(problems->arena, str_of(file), TEXT_SIZE),
        .line = line,
        .count = count,
        .text = problems_copy(problems->arena, str_of(text), TEXT_SIZE),
    };
    if (!note.file || !note.text) {
        return ERR_NOMEM;
    }
    problems->notes[problems->n_notes++] = note;
    return ERR_OK;
}
