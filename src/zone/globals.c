/* The arrow matrix of globals.h and its conjugate gradients. */
#include "zone/globals.h"

#include "base/arena.h"
#include "base/clones.h"
#include "zone/dense.h"
#include "zone/lanes.h"
#include "zone/slots.h"

#include <string.h>

#define GRADIENT_ROUNDS 60
#define PARTS_DOUBLES (4u << 20) /* of all parts but two */
#define LINE 8u                  /* doubles that memory fetches together */
#define PART_TREES 50            /* people for which another part is worth its while */
#define TREE_DOUBLES 1000u       /* to clear and add take little beside the work on a person */

static double *block_row(const struct globals *g, double *store, uint32_t gid)
{
    const struct layout_block *block = &g->lay->blocks[g->lay->block_of[gid]];
    return store + block->matrix + (gid - block->first) * block->stride;
}

/* Where the end of the run of `gids` is that shares the block of gids[i]. */
static uint32_t run_end(const struct layout *lay, const int32_t *gids, uint32_t i, uint32_t n)
{
    const struct layout_block *block = &lay->blocks[lay->block_of[gids[i]]];
    uint32_t end = block->first + block->n;
    while (i < n && (uint32_t)gids[i] < end) {
        i++;
    }
    return i;
}

/* The run of root effects in an ascending list. */
static void root_run(const struct layout *lay, const int32_t *gids, uint32_t n, uint32_t *from,
                     uint32_t *to)
{
    const struct layout_block *root = &lay->blocks[lay->n_coupled];
    uint32_t i = 0;
    while (i < n && (uint32_t)gids[i] < root->first) {
        i++;
    }
    *from = i;
    while (i < n && (uint32_t)gids[i] < root->first + root->n) {
        i++;
    }
    *to = i;
}

static const int32_t *leaf_gids(const struct layout *lay, const struct layout_leaf *leaf)
{
    return lay->boundary + leaf->first_boundary + leaf->n_tree;
}

static size_t n_values(const struct globals *g)
{
    return g->slots ? g->slots->row_first[g->lay->n_globals] : 0;
}

static size_t columns_room(const struct layout *lay)
{
    return lay->n_root ? 0 : lay->most_global * dense_stride(lay->most_tree);
}

/* As many parts as the people are worth and memory allows: the sums are as large as the system. */
static enum err make_parts(struct arena *arena, struct globals *g, size_t part_doubles)
{
    const struct layout *lay = g->lay;
    size_t n = lay->n_globals, size = part_doubles + lay->block_doubles + n_values(g) + 2 * n + 1;
    size_t add =
        PARTS_DOUBLES < TREE_DOUBLES * lay->n_trees ? PARTS_DOUBLES : TREE_DOUBLES * lay->n_trees;
    size_t most = 2 + add / size, worth = 1 + lay->n_trees / PART_TREES;
    most = most < worth ? most : worth;
    g->n_parts = most >= 8 ? 8 : most >= 4 ? 4 : most >= 2 ? 2 : 1;
    g->parts = arena_alloc(arena, g->n_parts - 1u, sizeof *g->parts);
    for (uint32_t k = 0; g->parts && k + 1 < g->n_parts; k++) {
        struct globals *part = &g->parts[k];
        *part = *g;
        part->matrix = arena_alloc(arena, lay->block_doubles, sizeof *part->matrix);
        part->gradient = arena_alloc(arena, n, sizeof *part->gradient);
        part->scratch = arena_alloc(arena, n, sizeof *part->scratch);
        part->column_scratch = arena_alloc(arena, lay->most_tree, sizeof *part->column_scratch);
        part->columns = arena_alloc(arena, columns_room(lay), sizeof *part->columns);
        part->value = g->value ? arena_alloc(arena, n_values(g), sizeof *part->value) : NULL;
        if (!part->matrix || !part->gradient || !part->scratch || !part->column_scratch ||
            !part->columns || (g->value && !part->value)) {
            return ERR_NOMEM;
        }
    }
    return g->parts ? ERR_OK : ERR_NOMEM;
}

struct globals *globals_part(struct globals *g, uint32_t k)
{
    return k == 0 ? g : &g->parts[k - 1];
}

