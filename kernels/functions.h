/* SPDX-License-Identifier: MIT
 * Elementary functions on V: the same operations, so nearly the same bits, on every device. Needs portable.h. */

/* Splits x = n ln2 + r with |r| <= ln2 / 2 and returns exp(r) - 1 by its Taylor polynomial of degree 7 (relative error
 * below 1e-7); two_n receives 2^n. x within [-87, 88]. Adding 1.5 * 2^23 rounds to an integer, and leaves it in the low
 * bits of the sum: conversions are slow on CPU devices. */
#define EXPM1_REDUCED(x, e, two_n) do { \
    V shifted_ = V_FMA(x, V_SPLAT(1.44269504089f), V_SPLAT(12582912.0f)); \
    V k_ = shifted_ - V_SPLAT(12582912.0f); \
    V r_ = V_FMA(k_, V_SPLAT(-0.693145751953125f), x); \
    r_ = V_FMA(k_, V_SPLAT(-1.428606765330187e-6f), r_); \
    V p_ = V_SPLAT(1.0f / 5040.0f); \
    p_ = V_FMA(p_, r_, V_SPLAT(1.0f / 720.0f)); \
    p_ = V_FMA(p_, r_, V_SPLAT(1.0f / 120.0f)); \
    p_ = V_FMA(p_, r_, V_SPLAT(1.0f / 24.0f)); \
    p_ = V_FMA(p_, r_, V_SPLAT(1.0f / 6.0f)); \
    p_ = V_FMA(p_, r_, V_SPLAT(0.5f)); \
    e = V_FMA(p_ * r_, r_, r_); \
    two_n = V_BITS_FLOAT((V_FLOAT_BITS(shifted_) << VI_SPLAT(23)) + VI_SPLAT(0x3f800000)); } while (0)

/* exp(x), x taken into [-87, 88] first. */
DEVICE_FN V v_exp(V x)
{
    V e, two_n;
    x = V_SELECT(x > V_SPLAT(88.0f), V_SPLAT(88.0f), x);
    x = V_SELECT(x < V_SPLAT(-87.0f), V_SPLAT(-87.0f), x);
    EXPM1_REDUCED(x, e, two_n);
    return V_FMA(two_n, e, two_n);
}

/* tanh(x) = t / (t + 2) with t = exp(2x) - 1, which keeps full relative accuracy near zero. */
DEVICE_FN V v_tanh(V x)
{
    V e, two_n;
    x = V_SELECT(x > V_SPLAT(9.1f), V_SPLAT(9.1f), x);
    x = V_SELECT(x < V_SPLAT(-9.1f), V_SPLAT(-9.1f), x);
    x = x + x;
    EXPM1_REDUCED(x, e, two_n);
    V t = V_FMA(two_n, e, two_n - V_SPLAT(1.0f));
    return t / (t + V_SPLAT(2.0f));
}

/* Keeps what is not a number, so that a diverged run shows in its losses. */
DEVICE_FN V v_relu(V x) { return V_SELECT(x < V_SPLAT(0.0f), V_SPLAT(0.0f), x); }
