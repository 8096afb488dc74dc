/* The zone band; see band.h. */
#include "zone/band.h"

#include "base/clones.h"
#include "base/num.h"
#include "zone/lanes.h"

#include <math.h>
#include <string.h>

#define ROUNDS 40
#define PEAK_ROUNDS 8
#define END_WIDTH 0.01
#define NODES 10
#define HOPELESS 0.04
#define STEEP 0.925
#define EXPONENT_MOST 700.0

/* Gauss-Legendre, 20 nodes on -1 .. 1, positive half. */
static const double node[NODES] = {
    0.076526521133497, 0.227785851141645, 0.373706088715420, 0.510867001950827, 0.636053680726515,
    0.746331906460151, 0.839116971822219, 0.912234428251326, 0.963971927277914, 0.993128599185095};
static const double weight[NODES] = {
    0.152753387130726, 0.149172986472604, 0.142096109318382, 0.131688638449177, 0.118194531961518,
    0.101930119817240, 0.083276741576704, 0.062672048334109, 0.040601429800387, 0.017614007139152};

/* The same, 12 nodes: enough for moderate correlations. */
#define FEW_NODES 6
#define MODERATE 0.8
static const double few_node[FEW_NODES] = {0.125233408511469, 0.367831498998180, 0.587317954286617,
                                           0.769902674194305, 0.904117256370475, 0.981560634246719};
static const double few_weight[FEW_NODES] = {0.249147045813403, 0.233492536538355,
                                             0.203167426723066, 0.160078328543346,
                                             0.106939325995318, 0.047175336386512};

/* What the integral of a correlation needs at each node, whatever x and y. */
struct correlation {
    double r;
    int n_lanes; /* groups of four nodes; 0: too steep for them */
    lanes square[NODES / 2], product[NODES / 2], weight[NODES / 2];
};

/* The integral over 0 .. r of d Phi2 / dr = exp(-(x^2 - 2 r x y + y^2) / (2 (1 - r^2))) /
 * (2 pi sqrt(1 - r^2)).  The usual r = sin t would need libm; r = 2u / (1 + u^2) smooths as well:
 * sqrt(1 - r^2) = (1 - u^2) / (1 + u^2) and dr / sqrt(1 - r^2) = 2 du / (1 + u^2). */
static void correlation_set(struct correlation *to, double r)
{
    bool few = fabs(r) < MODERATE;
    const double *at = few ? few_node : node, *of = few ? few_weight : weight;
    double u1 = r / (1 + sqrt(1 - r * r));
    to->r = r;
    to->n_lanes = fabs(r) > STEEP ? 0 : (few ? FEW_NODES : NODES) / 2;
    for (int k = 0; k < 4 * to->n_lanes; k++) {
        double u = 0.5 * u1 * (1 + (k % 2 ? at[k / 2] : -at[k / 2])), s = 1 + u * u;
        double root = (1 - u * u) / s, square = 1 / (2 * root * root);
        to->square[k / 4][k % 4] = square;
        to->product[k / 4][k % 4] = 4 * u / s * square;
        to->weight[k / 4][k % 4] = of[k / 2] / s * u1 * 0.15915494309189535;
    }
}

/* e^x for x <= 0. */
static inline __attribute__((always_inline)) void exponential(lanes *io)
{
    lanes least = {-EXPONENT_MOST, -EXPONENT_MOST, -EXPONENT_MOST, -EXPONENT_MOST};
    lanes_at_least(io, &least);
    lanes_exp(io);
}

