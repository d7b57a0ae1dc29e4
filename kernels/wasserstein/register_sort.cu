/* SPDX-License-Identifier: MIT
 * Sliced Wasserstein distances by a bitonic sort in registers. CUDA alone (HAS_SHUFFLES); needs sample_sets.cu.
 *
 * SORT_GROUPS groups of lanes, a power of two that divides GROUPS, hold one pair's keys: SORT_KEYS a lane of q with their
 * rows, and as many of r. Keys are ordered integers, rank = thread * SORT_KEYS + key. Partners in one lane compare registers,
 * partners in one group of lanes shuffle, and partners in two groups meet in LOCAL memory, SORT_CHUNK keys at a time. In
 * runs that must descend all bits of the keys are inverted, so that every comparison is the ascending one. */
#define SORT_THREADS (LANES * SORT_GROUPS)
#define SORT_THREAD (GROUP % SORT_GROUPS * LANES + LANE)

/* Leaves the smaller key at a, the larger at b. */
DEVICE_FN void order_keys(int* q, int* x, int* r, int a, int b, int indexed)
{
    int swap = q[b] < q[a], low = swap ? q[b] : q[a];
    q[b] = swap ? q[a] : q[b];
    q[a] = low;
    if (indexed) {
        low = swap ? x[b] : x[a];
        x[b] = swap ? x[a] : x[b];
        x[a] = low;
    }
    low = min(r[a], r[b]);
    r[b] = max(r[a], r[b]);
    r[a] = low;
}

/* Keeps, of a lane's key and its partner's, the smaller or the larger; equal keys stay where they are. */
DEVICE_FN void keep_key(int* q, int* x, int* r, int j, int other_q, int other_x, int other_r, int smaller, int indexed)
{
    int take = smaller ? other_q < q[j] : q[j] < other_q;
    q[j] = take ? other_q : q[j];
    if (indexed) x[j] = take ? other_x : x[j];
    r[j] = smaller ? min(r[j], other_r) : max(r[j], other_r);
}

/* Compares with the keys of the thread `apart` threads away. The work-group comes here together where that is another group. */
DEVICE_FN void compare_threads(int* q, int* x, int* r, int apart, int indexed, LOCAL int* meeting)
{
    int smaller = !(SORT_THREAD & apart);
    if (apart < LANES) {
        UNROLL for (int j = 0; j < SORT_KEYS; j++) {
            int other_x = indexed ? LANE_XOR(x[j], apart) : 0;
            keep_key(q, x, r, j, LANE_XOR(q[j], apart), other_x, LANE_XOR(r[j], apart), smaller, indexed);
        }
        return;
    }
#if SORT_GROUPS > 1
    LOCAL int *mine = meeting + TID, *theirs = meeting + (TID ^ apart);
    UNROLL for (int first = 0; first < SORT_KEYS; first += SORT_CHUNK) {
        UNROLL for (int j = 0; j < SORT_CHUNK; j++) {
            mine[3 * j * GROUP_SIZE] = q[first + j];
            if (indexed) mine[(3 * j + 1) * GROUP_SIZE] = x[first + j];
            mine[(3 * j + 2) * GROUP_SIZE] = r[first + j];
        }
        BARRIER();
        UNROLL for (int j = 0; j < SORT_CHUNK; j++) {
            int other_x = indexed ? theirs[(3 * j + 1) * GROUP_SIZE] : 0;
            keep_key(q, x, r, first + j, theirs[3 * j * GROUP_SIZE], other_x, theirs[(3 * j + 2) * GROUP_SIZE], smaller, indexed);
        }
        BARRIER();
    }
#endif
}

DEVICE_FN void invert_keys(int* q, int* r, int mask)
{
    UNROLL for (int j = 0; j < SORT_KEYS; j++) { q[j] ^= mask; r[j] ^= mask; }
}

