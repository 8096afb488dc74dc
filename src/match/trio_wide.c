/* The search for groups of three among very many people; see trio.h. */
#include "base/arena.h"
#include "base/clones.h"
#include "base/crew.h"
#include "base/rng.h"
#include "match/assign.h"
#include "match/trio_field.h"

#include <stddef.h>

#define ROUNDS 60                          /* of exchange at most */
#define LOOKS (INT64_C(360) * 1000 * 1000) /* at seats, in all of them */
#define PATIENCE 12  /* rounds that add less than 1 / WORTH of the total before it ends */
#define WORTH 2000   /* see PATIENCE */
#define SWAPPED 4500 /* more people are too many for trying all swaps */
#define TILE 64      /* rows of the matrix that are one piece of work */
#define AT_ONCE 16   /* such pieces between two signs of life */
#define PIECES 64    /* of one look for seats */
#define BLOCK 64     /* seats that are weighed at once */
#define PRICE_MAX (INT32_C(1) << 30) /* no place is worth that */
#define OUTWEIGHS 64 /* a seat for one more person is worth that many of the best ones */

/* A place in a group that somebody could take, and what it would bring. */
struct seat {
    int32_t key; /* less what others would give for the place */
    int32_t at, w;
};

/* One round: rows are people without a place, columns groups that have one. */
struct wide {
    const struct match_trio_people *people;
    struct trio_field *field;
    int32_t *weight;
    int32_t *row, *own; /* people, and the column that each has left (-1: none) */
    int32_t n_rows;
    int32_t *left, *right, *at; /* of a column: who stays, and the number of the group */
    int32_t n_columns;
    int64_t *rent; /* of groups, after the last round */
    struct seat *seat;
    int32_t *n_seats;
    int32_t *learner, *ones; /* n: 0, 1 ..; n + 1: all 1 */
    int64_t *guess;          /* rents of columns */
    int32_t *price;          /* the same, no more than PRICE_MAX */
    int32_t *out;            /* n: who left a group, or -1 */
    bool *held;              /* n: who never leaves */
};

/* ---- the matrix ---- */

struct filling {
    const struct match_trio_people *people;
    int32_t *weight;
    uint32_t first; /* of the pieces under way */
    bool *wrong;    /* of each piece */
    bool *tied;     /* somebody is held by a tie */
};

static void fill_tile(void *ctx, uint32_t number)
{
    const struct filling *f = ctx;
    uint32_t piece = f->first + number;
    int32_t n = f->people->n, first = (int32_t)piece * TILE;
    int32_t end = n - first < TILE ? n : first + TILE;
    for (int32_t a = first; a < end; a++) {
        int32_t *row = f->weight + (int64_t)a * n;
        bool wrong = false, tied = false;
        match_trio_weigh(f->people, a, 0, a, row);
        row[a] = TRIO_FORBIDDEN;
        for (int32_t b = 0; b < a; b++) {
            wrong |= row[b] > MATCH_TRIO_WEIGHT_MAX;
            tied |= row[b] >= MATCH_TRIO_TIE;
            row[b] = row[b] < 0 ? TRIO_FORBIDDEN : row[b];
        }
        f->wrong[piece] |= wrong;
        f->tied[piece] |= tied;
    }
    /* The other half, by columns: a few bytes beside each other. */
    for (int32_t b = 0; b < end; b++) {
        int32_t *row = f->weight + (int64_t)b * n;
        for (int32_t a = b < first ? first : b + 1; a < end; a++) {
            row[a] = f->weight[(int64_t)a * n + b];
        }
    }
}

static bool told_to_stop(const struct match_trio_people *people)
{
    return people->pause && people->pause(people->pause_ctx);
}

/* *tied: whether there is anybody whom a tie holds. */
static enum err fill_matrix(struct arena *work, struct wide *w, bool *tied)
{
    uint32_t n_pieces = ((uint32_t)w->people->n + TILE - 1) / TILE;
    struct filling f = {.people = w->people,
                        .weight = w->weight,
                        .wrong = arena_alloc(work, n_pieces, sizeof *f.wrong),
                        .tied = arena_alloc(work, n_pieces, sizeof *f.tied)};
    if (!f.wrong || !f.tied) {
        return ERR_NOMEM;
    }
    for (f.first = 0; f.first < n_pieces; f.first += AT_ONCE) {
        uint32_t left = n_pieces - f.first;
        crew_run(w->people->crew, left < AT_ONCE ? left : AT_ONCE, fill_tile, &f);
        if (told_to_stop(w->people)) {
            return ERR_LIMIT;
        }
    }
    *tied = false;
    for (uint32_t k = 0; k < n_pieces; k++) {
        *tied = *tied || f.tied[k];
        if (f.wrong[k]) {
            return ERR_RANGE;
        }
    }
    return ERR_OK;
}