void globals_gather(struct globals *g)
{
    for (uint32_t k = 1; k < g->n_parts; k++) {
        const struct globals *part = globals_part(g, k);
        dense_subtract(g->matrix, -1, part->matrix, g->lay->block_doubles);
        dense_subtract(g->gradient, -1, part->gradient, g->lay->n_globals);
        dense_subtract(g->value, -1, part->value, n_values(g));
    }
}

enum err globals_new(struct arena *arena, const struct layout *lay, size_t part_doubles,
                     struct globals **globals)
{
    struct globals *g = arena_alloc(arena, 1, sizeof *g);
    if (!g) {
        return ERR_NOMEM;
    }
    g->lay = lay;
    size_t most = lay->n_root, n = lay->n_globals;
    for (uint32_t b = 0; b < lay->n_blocks; b++) {
        size_t size = lay->blocks[b].n + (b < lay->n_coupled ? lay->n_root : 0);
        most = size > most ? size : most;
    }
    g->matrix = arena_alloc(arena, lay->block_doubles, sizeof *g->matrix);
    g->inverse = arena_alloc(arena, lay->block_doubles, sizeof *g->inverse);
    g->gradient = arena_alloc(arena, n, sizeof *g->gradient);
    g->step = arena_alloc(arena, n, sizeof *g->step);
    g->scratch = arena_alloc(arena, (most + 4) * dense_stride(most), sizeof *g->scratch);
    g->column_scratch = arena_alloc(arena, lay->most_tree, sizeof *g->column_scratch);
    g->columns = arena_alloc(arena, columns_room(lay), sizeof *g->columns);
    if (!g->column_scratch || !g->columns || !g->matrix || !g->inverse || !g->gradient ||
        !g->step || !g->scratch) {
        return ERR_NOMEM;
    }
    *globals = g;
    if (lay->exact) {
        return make_parts(arena, g, part_doubles);
    }
    g->r = arena_alloc(arena, n, sizeof *g->r);
    g->z = arena_alloc(arena, n, sizeof *g->z);
    g->p = arena_alloc(arena, n, sizeof *g->p);
    g->q = arena_alloc(arena, n, sizeof *g->q);
    if (!g->r || !g->z || !g->p || !g->q) {
        return ERR_NOMEM;
    }
    g->slots = lay->slots;
    g->value = arena_alloc(arena, n_values(g), sizeof *g->value);
    return g->value ? make_parts(arena, g, part_doubles) : ERR_NOMEM;
}

void globals_reset(struct globals *g, const double *precision, const double *gradient)
{
    const struct layout *lay = g->lay;
    memset(g->matrix, 0, lay->block_doubles * sizeof *g->matrix);
    if (g->value) {
        memset(g->value, 0, n_values(g) * sizeof *g->value);
    }
    for (uint32_t i = 0; i < lay->n_globals; i++) {
        const struct layout_block *block = &lay->blocks[lay->block_of[i]];
        block_row(g, g->matrix, i)[i - block->first] = precision[i];
        g->gradient[i] = gradient[i];
    }
    if (g->value) {
        memcpy(g->q, precision, lay->n_globals * sizeof *g->q); /* the diagonal, kept for later */
    }
    for (uint32_t k = 1; k < g->n_parts; k++) {
        struct globals *part = globals_part(g, k);
        memset(part->matrix, 0, lay->block_doubles * sizeof *part->matrix);
        memset(part->gradient, 0, lay->n_globals * sizeof *part->gradient);
        if (part->value) {
            memset(part->value, 0, n_values(g) * sizeof *part->value);
        }
    }
}

/* Every pair has its slot; the arrow is filled from them later. */
static void add_sparse(struct globals *g, uint32_t index, const double *rows, size_t stride)
{
    uint32_t n = g->lay->leaves[index].n_global;
    const uint32_t *slot = g->slots->slot + g->slots->slot_first[index];
    for (uint32_t a = 0; a < n; a++, rows += stride) {
        for (uint32_t b = a; b < n; b++) {
            g->value[*slot++] += rows[b];
        }
    }
}

