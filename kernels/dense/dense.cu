/* SPDX-License-Identifier: MIT
 * Dense layers on blocks of rows: forward, input gradient, weight gradient. CUDA C and OpenCL C; needs functions.h.
 *
 * Buffers of rows are [block][feature][RB], weights [K][N] then bias [N], K inputs and N outputs. A tile keeps
 * neurons x LANE_VECTORS sums in registers and walks the other dimension in a rolled loop: unrolled, PoCL's code is
 * three times slower. All sums run in a fixed order, so results are reproducible bit by bit on one device. */
#define ACTIVATE_LINEAR(v) (v)
#define ACTIVATE_RELU(v) v_relu(v)
#define ACTIVATE_TANH(v) v_tanh(v)
/* Gradient g through the activation, from its output at h. */
DEVICE_FN V derive_linear(V g, GLOBAL const float* h) { (void)h; return g; }
DEVICE_FN V derive_relu(V g, GLOBAL const float* h) { return V_SELECT(VLOAD(h) > V_SPLAT(0.0f), g, V_SPLAT(0.0f)); }
DEVICE_FN V derive_tanh(V g, GLOBAL const float* h) { V hv = VLOAD(h); return g * (V_SPLAT(1.0f) - hv * hv); }

/* y[j .. j+TN) = ACTIVATE(sum_k w[k][j] x[k] + b[j]) on one block of rows: x [K][RB], y [N][RB] out, w [K][N] then b [N]. */
#define DEFINE_FORWARD(NAME, TN, ACTIVATE, HAS_BIAS) \
TILE_FN void NAME(GLOBAL const float* w, int K, int N, int j, GLOBAL const float* x, GLOBAL float* y) { \
    V sum[TN][LANE_VECTORS]; \
    UNROLL for (int n = 0; n < TN; n++) { V b_ = V_SPLAT(HAS_BIAS ? w[K * N + j + n] : 0.0f); EACH_LANE_VECTOR(t) sum[n][t] = b_; } \
    ROLLED for (int k = 0; k < K; k++) { \
        V xv[LANE_VECTORS]; EACH_LANE_VECTOR(t) xv[t] = VLOAD(x + k * RB + LANE_ROW(t)); \
        UNROLL for (int n = 0; n < TN; n++) { V wv = V_SPLAT(w[k * N + j + n]); EACH_LANE_VECTOR(t) sum[n][t] = V_FMA(wv, xv[t], sum[n][t]); } \
    } \
    UNROLL for (int n = 0; n < TN; n++) EACH_LANE_VECTOR(t) VSTORE(ACTIVATE(sum[n][t]), y + (j + n) * RB + LANE_ROW(t)); \
}
#define DEFINE_FORWARD_TILES(NAME, ACTIVATE, HAS_BIAS) \
DEFINE_FORWARD(NAME##_8, 8, ACTIVATE, HAS_BIAS) DEFINE_FORWARD(NAME##_4, 4, ACTIVATE, HAS_BIAS) \
DEFINE_FORWARD(NAME##_2, 2, ACTIVATE, HAS_BIAS) DEFINE_FORWARD(NAME##_1, 1, ACTIVATE, HAS_BIAS)
DEFINE_FORWARD_TILES(forward_relu, ACTIVATE_RELU, 1)
DEFINE_FORWARD_TILES(forward_tanh, ACTIVATE_TANH, 1)
DEFINE_FORWARD_TILES(forward_linear, ACTIVATE_LINEAR, 1)
/* Without bias: forward tangents, which do not see it. */
DEFINE_FORWARD_TILES(forward_tangent, ACTIVATE_LINEAR, 0)

/* A whole layer on one block, shapes as above; N is a constant, so that three of the four remainders vanish. */
#define DENSE_FORWARD(NAME, w, K, N, x, y) do { \
    ROLLED for (int j_ = 0; j_ + 8 <= (N); j_ += 8) forward_##NAME##_8(w, K, N, j_, x, y); \
    if ((N) & 4) forward_##NAME##_4(w, K, N, (N) & ~7, x, y); \
    if ((N) & 2) forward_##NAME##_2(w, K, N, (N) & ~3, x, y); \
    if ((N) & 1) forward_##NAME##_1(w, K, N, (N) & ~1, x, y); } while (0)

/* dx[k .. k+TK) = DERIVE(sum_j w[k][j] dy[j], h[k]) on one block of rows: dy [N][RB]; h [K][RB], the output of the layer
 * below; dx [K][RB] out. */
#define DEFINE_BACKWARD(NAME, TK, DERIVE) \
TILE_FN void NAME(GLOBAL const float* w, int N, int k, GLOBAL const float* dy, GLOBAL const float* h, GLOBAL float* dx) { \
    V sum[TK][LANE_VECTORS]; \
    UNROLL for (int n = 0; n < TK; n++) EACH_LANE_VECTOR(t) sum[n][t] = V_SPLAT(0.0f); \
    ROLLED for (int j = 0; j < N; j++) { \
        V dv[LANE_VECTORS]; EACH_LANE_VECTOR(t) dv[t] = VLOAD(dy + j * RB + LANE_ROW(t)); \
        UNROLL for (int n = 0; n < TK; n++) { V wv = V_SPLAT(w[(k + n) * N + j]); EACH_LANE_VECTOR(t) sum[n][t] = V_FMA(wv, dv[t], sum[n][t]); } \
    } \
    UNROLL for (int n = 0; n < TK; n++) EACH_LANE_VECTOR(t) { \
        int at = (k + n) * RB + LANE_ROW(t); VSTORE(DERIVE(sum[n][t], h + at), dx + at); } \
}
#define DEFINE_BACKWARD_TILES(NAME, DERIVE) \
DEFINE_BACKWARD(NAME##_8, 8, DERIVE) DEFINE_BACKWARD(NAME##_4, 4, DERIVE) \
DEFINE_BACKWARD(NAME##_2, 2, DERIVE) DEFINE_BACKWARD(NAME##_1, 1, DERIVE)
DEFINE_BACKWARD_TILES(backward_relu, derive_relu)
DEFINE_BACKWARD_TILES(backward_tanh, derive_tanh)
DEFINE_BACKWARD_TILES(backward_linear, derive_linear)

/* A whole layer's input gradient on one block, shapes as above; K is a constant. */
#define DENSE_BACKWARD(NAME, w, K, N, dy, h, dx) do { \
    ROLLED for (int k_ = 0; k_ + 8 <= (K); k_ += 8) backward_##NAME##_8(w, N, k_, dy, h, dx); \
    if ((K) & 4) backward_##NAME##_4(w, N, (K) & ~7, dy, h, dx); \
    if ((K) & 2) backward_##NAME##_2(w, N, (K) & ~3, dy, h, dx); \
    if ((K) & 1) backward_##NAME##_1(w, N, (K) & ~1, dy, h, dx); } while (0)

/* dw[k][j] = sum over streams and rows of x[k] dy[j], one tile of TK x TJ of dw [K][N]. Past the edge a tile computes its last row or
 * column again and does not store it. blocks: blocks of rows; x_block, dy_block: their strides in floats. A stream is
 * the primal or one tangent; x_stream, dy_stream: their strides in floats. */
#define DEFINE_WEIGHT_GRADIENT(NAME, TK, TJ) \
TILE_FN void NAME(GLOBAL float* dw, int K, int N, int k, int j, GLOBAL const float* x, GLOBAL const float* dy, \
                  int blocks, int x_block, int dy_block, int streams, int x_stream, int dy_stream) { \
    V sum[TK][TJ]; int xo[TK], yo[TJ]; \
    UNROLL for (int u = 0; u < TK; u++) xo[u] = (k + u < K ? k + u : K - 1) * RB; \
    UNROLL for (int v = 0; v < TJ; v++) yo[v] = (j + v < N ? j + v : N - 1) * RB; \
    UNROLL for (int u = 0; u < TK; u++) UNROLL for (int v = 0; v < TJ; v++) sum[u][v] = V_SPLAT(0.0f); \
    ROLLED for (int s = 0; s < streams; s++) ROLLED for (int b = 0; b < blocks; b++) { \
        GLOBAL const float* xb = x + b * x_block + s * x_stream; GLOBAL const float* yb = dy + b * dy_block + s * dy_stream; \
        ROLLED for (int r = ROW_LANE * VW; r < RB; r += ROW_LANES * VW) { \
            V xv[TK]; UNROLL for (int u = 0; u < TK; u++) xv[u] = VLOAD(xb + xo[u] + r); \
            UNROLL for (int v = 0; v < TJ; v++) { V yv = VLOAD(yb + yo[v] + r); UNROLL for (int u = 0; u < TK; u++) sum[u][v] = V_FMA(xv[u], yv, sum[u][v]); } \
        } \
    } \
    UNROLL for (int u = 0; u < TK; u++) UNROLL for (int v = 0; v < TJ; v++) { \
        float total = lane_sum(V_SUM(sum[u][v])); \
        if (ROW_LANE == 0 && k + u < K && j + v < N) dw[(k + u) * N + j + v] = total; } \
}
DEFINE_WEIGHT_GRADIENT(weight_gradient_4_4, 4, 4)
DEFINE_WEIGHT_GRADIENT(weight_gradient_2_8, 2, 8)
DEFINE_WEIGHT_GRADIENT(weight_gradient_8_2, 8, 2)

/* db[j] = sum over rows of dy[j], dy [block][N][RB] with dy_block floats a block, first stream alone. */
TILE_FN void bias_gradient(GLOBAL float* db, int j, GLOBAL const float* dy, int blocks, int dy_block)
{
    V sum = V_SPLAT(0.0f);
    ROLLED for (int b = 0; b < blocks; b++)
        ROLLED for (int r = ROW_LANE * VW; r < RB; r += ROW_LANES * VW) sum = sum + VLOAD(dy + b * dy_block + j * RB + r);
    float total = lane_sum(V_SUM(sum));
    if (ROW_LANE == 0) db[j] = total;
}

/* Deals a layer's tiles to the team's workers: `worker` of `workers`, names of the kernel around it. */
#define WEIGHT_TILES(TK, TJ, dw, K, N, x, dy, blocks, xb, yb, streams, xs, ys) do { \
    const int across_ = ((N) + TJ - 1) / TJ, tiles_ = ((K) + TK - 1) / TK * across_; \
    ROLLED for (int t_ = worker; t_ < tiles_; t_ += workers) \
        weight_gradient_##TK##_##TJ(dw, K, N, t_ / across_ * TK, t_ % across_ * TJ, x, dy, blocks, xb, yb, streams, xs, ys); } while (0)
/* Gradient of a layer: dw [K][N], then db [N]. Narrow layers get narrow tiles. */
#define DENSE_GRADIENT(dw, K, N, x, dy, blocks, xb, yb, streams, xs, ys) do { \
    if ((K) <= 2) WEIGHT_TILES(2, 8, dw, K, N, x, dy, blocks, xb, yb, streams, xs, ys); \
    else if ((N) <= 2) WEIGHT_TILES(8, 2, dw, K, N, x, dy, blocks, xb, yb, streams, xs, ys); \
    else WEIGHT_TILES(4, 4, dw, K, N, x, dy, blocks, xb, yb, streams, xs, ys); \
    ROLLED for (int j_ = worker; j_ < (N); j_ += workers) bias_gradient((dw) + (K) * (N), j_, dy, blocks, yb); } while (0)

/* What is left of a wide layer once a matrix library has done its product: y = ACTIVATE(y + b), dx = DERIVE(dx, h), and the
 * bias gradients. y [N][RB], h and dx [K][RB] of one block; b, db [N]. */
#define bias_activate_relu(v) v_relu(v)
#define bias_activate_tanh(v) v_tanh(v)
#define bias_activate_linear(v) (v)
#define BIAS_ACTIVATION(NAME, b, N, y) ROLLED for (int j_ = 0; j_ < (N); j_++) EACH_LANE_VECTOR(t_) { \
    GLOBAL float* at_ = (y) + j_ * RB + LANE_ROW(t_); VSTORE(bias_activate_##NAME(VLOAD(at_) + V_SPLAT((b)[j_])), at_); }
#define ACTIVATION_SLOPE(NAME, h, dx, K) ROLLED for (int k_ = 0; k_ < (K); k_++) EACH_LANE_VECTOR(t_) { \
    int at_ = k_ * RB + LANE_ROW(t_); VSTORE(derive_##NAME(VLOAD((dx) + at_), (h) + at_), (dx) + at_); }
#define BIAS_GRADIENT(db, N, dy, blocks, dy_block) \
    ROLLED for (int j_ = worker; j_ < (N); j_ += workers) bias_gradient(db, j_, dy, blocks, dy_block)
