/* exp and log by argument reduction and a polynomial; see num.h for why they are ours. */
#include "base/num.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t to_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

double num_exp(double x)
{
    if (!(x > -708.0)) {
        return x <= -708.0 ? 0.0 : x;
    }
    if (x > 708.0) {
        x = 708.0;
    }
    /* x = k ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts so that r is exact to the last bits.
     */
    double shift = 0x1.8p52;
    double kd = x * 1.4426950408889634074 + shift;
    uint64_t k = to_bits(kd);
    kd -= shift;
    double r = (x - kd * 0x1.62e42fefa0000p-1) - kd * 0x1.cf79abc9e3b3ap-40;
    /* Taylor coefficients to r^13: the remainder is below 2^-57 on the reduced range. */
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = (p * r * r + r) + 1.0;
    return p * from_bits((k + 1023) << 52);
}

double num_log(double x)
{
    if (!(x > 0.0)) {
        return x <= 0.0 ? -745.0 : x;
    }
    int64_t e = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        e = -54;
    }
    /* x = 2^e m with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh((m - 1) / (m + 1)). */
    uint64_t bits = to_bits(x);
    uint64_t top = (bits - UINT64_C(0x3fe6a09e667f3bcd)) >> 52;
    int64_t shift = (int64_t)(top << 52) >> 52;
    e += shift;
    double m = from_bits(bits - ((uint64_t)shift << 52));
    double s = (m - 1.0) / (m + 1.0), z = s * s;
    double p = 1.0 / 21.0;
    p = p * z + 1.0 / 19.0;
    p = p * z + 1.0 / 17.0;
    p = p * z + 1.0 / 15.0;
    p = p * z + 1.0 / 13.0;
    p = p * z + 1.0 / 11.0;
    p = p * z + 1.0 / 9.0;
    p = p * z + 1.0 / 7.0;
    p = p * z + 1.0 / 5.0;
    p = p * z + 1.0 / 3.0;
    double ed = (double)e;
    return ed * 0x1.62e42fefa0000p-1 + (2.0 * s + (2.0 * s * z * p + ed * 0x1.cf79abc9e3b3ap-40));
}

double num_logistic(double x)
{
    if (x >= 0.0) {
        return 1.0 / (1.0 + num_exp(-x));
    }
    double e = num_exp(x);
    return e / (1.0 + e);
}

double num_softplus(double x)
{
    return (x > 0.0 ? x : 0.0) + num_log(1.0 + num_exp(x > 0.0 ? -x : x));
}

double num_normal_cdf(double x)
{
    /* Abramowitz & Stegun 26.2.17. */
    double t = 1.0 / (1.0 + 0.2316419 * (x < 0 ? -x : x));
    double poly =
        t * (0.319381530 +
             t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    double tail = 0.39894228040143268 * num_exp(-0.5 * x * x) * poly;
    return x < 0 ? tail : 1.0 - tail;
}

double num_normal_quantile(double p)
{
    static const double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,
                               -2.759285104469687e+02, 1.383577518672690e+02,
                               -3.066479806614716e+01, 2.506628277459239e+00};
    static const double b[] = {-5.447609879822406e+01, 1.615858368580409e+02,
                               -1.556989798598866e+02, 6.680131188771972e+01,
                               -1.328068155288572e+01, 1.0};
    static const double c[] = {-7.784894002430293e-03, -3.223964580411365e-01,
                               -2.400758277161838e+00, -2.549732539343734e+00,
                               4.374664141464968e+00,  2.938163982698783e+00};
    static const double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                               3.754408661907416e+00, 1.0};
    double lower = p < 0.5 ? p : 1.0 - p;
    double num, den, x;
    if (lower < 0.02425) {
        double q = sqrt(-2.0 * num_log(lower));
        num = ((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5];
        den = (((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + d[4];
        x = num / den;
        return p < 0.5 ? x : -x;
    }
    double q = p - 0.5, r = q * q;
    num = (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q;
    den = ((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + b[5];
    return num / den;
}