VECTOR_CLONES static double correlation_integral(const struct correlation *c, double x, double y)
{
    double square = x * x + y * y, product = x * y;
    lanes sum = {0};
    for (int k = 0; k < c->n_lanes; k++) {
        lanes z = c->square[k] * square - c->product[k] * product;
        z = 0.0 - z;
        exponential(&z);
        sum += c->weight[k] * z;
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* P(X > h, Y > k) for r >= .925 (Genz 2004, Statistics and Computing 14, "Numerical computation of
 * rectangular bivariate and trivariate normal and t probabilities", eq. 6): the spike of the
 * integrand near r = 1 is taken out analytically. */
static double band_steep(double h, double k, double r)
{
    double hk = h * k, s2 = (1 - r) * (1 + r), sum = 0;
    if (s2 > 0) {
        double a = sqrt(s2), gap = (h - k) * (h - k), c = (4 - hk) / 8, d = (12 - hk) / 16;
        double power = -(gap / s2 + hk) / 2;
        if (power > -100) {
            sum = a * num_exp(power) *
                  (1 - c * (gap - s2) * (1 - d * gap / 5) / 3 + c * d * s2 * s2 / 5);
        }
        if (hk > -100) {
            double b = sqrt(gap);
            sum -= num_exp(-hk / 2) * 2.5066282746310002 * num_normal_cdf(-b / a) * b *
                   (1 - c * gap * (1 - d * gap / 5) / 3);
        }
        a /= 2;
        for (int i = 0; i < 2 * NODES; i++) {
            double x = a * (1 + (i % 2 ? node[i / 2] : -node[i / 2])), x2 = x * x;
            double root = sqrt(1 - x2);
            power = -(gap / x2 + hk) / 2;
            if (power > -100) {
                sum += a * weight[i / 2] * num_exp(power) *
                       (num_exp(-hk * (1 - root) / (2 * (1 + root))) / root -
                        (1 + c * x2 * (1 + d * x2)));
            }
        }
    }
    return num_normal_cdf(-(h > k ? h : k)) - sum * 0.15915494309189535;
}

/* Phi2, where px is Phi(x). */
static double normal2(const struct correlation *c, double x, double px, double y)
{
    if (c->n_lanes > 0) {
        return px * num_normal_cdf(y) + correlation_integral(c, x, y);
    }
    if (c->r < 0) {
        return px - band_steep(-x, y, c->r > -1 ? -c->r : 1);
    }
    return band_steep(-x, -y, c->r < 1 ? c->r : 1);
}

double band_normal2(double x, double y, double r)
{
    struct correlation c;
    correlation_set(&c, r);
    return normal2(&c, x, num_normal_cdf(x), y);
}

/* The pair (A, A + c G), ready for pi(b). */
struct pair {
    double alone, alone_sd, helped, helped_sd, positive;
    struct correlation correlation;
};

static void band_pair(const struct band_known *known, double c, struct pair *to)
{
    double va = known->alone_sd * known->alone_sd, vg = known->gain_sd * known->gain_sd;
    double vh = va + 2 * c * known->cov + c * c * vg;
    double floor = 1e-12;
    vh = vh > floor ? vh : floor;
    va = va > floor ? va : floor;
    double r = (va + c * known->cov) / sqrt(va * vh);
    double positive = num_normal_cdf(known->gain / (known->gain_sd > 1e-6 ? known->gain_sd : 1e-6));
    to->alone = known->alone;
    to->alone_sd = sqrt(va);
    to->helped = known->alone + c * known->gain;
    to->helped_sd = sqrt(vh);
    to->positive = positive > 1e-9 ? positive : 1e-9;
    correlation_set(&to->correlation, r > 1 ? 1 : r < -1 ? -1 : r);
}

static double pair_chance(const struct pair *pair, double b)
{
    double x = (b + BAND_ALONE_MOST - pair->alone) / pair->alone_sd;
    double y = (b + BAND_HELPED_LEAST - pair->helped) / pair->helped_sd;
    double px = num_normal_cdf(x);
    double pi = (px - normal2(&pair->correlation, x, px, y)) / pair->positive;
    return pi < 0 ? 0 : pi > 1 ? 1 : pi;
}

double band_chance(const struct band_known *known, double c, double b)
{
    struct pair pair;
    band_pair(known, c, &pair);
    return pair_chance(&pair, b);
}

/* The end of the band between `in` (pi >= 1/2) and `out` (pi < 1/2): bisection and false position
 * in turn. */
static double band_end(const struct pair *pair, double in, double pi_in, double out, double pi_out)
{
    for (int round = 0; round < ROUNDS && fabs(in - out) > END_WIDTH; round++) {
        double share = 0.5;
        if (round % 3 != 2 && pi_in > pi_out) {
            share = (pi_in - 0.5) / (pi_in - pi_out);
            share = share < 0.02 ? 0.02 : share > 0.98 ? 0.98 : share;
        }
        double b = in + share * (out - in), pi = pair_chance(pair, b);
        if (pi >= 0.5) {
            in = b, pi_in = pi;
        } else {
            out = b, pi_out = pi;
        }
    }
    return 0.5 * (in + out);
}

/* Whether the top of the parabola through three points, the highest in the middle, is so far below
 * 1/2 that pi, which it follows to a few hundredths, stays below too. */
static bool hopeless(const double x[3], const double y[3], double at)
{
    double a = (at - x[1]) * (at - x[2]) / ((x[0] - x[1]) * (x[0] - x[2]));
    double b = (at - x[0]) * (at - x[2]) / ((x[1] - x[0]) * (x[1] - x[2]));
    double c = (at - x[0]) * (at - x[1]) / ((x[2] - x[0]) * (x[2] - x[1]));
    double top = a * y[0] + b * y[1] + c * y[2];
    return top + 2 * (top - y[1]) + HOPELESS < 0.5;
}

/* The highest point of pi between left and right: parabolas through three points, left as soon as
 * a point reaches 1/2 or clearly cannot. */
static void band_peak(const struct pair *pair, double left, double right, double *best, double *top)
{
    double x[3] = {0.75 * left + 0.25 * right, 0.5 * (left + right), 0.25 * left + 0.75 * right};
    double y[3] = {0, pair_chance(pair, x[1]), 0};
    *best = x[1], *top = y[1];
    if (*top >= 0.5) {
        return;
    }
    y[0] = pair_chance(pair, x[0]);
    y[2] = pair_chance(pair, x[2]);
    for (int round = 0; round < PEAK_ROUNDS; round++) {
        int high = y[0] > y[1] ? (y[0] > y[2] ? 0 : 2) : (y[1] > y[2] ? 1 : 2);
        *best = x[high], *top = y[high];
        double a = (x[1] - x[0]) * (y[1] - y[2]), b = (x[1] - x[2]) * (y[1] - y[0]);
        double next =
            a - b != 0 ? x[1] - 0.5 * ((x[1] - x[0]) * a - (x[1] - x[2]) * b) / (a - b) : x[1];
        if (high == 1 && hopeless(x, y, next)) {
            return;
        }
        next = high == 1 ? next : high == 0 ? x[0] - (x[1] - x[0]) : x[2] + (x[2] - x[1]);
        next = next < left ? left : next > right ? right : next;
        if (*top >= 0.5 || fabs(next - *best) < 0.5 * END_WIDTH) {
            return;
        }
        double pi = pair_chance(pair, next);
        /* Keep the best and its neighbours, in order. */
        int at = next < x[0] ? 0 : next < x[1] ? 1 : next < x[2] ? 2 : 3;
        double xs[4], ys[4];
        for (int k = 0; k < 4; k++) {
            int from = k < at ? k : k - 1;
            xs[k] = k == at ? next : x[from];
            ys[k] = k == at ? pi : y[from];
        }
        int drop = ys[0] < ys[3] ? 0 : 1;
        for (int k = 0; k < 3; k++) {
            x[k] = xs[k + 1 - drop];
            y[k] = ys[k + 1 - drop];
        }
    }
}

bool band_find(const struct band_known *known, double c, double *lo, double *hi)
{
    struct pair pair;
    *lo = 1, *hi = 0;
    band_pair(known, c, &pair);
    /* P(c G < .44 | G > 0) > 1/2 bounds pi below 1/2 everywhere. */
    double gap = BAND_HELPED_LEAST - BAND_ALONE_MOST;
    double cg_sd = c * known->gain_sd > 1e-6 ? c * known->gain_sd : 1e-6;
    if (num_normal_cdf((c * known->gain - gap) / cg_sd) < 0.5 * pair.positive) {
        return false;
    }
    /* Both marginal chances must reach 1/2 of P(G > 0), which brackets the band. */
    double z = num_normal_quantile(0.5 * pair.positive);
    double left = pair.alone + z * pair.alone_sd - BAND_ALONE_MOST;
    double right = pair.helped - z * pair.helped_sd - BAND_HELPED_LEAST;
    if (left >= right) {
        return false;
    }
    double best, top;
    band_peak(&pair, left, right, &best, &top);
    if (top < 0.5) {
        return false;
    }
    /* At the ends of the bracket pi <= 1/2 (one marginal is 1/2). */
    *lo = band_end(&pair, best, top, left, pair_chance(&pair, left));
    *hi = band_end(&pair, best, top, right, pair_chance(&pair, right));
    return true;
}

enum band_word band_say(const struct band_known *known, double c, double b)
{
    double sd = known->alone_sd > 1e-6 ? known->alone_sd : 1e-6;
    if (num_normal_cdf((known->alone - b - BAND_ALONE_MOST) / sd) > 0.8) {
        return BAND_ALONE;
    }
    return band_chance(known, c, b) > 0.5 ? BAND_WITH_HELP : BAND_UNKNOWN;
}

const char *band_word_text(enum band_word word)
{
    static const char *const text[BAND_WORD__MAX] = {"not known yet", "with help", "alone"};
    return text[word < BAND_WORD__MAX ? word : BAND_UNKNOWN];
}

VECTOR_CLONES static void levels(lanes *io, const double *difficulty, int n_steps)
{
    lanes a = *io, top = {0}, at = {0}, sum, mean;
    for (int k = 0; k < n_steps; k++) {
        at += a - difficulty[k];
        lanes_at_least(&top, &at);
    }
    sum = 0.0 - top;
    exponential(&sum);
    mean = sum;
    at = at * 0.0;
    for (int k = 0; k < n_steps; k++) {
        at += a - difficulty[k];
        lanes p = at - top;
        exponential(&p);
        sum += p;
        mean += (k + 2.0) * p;
    }
    *io = mean / sum;
}

void band_levels(const double a[4], const double *difficulty, int n_steps, double level[4])
{
    lanes io;
    memcpy(&io, a, sizeof io);
    levels(&io, difficulty, n_steps);
    memcpy(level, &io, sizeof io);
}

double band_level(double a, const double *difficulty, int n_steps)
{
    double io[4] = {a, a, a, a};
    band_levels(io, difficulty, n_steps, io);
    return io[0];
}
