/* SPDX-License-Identifier: MIT
 * Gather and reconstruction error of rows with many features, as kernels of a whole GPU: CUDA alone, after portable.h. One warp
 * a block of rows, as in gather.cu and squared_error.cu, would leave a GPU idle with images. */

/* x[row] = frames[index[row]] for 256 features of one block, 32 a warp; shapes as for gather_block. Shared memory turns them,
 * so that neighbours are read and neighbours are written. */
DEVICE_FN void gather_wide(float* x, const float* frames, const int* index, int row0, int count, int features, int part)
{
    float* tile = SHARED + TID / 32 * (32 * 33);
    int lane = TID % 32, f0 = part * 256 + TID / 32 * 32;
    if (f0 >= features) return;
    float v[32];
    UNROLL for (int r = 0; r < 32; r++) {
        bool real = row0 + r < count && f0 + lane < features;
        v[r] = real ? frames[(size_t)index[row0 + r] * features + f0 + lane] : 0.0f;
    }
    UNROLL for (int r = 0; r < 32; r++) tile[r * 33 + lane] = v[r];
    __syncwarp();
    for (int f = 0; f < 32 && f0 + f < features; f++) x[(f0 + f) * RB + lane] = tile[lane * 33 + f];
}

/* Like squared_error_block, by 32 warps: 8 features at a time each, sums of warps added in their order. */
DEVICE_FN void squared_error_wide(const float* y, const float* target, float* dy, float* partial, int row0, int count,
                                  int features, float per_row)
{
    int lane = TID % 32, warp = TID / 32;
    float scale = row0 + lane < count ? per_row : 0.0f, loss = 0.0f;
    for (int f0 = warp * 8; f0 < features; f0 += 256) {
        float e[8];
        UNROLL for (int n = 0; n < 8; n++) {
            int at = (f0 + n < features ? f0 + n : features - 1) * RB + lane;
            e[n] = y[at] - target[at];
        }
        UNROLL for (int n = 0; n < 8; n++) {
            if (f0 + n >= features) break;
            loss = fmaf(e[n] * e[n], scale, loss);
            dy[(f0 + n) * RB + lane] = e[n] * (scale + scale);
        }
    }
    UNROLL for (int o = 16; o > 0; o >>= 1) loss += __shfl_xor_sync(0xffffffffu, loss, o);
    if (lane == 0) SHARED[warp] = loss;
    BARRIER();
    if (TID == 0) {
        float all = 0.0f;
        for (int w = 0; w < 32; w++) all += SHARED[w];
        *partial = all;
    }
}
