/* SPDX-License-Identifier: MIT
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), VW counters at once, and normals from it. Needs portable.h.
 * Twin of io.dynae.random.Philox. Counter words: c0 item, c1 step, c2 stream, c3 high part of the item.
 * Known answer: counter 0, key 0 -> 6627e8d5 e169c58d bc57ac4c 9b00dbd8. */
#define STREAM_DIRECTIONS 2u
#define STREAM_CLUSTERING_ORDER 5u
#define STREAM_RESAMPLING 6u
#define STREAM_BATCH_ORDER 7u

#define PHILOX_ROUND(c0, c1, c2, c3, k0, k1) do { \
    VU h0_ = MUL_HI(VU_SPLAT(0xD2511F53u), c0), l0_ = VU_SPLAT(0xD2511F53u) * c0; \
    VU h1_ = MUL_HI(VU_SPLAT(0xCD9E8D57u), c2), l1_ = VU_SPLAT(0xCD9E8D57u) * c2; \
    c0 = h1_ ^ c1 ^ VU_SPLAT(k0); c1 = l1_; c2 = h0_ ^ c3 ^ VU_SPLAT(k1); c3 = l0_; } while (0)
/* Replaces the counter words by the four random words. */
#define PHILOX(c0, c1, c2, c3, key0, key1) do { uint k0_ = (uint)(key0), k1_ = (uint)(key1); \
    UNROLL for (int round_ = 0; round_ < 10; round_++) { PHILOX_ROUND(c0, c1, c2, c3, k0_, k1_); k0_ += 0x9E3779B9u; k1_ += 0xBB67AE85u; } } while (0)
/* Box and Muller: two words to two normals. Half a unit keeps the logarithm's argument off zero; the largest, which
 * would round to 1 and leave no radius, is the float below 1. */
#define BOX_MULLER(u0, u1, n0, n1) do { \
    V a_ = V_FMA(V_FROM_UINT((u0) >> VU_SPLAT(8)), V_SPLAT(5.9604644775390625e-8f), V_SPLAT(2.98023223876953125e-8f)); \
    a_ = V_SELECT(a_ < V_SPLAT(1.0f), a_, V_SPLAT(0.999999940395355224609375f)); \
    V b_ = V_FROM_UINT((u1) >> VU_SPLAT(8)) * V_SPLAT(1.1920928955078125e-7f); \
    V radius_ = V_SQRT(V_SPLAT(-2.0f) * V_LOG(a_)); V s_, c_; V_SINCOSPI(b_, s_, c_); n0 = radius_ * c_; n1 = radius_ * s_; } while (0)
/* Normals 4q to 4q+3 of VW neighbouring items, into n[0..3]. */
#define FOUR_NORMALS(item, step, stream, q, key0, key1, n) do { \
    VU w0_ = VU_SPLAT(item) + V_IOTA, w1_ = VU_SPLAT(step), w2_ = VU_SPLAT(stream), w3_ = VU_SPLAT(q); \
    PHILOX(w0_, w1_, w2_, w3_, key0, key1); \
    BOX_MULLER(w0_, w1_, (n)[0], (n)[1]); BOX_MULLER(w2_, w3_, (n)[2], (n)[3]); } while (0)
