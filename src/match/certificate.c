/* Certificates to text.  The reader is certificate_read.c; keep the two alike. */
#include "match/certificate.h"

#include "base/buf.h"
#include "match/source.h"
#include "match/trio.h"

#include <stdbool.h>

static bool is_word(struct str word)
{
    for (size_t k = 0; k < word.n; k++) {
        char c = word.p[k];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return false;
        }
    }
    return word.n > 0 && word.n <= MATCH_CERTIFICATE_WORD;
}

static void add_number(struct buf *buf, int64_t value)
{
    buf_add_int(buf, value);
    buf_add_char(buf, ' ');
}

/* A place in another list, '-' for none. */
static void add_place(struct buf *buf, int32_t place)
{
    if (place >= 0) {
        add_number(buf, place);
    } else {
        buf_add_text(buf, "- ");
    }
}

/* The id that ends a line. */
static void add_id(struct buf *buf, struct str id)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t k = 0; k < id.n; k++) {
        unsigned char c = (unsigned char)id.p[k];
        if (c < 32 || c == 127 || c == '%') {
            buf_add_char(buf, '%');
            buf_add_char(buf, digits[c >> 4]);
            buf_add_char(buf, digits[c & 15]);
        } else {
            buf_add_char(buf, id.p[k]);
        }
    }
    buf_add_char(buf, '\n');
}

static void add_sums(struct buf *buf, int64_t total, int64_t bound)
{
    buf_add_text(buf, "total ");
    buf_add_int(buf, total);
    buf_add_text(buf, "\nbound ");
    buf_add_int(buf, bound);
    buf_add_char(buf, '\n');
}

static void add_pairs(struct buf *buf, const struct match_pair_proof *p, const struct str *people)
{
    buf_addf(buf, "pairs %d %d %d\n", (int)p->n, (int)p->n_blossoms, (int)p->n_order);
    add_sums(buf, p->total, p->bound);
    for (int32_t u = 0; u < p->n; u++) {
        add_number(buf, u);
        add_place(buf, p->mate[u]);
        add_number(buf, p->y[u]);
        add_id(buf, people[u]);
    }
    for (int32_t k = 0; k < p->n_blossoms; k++) {
        const struct match_blossom *b = &p->blossoms[k];
        buf_addf(buf, "b %d %d ", (int)b->begin, (int)b->end);
        buf_add_int(buf, b->z);
        buf_add_char(buf, '\n');
    }
    for (int32_t k = 0; k < p->n_order; k++) {
        buf_addf(buf, "o %d\n", (int)p->order[k]);
    }
}

static void add_trio(struct buf *buf, const struct match_trio *trio, const struct str *people)
{
    buf_addf(buf, "trio %d %d\n", (int)trio->n, (int)trio->n_groups);
    add_sums(buf, trio->total, trio->bound);
    for (int32_t u = 0; u < trio->n; u++) {
        add_number(buf, u);
        add_place(buf, trio->group[u]);
        add_number(buf, trio->price[u]);
        add_id(buf, people[u]);
    }
}

static void add_assign(struct buf *buf, const struct match_certificate *c)
{
    const struct match_assign_proof *p = c->assign;
    buf_addf(buf, "assign %d %d %d\n", (int)p->n_tasks, (int)p->n_learners, (int)p->n_helpers);
    add_sums(buf, p->total, p->bound);
    for (int32_t l = 0; l < p->n_learners; l++) {
        add_number(buf, l);
        add_number(buf, p->q[l]);
        add_id(buf, c->learners[l]);
    }
    for (int32_t j = 0; j < p->n_helpers; j++) {
        add_number(buf, j);
        add_number(buf, p->y[j]);
        add_id(buf, c->helpers[j]);
    }
    for (int32_t t = 0; t < p->n_tasks; t++) {
        add_number(buf, t);
        add_number(buf, c->task_learner[t]);
        add_place(buf, p->helper[t]);
        add_number(buf, p->p[t]);
        add_id(buf, c->skills[t]);
    }
}

static bool counts_are_good(const struct match_certificate *c)
{
    if (!is_word(c->strategy) || !is_word(c->objective) ||
        (c->pairs != NULL) + (c->trio != NULL) + (c->assign != NULL) != 1) {
        return false;
    }
    if (c->pairs) {
        return c->pairs->n >= 0 && c->pairs->n_order >= 0 && c->pairs->n_blossoms >= 0;
    }
    if (c->trio) {
        return c->trio->n >= 0 && c->trio->n_groups >= 0;
    }
    return c->assign->n_tasks >= 0 && c->assign->n_learners >= 0 && c->assign->n_helpers >= 0;
}

enum err match_certificate_write(const struct match_certificate *certificate, struct buf *buf)
{
    if (!counts_are_good(certificate)) {
        return ERR_INVALID;
    }
    buf_add_text(buf, "duet certificate 1\nstrategy ");
    buf_add(buf, certificate->strategy);
    buf_add_text(buf, "\nobjective ");
    buf_add(buf, certificate->objective);
    buf_add_text(buf, "\ninputs ");
    for (int k = 0; k < MATCH_FINGERPRINT_BYTES; k++) {
        buf_addf(buf, "%02x", certificate->inputs[k]);
    }
    buf_addf(buf, "\nscale %d\n", MATCH_DUAL_SCALE);
    if (certificate->pairs) {
        add_pairs(buf, certificate->pairs, certificate->people);
    } else if (certificate->trio) {
        add_trio(buf, certificate->trio, certificate->people);
    } else {
        add_assign(buf, certificate);
    }
    buf_add_text(buf, "end\n");
    return ERR_OK;
}
