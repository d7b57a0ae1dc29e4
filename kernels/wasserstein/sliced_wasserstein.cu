/* SPDX-License-Identifier: MIT
 * Sliced Wasserstein distance of two sets by sorting (method step 4). CUDA C and OpenCL C; needs sort.cu.
 *
 * L = mean over projections l and ranks n of (sort(theta_l . q)_n - sort(theta_l . r)_n)^2, and its gradient with respect
 * to q through the sort permutation. Projections go in blocks of SORT_COLUMNS, one block to a work-group at a time. */

/* Projects both sets on one block of projections, sorts, and writes the differences back to the rows they belong to.
 * q, r: [block][dims][RB], `count` rows; theta [dims][padded]; gap [padded][rows]: gap[p][row] = difference at row's rank. */
DEVICE_FN void project_and_sort(GLOBAL const float* q, GLOBAL const float* r, GLOBAL const float* theta, GLOBAL float* gap,
                                SORT_SPACE float* keys_q, SORT_SPACE int* index_q, SORT_SPACE float* keys_r,
                                int p0, int padded, int count, int rows, int dims)
{
    for (int t = TID; t < SORT_COUNT * (SORT_COLUMNS / VW); t += GROUP_SIZE) {
        int i = t / (SORT_COLUMNS / VW), column = t % (SORT_COLUMNS / VW) * VW, at = i * SORT_COLUMNS + column;
        V a = V_SPLAT(F_INFINITY), b = V_SPLAT(F_INFINITY);
        if (i < count) {
            int row = i / RB * dims * RB + i % RB;
            a = V_SPLAT(0.0f);
            b = V_SPLAT(0.0f);
            for (int d = 0; d < dims; d++) {
                V direction = VLOAD(theta + d * padded + p0 + column);
                a = V_FMA(V_SPLAT(q[row + d * RB]), direction, a);
                b = V_FMA(V_SPLAT(r[row + d * RB]), direction, b);
            }
        }
        VSTORE(a, keys_q + at);
        VSTORE(VI_SPLAT(i), index_q + at);
        VSTORE(b, keys_r + at);
    }
    BARRIER();
    sort_columns(keys_q, index_q, keys_r);
    for (int t = TID; t < count * SORT_COLUMNS; t += GROUP_SIZE) {
        int row = index_q[t];
        /* With a NaN among the keys a padding index can come forward; it has no row. */
        if (row < count) gap[(p0 + t % SORT_COLUMNS) * rows + row] = keys_q[t] - keys_r[t];
    }
    BARRIER();
}

/* loss = sum over rows and projections of gap^2 * share, dq = gradient_scale * sum_p gap[p][row] theta_p on one block:
 * dq [dims][RB]. Rows from `count` on are padding: zero gradient. partial: PARTIALS sums of this block. */
DEVICE_FN void wasserstein_gradient_block(GLOBAL const float* gap, GLOBAL const float* theta, GLOBAL float* dq, GLOBAL float* partial,
                                          int row0, int count, int rows, int dims, int projections, int padded,
                                          float share, float gradient_scale)
{
    V loss = V_SPLAT(0.0f);
    EACH_LANE_VECTOR(t) {
        V row = V_FROM_UINT(VU_SPLAT(row0 + LANE_ROW(t)) + V_IOTA);
        VI real = row < V_SPLAT((float)count);
        V square = V_SPLAT(0.0f);
        /* Four latent dimensions at a time stay in registers. */
        for (int d0 = 0; d0 < dims; d0 += 4) {
            V sum[4];
            UNROLL for (int d = 0; d < 4; d++) sum[d] = V_SPLAT(0.0f);
            PIPELINED for (int p = 0; p < projections; p++) {
                V g = VLOAD(gap + p * rows + row0 + LANE_ROW(t));
                if (d0 == 0) square = V_FMA(g, g, square);
                UNROLL for (int d = 0; d < 4; d++) if (d0 + d < dims) sum[d] = V_FMA(g, V_SPLAT(theta[(d0 + d) * padded + p]), sum[d]);
            }
            UNROLL for (int d = 0; d < 4; d++) if (d0 + d < dims)
                VSTORE(V_SELECT(real, sum[d] * V_SPLAT(gradient_scale), V_SPLAT(0.0f)), dq + (d0 + d) * RB + LANE_ROW(t));
        }
        loss = loss + V_SELECT(real, square * V_SPLAT(share), V_SPLAT(0.0f));
    }
    float sum = lane_sum(V_SUM(loss));
    if (LANE < PARTIALS) partial[LANE] = sum;
}