void globals_expect_leaf(const struct globals *g, uint32_t index)
{
    if (!g->value || index >= g->lay->n_leaves) {
        return;
    }
    const struct layout_leaf *leaf = &g->lay->leaves[index];
    const uint32_t *slot = g->slots->slot + g->slots->slot_first[index];
    uint32_t n = leaf->n_global, n_free = n - leaf->n_kept;
    /* The rows of free effects come last and are few: they are at hand anyway. */
    uint32_t n_pairs = n * (n + 1) / 2 - n_free * (n_free + 1) / 2;
    for (uint32_t k = 0; k < n_pairs; k++) {
        __builtin_prefetch(&g->value[slot[k]], 1);
    }
}

void globals_expect_tree(const struct globals *g, uint32_t index, bool covariances)
{
    const struct layout *lay = g->lay;
    if (lay->exact || index >= lay->n_trees) {
        return;
    }
    const struct layout_tree *tree = &lay->trees[index];
    const int32_t *gids = lay->global + tree->first_global;
    for (uint32_t a = 0; a < tree->n_kept; a++) {
        const struct layout_block *block = &lay->blocks[lay->block_of[gids[a]]];
        uint32_t at = (uint32_t)gids[a] - block->first;
        const double *row = (covariances ? g->inverse : g->matrix) + block->matrix;
        for (size_t b = at; b < block->n + LINE; b += LINE) {
            size_t column = b < block->n ? b : block->n - 1u;
            __builtin_prefetch(row + at * block->stride + column);
        }
    }
}

void globals_add_leaf(struct globals *g, uint32_t index, const double *rows, size_t stride)
{
    const struct layout *lay = g->lay;
    const struct layout_leaf *leaf = &lay->leaves[index];
    const int32_t *gids = leaf_gids(lay, leaf);
    uint32_t n = leaf->n_global, end = 0, root_from, root_to;
    if (g->value) {
        add_sparse(g, index, rows, stride);
        return;
    }
    root_run(lay, gids, n, &root_from, &root_to);
    uint32_t root_first = lay->blocks[lay->n_coupled].first;
    for (uint32_t a = 0; a < n; a++, rows += stride) {
        uint32_t block = lay->block_of[gids[a]], first = lay->blocks[block].first;
        end = a < end ? end : run_end(lay, gids, a, n);
        double *to = block_row(g, g->matrix, (uint32_t)gids[a]);
        for (uint32_t b = a; b < end; b++) {
            to[(uint32_t)gids[b] - first] += rows[b];
        }
        for (uint32_t b = root_from; block < lay->n_coupled && b < root_to; b++) {
            to[lay->blocks[block].n + (uint32_t)gids[b] - root_first] += rows[b];
        }
    }
}

/* Adds the leaves' part, assembled in slots, to the arrow. */
static void fill_arrow(struct globals *g)
{
    const struct layout *lay = g->lay;
    uint32_t root_first = lay->blocks[lay->n_coupled].first;
    for (uint32_t a = 0; a < lay->n_globals; a++) {
        uint32_t block = lay->block_of[a], first = lay->blocks[block].first;
        double *to = block_row(g, g->matrix, a);
        for (size_t k = g->slots->row_first[a]; k < g->slots->row_first[a + 1]; k++) {
            uint32_t b = (uint32_t)g->slots->column[k];
            if (lay->block_of[b] == block) {
                to[b - first] += g->value[k];
            } else if (block < lay->n_coupled && lay->block_of[b] == lay->n_coupled) {
                to[lay->blocks[block].n + b - root_first] += g->value[k];
            }
        }
    }
}

/* to[place(b)] -= sum over own rows of w_a w_b for b in [from, end); `c` holds column a of w. */
static void subtract_square(struct globals *g, const double *w, const double *c, size_t n_own,
                            size_t stride, uint32_t from, uint32_t end, const int32_t *gids,
                            uint32_t first, double *to)
{
    size_t n = end - from;
    if ((uint32_t)gids[end - 1] - (uint32_t)gids[from] == n - 1) { /* consecutive: in place */
        dense_subtract_rows(to + ((uint32_t)gids[from] - first), c, n_own, w + from, stride, n);
        return;
    }
    double *row = g->scratch;
    memset(row, 0, n * sizeof *row);
    dense_subtract_rows(row, c, n_own, w + from, stride, n);
    for (uint32_t b = from; b < end; b++) {
        to[(uint32_t)gids[b] - first] += row[b - from];
    }
}

