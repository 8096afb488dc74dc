/* Makes the benchmark's instances (instance.h). */
#include "instance.h"

#include "base/num.h"
#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SKILLS = 12,
    NEEDS = 3,
    HOURS = 10,
    UNIT = 1024, /* of ability, per logit */
    ZONE = 3 * UNIT,
    KEEP = 16,
    KNOWN = 2000,
    CROWD = 17 /* people per cell of the map; a circle of one cell's width holds three times this */
};

struct people {
    int32_t n;
    int32_t (*ability)[SKILLS];
    uint8_t (*need)[NEEDS];
    uint8_t *n_needs;
    uint16_t *hours;
    double *x, *y; /* place, in cells */
    int32_t side;  /* cells */
    int32_t gain[NEEDS][ZONE];
};

static void people_make_gain(struct people *p)
{
    static const double urgency[NEEDS] = {1.0, 0.8, 0.6};
    for (int gap = 0; gap < ZONE; gap++) {
        double x = ((double)gap / UNIT - 0.2) / 0.8, f = x > 0 ? x * num_exp(1 - x) : 0;
        for (int k = 0; k < NEEDS; k++) {
            p->gain[k][gap] = (int32_t)(10000 * urgency[k] * f * f + 0.5);
        }
    }
}

static void people_make_one(struct people *p, int32_t i, struct rng *rng)
{
    double general = rng_normal(rng);
    for (int s = 0; s < SKILLS; s++) {
        double own = rng_normal(rng), error = (0.15 + 0.3 * rng_unit(rng)) * rng_normal(rng);
        double theta = 1.2 * (sqrt(0.45) * general + sqrt(0.55) * own) + error;
        p->ability[i][s] = (int32_t)floor(theta * UNIT + 0.5);
    }
    double u = rng_unit(rng);
    p->n_needs[i] = u < 0.4 ? 1 : u < 0.75 ? 2 : 3;
    unsigned used = 0;
    for (int k = 0; k < p->n_needs[i]; k++) {
        int pick = (int)rng_below(rng, SKILLS);
        int weakest = rng_unit(rng) < 0.7;
        for (int s = 0; s < SKILLS; s++) {
            int better = weakest && p->ability[i][s] < p->ability[i][pick];
            if (!(used >> s & 1) && ((used >> pick & 1) || better)) {
                pick = s;
            }
        }
        p->need[i][k] = (uint8_t)pick;
        used |= 1u << pick;
    }
    while (p->hours[i] == 0) {
        for (int h = 0; h < HOURS; h++) {
            p->hours[i] |= (uint16_t)((unsigned)(rng_unit(rng) < 0.35) << h);
        }
    }
    p->x[i] = rng_unit(rng) * p->side;
    p->y[i] = rng_unit(rng) * p->side;
}

static void people_free(struct people *p)
{
    free(p->ability);
    free(p->need);
    free(p->n_needs);
    free(p->hours);
    free(p->x);
    free(p->y);
}

static int people_make(struct people *p, int32_t n, struct rng *rng)
{
    size_t count = (size_t)n;
    *p = (struct people){.n = n, .side = (int32_t)sqrt(n / (double)CROWD) + 1};
    p->ability = calloc(count, sizeof *p->ability);
    p->need = calloc(count, sizeof *p->need);
    p->n_needs = calloc(count, sizeof *p->n_needs);
    p->hours = calloc(count, sizeof *p->hours);
    p->x = calloc(count, sizeof *p->x);
    p->y = calloc(count, sizeof *p->y);
    if (!p->ability || !p->need || !p->n_needs || !p->hours || !p->x || !p->y) {
        people_free(p);
        return -1;
    }
    people_make_gain(p);
    for (int32_t i = 0; i < n; i++) {
        people_make_one(p, i, rng);
    }
    return 0;
}

/* What i learns from j: the best single skill. */
static int32_t people_gain(const struct people *p, int32_t i, int32_t j)
{
    int32_t best = 0;
    for (int k = 0; k < p->n_needs[i]; k++) {
        int s = p->need[i][k];
        int32_t gap = p->ability[j][s] - p->ability[i][s];
        if (gap > 0 && gap < ZONE && p->gain[k][gap] > best) {
            best = p->gain[k][gap];
        }
    }
    return best;
}

static int32_t people_worth(const struct people *p, int32_t i, int32_t j)
{
    return p->hours[i] & p->hours[j] ? people_gain(p, i, j) + people_gain(p, j, i) : 0;
}

/* The best few candidates of everybody, best first. */
struct lists {
    int32_t (*who)[KEEP];
    int32_t (*worth)[KEEP];
    uint8_t *n;
};

static void lists_offer(struct lists *l, int32_t i, int32_t j, int32_t w)
{
    int at = l->n[i];
    if (w <= 0 || (at == KEEP && l->worth[i][KEEP - 1] >= w)) {
        return;
    }
    at = at < KEEP ? l->n[i]++ : KEEP - 1;
    for (; at > 0 && l->worth[i][at - 1] < w; at--) {
        l->worth[i][at] = l->worth[i][at - 1];
        l->who[i][at] = l->who[i][at - 1];
    }
    l->worth[i][at] = w;
    l->who[i][at] = j;
}

