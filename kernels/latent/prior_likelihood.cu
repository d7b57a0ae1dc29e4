/* SPDX-License-Identifier: MIT
 * Likelihood of the encoded moves under the Langevin prior, with its second-order terms (method step 6, Eq. 5 and 6).
 * CUDA C and OpenCL C; needs functions.h.
 *
 * The spurious drift dM_i/dz_i needs the derivative of the log-diffusion net m along each latent axis. Tangents t_s run
 * forward with the net: with h = tanh(a), u_s = W^T t_s of the layer below, t_s = (1 - h^2) u_s. Reverse mode through
 * both then gives the gradient of a loss that holds dm_i/dz_i. */

/* z and its tangents, the unit vectors: input [1 + dims][dims][RB] of the log-diffusion net, on one block. */
DEVICE_FN void tangent_input_block(GLOBAL float* input, GLOBAL const float* z, int dims)
{
    EACH_LANE_VECTOR(t) for (int i = 0; i < dims; i++) {
        VSTORE(VLOAD(z + i * RB + LANE_ROW(t)), input + i * RB + LANE_ROW(t));
        for (int s = 1; s <= dims; s++) VSTORE(V_SPLAT(i == s - 1 ? 1.0f : 0.0f), input + (s * dims + i) * RB + LANE_ROW(t));
    }
}

/* t_s = (1 - h^2) u_s: h [1 + dims][width][RB], stream 0 given, tangents written; u [dims][width][RB]. */
DEVICE_FN void tangent_forward_block(GLOBAL float* h, GLOBAL const float* u, int width, int dims)
{
    for (int k = PART; k < width; k += SPLIT) EACH_LANE_VECTOR(t) {
        int at = k * RB + LANE_ROW(t);
        V hv = VLOAD(h + at), slope = V_SPLAT(1.0f) - hv * hv;
        for (int s = 0; s < dims; s++) VSTORE(slope * VLOAD(u + s * width * RB + at), h + (s + 1) * width * RB + at);
    }
}

/* In: g stream 0 = dL/dh, stream s = dL/dt_s. Out: stream 0 = dL/da = (1 - h^2)(dL/dh - 2 h sum_s u_s dL/dt_s), stream
 * s = dL/du_s = (1 - h^2) dL/dt_s. g, h [1 + dims][width][RB], u [dims][width][RB]. */
DEVICE_FN void tangent_backward_block(GLOBAL float* g, GLOBAL const float* h, GLOBAL const float* u, int width, int dims)
{
    for (int k = PART; k < width; k += SPLIT) EACH_LANE_VECTOR(t) {
        int at = k * RB + LANE_ROW(t);
        V hv = VLOAD(h + at), slope = V_SPLAT(1.0f) - hv * hv, bend = V_SPLAT(0.0f);
        for (int s = 0; s < dims; s++) {
            GLOBAL float* gs = g + (s + 1) * width * RB + at;
            V dt = VLOAD(gs);
            bend = V_FMA(dt, VLOAD(u + s * width * RB + at), bend);
            VSTORE(slope * dt, gs);
        }
        VSTORE(slope * (VLOAD(g + at) - (hv + hv) * bend), g + at);
    }
}

/* loss = sum_rows 1/2 sum_i [m_i + e_i^2 / (2 M_i)] / batch with e_i = q_i - M_i (f_i + dm_i/dz_i), and its gradients on one
 * block: moves, force, dforce [dims][RB]; logdiff, dlogdiff [1 + dims][dims][RB] (m, then its tangents). Rows from `count`
 * on are padding: no loss, zero gradient. partial: PARTIALS sums of this block. */
DEVICE_FN void prior_likelihood_block(GLOBAL const float* moves, GLOBAL const float* force, GLOBAL const float* logdiff,
                                      GLOBAL float* dforce, GLOBAL float* dlogdiff, GLOBAL float* partial,
                                      int row0, int count, int dims, float per_row)
{
    V loss = V_SPLAT(0.0f);
    EACH_LANE_VECTOR(t) {
        V row = V_FROM_UINT(VU_SPLAT(row0 + LANE_ROW(t)) + V_IOTA);
        V half_share = V_SELECT(row < V_SPLAT((float)count), V_SPLAT(0.5f * per_row), V_SPLAT(0.0f));
        for (int i = 0; i < dims; i++) {
            int at = i * RB + LANE_ROW(t);
            V logm = VLOAD(logdiff + at), drift = VLOAD(force + at) + VLOAD(logdiff + (i + 1) * dims * RB + at);
            V m = v_exp(logm), e = VLOAD(moves + at) - m * drift, w = e * e / (m + m);
            loss = V_FMA(half_share, logm + w, loss);
            V pull = -half_share * e;
            VSTORE(pull, dforce + at);
            VSTORE(V_FMA(pull, drift, half_share * (V_SPLAT(1.0f) - w)), dlogdiff + at);
            for (int s = 1; s <= dims; s++) VSTORE(s == i + 1 ? pull : V_SPLAT(0.0f), dlogdiff + s * dims * RB + at);
        }
    }
    float sum = lane_sum(V_SUM(loss));
    if (LANE < PARTIALS) partial[LANE] = sum;
}
