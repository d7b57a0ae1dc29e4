/* SPDX-License-Identifier: MIT
 * Bitonic sort of many columns at once. CUDA C and OpenCL C; needs portable.h.
 *
 * Lane = column: SORT_COLUMNS neighbouring columns of SORT_COUNT keys lie [key][column] in SORT_SPACE memory (LOCAL, or
 * GLOBAL where that is too small), SORT_COUNT a power of two from 16 on. Several stages of the network run on keys held in
 * registers, which cuts memory traffic and barriers threefold. Ties may come out in either order. */
#define COMPARE_PAIRS(a, b) do { VI swap_ = v[a] > v[b]; V v_ = V_SELECT(swap_, v[b], v[a]); v[b] = V_SELECT(swap_, v[a], v[b]); v[a] = v_; \
    VI x_ = V_SELECT(swap_, x[b], x[a]); x[b] = V_SELECT(swap_, x[a], x[b]); x[a] = x_; } while (0)
#define COMPARE_KEYS(a, b) do { VI swap_ = v[a] > v[b]; V v_ = V_SELECT(swap_, v[b], v[a]); v[b] = V_SELECT(swap_, v[a], v[b]); v[a] = v_; } while (0)
/* The last log2(R) stages of a merge, and a full sort of R keys, ascending. */
#define MERGE_NETWORK(R, COMPARE) UNROLL for (int h = R / 2; h > 0; h >>= 1) UNROLL for (int m = 0; m < R; m++) if (!(m & h)) COMPARE(m, m + h)
#define SORT_NETWORK(R, COMPARE) UNROLL for (int k = 2; k <= R; k <<= 1) UNROLL for (int h = k / 2; h > 0; h >>= 1) \
    UNROLL for (int m = 0; m < R; m++) if (!(m & h)) { if (m & k) COMPARE(m + h, m); else COMPARE(m, m + h); }

/* R keys at distance `step` (negative: descending), with the index of each, and keys alone. */
#define DEFINE_PASS(NAME, R, NETWORK) \
TILE_FN void NAME##_pairs(SORT_SPACE float* keys, SORT_SPACE int* index, int step) { \
    V v[R]; VI x[R]; \
    UNROLL for (int m = 0; m < R; m++) { v[m] = VLOAD(keys + m * step); x[m] = VLOAD(index + m * step); } \
    NETWORK(R, COMPARE_PAIRS); \
    UNROLL for (int m = 0; m < R; m++) { VSTORE(v[m], keys + m * step); VSTORE(x[m], index + m * step); } } \
TILE_FN void NAME##_keys(SORT_SPACE float* keys, int step) { \
    V v[R]; \
    UNROLL for (int m = 0; m < R; m++) v[m] = VLOAD(keys + m * step); \
    NETWORK(R, COMPARE_KEYS); \
    UNROLL for (int m = 0; m < R; m++) VSTORE(v[m], keys + m * step); }
DEFINE_PASS(sort_8, 8, SORT_NETWORK)
DEFINE_PASS(merge_8, 8, MERGE_NETWORK)
DEFINE_PASS(merge_4, 4, MERGE_NETWORK)
DEFINE_PASS(merge_2, 2, MERGE_NETWORK)

#define SORT_PAIRS_AND_KEYS(NAME) NAME##_pairs(keys_q + at_, index_q + at_, step_); NAME##_keys(keys_r + at_, step_)
#define SORT_KEYS_ALONE(NAME) NAME##_keys(keys_q + at_, step_); NAME##_keys(keys_r + at_, step_)
/* One pass over all keys: R keys `apart` apart, in runs of k that alternate between ascending and descending. The work-items
 * of one work-group share it; the barrier is inside, so all of them come here. */
#define SORT_PASS(WHAT, NAME, R, apart, k) do { \
    for (int t_ = TID; t_ < SORT_COUNT / (R) * (SORT_COLUMNS / VW); t_ += GROUP_SIZE) { \
        int q_ = t_ / (SORT_COLUMNS / VW), column_ = t_ % (SORT_COLUMNS / VW) * VW; \
        int base_ = (q_ & ((apart) - 1)) + q_ / (apart) * ((apart) * (R)); \
        int down_ = (base_ & (k)) != 0 && (k) < SORT_COUNT; \
        int step_ = down_ ? -(apart) * SORT_COLUMNS : (apart) * SORT_COLUMNS; \
        int at_ = (down_ ? base_ + ((R) - 1) * (apart) : base_) * SORT_COLUMNS + column_; \
        WHAT(NAME); } \
    BARRIER(); } while (0)

#define SORT_ALL(WHAT) do { \
    SORT_PASS(WHAT, sort_8, 8, 1, 8); \
    ROLLED for (int k = 16; k <= SORT_COUNT; k <<= 1) { \
        int stride = k >> 1; \
        ROLLED while (stride >= 4) { int apart = stride / 4; SORT_PASS(WHAT, merge_8, 8, apart, k); stride >>= 3; } \
        if (stride == 2) SORT_PASS(WHAT, merge_4, 4, 1, k); \
        else if (stride == 1) SORT_PASS(WHAT, merge_2, 2, 1, k); \
    } } while (0)

/* Sorts the columns of keys_q, which carry index_q along, and of keys_r, ascending and in place: all [SORT_COUNT][SORT_COLUMNS].
 * A key that is not a number leaves its column unsorted, and index_q a permutation even so. */
DEVICE_FN void sort_columns(SORT_SPACE float* keys_q, SORT_SPACE int* index_q, SORT_SPACE float* keys_r)
{
    SORT_ALL(SORT_PAIRS_AND_KEYS);
}

/* The same without indices. */
DEVICE_FN void sort_key_columns(SORT_SPACE float* keys_q, SORT_SPACE float* keys_r)
{
    SORT_ALL(SORT_KEYS_ALONE);
}
