/* SPDX-License-Identifier: MIT
 * Random numbers of a step's rows (method sections 3 and 5). CUDA C and OpenCL C; needs philox.h. */

/* noise [dims][RB] of one block: noise[i][row] is normal i of item item0 + row of the stream at this step, N(0, 1). */
DEVICE_FN void normal_noise_block(GLOBAL float* noise, int item0, int dims, uint stream, int step, uint key0, uint key1)
{
    EACH_LANE_VECTOR(t) for (int q = 0; q * 4 < dims; q++) {
        V n[4];
        FOUR_NORMALS(item0 + LANE_ROW(t), step, stream, q, key0, key1, n);
        UNROLL for (int i = 0; i < 4; i++) if (q * 4 + i < dims) VSTORE(n[i], noise + (q * 4 + i) * RB + LANE_ROW(t));
    }
}

/* samples [dims][RB] of one block: number i of item item0 + row, uniform on (-1, 1): the middles of 2^24 equal parts. */
DEVICE_FN void uniform_samples_block(GLOBAL float* samples, int item0, int dims, uint stream, int step, uint key0, uint key1)
{
    EACH_LANE_VECTOR(t) for (int q = 0; q * 4 < dims; q++) {
        VU w[4];
        w[0] = VU_SPLAT(item0 + LANE_ROW(t)) + V_IOTA;
        w[1] = VU_SPLAT(step);
        w[2] = VU_SPLAT(stream);
        w[3] = VU_SPLAT(q);
        PHILOX(w[0], w[1], w[2], w[3], key0, key1);
        UNROLL for (int i = 0; i < 4; i++) if (q * 4 + i < dims)
            VSTORE(V_FMA(V_FROM_UINT(w[i] >> VU_SPLAT(8)), V_SPLAT(1.1920928955078125e-7f), V_SPLAT(-0.999999940395355224609375f)),
                   samples + (q * 4 + i) * RB + LANE_ROW(t));
    }
}
