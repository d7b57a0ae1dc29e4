/* SPDX-License-Identifier: MIT
 * Bitonic sort in the registers of one warp, and the projections of the sliced Wasserstein distance that it sorts. CUDA
 * alone: lanes exchange keys by shuffles. Needs portable.h with LANES 32 and SORT_COUNT a power of two from 32 to 1024.
 *
 * Data flow: a warp takes one direction and both sets. Lane l holds the keys l * M to l * M + M - 1 of each, M = SORT_COUNT /
 * 32, as if they lay in one array. Steps of the network over less than M keys stay in a lane; wider ones are one shuffle a
 * key. Rank n of q and rank n of r then lie in the same register of the same lane, so the gap is one subtraction, and the
 * index that travelled with q's key says which row it belongs to. No shared memory and no barrier. */
#define KEYS_A_LANE (SORT_COUNT / 32)

/* Puts two keys, the first with its index, in order: ascending where `up`. Equal keys, and NaNs, stay. */
DEVICE_FN void order_pair(float& a, int& index_a, float& b, int& index_b, bool up)
{
    bool swap = up ? a > b : a < b;
    float key = swap ? b : a; b = swap ? a : b; a = key;
    int index = swap ? index_b : index_a; index_b = swap ? index_a : index_b; index_a = index;
}
DEVICE_FN void order_keys(float& a, float& b, bool up)
{
    bool swap = up ? a > b : a < b;
    float key = swap ? b : a; b = swap ? a : b; a = key;
}

/* Sorts q's keys, which carry index_q along, and r's keys, both ascending, in all lanes of the warp together. */
DEVICE_FN void warp_sort_pairs(float (&q)[KEYS_A_LANE], int (&index_q)[KEYS_A_LANE], float (&r)[KEYS_A_LANE])
{
    UNROLL for (int k = 2; k <= KEYS_A_LANE; k <<= 1) UNROLL for (int h = k / 2; h > 0; h >>= 1)
        UNROLL for (int m = 0; m < KEYS_A_LANE; m++) if (!(m & h)) {
            bool up = k < KEYS_A_LANE ? !(m & k) : !(LANE & 1);
            order_pair(q[m], index_q[m], q[m + h], index_q[m + h], up);
            order_keys(r[m], r[m + h], up);
        }
    /* Runs of k lanes become sorted runs, up and down in turn. */
    ROLLED for (int k = 2; k <= 32; k <<= 1) {
        bool up = !(LANE & k);
        ROLLED for (int h = k / 2; h > 0; h >>= 1) {
            /* Both partners judge the same pair by the same comparison, so that they agree on ties and NaNs. */
            bool smaller = !(LANE & h) == up;
            UNROLL for (int m = 0; m < KEYS_A_LANE; m++) {
                float other = __shfl_xor_sync(0xffffffffu, q[m], h);
                int index = __shfl_xor_sync(0xffffffffu, index_q[m], h);
                bool take = smaller ? q[m] > other : q[m] < other;
                q[m] = take ? other : q[m];
                index_q[m] = take ? index : index_q[m];
                other = __shfl_xor_sync(0xffffffffu, r[m], h);
                take = smaller ? r[m] > other : r[m] < other;
                r[m] = take ? other : r[m];
            }
        }
        UNROLL for (int h = KEYS_A_LANE / 2; h > 0; h >>= 1) UNROLL for (int m = 0; m < KEYS_A_LANE; m++) if (!(m & h)) {
            order_pair(q[m], index_q[m], q[m + h], index_q[m + h], up);
            order_keys(r[m], r[m + h], up);
        }
    }
}

/* gap[p][row] = difference of the sorted projections of q and r at row's rank, for all directions p < projections, one warp
 * each: worker of workers. q, r: [block][dims][RB], `count` rows; theta [dims][padded]; gap [padded][rows]. */
TEAM_FN void warp_project_and_sort(const float* q, const float* r, const float* theta, float* gap, int projections, int padded,
                                     int count, int rows, int dims, int worker, int workers)
{
    ROLLED for (int p = worker; p < projections; p += workers) {
        float key_q[KEYS_A_LANE], key_r[KEYS_A_LANE];
        int index_q[KEYS_A_LANE];
        /* Any order will do to begin with: neighbouring lanes read neighbouring rows. */
        UNROLL for (int m = 0; m < KEYS_A_LANE; m++) {
            bool real = m * 32 + LANE < count;
            index_q[m] = m * 32 + LANE;
            key_q[m] = real ? 0.0f : F_INFINITY;
            key_r[m] = real ? 0.0f : F_INFINITY;
        }
        ROLLED for (int d = 0; d < dims; d++) {
            float direction = theta[d * padded + p];
            UNROLL for (int m = 0; m < KEYS_A_LANE; m++) if (m * 32 + LANE < count) {
                int row = m * 32 + LANE, at = row / RB * dims * RB + d * RB + row % RB;
                key_q[m] = fmaf(q[at], direction, key_q[m]);
                key_r[m] = fmaf(r[at], direction, key_r[m]);
            }
        }
        warp_sort_pairs(key_q, index_q, key_r);
        /* With a NaN among the keys a padding index can come forward; it has no row. */
        UNROLL for (int m = 0; m < KEYS_A_LANE; m++) if (index_q[m] < count) gap[p * rows + index_q[m]] = key_q[m] - key_r[m];
    }
}
