/* SPDX-License-Identifier: MIT
 * Kullback-Leibler divergences of variational encoders from their priors, and beta times the gradients (method section 5).
 * CUDA C and OpenCL C; needs functions.h.
 *
 * code, dcode [2 dims][RB]: means mu and log-variances lv of one block of rows, and their gradient. Rows from `count` on are
 * padding: no loss, zero gradient. partial: PARTIALS sums of this block. */

/* loss = sum_rows -1/2 sum_i (1 + lv - mu^2 - exp(lv)) per_row. */
DEVICE_FN void gaussian_kl_block(GLOBAL const float* code, GLOBAL float* dcode, GLOBAL float* partial, int row0, int count,
                                 int dims, float per_row, float beta)
{
    V loss = V_SPLAT(0.0f);
    EACH_LANE_VECTOR(t) {
        V row = V_FROM_UINT(VU_SPLAT(row0 + LANE_ROW(t)) + V_IOTA);
        V half_share = V_SELECT(row < V_SPLAT((float)count), V_SPLAT(0.5f * per_row), V_SPLAT(0.0f));
        V pull = half_share * V_SPLAT(beta);
        for (int i = 0; i < dims; i++) {
            int at = i * RB + LANE_ROW(t);
            V mean = VLOAD(code + at), log_variance = VLOAD(code + dims * RB + at), variance = v_exp(log_variance);
            loss = V_FMA(half_share, V_FMA(mean, mean, variance - V_SPLAT(1.0f) - log_variance), loss);
            VSTORE((pull + pull) * mean, dcode + at);
            VSTORE(pull * (variance - V_SPLAT(1.0f)), dcode + dims * RB + at);
        }
    }
    float sum = lane_sum(V_SUM(loss));
    if (LANE < PARTIALS) partial[LANE] = sum;
}

/* A block of frames at t (first) or at t + lag. With e = q - f and p = -log(nu),
 * loss = sum_rows -1/2 sum_i [1 + lv - nu (mu^2 + exp(lv)) - p - exp(lv) - e^2] per_row for the first,
 *        sum_rows -1/2 sum_i [1 + lv - exp(lv)] per_row for the others.
 * moves q = mu1 - mu0, force f, dmoves, dforce [dims][RB]: touched for the first alone. */
DEVICE_FN void langevin_kl_block(GLOBAL const float* code, GLOBAL const float* moves, GLOBAL const float* force,
                                 GLOBAL float* dcode, GLOBAL float* dmoves, GLOBAL float* dforce, GLOBAL float* partial,
                                 int first, int row0, int count, int dims, float per_row, float nu, float beta)
{
    V loss = V_SPLAT(0.0f), precision = V_SPLAT(first ? nu : 0.0f), weight = V_SPLAT(1.0f) + precision;
    V fixed = V_SPLAT(1.0f);
    if (first) fixed = fixed + V_LOG(V_SPLAT(nu));
    EACH_LANE_VECTOR(t) {
        V row = V_FROM_UINT(VU_SPLAT(row0 + LANE_ROW(t)) + V_IOTA);
        V half_share = V_SELECT(row < V_SPLAT((float)count), V_SPLAT(0.5f * per_row), V_SPLAT(0.0f));
        V pull = half_share * V_SPLAT(beta);
        for (int i = 0; i < dims; i++) {
            int at = i * RB + LANE_ROW(t);
            V mean = VLOAD(code + at), log_variance = VLOAD(code + dims * RB + at), variance = weight * v_exp(log_variance);
            loss = V_FMA(half_share, V_FMA(precision * mean, mean, variance - fixed - log_variance), loss);
            VSTORE((pull + pull) * precision * mean, dcode + at);
            VSTORE(pull * (variance - V_SPLAT(1.0f)), dcode + dims * RB + at);
            if (first) {
                V e = VLOAD(moves + at) - VLOAD(force + at), g = (pull + pull) * e;
                loss = V_FMA(half_share, e * e, loss);
                VSTORE(g, dmoves + at);
                VSTORE(-g, dforce + at);
            }
        }
    }
    float sum = lane_sum(V_SUM(loss));
    if (LANE < PARTIALS) partial[LANE] = sum;
}