/* Ascending over SORT_THREADS threads; each of q (with x) and r. */
DEVICE_FN void sort_in_registers(int* q, int* x, int* r, int indexed, LOCAL int* meeting)
{
    int inverted = -(SORT_THREAD & 1 && SORT_THREADS > 1);
    invert_keys(q, r, inverted);
    UNROLL for (int k = 2; k <= SORT_KEYS; k <<= 1) UNROLL for (int h = k / 2; h > 0; h >>= 1)
        UNROLL for (int j = 0; j < SORT_KEYS; j++) if (!(j & h)) {
            if (j & k) order_keys(q, x, r, j + h, j, indexed);
            else order_keys(q, x, r, j, j + h, indexed);
        }
    ROLLED for (int run = 2; run <= SORT_THREADS; run <<= 1) {
        int invert = -((SORT_THREAD & run) != 0);
        invert_keys(q, r, inverted ^ invert);
        inverted = invert;
        ROLLED for (int apart = run / 2; apart > 0; apart >>= 1) compare_threads(q, x, r, apart, indexed, meeting);
        UNROLL for (int h = SORT_KEYS / 2; h > 0; h >>= 1)
            UNROLL for (int j = 0; j < SORT_KEYS; j++) if (!(j & h)) order_keys(q, x, r, j, j + h, indexed);
    }
}

/* Where in a set the row of a thread's j-th key lies: rows go round the threads. */
#if SORT_THREADS % RB == 0
#define KEY_AT(j, dims) (SET_ROW(SORT_THREAD, dims) + (j) * (SORT_THREADS * (dims)))
#else
#define KEY_AT(j, dims) SET_ROW((j) * SORT_THREADS + SORT_THREAD, dims)
#endif

/* keys = ordered bits of theta_p . row; padding comes after everything, also after what is not a number. */
DEVICE_FN void project_keys(GLOBAL const float* set, GLOBAL const float* theta, int* keys, int p, int padded, int count, int dims)
{
    float sum[SORT_KEYS];
    UNROLL for (int j = 0; j < SORT_KEYS; j++) sum[j] = 0.0f;
    ROLLED for (int d = 0; d < dims; d++) {
        float direction = theta[d * padded + p];
        UNROLL for (int j = 0; j < SORT_KEYS; j++)
            if (j * SORT_THREADS + SORT_THREAD < count) sum[j] = fmaf(set[KEY_AT(j, dims) + d * RB], direction, sum[j]);
    }
    UNROLL for (int j = 0; j < SORT_KEYS; j++)
        keys[j] = j * SORT_THREADS + SORT_THREAD < count ? ordered_bits(sum[j]) : 0x7fffffff;
}

/* One pair: projection p of one set. q, r: [block][dims][RB], `count` rows; theta [dims][padded]; partial[0] = sum over ranks
 * of the squared difference; with `gradient`, gap[row] = the difference at the row's rank. Where SORT_GROUPS > 1 the
 * work-group comes here together; groups with no pair of their own have `count` zero and write nothing. */
DEVICE_FN void sort_pair_in_registers(GLOBAL const float* q, GLOBAL const float* r, GLOBAL const float* theta, GLOBAL float* gap,
                                      GLOBAL float* partial, int p, int padded, int count, int dims, int gradient,
                                      LOCAL int* meeting)
{
    int keys_q[SORT_KEYS], rows[SORT_KEYS], keys_r[SORT_KEYS];
    project_keys(q, theta, keys_q, p, padded, count, dims);
    project_keys(r, theta, keys_r, p, padded, count, dims);
    UNROLL for (int j = 0; j < SORT_KEYS; j++) rows[j] = j * SORT_THREADS + SORT_THREAD;
    sort_in_registers(keys_q, rows, keys_r, gradient, meeting);
    float sum = 0.0f;
    UNROLL for (int j = 0; j < SORT_KEYS; j++) {
        if (SORT_THREAD * SORT_KEYS + j < count) {
            float g = FLOAT_OF_ORDERED(keys_q[j]) - FLOAT_OF_ORDERED(keys_r[j]);
            sum = fmaf(g, g, sum);
            if (gradient) gap[rows[j]] = g;
        }
    }
    sum = lane_sum(sum);
#if SORT_GROUPS > 1
    if (LANE == 0) meeting[GROUP] = F_BITS(sum);
    BARRIER();
    if (SORT_THREAD == 0) {
        sum = 0.0f;
        for (int g = 0; g < SORT_GROUPS; g++) sum += F_OF_BITS(meeting[GROUP + g]);
    }
    BARRIER();
#endif
    if (SORT_THREAD == 0 && count > 0) partial[0] = sum;
}
