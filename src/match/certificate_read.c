/* Text to certificates: a strict reader of what certificate.c writes.
 *
 * Every count is held against the bytes that are left before memory is taken for it, so a short
 * text never takes much.  Reading stops at the first thing that is not as expected. */
#include "base/arena.h"
#include "match/certificate.h"
#include "match/source.h"
#include "match/trio.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LINE_LEAST 4 /* bytes of the shortest line that a count announces: "o 0" and its end */

struct reader {
    struct arena *arena;
    const char *p, *end, *line_begin;
    int64_t line;
    struct match_certificate_error *error;
    enum err err; /* the first failure; later steps do nothing */
};

__attribute__((format(printf, 2, 3))) static void expected(struct reader *r, const char *fmt, ...)
{
    if (r->err) {
        return;
    }
    r->err = ERR_INVALID;
    r->error->line = r->line;
    r->error->column = r->p - r->line_begin + 1;
    va_list args;
    va_start(args, fmt);
    vsnprintf(r->error->expected, sizeof r->error->expected, fmt, args);
    va_end(args);
}

static void *take(struct reader *r, int32_t n, size_t size)
{
    void *p = r->err ? NULL : arena_alloc(r->arena, (size_t)n, size);
    if (!p && !r->err) {
        r->err = ERR_NOMEM;
    }
    return p;
}

/* The text itself, no more and no less. */
static void read_text(struct reader *r, const char *text)
{
    size_t n = strlen(text);
    if (r->err) {
        return;
    }
    if ((size_t)(r->end - r->p) < n || memcmp(r->p, text, n) != 0) {
        const char *stop = strchr(text, '\n');
        if (text[0] == '\n') {
            expected(r, "the end of the line");
        } else {
            expected(r, "\"%.*s\"", (int)(stop ? stop - text : (int64_t)n), text);
        }
        return;
    }
    r->p += n;
}

static void read_newline(struct reader *r)
{
    read_text(r, "\n");
    if (!r->err) {
        r->line++;
        r->line_begin = r->p;
    }
}

/* A number as it is written: no plus, no leading zeros. */
static int64_t read_number(struct reader *r, int64_t least, int64_t most)
{
    const char *p = r->p;
    bool negative = !r->err && p < r->end && *p == '-';
    p += negative;
    int64_t value = 0;
    int n = 0;
    bool bad = r->err != ERR_OK;
    for (; !bad && p < r->end && *p >= '0' && *p <= '9'; p++, n++) {
        int digit = *p - '0';
        bad = __builtin_mul_overflow(value, (int64_t)10, &value) ||
              (negative ? __builtin_sub_overflow(value, digit, &value)
                        : __builtin_add_overflow(value, digit, &value)) ||
              (n == 1 && value >= -9 && value <= 9); /* a zero led */
    }
    bad |= n == 0 || (negative && value == 0) || value < least || value > most;
    if (!bad) {
        r->p = p;
        return value;
    }
    if (least == INT64_MIN && most == INT64_MAX) {
        expected(r, "a whole number");
    } else {
        expected(r, "a number from %" PRId64 " to %" PRId64, least, most);
    }
    return 0;
}

/* A count of things that each take a line of the text. */
static int32_t read_count(struct reader *r)
{
    int64_t most = (r->end - r->p) / LINE_LEAST;
    return (int32_t)read_number(r, 0, most < INT32_MAX ? most : INT32_MAX);
}

static int64_t read_value(struct reader *r)
{
    int64_t value = read_number(r, INT64_MIN, INT64_MAX);
    read_text(r, " ");
    return value;
}

/* A place in a list of n, or '-' for none. */
static int32_t read_place(struct reader *r, int32_t n, bool or_none)
{
    int32_t place = -1;
    if (!r->err && or_none && r->end - r->p >= 2 && memcmp(r->p, "- ", 2) == 0) {
        r->p++;
    } else if (n == 0) {
        expected(r, or_none ? "-" : "nothing: the list is empty");
    } else {
        place = (int32_t)read_number(r, 0, n - 1);
    }
    read_text(r, " ");
    return place;
}

/* The number that a line begins with. */
static void read_index(struct reader *r, int32_t index)
{
    char text[16];
    size_t n = (size_t)snprintf(text, sizeof text, "%d ", (int)index);
    if (!r->err && ((size_t)(r->end - r->p) < n || memcmp(r->p, text, n) != 0)) {
        expected(r, "%d, the number of this line", (int)index);
    }
    r->p += r->err ? 0 : n;
}