/* The dot product of n doubles, a multiple of four. */
static inline double dot_lanes(const double *x, const double *y, size_t n)
{
    lanes sum = {0}, u, v;
    for (size_t i = 0; i < n; i += 4) {
        memcpy(&u, x + i, sizeof u);
        memcpy(&v, y + i, sizeof v);
        sum += u * v;
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Without a root, blocks are small: W is turned so that its columns lie side by side. */
VECTOR_CLONES static void add_blocks(struct globals *g, const struct layout_tree *tree,
                                     const double *w, size_t stride)
{
    const struct layout *lay = g->lay;
    const int32_t *gids = lay->global + tree->first_global;
    size_t n_own = tree->n_own, wide = dense_stride(n_own);
    double *column = g->columns;
    for (size_t a = 0; a < tree->n_global; a++) {
        for (size_t i = 0; i < n_own; i++) {
            column[a * wide + i] = w[i * stride + a];
        }
        for (size_t i = n_own; i < wide; i++) {
            column[a * wide + i] = 0;
        }
    }
    for (uint32_t begin = 0; begin < tree->n_global;) {
        uint32_t first = lay->blocks[lay->block_of[gids[begin]]].first;
        uint32_t end = run_end(lay, gids, begin, tree->n_global);
        for (uint32_t a = begin; a < end; a++) {
            double *to = block_row(g, g->matrix, (uint32_t)gids[a]);
            for (uint32_t b = a; b < end; b++) {
                to[(uint32_t)gids[b] - first] -=
                    dot_lanes(column + a * wide, column + b * wide, wide);
            }
        }
        begin = end;
    }
}

void globals_add_tree(struct globals *g, uint32_t index, const double *w, size_t stride)
{
    const struct layout *lay = g->lay;
    const struct layout_tree *tree = &lay->trees[index];
    const int32_t *gids = lay->global + tree->first_global;
    uint32_t n = tree->n_global, end = 0, root_from, root_to;
    if (lay->n_root == 0) {
        add_blocks(g, tree, w, stride);
        return;
    }
    root_run(lay, gids, n, &root_from, &root_to);
    double *c = g->column_scratch;
    for (uint32_t a = 0; a < n; a++) {
        uint32_t block = lay->block_of[gids[a]];
        end = a < end ? end : run_end(lay, gids, a, n);
        for (uint32_t i = 0; i < tree->n_own; i++) {
            c[i] = w[i * stride + a];
        }
        double *to = block_row(g, g->matrix, (uint32_t)gids[a]);
        subtract_square(g, w, c, tree->n_own, stride, a, end, gids, lay->blocks[block].first, to);
        if (block < lay->n_coupled && root_to > root_from) {
            subtract_square(g, w, c, tree->n_own, stride, root_from, root_to, gids,
                            lay->blocks[lay->n_coupled].first, to + lay->blocks[block].n);
        }
    }
}

bool globals_factor(struct globals *g)
{
    const struct layout *lay = g->lay;
    const struct layout_block *root = &lay->blocks[lay->n_coupled];
    bool sound = true;
    if (g->value) {
        fill_arrow(g);
    }
    for (uint32_t b = 0; b < lay->n_blocks; b++) {
        const struct layout_block *block = &lay->blocks[b];
        double *matrix = g->matrix + block->matrix;
        size_t n = block->n + (b < lay->n_coupled ? lay->n_root : 0);
        sound &= dense_eliminate(matrix, block->n, block->n, n, block->stride);
        for (uint32_t a = 0; b < lay->n_coupled && a < lay->n_root; a++) {
            double *row = g->matrix + root->matrix + a * root->stride + a, *c = g->scratch;
            const double *w = matrix + block->n + a;
            for (uint32_t i = 0; i < block->n; i++) {
                c[i] = w[i * block->stride];
            }
            dense_subtract_rows(row, c, block->n, w, block->stride, lay->n_root - a);
        }
    }
    return sound;
}

/* x := M^-1 x with the factored arrow M. */
static void arrow_solve(struct globals *g, double *x)
{
    const struct layout *lay = g->lay;
    const struct layout_block *root = &lay->blocks[lay->n_coupled];
    double *work = g->scratch;
    for (uint32_t b = 0; b < lay->n_blocks; b++) {
        const struct layout_block *block = &lay->blocks[b];
        size_t n_root = b < lay->n_coupled ? lay->n_root : 0, n = block->n + n_root;
        memcpy(work, x + block->first, block->n * sizeof *work);
        memcpy(work + block->n, x + root->first, n_root * sizeof *work);
        dense_forward(g->matrix + block->matrix, block->n, n, block->stride, work);
        memcpy(x + block->first, work, block->n * sizeof *work);
        memcpy(x + root->first, work + block->n, n_root * sizeof *work);
    }
    for (uint32_t k = 0; k < lay->n_blocks; k++) {
        /* The root first, then the others. */
        uint32_t b = k == 0 ? lay->n_coupled : k <= lay->n_coupled ? k - 1 : k;
        const struct layout_block *block = &lay->blocks[b];
        size_t n_root = b < lay->n_coupled ? lay->n_root : 0, n = block->n + n_root;
        memcpy(work, x + block->first, block->n * sizeof *work);
        memcpy(work + block->n, x + root->first, n_root * sizeof *work);
        dense_backward(g->matrix + block->matrix, block->n, n, block->stride, work);
        memcpy(x + block->first, work, block->n * sizeof *work);
    }
}

/* y = (prior + leaves) x. */
static void multiply_leaves(const struct globals *g, const double *diagonal, const double *x,
                            double *y)
{
    uint32_t n = g->lay->n_globals;
    for (uint32_t a = 0; a < n; a++) {
        y[a] = diagonal[a] * x[a];
    }
    for (uint32_t a = 0; a < n; a++) {
        double sum = 0, xa = x[a];
        size_t k = g->slots->row_first[a], end = g->slots->row_first[a + 1];
        for (; k < end; k++) {
            uint32_t b = (uint32_t)g->slots->column[k];
            if (b == a) {
                sum += g->value[k] * xa;
            } else {
                sum += g->value[k] * x[b];
                y[b] += g->value[k] * xa;
            }
        }
        y[a] += sum;
    }
}

int globals_solve(struct globals *g, globals_trees_fn *trees, void *ctx, double accuracy,
                  double least)
{
    size_t n = g->lay->n_globals;
    if (g->lay->exact) {
        memcpy(g->step, g->gradient, n * sizeof *g->step);
        arrow_solve(g, g->step);
        return 1;
    }
    const double *diagonal = g->q;
    double *y = g->step; /* holds S p until the end */
    double *x = g->gradient, *r = g->r, *z = g->z, *p = g->p;
    memcpy(r, g->gradient, n * sizeof *r);
    memset(x, 0, n * sizeof *x);
    memcpy(z, r, n * sizeof *z);
    arrow_solve(g, z);
    memcpy(p, z, n * sizeof *p);
    double rz = dense_dot(r, z, n), relative = accuracy * accuracy * rz;
    double enough = least * least * (double)n; /* rz: a sum of (error / standard error)^2 */
    enough = relative > enough ? relative : enough;
    int round = 0;
    while (round < GRADIENT_ROUNDS && rz > enough && rz > 0) {
        round++;
        multiply_leaves(g, diagonal, p, y);
        trees(ctx, p, y);
        double curvature = dense_dot(p, y, n);
        if (!(curvature > 0)) {
            break;
        }
        double alpha = rz / curvature;
        dense_subtract(x, -alpha, p, n);
        dense_subtract(r, alpha, y, n);
        memcpy(z, r, n * sizeof *z);
        arrow_solve(g, z);
        double next = dense_dot(r, z, n), beta = next / rz;
        for (size_t i = 0; i < n; i++) {
            p[i] = z[i] + beta * p[i];
        }
        rz = next;
    }
    memcpy(g->step, x, n * sizeof *x);
    return round;
}

void globals_invert(struct globals *g)
{
    const struct layout *lay = g->lay;
    const struct layout_block *root = &lay->blocks[lay->n_coupled];
    for (uint32_t k = 0; k < lay->n_blocks; k++) {
        uint32_t b = k == 0 ? lay->n_coupled : k <= lay->n_coupled ? k - 1 : k;
        const struct layout_block *block = &lay->blocks[b];
        size_t n_root = b < lay->n_coupled ? lay->n_root : 0, n = block->n + n_root;
        size_t stride = block->stride;
        double *cov = g->scratch, *work = cov + n * stride;
        for (size_t i = 0; i < n_root; i++) {
            memcpy(cov + (block->n + i) * stride + block->n,
                   g->inverse + root->matrix + i * root->stride, n_root * sizeof *cov);
        }
        dense_covariance(g->matrix + block->matrix, block->n, n, stride, cov, stride, work);
        for (size_t i = 0; i < block->n; i++) {
            memcpy(g->inverse + block->matrix + i * stride, cov + i * stride, n * sizeof *cov);
        }
    }
}

/* Without a root. */
static void diagonal_covariances(const struct globals *g, const int32_t *gids, uint32_t n,
                                 double *cov, size_t stride, uint32_t *end)
{
    for (uint32_t begin = 0; begin < n; begin = end[begin]) {
        const struct layout_block *block = &g->lay->blocks[g->lay->block_of[gids[begin]]];
        uint32_t last = run_end(g->lay, gids, begin, n);
        for (uint32_t a = begin; a < last; a++) {
            double *to = cov + a * stride;
            const double *row = block_row(g, g->inverse, (uint32_t)gids[a]);
            end[a] = last;
            memset(to, 0, n * sizeof *to);
            for (uint32_t b = a; b < last; b++) {
                to[b] = row[(uint32_t)gids[b] - block->first];
            }
            for (uint32_t b = begin; b < a; b++) {
                to[b] = cov[b * stride + a];
            }
        }
    }
}

bool globals_covariances(const struct globals *g, const int32_t *gids, uint32_t n, double *cov,
                         size_t stride, uint32_t *ends)
{
    const struct layout *lay = g->lay;
    const struct layout_block *root = &lay->blocks[lay->n_coupled];
    uint32_t end = 0, root_from, root_to;
    if (lay->n_root == 0) {
        diagonal_covariances(g, gids, n, cov, stride, ends);
        return true;
    }
    root_run(lay, gids, n, &root_from, &root_to);
    for (uint32_t a = 0; a < n; a++) {
        double *to = cov + a * stride;
        const double *row = block_row(g, g->inverse, (uint32_t)gids[a]);
        const struct layout_block *block = &lay->blocks[lay->block_of[gids[a]]];
        end = a < end ? end : run_end(lay, gids, a, n);
        for (uint32_t b = a; b < end; b++) {
            to[b] = row[(uint32_t)gids[b] - block->first];
        }
        if (block != root) {
            if (end < root_from) {
                memset(to + end, 0, (root_from - end) * sizeof *to);
            }
            for (uint32_t b = root_from; b < root_to; b++) {
                to[b] = row[block->n + (uint32_t)gids[b] - root->first];
            }
        }
        for (uint32_t b = 0; b < a; b++) {
            to[b] = cov[b * stride + a];
        }
    }
    return false;
}

double globals_covariance(const struct globals *g, uint32_t a, uint32_t b)
{
    const struct layout *lay = g->lay;
    if (a > b) {
        uint32_t swap = a;
        a = b;
        b = swap;
    }
    uint32_t block_a = lay->block_of[a], block_b = lay->block_of[b];
    const struct layout_block *block = &lay->blocks[block_a];
    const double *row = g->inverse + block->matrix + (a - block->first) * block->stride;
    if (block_a == block_b) {
        return row[b - block->first];
    }
    if (block_a < lay->n_coupled && block_b == lay->n_coupled) {
        return row[block->n + b - lay->blocks[block_b].first];
    }
    return 0;
}
