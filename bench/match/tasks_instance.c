/* Makes the benchmark's tasks (tasks_instance.h). */
#include "tasks_instance.h"

#include "base/num.h"
#include "base/rng.h"

#include <math.h>
#include <stdbool.h>
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
    KEEP = 8
};

struct person {
    int32_t ability[SKILLS];
    uint8_t need[NEEDS], n_needs;
    uint16_t hours;
};

struct able {
    int32_t ability, person;
};

static void person_make(struct person *p, struct rng *rng)
{
    double general = rng_normal(rng);
    *p = (struct person){0};
    for (int s = 0; s < SKILLS; s++) {
        double own = rng_normal(rng), error = (0.15 + 0.3 * rng_unit(rng)) * rng_normal(rng);
        p->ability[s] =
            (int32_t)floor((1.2 * (sqrt(0.45) * general + sqrt(0.55) * own) + error) * UNIT + 0.5);
    }
    double u = rng_unit(rng);
    int n_needs = u < 0.4 ? 1 : u < 0.75 ? 2 : 3;
    for (unsigned used = 0; p->n_needs < n_needs;) {
        int pick = (int)rng_below(rng, SKILLS);
        bool weakest = rng_unit(rng) < 0.7;
        for (int s = 0; s < SKILLS; s++) {
            bool better = weakest && p->ability[s] < p->ability[pick];
            if (!(used >> s & 1) && ((used >> pick & 1) || better)) {
                pick = s;
            }
        }
        p->need[p->n_needs++] = (uint8_t)pick;
        used |= 1u << pick;
    }
    while (p->hours == 0) {
        for (int h = 0; h < HOURS; h++) {
            p->hours |= (uint16_t)((unsigned)(rng_unit(rng) < 0.35) << h);
        }
    }
}

static int able_compare(const void *a, const void *b)
{
    const struct able *x = a, *y = b;
    if (x->ability != y->ability) {
        return x->ability < y->ability ? -1 : 1;
    }
    return x->person < y->person ? -1 : x->person > y->person;
}

/* The first who can at least `ability`. */
static int32_t able_find(const struct able *list, int32_t n, int32_t ability)
{
    int32_t low = 0, high = n;
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        if (list[mid].ability < ability) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

/* The best 8 helpers of one task: outwards from one logit ahead, always the better side next. */
static void task_make(struct tasks_instance *to, const struct person *people, int32_t i, int rank,
                      const struct able *list, int32_t n, const int32_t *gain)
{
    static const double urgency[NEEDS] = {1.0, 0.8, 0.6};
    int32_t theta = people[i].ability[people[i].need[rank]];
    int32_t right = able_find(list, n, theta + UNIT), left = right - 1;
    for (int found = 0; found < KEEP;) {
        int32_t gap_left = left >= 0 ? list[left].ability - theta : 0;
        int32_t gap_right = right < n ? list[right].ability - theta : ZONE;
        int32_t of_left = gap_left > 0 ? gain[gap_left] : 0;
        int32_t of_right = gap_right < ZONE ? gain[gap_right] : 0;
        int32_t j = of_left >= of_right ? left-- : right++;
        int32_t w = (int32_t)((of_left >= of_right ? of_left : of_right) * urgency[rank]);
        if (w <= 0) {
            break;
        }
        j = list[j].person;
        if (j != i && (people[i].hours & people[j].hours)) {
            to->arc[to->n_arcs++] = (struct tasks_arc){to->n_tasks, j, w};
            found++;
        }
    }
    to->n_tasks++;
}

int tasks_instance_make(int32_t people, double room, uint64_t seed, struct tasks_instance *to)
{
    struct rng rng = rng_seed(seed);
    struct person *person = calloc((size_t)people, sizeof *person);
    struct able *able = calloc((size_t)people * SKILLS, sizeof *able);
    int32_t *gain = calloc(ZONE, sizeof *gain), n_able[SKILLS] = {0};
    *to = (struct tasks_instance){.n_helpers = people};
    to->arc = calloc((size_t)people * NEEDS * KEEP, sizeof *to->arc);
    to->max_helps = calloc((size_t)people, sizeof *to->max_helps);
    int bad = !person || !able || !gain || !to->arc || !to->max_helps;
    for (int gap = 0; gap < ZONE && !bad; gap++) {
        double x = ((double)gap / UNIT - 0.2) / 0.8, f = x > 0 ? x * num_exp(1 - x) : 0;
        gain[gap] = (int32_t)(10000 * f * f + 0.5);
    }
    double spread = 0;
    for (int32_t i = 0; i < people && !bad; i++) {
        person_make(&person[i], &rng);
        double u = rng_unit(&rng);
        double wish = room * (u < 0.35 ? 0 : u < 0.6 ? 1 : u < 0.85 ? 2 : 3);
        spread += wish - floor(wish);
        to->max_helps[i] = (int32_t)wish + (spread >= 1);
        spread -= spread >= 1;
        for (int s = 0; s < SKILLS && to->max_helps[i]; s++) {
            able[(size_t)people * (size_t)s + (size_t)n_able[s]++] =
                (struct able){person[i].ability[s], i};
        }
    }
    for (int s = 0; s < SKILLS && !bad; s++) {
        qsort(able + (size_t)people * (size_t)s, (size_t)n_able[s], sizeof *able, able_compare);
    }
    for (int32_t i = 0; i < people && !bad; i++) {
        for (int k = 0; k < person[i].n_needs; k++) {
            int s = person[i].need[k];
            task_make(to, person, i, k, able + (size_t)people * (size_t)s, n_able[s], gain);
        }
    }
    free(person);
    free(able);
    free(gain);
    if (bad) {
        free(to->arc);
        free(to->max_helps);
    }
    return bad ? -1 : 0;
}

double tasks_cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double tasks_peak_mb(void)
{
    char line[256];
    double kb = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            kb = strtod(line + 6, NULL);
        }
    }
    if (file) {
        fclose(file);
    }
    return kb / 1024;
}