/* ---- one round ---- */

/* One member leaves each group of three; they and those who are alone look for a place. */
static void leave(struct wide *w, struct rng *rng)
{
    const struct trio_field *field = w->field;
    w->n_rows = w->n_columns = 0;
    for (int32_t g = 0; g < field->n_groups; g++) {
        struct trio_group group = field->groups[g];
        int32_t stays[2] = {group.member[0], group.member[1]};
        w->out[g] = -1;
        int32_t k = group.n == 3 ? (int32_t)rng_below(rng, 3) : 0;
        for (int turn = 0; turn < 3 && group.n == 3 && w->held[group.member[k]]; turn++) {
            k = (k + 1) % 3;
        }
        if (group.n == 3 && w->held[group.member[k]]) {
            continue; /* all three stay */
        }
        if (group.n == 3) {
            w->out[g] = group.member[k];
            stays[0] = group.member[k == 0 ? 1 : 0];
            stays[1] = group.member[k == 2 ? 1 : 2];
            w->row[w->n_rows] = group.member[k];
            w->own[w->n_rows++] = w->n_columns;
        }
        w->left[w->n_columns] = stays[0];
        w->right[w->n_columns] = stays[1];
        w->guess[w->n_columns] = w->rent[g];
        w->price[w->n_columns] = (int32_t)(w->rent[g] < PRICE_MAX ? w->rent[g] : PRICE_MAX);
        w->at[w->n_columns++] = g;
    }
    int32_t free = 0;
    for (int32_t u = 0; u < field->n; u++) {
        if (field->group[u] >= 0) {
            continue;
        }
        /* Whoever is alone is offered the next free place, so that there is one for everybody. */
        while (free < w->n_columns && w->out[w->at[free]] >= 0) {
            free++;
        }
        bool fits = free < w->n_columns &&
                    trio_field_weight(field, u, w->left[free]) != TRIO_FORBIDDEN &&
                    trio_field_weight(field, u, w->right[free]) != TRIO_FORBIDDEN;
        w->row[w->n_rows] = u;
        w->own[w->n_rows++] = fits ? free++ : -1;
    }
}

/* What some seats bring to somebody less what others would give; whether one brings more than
 * `least`.  Without branches: many are done at a time. */
VECTOR_CLONES static bool weigh_seats(const int32_t *weight, const int32_t *left,
                                      const int32_t *right, const int32_t *price, int32_t n,
                                      int32_t least, int32_t *restrict key)
{
    int32_t any = 0;
    for (int32_t k = 0; k < n; k++) {
        int32_t one = weight[left[k]], other = weight[right[k]];
        key[k] = (one | other) < 0 ? INT32_MIN : one + other - price[k];
        any |= key[k] > least;
    }
    return any;
}

/* The seats that suit one row best, by what they bring less what others would give; its own too. */
static void look_row(struct wide *w, int32_t r)
{
    const int32_t *weight = w->weight + (int64_t)w->row[r] * w->people->n;
    struct seat *seat = w->seat + (int64_t)r * (MATCH_TRIO_SEATS + 1);
    int32_t n = 0, least = INT32_MIN, own = w->own[r], key[BLOCK];
    for (int32_t c = 0; c < w->n_columns; c += BLOCK) {
        int32_t size = w->n_columns - c < BLOCK ? w->n_columns - c : BLOCK;
        if (!weigh_seats(weight, w->left + c, w->right + c, w->price + c, size, least, key)) {
            continue;
        }
        for (int32_t i = 0; i < size; i++) {
            if (key[i] <= least || c + i == own) {
                continue;
            }
            int32_t k = n < MATCH_TRIO_SEATS ? n++ : n - 1;
            for (; k > 0 && seat[k - 1].key < key[i]; k--) {
                seat[k] = seat[k - 1];
            }
            seat[k] = (struct seat){key[i], c + i, key[i] + w->price[c + i]};
            least = n == MATCH_TRIO_SEATS ? seat[n - 1].key : least;
        }
    }
    if (own >= 0) {
        seat[n++] = (struct seat){0, own, weight[w->left[own]] + weight[w->right[own]]};
    }
    w->n_seats[r] = n;
}

