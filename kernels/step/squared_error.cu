/* SPDX-License-Identifier: MIT
 * Reconstruction error and its gradient (method step 2). CUDA C and OpenCL C; needs portable.h. */

/* loss = sum_rows ||y - target||^2 / batch, dy = 2 (y - target) / batch on one block: y, target, dy [features][RB].
 * Rows from `count` on are padding: no loss, zero gradient. partial: PARTIALS sums of this block. */
DEVICE_FN void squared_error_block(GLOBAL const float* y, GLOBAL const float* target, GLOBAL float* dy, GLOBAL float* partial,
                                   int row0, int count, int features, float per_row)
{
    V loss = V_SPLAT(0.0f);
    EACH_LANE_VECTOR(t) {
        V row = V_FROM_UINT(VU_SPLAT(row0 + LANE_ROW(t)) + V_IOTA);
        V scale = V_SELECT(row < V_SPLAT((float)count), V_SPLAT(per_row), V_SPLAT(0.0f));
        for (int f = 0; f < features; f++) {
            int at = f * RB + LANE_ROW(t);
            V e = VLOAD(y + at) - VLOAD(target + at);
            loss = V_FMA(e * e, scale, loss);
            VSTORE(e * (scale + scale), dy + at);
        }
    }
    float sum = lane_sum(V_SUM(loss));
    if (LANE < PARTIALS) partial[LANE] = sum;
}
