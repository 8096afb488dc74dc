/* Elementary functions that give the same bits on every machine.
 *
 * The C library's exp and log differ between versions and between processors (it picks a fused
 * multiply-add variant where there is one), and estimates must be reproducible to the last bit.
 * These use only IEEE additions, multiplications and divisions in a fixed order, which compilers
 * may vectorise element by element but not reorder (the build sets -ffp-contract=off and never
 * -ffast-math). */
#ifndef DUET_BASE_NUM_H
#define DUET_BASE_NUM_H

/* e^x within 1 ulp or so for |x| <= 708; 0 below, the value at 708 above.  NaN gives NaN. */
double num_exp(double x);

/* Natural logarithm of x > 0, within 1 ulp or so; x <= 0 gives -745.  Subnormals are accepted. */
double num_log(double x);

/* 1 / (1 + e^-x). */
double num_logistic(double x);

/* log(1 + e^x) without overflow. */
double num_softplus(double x);

/* The standard normal's distribution function, absolute error below 1e-7, and its inverse for
 * 0 < p < 1, relative error below 2e-9 (Acklam 2003, rational approximation). */
double num_normal_cdf(double x);
double num_normal_quantile(double p);

#endif
