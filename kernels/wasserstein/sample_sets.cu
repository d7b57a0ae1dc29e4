/* SPDX-License-Identifier: MIT
 * Sliced Wasserstein distances of many pairs of sample sets: what every way of sorting shares. CUDA C and OpenCL C.
 *
 * Sets lie as [block][dims][RB]; theta is [dims][padded]; a pair is one projection of one set. Needs portable.h. */

/* Where feature 0 of a row lies; feature d is d * RB farther. */
#define SET_ROW(row, dims) ((row) / RB * ((dims) * RB) + (row) % RB)

/* Bits of a float as a signed integer of the same order: -0 is +0, and what is not a number comes after infinity. The
 * function is its own inverse up to that. */
DEVICE_FN int ordered_bits(float f)
{
    int bits = f != f ? 0x7fc00000 : F_BITS(f + 0.0f);
    return bits ^ (bits >> 31 & 0x7fffffff);
}
#define FLOAT_OF_ORDERED(bits) F_OF_BITS((bits) ^ ((bits) >> 31 & 0x7fffffff))

/* dq += sum over the projections [from, to) of gap[p][row] theta_p on one block of rows of one set: dq [dims][RB]. The first
 * projection starts from zero, and the last, when all have been added in order, multiplies by scale; rows from `count` on
 * are zero. gap: [to - from][rows]. */
DEVICE_FN void set_gradient_block(GLOBAL const float* gap, GLOBAL const float* theta, GLOBAL float* dq, int row0, int count,
                                  int rows, int dims, int from, int to, int projections, int padded, float scale)
{
    float factor = to == projections ? scale : 1.0f;
    EACH_LANE_VECTOR(t) {
        V row = V_FROM_UINT(VU_SPLAT(LANE_ROW(t)) + V_IOTA);
        VI real = row < V_SPLAT((float)(count - row0));
        for (int d0 = 0; d0 < dims; d0 += 8) {
            V sum[8];
            UNROLL for (int d = 0; d < 8; d++) if (d0 + d < dims) {
                V before = VLOAD(dq + (d0 + d) * RB + LANE_ROW(t));
                sum[d] = from == 0 ? V_SPLAT(0.0f) : before;
            }
            PIPELINED for (int p = from; p < to; p++) {
                V g = VLOAD(gap + (p - from) * rows + row0 + LANE_ROW(t));
                UNROLL for (int d = 0; d < 8; d++) if (d0 + d < dims) sum[d] = V_FMA(g, V_SPLAT(theta[(d0 + d) * padded + p]), sum[d]);
            }
            UNROLL for (int d = 0; d < 8; d++) if (d0 + d < dims)
                VSTORE(V_SELECT(real, sum[d] * V_SPLAT(factor), V_SPLAT(0.0f)), dq + (d0 + d) * RB + LANE_ROW(t));
        }
    }
}

#define SUM_STRANDS 256
/* distance[0] = share * sum of n partial sums, in SUM_STRANDS interleaved strands whatever the work-group's size. One
 * work-group; strands [SUM_STRANDS]. */
DEVICE_FN void sum_distance(GLOBAL float* distance, GLOBAL const float* partial, int n, float share, LOCAL float* strands)
{
    for (int s = TID; s < SUM_STRANDS; s += GROUP_SIZE) {
        float sum = 0.0f;
        for (int i = s; i < n; i += SUM_STRANDS) sum += partial[i];
        strands[s] = sum;
    }
    BARRIER();
    for (int pairs = SUM_STRANDS / 2; pairs > 0; pairs >>= 1) {
        for (int s = TID; s < pairs; s += GROUP_SIZE) strands[s] += strands[s + pairs];
        BARRIER();
    }
    if (TID == 0) distance[0] = strands[0] * share;
    BARRIER();
}