static int hex_digit(char c, const char *digits)
{
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* The rest of the line, escapes undone. */
static struct str read_id(struct reader *r)
{
    static const char digits[] = "0123456789ABCDEF";
    if (r->err) {
        return (struct str){"", 0};
    }
    const char *stop = memchr(r->p, '\n', (size_t)(r->end - r->p));
    size_t most = stop ? (size_t)(stop - r->p) : (size_t)(r->end - r->p);
    char *text = arena_alloc(r->arena, most + 1, 1);
    size_t n = 0;
    if (!text) {
        r->err = ERR_NOMEM;
        return (struct str){"", 0};
    }
    for (const char *line_end = r->p + most; r->p < line_end; r->p++) {
        unsigned char c = (unsigned char)*r->p;
        if (c == '%') {
            int high = line_end - r->p > 2 ? hex_digit(r->p[1], digits) : -1;
            int low = line_end - r->p > 2 ? hex_digit(r->p[2], digits) : -1;
            c = (unsigned char)(16 * high + low);
            if (high < 0 || low < 0 || (c >= 32 && c != 127 && c != '%')) {
                expected(r, "%%25 or another escape that is needed");
                break;
            }
            r->p += 2;
        } else if (c < 32 || c == 127) {
            expected(r, "a printable character");
            break;
        }
        text[n++] = (char)c;
    }
    read_newline(r);
    return (struct str){text, n};
}

static struct str read_word(struct reader *r)
{
    const char *begin = r->p;
    while (!r->err && r->p < r->end &&
           ((*r->p >= 'a' && *r->p <= 'z') || (*r->p >= '0' && *r->p <= '9') || *r->p == '-')) {
        r->p++;
    }
    size_t n = (size_t)(r->p - begin);
    if (n == 0 || n > MATCH_CERTIFICATE_WORD) {
        r->p = begin;
        expected(r, "a word of 1 to %d of a-z, 0-9 and -", MATCH_CERTIFICATE_WORD);
        n = 0;
    }
    char *text = r->err ? NULL : arena_text(r->arena, begin, n);
    if (!text && !r->err) {
        r->err = ERR_NOMEM;
    }
    read_newline(r);
    return (struct str){text ? text : "", n};
}

static void read_inputs(struct reader *r, unsigned char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (int k = 0; k < 2 * MATCH_FINGERPRINT_BYTES && !r->err; k++) {
        int digit = r->p < r->end ? hex_digit(*r->p, digits) : -1;
        if (digit < 0) {
            expected(r, "one of %d digits 0-9 and a-f", 2 * MATCH_FINGERPRINT_BYTES);
            return;
        }
        out[k / 2] = (unsigned char)(out[k / 2] << 4 | digit);
        r->p++;
    }
    read_newline(r);
}

static void read_sums(struct reader *r, int64_t *total, int64_t *bound)
{
    read_newline(r);
    read_text(r, "total ");
    *total = read_number(r, INT64_MIN, INT64_MAX);
    read_newline(r);
    read_text(r, "bound ");
    *bound = read_number(r, INT64_MIN, INT64_MAX);
    read_newline(r);
}

static void read_pairs(struct reader *r, struct match_certificate *c)
{
    struct match_pair_proof *p = take(r, 1, sizeof *p);
    struct match_pair_proof q = {0};
    q.n = read_count(r);
    read_text(r, " ");
    q.n_blossoms = read_count(r);
    read_text(r, " ");
    q.n_order = read_count(r);
    read_sums(r, &q.total, &q.bound);
    int32_t *mate = take(r, q.n, sizeof *mate), *order = take(r, q.n_order, sizeof *order);
    int64_t *y = take(r, q.n, sizeof *y);
    struct match_blossom *blossoms = take(r, q.n_blossoms, sizeof *blossoms);
    struct str *people = take(r, q.n, sizeof *people);
    for (int32_t u = 0; u < q.n && !r->err; u++) {
        read_index(r, u);
        mate[u] = read_place(r, q.n, true);
        y[u] = read_value(r);
        people[u] = read_id(r);
    }
    for (int32_t k = 0; k < q.n_blossoms && !r->err; k++) {
        read_text(r, "b ");
        blossoms[k].begin = (int32_t)read_number(r, 0, q.n_order);
        read_text(r, " ");
        blossoms[k].end = (int32_t)read_number(r, 0, q.n_order);
        read_text(r, " ");
        blossoms[k].z = read_number(r, INT64_MIN, INT64_MAX);
        read_newline(r);
    }
    for (int32_t k = 0; k < q.n_order && !r->err; k++) {
        read_text(r, "o ");
        order[k] = (int32_t)read_number(r, 0, q.n - 1);
        read_newline(r);
    }
    if (!r->err) {
        q.mate = mate;
        q.y = y;
        q.order = order;
        q.blossoms = blossoms;
        *p = q;
        c->pairs = p;
        c->people = people;
    }
}

static void read_trio(struct reader *r, struct match_certificate *c)
{
    struct match_trio *trio = take(r, 1, sizeof *trio);
    struct match_trio t = {0};
    t.n = read_count(r);
    read_text(r, " ");
    t.n_groups = (int32_t)read_number(r, 0, t.n);
    read_sums(r, &t.total, &t.bound);
    t.group = take(r, t.n, sizeof *t.group);
    t.price = take(r, t.n, sizeof *t.price);
    struct str *people = take(r, t.n, sizeof *people);
    for (int32_t u = 0; u < t.n && !r->err; u++) {
        read_index(r, u);
        t.group[u] = read_place(r, t.n_groups, true);
        t.price[u] = read_value(r);
        people[u] = read_id(r);
    }
    if (!r->err) {
        *trio = t;
        c->trio = trio;
        c->people = people;
    }
}

static void read_assign(struct reader *r, struct match_certificate *c)
{
    struct match_assign_proof *proof = take(r, 1, sizeof *proof);
    struct match_assign_proof a = {0};
    a.n_tasks = read_count(r);
    read_text(r, " ");
    a.n_learners = read_count(r);
    read_text(r, " ");
    a.n_helpers = read_count(r);
    read_sums(r, &a.total, &a.bound);
    int32_t *helper = take(r, a.n_tasks, sizeof *helper);
    int32_t *learner = take(r, a.n_tasks, sizeof *learner);
    int64_t *p = take(r, a.n_tasks, sizeof *p), *q = take(r, a.n_learners, sizeof *q);
    int64_t *y = take(r, a.n_helpers, sizeof *y);
    struct str *skills = take(r, a.n_tasks, sizeof *skills);
    struct str *learners = take(r, a.n_learners, sizeof *learners);
    struct str *helpers = take(r, a.n_helpers, sizeof *helpers);
    for (int32_t l = 0; l < a.n_learners && !r->err; l++) {
        read_index(r, l);
        q[l] = read_value(r);
        learners[l] = read_id(r);
    }
    for (int32_t j = 0; j < a.n_helpers && !r->err; j++) {
        read_index(r, j);
        y[j] = read_value(r);
        helpers[j] = read_id(r);
    }
    for (int32_t t = 0; t < a.n_tasks && !r->err; t++) {
        read_index(r, t);
        learner[t] = read_place(r, a.n_learners, false);
        helper[t] = read_place(r, a.n_helpers, true);
        p[t] = read_value(r);
        skills[t] = read_id(r);
    }
    if (!r->err) {
        a.helper = helper;
        a.p = p;
        a.q = q;
        a.y = y;
        *proof = a;
        c->assign = proof;
        c->learners = learners;
        c->helpers = helpers;
        c->skills = skills;
        c->task_learner = learner;
    }
}

/* Reads the kind's word and what follows. */
static void read_proof(struct reader *r, struct match_certificate *c)
{
    static const struct {
        const char *word;
        void (*read)(struct reader *r, struct match_certificate *c);
    } kinds[] = {{"pairs ", read_pairs}, {"trio ", read_trio}, {"assign ", read_assign}};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        size_t n = strlen(kinds[k].word);
        if (!r->err && (size_t)(r->end - r->p) >= n && memcmp(r->p, kinds[k].word, n) == 0) {
            r->p += n;
            kinds[k].read(r, c);
            return;
        }
    }
    expected(r, "pairs, trio or assign");
}

