/* SPDX-License-Identifier: MIT
 * Sliced Wasserstein distances by the bitonic sort of columns, lane = projection: the way of CPU devices. CUDA C and
 * OpenCL C; needs sort.cu, sample_sets.cu. */

/* SORT_COLUMNS projections of one set from p0 on. q, r: [block][dims][RB], `count` rows; theta [dims][padded].
 * partial [SORT_COLUMNS] = sum over ranks of the squared difference; with `gradient`, gap[column][row] = the difference at the
 * row's rank, [SORT_COLUMNS][rows]; index_q is not touched without. A key that is not a number makes the sum none. */
DEVICE_FN void sort_set_columns(GLOBAL const float* q, GLOBAL const float* r, GLOBAL const float* theta, GLOBAL float* gap,
                                GLOBAL float* partial, SORT_SPACE float* keys_q, SORT_SPACE int* index_q, SORT_SPACE float* keys_r,
                                int p0, int padded, int count, int rows, int dims, int gradient)
{
    for (int t = TID; t < SORT_COUNT * (SORT_COLUMNS / VW); t += GROUP_SIZE) {
        int i = t / (SORT_COLUMNS / VW), column = t % (SORT_COLUMNS / VW) * VW, at = i * SORT_COLUMNS + column;
        V a = V_SPLAT(F_INFINITY), b = V_SPLAT(F_INFINITY);
        if (i < count) {
            int row = SET_ROW(i, dims);
            a = V_SPLAT(0.0f);
            b = V_SPLAT(0.0f);
            for (int d = 0; d < dims; d++) {
                V direction = VLOAD(theta + d * padded + p0 + column);
                a = V_FMA(V_SPLAT(q[row + d * RB]), direction, a);
                b = V_FMA(V_SPLAT(r[row + d * RB]), direction, b);
            }
        }
        VSTORE(a, keys_q + at);
        if (gradient) VSTORE(VI_SPLAT(i), index_q + at);
        VSTORE(b, keys_r + at);
    }
    BARRIER();
    if (gradient) sort_columns(keys_q, index_q, keys_r);
    else sort_key_columns(keys_q, keys_r);
    for (int column = TID * VW; column < SORT_COLUMNS; column += GROUP_SIZE * VW) {
        V sum = V_SPLAT(0.0f);
        /* Two levels: rounding grows with the square root of the count, not with the count. */
        for (int n0 = 0; n0 < count; n0 += 64) {
            V part = V_SPLAT(0.0f);
            for (int n = n0; n < count && n < n0 + 64; n++) {
                V g = VLOAD(keys_q + n * SORT_COLUMNS + column) - VLOAD(keys_r + n * SORT_COLUMNS + column);
                part = V_FMA(g, g, part);
            }
            sum = sum + part;
        }
        /* Padding is infinite; another key there has changed places with it because of one that is not a number. */
        for (int n = count; n < SORT_COUNT; n++) {
            VI whole = VLOAD(keys_q + n * SORT_COLUMNS + column) == V_SPLAT(F_INFINITY);
            sum = sum + V_SELECT(whole, V_SPLAT(0.0f), V_SPLAT(F_OF_BITS(0x7fc00000)));
            whole = VLOAD(keys_r + n * SORT_COLUMNS + column) == V_SPLAT(F_INFINITY);
            sum = sum + V_SELECT(whole, V_SPLAT(0.0f), V_SPLAT(F_OF_BITS(0x7fc00000)));
        }
        VSTORE(sum, partial + column);
    }
    if (gradient)
        for (int t = TID; t < count * SORT_COLUMNS; t += GROUP_SIZE) {
            int row = index_q[t];
            if (row < count) gap[t % SORT_COLUMNS * rows + row] = keys_q[t] - keys_r[t];
        }
    BARRIER();
}
