/* Assembly and elimination of leaf.h. */
#include "zone/leaf.h"

#include "base/clones.h"
#include "zone/lanes.h"
#include "zone/layout.h"
#include "zone/step.h"

#include <math.h>
#include <string.h>

bool leaf_is_small(const struct layout *lay, const struct layout_leaf *leaf, size_t stride)
{
    bool small = leaf->n_own >= 1 && leaf->n_own <= LEAF_OWN && stride <= LEAF_COLUMNS;
    for (uint32_t c = 0; small && c < leaf->n_cells; c++) {
        small = !lay->cells[leaf->first_cell + c].shape;
    }
    return small;
}

/* to += c x, lanes `from` .. n - 1. */
static inline __attribute__((always_inline)) void add_row(double *to, double c, const double *x,
                                                          size_t from, size_t n)
{
    for (size_t k = from; k < n; k++) {
        lanes u, v;
        memcpy(&u, x + 4 * k, sizeof u);
        memcpy(&v, to + 4 * k, sizeof v);
        v += c * u;
        memcpy(to + 4 * k, &v, sizeof v);
    }
}

/* to = c x; the sum with 0 is that of add_row() with a row of zeroes. */
static inline __attribute__((always_inline)) void set_row(double *to, double c, const double *x,
                                                          size_t n)
{
    const lanes zero = {0};
    for (size_t k = 0; k < n; k++) {
        lanes u, v;
        memcpy(&u, x + 4 * k, sizeof u);
        v = zero + c * u;
        memcpy(to + 4 * k, &v, sizeof v);
    }
}

/* A row of LEAF_COLUMNS zeroes, lane by lane: a call, or the machine's own instruction for it,
 * takes longer than all else that is done with so short a row. */
static inline __attribute__((always_inline)) void clear_row(double *to)
{
    const lanes zero = {0};
    memcpy(to, &zero, sizeof zero);
    memcpy(to + 4, &zero, sizeof zero);
    memcpy(to + 8, &zero, sizeof zero);
    memcpy(to + 12, &zero, sizeof zero);
}

/* Adds a cell; its 1 + K variables are the predictor (0) and the thresholds.  Of a row only the
 * lanes from the diagonal on are kept up: nobody reads what is left of it. */
static inline __attribute__((always_inline)) void
add_cell(const struct layout *lay, const struct layout_cell *cell, const double *result, bool alone,
         size_t n, size_t stride, double *matrix, double *x)
{
    size_t k = cell->n_steps, n_terms = cell->n_terms, n_lanes = (n + 3) / 4;
    size_t n_thresholds = cell->thresholds && !alone ? k : 0;
    const uint16_t *term = lay->column + cell->columns, *threshold = term + n_terms;
    const float *coefficient = lay->coefficient + cell->terms;
    const double *r = result, *pair = result + k;
    double w[STEP_MAX][STEP_MAX], total = 0, sum = 0;
    double row[LEAF_COLUMNS], terms[LEAF_COLUMNS], t[LEAF_COLUMNS];
    _Static_assert(LEAF_COLUMNS == 16 && STEP_MAX <= LEAF_COLUMNS, "see clear_row()");
    clear_row(terms);
    clear_row(row);
    for (size_t j = 0; j < k; j++) {
        sum += r[j];
        for (size_t l = j; l < k; l++) {
            w[j][l] = w[l][j] = *pair;
            row[j] += *pair;
            row[l] += l > j ? *pair : 0;
            pair++;
        }
    }
    for (size_t j = 0; j < k; j++) {
        total += row[j];
    }
    for (size_t a = 0; a < n_terms; a++) {
        if (term[a] < n) {
            double c = (double)coefficient[a];
            terms[term[a]] += c;
            x[term[a]] += c * sum;
        }
    }
    set_row(t, total, terms, n_lanes);
    for (size_t j = 0; j < n_thresholds; j++) {
        t[threshold[j]] -= row[j];
    }
    for (size_t a = 0; a < n_terms; a++) {
        if (term[a] < n) {
            add_row(matrix + term[a] * stride, (double)coefficient[a], t, term[a] / 4, n_lanes);
        }
    }
    for (size_t j = 0; j < n_thresholds; j++) {
        double *to = matrix + threshold[j] * stride;
        add_row(to, -row[j], terms, threshold[j] / 4, n_lanes);
        x[threshold[j]] -= r[j];
        for (size_t l = 0; l < k; l++) {
            to[threshold[l]] += w[j][l];
        }
    }
}

VECTOR_CLONES static void eliminate(const struct layout *lay, const struct layout_leaf *leaf,
                                    const double *result, size_t size, const double *precision,
                                    const double *prior_gradient, bool alone, size_t n,
                                    size_t stride, double *matrix, double *x)
{
    memset(matrix, 0, n * stride * sizeof *matrix);
    memset(x, 0, n * sizeof *x);
    for (size_t i = 0; i < leaf->n_own; i++) {
        matrix[i * stride + i] = precision[i];
        x[i] = prior_gradient[i];
    }
    for (uint32_t c = 0; c < leaf->n_cells; c++, result += size) {
        const struct layout_cell *cell = &lay->cells[leaf->first_cell + c];
        if (lay->count[cell->counts] > 0) {
            add_cell(lay, cell, result, alone, n, stride, matrix, x);
        }
    }
    for (size_t i = 0; i < leaf->n_own; i++) {
        double *own = matrix + i * stride;
        double root = sqrt(own[i]), inverse = 1 / root; /* the prior keeps the pivot above 0 */
        own[i] = root;
        for (size_t a = i + 1; a < n; a++) {
            own[a] *= inverse;
        }
        x[i] *= inverse;
        for (size_t a = i + 1; a < n; a++) {
            double c = own[a];
            add_row(matrix + a * stride, -c, own, a / 4, (n + 3) / 4);
            x[a] -= c * x[i];
        }
    }
}

void leaf_eliminate(const struct layout *lay, const struct layout_leaf *leaf, const double *result,
                    size_t size, const double *precision, const double *prior_gradient, bool alone,
                    size_t n, size_t stride, double *matrix, double *x)
{
    eliminate(lay, leaf, result, size, precision, prior_gradient, alone, n, stride, matrix, x);
}

VECTOR_CLONES static void spread(const double *panel, size_t n_own, size_t n, size_t stride,
                                 double *cov)
{
    size_t n_lanes = (n + 3) / 4;
    for (size_t i = n_own; i-- > 0;) {
        const double *u = panel + i * stride;
        double inverse = 1 / u[i], row[LEAF_COLUMNS];
        clear_row(row);
        for (size_t k = i + 1; k < n; k++) {
            add_row(row, -u[k] * inverse, cov + k * stride, 0, n_lanes);
        }
        double self = inverse * inverse;
        for (size_t k = i + 1; k < n; k++) {
            self -= u[k] * inverse * row[k];
            cov[i * stride + k] = cov[k * stride + i] = row[k];
        }
        cov[i * stride + i] = self;
    }
}

void leaf_spread(const double *panel, size_t n_own, size_t n, size_t stride, double *cov)
{
    spread(panel, n_own, n, stride, cov);
}