enum err match_certificate_read(struct arena *arena, struct str text,
                                struct match_certificate **certificate,
                                struct match_certificate_error *error)
{
    struct arena *keep = arena_child(arena);
    if (!keep) {
        return ERR_NOMEM;
    }
    if (text.n == 0) {
        text.p = "";
    }
    struct reader r = {.arena = keep,
                       .p = text.p,
                       .end = text.p + text.n,
                       .line_begin = text.p,
                       .line = 1,
                       .error = error};
    char scale[16];
    snprintf(scale, sizeof scale, "scale %d", MATCH_DUAL_SCALE);
    struct match_certificate *c = take(&r, 1, sizeof *c);
    struct match_certificate head = {0};
    read_text(&r, "duet certificate 1");
    read_newline(&r);
    read_text(&r, "strategy ");
    head.strategy = read_word(&r);
    read_text(&r, "objective ");
    head.objective = read_word(&r);
    read_text(&r, "inputs ");
    read_inputs(&r, head.inputs);
    read_text(&r, scale);
    read_newline(&r);
    read_proof(&r, &head);
    read_text(&r, "end");
    read_newline(&r);
    if (!r.err && r.p < r.end) {
        expected(&r, "nothing after the end");
    }
    if (r.err) {
        arena_free(keep);
        return r.err;
    }
    *c = head;
    *certificate = c;
    return ERR_OK;
}