static int lists_hold(const struct lists *l, int32_t i, int32_t j)
{
    for (int k = 0; k < l->n[i]; k++) {
        if (l->who[i][k] == j) {
            return 1;
        }
    }
    return 0;
}

static void lists_online(struct lists *l, const struct people *p, struct rng *rng)
{
    for (int32_t i = 0; i < p->n; i++) {
        for (int k = 0; k < KNOWN; k++) {
            int32_t j = (int32_t)rng_below(rng, (uint32_t)p->n);
            if (j != i && !lists_hold(l, i, j)) {
                lists_offer(l, i, j, people_worth(p, i, j));
            }
        }
    }
}

static int lists_local(struct lists *l, const struct people *p)
{
    /* People by cell: chains through `next`. */
    int32_t side = p->side;
    int32_t *head = malloc(sizeof *head * (size_t)side * (size_t)side);
    int32_t *next = malloc(sizeof *next * (size_t)p->n);
    if (!head || !next) {
        free(head);
        free(next);
        return -1;
    }
    memset(head, -1, sizeof *head * (size_t)side * (size_t)side);
    for (int32_t i = 0; i < p->n; i++) {
        int32_t *cell = &head[(int32_t)p->x[i] * side + (int32_t)p->y[i]];
        next[i] = *cell;
        *cell = i;
    }
    for (int32_t i = 0; i < p->n; i++) {
        int32_t cx = (int32_t)p->x[i], cy = (int32_t)p->y[i];
        for (int32_t c = 0; c < 9; c++) {
            int32_t x = cx + c / 3 - 1, y = cy + c % 3 - 1;
            if (x < 0 || y < 0 || x >= side || y >= side) {
                continue;
            }
            for (int32_t j = head[x * side + y]; j >= 0; j = next[j]) {
                double dx = p->x[i] - p->x[j], dy = p->y[i] - p->y[j];
                double d = sqrt(dx * dx + dy * dy);
                if (j != i && d < 1) {
                    lists_offer(l, i, j, (int32_t)(people_worth(p, i, j) * (1 - d / 2)));
                }
            }
        }
    }
    free(head);
    free(next);
    return 0;
}

/* The union of the lists, each pair once. */
static int instance_from_lists(struct instance *g, const struct lists *l)
{
    g->edge = malloc(sizeof *g->edge * (size_t)g->n * KEEP);
    if (!g->edge) {
        return -1;
    }
    for (int32_t i = 0; i < g->n; i++) {
        for (int k = 0; k < l->n[i]; k++) {
            int32_t j = l->who[i][k];
            if (i < j || !lists_hold(l, j, i)) {
                g->edge[g->m++] = (struct instance_edge){i, j, l->worth[i][k]};
            }
        }
    }
    return 0;
}

static int instance_listed(struct instance *g, const struct people *p, int online, struct rng *rng)
{
    struct lists l;
    l.who = calloc((size_t)g->n, sizeof *l.who);
    l.worth = calloc((size_t)g->n, sizeof *l.worth);
    l.n = calloc((size_t)g->n, sizeof *l.n);
    int status = -1;
    if (l.who && l.worth && l.n) {
        status = 0;
        if (online) {
            lists_online(&l, p, rng);
        } else {
            status = lists_local(&l, p);
        }
        status = status ? status : instance_from_lists(g, &l);
    }
    free(l.who);
    free(l.worth);
    free(l.n);
    return status;
}

static int instance_dense(struct instance *g, const struct people *p)
{
    g->edge = malloc(sizeof *g->edge * (size_t)g->n * (size_t)g->n / 2);
    if (!g->edge) {
        return -1;
    }
    for (int32_t i = 0; i < g->n; i++) {
        for (int32_t j = i + 1; j < g->n; j++) {
            g->edge[g->m++] = (struct instance_edge){i, j, people_worth(p, i, j)};
        }
    }
    return 0;
}

int instance_make(const char *family, int32_t n, uint64_t seed, struct instance *instance)
{
    struct rng rng = rng_seed(seed);
    struct people p;
    struct instance g = {.n = n};
    if (people_make(&p, n, &rng)) {
        return -1;
    }
    int status = -1;
    if (strcmp(family, "dense") == 0) {
        status = instance_dense(&g, &p);
    } else if (strcmp(family, "local") == 0 || strcmp(family, "online") == 0) {
        status = instance_listed(&g, &p, family[0] == 'o', &rng);
    }
    people_free(&p);
    if (!status) {
        *instance = g;
    }
    return status;
}

double instance_cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double instance_peak_mb(void)
{
    char line[256];
    double kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f)) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            kb = strtod(line + 6, NULL);
        }
    }
    if (f) {
        fclose(f);
    }
    return kb / 1024;
}
