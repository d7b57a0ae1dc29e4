/* SPDX-License-Identifier: MIT
 * Gradient of the sliced Wasserstein distance by a squad, from gaps and directions that it has copied into SHARED memory. CUDA
 * alone; needs portable.h with LANES 32, RB 32.
 *
 * The gaps of a block of rows are `projections` short pieces of GLOBAL memory, and one warp that read them one after the other
 * would wait for each few: the squad fetches all of them at once, then one warp a latent dimension adds up. */

/* gaps [projections][32], then the directions [dims][projections]. gap [padded][rows], theta [dims][padded]. */
DEVICE_FN void team_copy_gaps(float* gaps, const float* gap, const float* theta, int row0, int rows, int dims, int projections, int padded)
{
    for (int p = PART; p < projections; p += SPLIT) COPY_TO_SHARED(gaps + p * RB + LANE, gap + p * rows + row0 + LANE);
    for (int i = PART * LANES + LANE; i < dims * projections; i += SPLIT * LANES)
        COPY_TO_SHARED(gaps + projections * RB + i, theta + i / projections * padded + i % projections);
    COPY_WAIT();
}

/* As wasserstein_gradient_block: part d < dims adds up dq[d] [32], part `dims` the loss. */
DEVICE_FN void team_wasserstein_gradient(int part, const float* gaps, float* dq, float* partial, int row0, int count, int dims,
                                         int projections, float share, float gradient_scale)
{
    const float* directions = gaps + projections * RB;
    const bool real = row0 + LANE < count;
    for (int d = part; d <= dims; d += SPLIT) {
        float sum = 0.0f;
        _Pragma("unroll 8") for (int p = 0; p < projections; p++) {
            float g = gaps[p * RB + LANE];
            sum = fmaf(g, d < dims ? directions[d * projections + p] : g, sum);
        }
        if (d < dims) dq[d * RB + LANE] = real ? sum * gradient_scale : 0.0f;
        else {
            sum = lane_sum(real ? sum * share : 0.0f);
            if (LANE == 0) *partial = sum;
        }
    }
}
