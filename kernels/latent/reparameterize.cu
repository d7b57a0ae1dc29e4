/* SPDX-License-Identifier: MIT
 * Samples of variational encoders (method section 5). CUDA C and OpenCL C; needs functions.h.
 *
 * code [2 dims][RB]: means mu, then log-variances lv, of one block of rows. */

/* z = mu + exp(lv / 2) eps: z, noise [dims][RB]. */
DEVICE_FN void reparameterize_block(GLOBAL float* z, GLOBAL const float* code, GLOBAL const float* noise, int dims)
{
    EACH_LANE_VECTOR(t) for (int i = 0; i < dims; i++) {
        int at = i * RB + LANE_ROW(t);
        V deviation = v_exp(V_SPLAT(0.5f) * VLOAD(code + dims * RB + at));
        VSTORE(V_FMA(deviation, VLOAD(noise + at), VLOAD(code + at)), z + at);
    }
}

/* dmu += dz, dlv += dz eps exp(lv / 2) / 2: dz, noise [dims][RB], dcode like code. */
DEVICE_FN void reparameterize_gradient_block(GLOBAL float* dcode, GLOBAL const float* dz, GLOBAL const float* code,
                                             GLOBAL const float* noise, int dims)
{
    EACH_LANE_VECTOR(t) for (int i = 0; i < dims; i++) {
        int at = i * RB + LANE_ROW(t);
        V g = VLOAD(dz + at), deviation = v_exp(V_SPLAT(0.5f) * VLOAD(code + dims * RB + at));
        VSTORE(VLOAD(dcode + at) + g, dcode + at);
        V slope = V_SPLAT(0.5f) * g * VLOAD(noise + at);
        VSTORE(V_FMA(slope, deviation, VLOAD(dcode + dims * RB + at)), dcode + dims * RB + at);
    }
}