static void look(void *ctx, uint32_t piece)
{
    struct wide *w = ctx;
    uint32_t end = crew_first(piece + 1, PIECES, (uint32_t)w->n_rows);
    for (uint32_t r = crew_first(piece, PIECES, (uint32_t)w->n_rows); r < end; r++) {
        look_row(w, (int32_t)r);
    }
}

/* All seats at once (a match_source). */
static enum err list_seats(void *ctx, const void *duals, match_slack_fn *slack,
                           struct match_edges *edges)
{
    const struct wide *w = ctx;
    (void)slack;
    enum err err = ERR_OK;
    int64_t most = 1;
    for (int32_t r = 0; r < w->n_rows && !duals; r++) {
        for (int32_t k = 0; k < w->n_seats[r]; k++) {
            int32_t value = w->seat[(int64_t)r * (MATCH_TRIO_SEATS + 1) + k].w;
            most = value > most ? value : most;
        }
    }
    for (int32_t r = 0; r < w->n_rows && !duals; r++) {
        for (int32_t k = 0; k < w->n_seats[r] && !err; k++) {
            const struct seat *seat = &w->seat[(int64_t)r * (MATCH_TRIO_SEATS + 1) + k];
            err = match_edges_add(edges, r, seat->at, seat->w + OUTWEIGHS * most);
        }
    }
    return err;
}

/* Everybody takes the place found for them. */
static void take_seats(struct wide *w, const struct match_assign_proof *found)
{
    struct trio_field *field = w->field;
    for (int32_t c = 0; c < w->n_columns; c++) {
        struct trio_group *group = &field->groups[w->at[c]];
        *group = (struct trio_group){{w->left[c], w->right[c], -1}, 2};
        w->rent[w->at[c]] = found->y[c] / MATCH_DUAL_SCALE;
    }
    for (int32_t r = 0; r < w->n_rows; r++) {
        int32_t g = found->helper[r] < 0 ? -1 : w->at[found->helper[r]];
        field->group[w->row[r]] = g;
        if (g >= 0) {
            field->groups[g].member[2] = w->row[r];
            field->groups[g].n = 3;
        }
    }
}

static bool told_while_assigning(void *ctx, double done)
{
    const struct wide *w = ctx;
    (void)done;
    return told_to_stop(w->people);
}

static enum err exchange(struct arena *work, struct wide *w, struct rng *rng)
{
    struct arena *scratch = arena_child(work);
    if (!scratch) {
        return ERR_NOMEM;
    }
    leave(w, rng);
    crew_run(w->people->crew, PIECES, look, w);
    struct match_assign_start start = {w->guess, w->own};
    struct match_assign_problem problem = {.start = &start,
                                           .n_tasks = w->n_rows,
                                           .n_learners = w->n_rows,
                                           .n_helpers = w->n_columns,
                                           .learner = w->learner,
                                           .max_learns = w->ones,
                                           .max_helps = w->ones};
    struct match_source source = {list_seats, w};
    struct match_assign_proof found;
    enum err err = match_assign_solve(scratch, &problem, &source, told_while_assigning, w, &found);
    if (!err) {
        take_seats(w, &found);
    }
    arena_free(scratch);
    return err;
}

/* ---- all of it ---- */

static int64_t total_of(const struct trio_field *field)
{
    int64_t sum = 0;
    for (int32_t g = 0; g < field->n_groups; g++) {
        sum += trio_field_group_weight(field, &field->groups[g]);
    }
    return sum;
}

