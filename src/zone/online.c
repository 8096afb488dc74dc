/* The update of one person's block; see online.h. */
#include "zone/online.h"

#include "zone/fitstat.h"

#include <math.h>

#define MIN_INFORMATION 1e-6
#define MIN_VARIANCE 1e-6
#define MAX_STEP 2.0

double online_update(struct online_block *block, const struct online_event *event)
{
    int32_t n = block->n;
    double cx[ONLINE_MAX], mean = event->offset, variance = event->other_variance;
    for (int32_t i = 0; i < n; i++) {
        cx[i] = 0;
    }
    for (int32_t t = 0; t < event->n_terms; t++) {
        const double *row = block->cov + (int64_t)event->index[t] * n;
        double c = event->coefficient[t];
        mean += c * block->mean[event->index[t]];
        for (int32_t i = 0; i < n; i++) {
            cx[i] += c * row[i];
        }
    }
    for (int32_t t = 0; t < event->n_terms; t++) {
        variance += event->coefficient[t] * cx[event->index[t]];
    }
    double sd = sqrt(3 * (variance > 0 ? variance : 0)), expected = 0, w = 0;
    for (int node = -1; node <= 1; node++) {
        double m, v, weight = node ? 1.0 / 6 : 2.0 / 3;
        fitstat_moments(mean + node * sd, event->difficulty, event->n_steps, &m, &v);
        expected += weight * m;
        w += weight * v;
    }
    w = w > MIN_INFORMATION ? w : MIN_INFORMATION;
    double k = 1 / (1 + w * variance), pull = k * (event->level - expected), shrink = k * w;
    for (int32_t i = 0; i < n; i++) {
        double step = cx[i] * pull, *row = block->cov + (int64_t)i * n;
        block->mean[i] += step > MAX_STEP ? MAX_STEP : step < -MAX_STEP ? -MAX_STEP : step;
        double scale = shrink * cx[i];
        for (int32_t j = 0; j < n && scale != 0; j++) {
            row[j] -= scale * cx[j];
        }
        row[i] = row[i] > MIN_VARIANCE ? row[i] : MIN_VARIANCE;
    }
    return expected;
}

void online_renew(struct online_block *block, int32_t i, double mean, double variance)
{
    int32_t n = block->n;
    for (int32_t j = 0; j < n; j++) {
        block->cov[(int64_t)i * n + j] = block->cov[(int64_t)j * n + i] = 0;
    }
    block->mean[i] = mean;
    block->cov[(int64_t)i * n + i] = variance;
}
