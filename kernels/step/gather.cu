/* SPDX-License-Identifier: MIT
 * Frames picked by index into blocks of rows. CUDA C and OpenCL C; needs portable.h. */

/* x[row] = frames[index[row]] for one block: x [features][RB], frames [frame][features], index the batch's frame
 * numbers, `row0` the block's first row in it. Rows from `count` on are padding and become zero. */
DEVICE_FN void gather_block(GLOBAL float* x, GLOBAL const float* frames, GLOBAL const int* index, int row0, int count, int features)
{
    EACH_LANE_VECTOR(t) {
        for (int l = 0; l < VW; l++) {
            int r = LANE_ROW(t) + l;
            int real = row0 + r < count;
            GLOBAL const float* frame = frames + (size_t)(real ? index[row0 + r] : 0) * (size_t)features;
            for (int f = PART; f < features; f += SPLIT) x[f * RB + r] = real ? frame[f] : 0.0f;
        }
    }
}