static enum err improve(struct arena *work, struct wide *w)
{
    const struct match_trio_people *people = w->people;
    struct rng rng = rng_seed(UINT64_C(0x3107) + (uint64_t)people->n);
    int64_t last = 0, looks = 0;
    for (int round = 0, quiet = 0; round < ROUNDS && quiet < PATIENCE && looks < LOOKS; round++) {
        enum err err = exchange(work, w, &rng);
        if (err) {
            return err;
        }
        if (round % 4 == 3 && people->n <= SWAPPED) {
            (void)trio_field_swap(w->field);
            looks += (int64_t)people->n * people->n;
        }
        int64_t total = total_of(w->field);
        quiet = total - last > total / WORTH ? 0 : quiet + 1;
        last = total;
        looks += (int64_t)w->n_rows * w->n_columns;
        if (told_to_stop(people)) {
            return ERR_LIMIT;
        }
    }
    trio_field_gather(w->field);
    return ERR_OK;
}

static enum err make_room(struct arena *work, struct wide *w)
{
    size_t n = (size_t)w->people->n + 1;
    w->weight = arena_alloc(work, n * n, sizeof *w->weight);
    w->row = arena_alloc(work, n, sizeof *w->row);
    w->own = arena_alloc(work, n, sizeof *w->own);
    w->left = arena_alloc(work, n, sizeof *w->left);
    w->right = arena_alloc(work, n, sizeof *w->right);
    w->at = arena_alloc(work, n, sizeof *w->at);
    w->rent = arena_alloc(work, n, sizeof *w->rent);
    w->guess = arena_alloc(work, n, sizeof *w->guess);
    w->price = arena_alloc(work, n, sizeof *w->price);
    w->seat = arena_alloc(work, n * (MATCH_TRIO_SEATS + 1), sizeof *w->seat);
    w->n_seats = arena_alloc(work, n, sizeof *w->n_seats);
    w->learner = arena_alloc(work, n, sizeof *w->learner);
    w->ones = arena_alloc(work, n, sizeof *w->ones);
    w->out = arena_alloc(work, n, sizeof *w->out);
    w->held = arena_alloc(work, n, sizeof *w->held);
    w->field->groups = arena_alloc(work, n, sizeof *w->field->groups);
    w->field->group = arena_alloc(work, n, sizeof *w->field->group);
    if (!w->weight || !w->row || !w->own || !w->left || !w->right || !w->at || !w->rent ||
        !w->guess || !w->price || !w->seat || !w->n_seats || !w->learner || !w->ones || !w->out ||
        !w->held || !w->field->groups || !w->field->group) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < w->people->n; u++) {
        w->learner[u] = u;
        w->ones[u] = 1;
    }
    w->field->n = w->people->n;
    w->field->weight = w->weight;
    w->field->held = w->held;
    return ERR_OK;
}

/* Groups by rising first member, prices and both sums. */
static void tell(const struct trio_field *field, const int64_t *y, const int64_t *extra,
                 int32_t *name, struct match_trio *out)
{
    for (int32_t g = 0; g < field->n_groups; g++) {
        name[g] = -1;
    }
    out->total = total_of(field);
    for (int32_t u = 0; u < field->n; u++) {
        int32_t g = field->group[u];
        if (g >= 0 && name[g] < 0) {
            name[g] = out->n_groups++;
        }
        out->group[u] = g < 0 ? -1 : name[g];
        out->price[u] = 2 * y[u] + (extra ? extra[u] : 0);
        out->bound += out->price[u];
    }
}

enum err match_trio_solve_many(struct arena *arena, const struct match_trio_people *people,
                               const int32_t *mate, const int64_t *y, const int64_t *extra,
                               struct match_trio *out)
{
    size_t n = (size_t)people->n;
    if (people->n > MATCH_TRIO_MANY) {
        return ERR_LIMIT;
    }
    struct match_trio result = {
        .n = people->n,
        .group = arena_alloc(arena, n, sizeof *result.group),
        .price = arena_alloc(arena, n, sizeof *result.price),
    };
    struct arena *work = arena_child(arena);
    struct trio_field field = {0};
    struct wide w = {.people = people, .field = &field};
    enum err err = result.group && result.price && work ? make_room(work, &w) : ERR_NOMEM;
    bool tied = false;
    err = err ? err : fill_matrix(work, &w, &tied);
    err = err ? err : trio_field_open(work, &field, mate);
    if (!err) {
        if (tied) {
            trio_field_hold(&field, w.held);
        }
        err = improve(work, &w);
    }
    if (!err) {
        tell(&field, y, extra, w.out, &result);
        *out = result;
    }
    arena_free(work);
    return err;
}
