/* SPDX-License-Identifier: MIT
 * One overdamped Langevin step of the prior (method step 3). CUDA C and OpenCL C; needs functions.h. */

/* Encoded moves q = z1 - z0 on one block, all [dims][RB]. */
DEVICE_FN void encoded_moves_block(GLOBAL float* moves, GLOBAL const float* z0, GLOBAL const float* z1, int dims)
{
    EACH_LANE_VECTOR(t) for (int i = 0; i < dims; i++) {
        int at = i * RB + LANE_ROW(t);
        VSTORE(VLOAD(z1 + at) - VLOAD(z0 + at), moves + at);
    }
}

/* Prior moves with unit diffusion (Eq. 7): r = f + sqrt(2) eps, all [dims][RB] of one block. */
DEVICE_FN void langevin_unit_block(GLOBAL float* moves, GLOBAL const float* force, GLOBAL const float* noise, int dims)
{
    EACH_LANE_VECTOR(t) for (int i = 0; i < dims; i++) {
        int at = i * RB + LANE_ROW(t);
        VSTORE(V_FMA(V_SPLAT(1.41421356237f), VLOAD(noise + at), VLOAD(force + at)), moves + at);
    }
}

/* Prior moves with learned diffusion (Eq. 4): r_i = M_i (f_i + dm_i/dz_i) + sqrt(2 M_i) eps_i with M = exp(m). logdiff is
 * [1 + dims][dims][RB]: m, then its tangents along each latent axis, so that dm_i/dz_i is feature i of stream i + 1. */
DEVICE_FN void langevin_learned_block(GLOBAL float* moves, GLOBAL const float* force, GLOBAL const float* logdiff,
                                      GLOBAL const float* noise, int dims)
{
    EACH_LANE_VECTOR(t) for (int i = 0; i < dims; i++) {
        int at = i * RB + LANE_ROW(t);
        V m = v_exp(VLOAD(logdiff + at)), slope = VLOAD(logdiff + (i + 1) * dims * RB + at);
        V drift = m * (VLOAD(force + at) + slope);
        VSTORE(V_FMA(V_SQRT(m + m), VLOAD(noise + at), drift), moves + at);
    }
}
