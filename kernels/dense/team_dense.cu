/* SPDX-License-Identifier: MIT
 * Dense layers of a squad: SPLIT warps that share one block of 32 rows, with weights and rows in shared memory. CUDA alone:
 * templates and 16-byte loads. Needs functions.h with LANES 32, RB 32.
 *
 * Data flow of a step: the parameters are staged from GLOBAL memory once a step, and a squad's rows live in SHARED through
 * forward, backward and weight gradients of a phase. What leaves are rows that other blocks read, and each block's share of
 * the weight gradients, which goes to one of FOLD_SLOTS slots in GLOBAL memory and is added up there in a fixed order.
 *
 * Addresses are offsets in floats from SHARED, so that the functions, which are called and not inlined (a step's code must
 * stay in the instruction cache), still load by 32-bit shared addresses. Rows are [feature][32]. A staged layer is a matrix of
 * K + 1 rows, the last of them the bias, WEIGHT_PITCH(N) apart: 16-byte aligned, and rows fall into different banks.
 *
 * Every sum runs in an order that depends on the layer alone, never on the squad, the team or the number of models. */
#define WEIGHT_PITCH(N) (((N) + 3) / 4 * 4 + 4)
#define LINEAR 0
#define RELU 1
#define TANH 2

/* Copies a layer's parameters, [K][N] and then the bias [N], to its staged place; all threads of the block together. */
template <int K, int N> TEAM_FN void stage_layer(int to, const float* from)
{
    _Pragma("unroll 4") for (int i = TID; i < (K + 1) * N; i += GROUP_SIZE) COPY_TO_SHARED(SHARED + to + i / N * WEIGHT_PITCH(N) + i % N, from + i);
}

/* Copies the rows of one block, [features][32], from GLOBAL memory to its place in SHARED, and back; by the squad. */
TEAM_FN void fetch_rows(int to, const float* from, int features)
{
    for (int i = PART * LANES + LANE; i < features * RB / 4; i += SPLIT * LANES)
        ((float4*)(SHARED + to))[i] = ((const float4*)from)[i];
}
TEAM_FN void publish_rows(float* to, int from, int features)
{
    for (int i = PART * LANES + LANE; i < features * RB / 4; i += SPLIT * LANES)
        ((float4*)to)[i] = ((const float4*)(SHARED + from))[i];
}

template <int R> DEVICE_FN void load_rows(float (&v)[R], const float* from)
{
    if constexpr (R == 4) { float4 q = *(const float4*)from; v[0] = q.x; v[1] = q.y; v[2] = q.z; v[3] = q.w; }
    else if constexpr (R == 2) { float2 q = *(const float2*)from; v[0] = q.x; v[1] = q.y; }
    else v[0] = *from;
}
template <int R> DEVICE_FN void store_rows(const float (&v)[R], float* to)
{
    if constexpr (R == 4) *(float4*)to = make_float4(v[0], v[1], v[2], v[3]);
    else if constexpr (R == 2) *(float2*)to = make_float2(v[0], v[1]);
    else *to = v[0];
}

/* A warp's tile is 32 rows x R * T outputs, a lane's R rows x T outputs: the lanes lie 32 / R along the rows and R along the
 * outputs, so that per input a lane loads R + T floats for R * T multiply-adds.
 *
 * y[j] = ACTIVATION(sum_k w[k][j] x[k] + b[j]) for all N outputs of `streams` inputs: x [streams][K][32], y [streams][N][32],
 * x_stream and y_stream floats apart. Without BIAS b is zero. part: the warp's number among SPLIT. */
template <int R, int T, int ACTIVATION, bool BIAS>
TEAM_FN void team_forward(int part, int w, int K, int N, int streams, int x, int x_stream, int y, int y_stream)
{
    const int pitch = WEIGHT_PITCH(N), row = LANE % (32 / R) * R, across = (N + R * T - 1) / (R * T);
    ROLLED for (int tile = part; tile < streams * across; tile += SPLIT) {
        const int j = (tile % across * R + LANE / (32 / R)) * T;
        /* Lanes past the last output repeat output 0 and store nothing. */
        const float* weight = SHARED + w + (j < N ? j : 0);
        const float* in = SHARED + x + tile / across * x_stream + row;
        float* out = SHARED + y + tile / across * y_stream + row;
        float sum[T][R];
        UNROLL for (int n = 0; n < T; n++) UNROLL for (int r = 0; r < R; r++) sum[n][r] = BIAS ? weight[K * pitch + n] : 0.0f;
        _Pragma("unroll 8") for (int k = 0; k < K; k++) {
            float xv[R], wv[T];
            load_rows<R>(xv, in + k * RB);
            load_rows<T>(wv, weight + k * pitch);
            UNROLL for (int n = 0; n < T; n++) UNROLL for (int r = 0; r < R; r++) sum[n][r] = fmaf(wv[n], xv[r], sum[n][r]);
        }
        UNROLL for (int n = 0; n < T; n++) if (j + n < N) {
            UNROLL for (int r = 0; r < R; r++)
                sum[n][r] = ACTIVATION == RELU ? v_relu(sum[n][r]) : ACTIVATION == TANH ? v_tanh(sum[n][r]) : sum[n][r];
            store_rows<R>(sum[n], out + (j + n) * RB);
        }
    }
}

/* dx[k] = DERIVATIVE(sum_j w[k][j] dy[j]) for all K inputs, tiles and streams as above: dy [streams][N][32], dx [streams][K][32],
 * h [K][32] the output of the layer below, whose activation's derivative is taken; LINEAR reads none. */
template <int R, int T, int DERIVATIVE>
TEAM_FN void team_backward(int part, int w, int K, int N, int streams, int dy, int dy_stream, int h, int dx, int dx_stream)
{
    const int pitch = WEIGHT_PITCH(N), row = LANE % (32 / R) * R, across = (K + R * T - 1) / (R * T);
    ROLLED for (int tile = part; tile < streams * across; tile += SPLIT) {
        const int k = (tile % across * R + LANE / (32 / R)) * T;
        const float* weight = SHARED + w + (k < K ? k : 0) * pitch;
        const float* in = SHARED + dy + tile / across * dy_stream + row;
        float* out = SHARED + dx + tile / across * dx_stream + row;
        float sum[T][R];
        UNROLL for (int n = 0; n < T; n++) UNROLL for (int r = 0; r < R; r++) sum[n][r] = 0.0f;
        int j = 0;
        _Pragma("unroll 2") for (; j + 4 <= N; j += 4) {
            float wv[T][4];
            UNROLL for (int n = 0; n < T; n++) load_rows<4>(wv[n], weight + n * pitch + j);
            UNROLL for (int i = 0; i < 4; i++) {
                float dv[R];
                load_rows<R>(dv, in + (j + i) * RB);
                UNROLL for (int n = 0; n < T; n++) UNROLL for (int r = 0; r < R; r++) sum[n][r] = fmaf(wv[n][i], dv[r], sum[n][r]);
            }
        }
        ROLLED for (; j < N; j++) {
            float dv[R];
            load_rows<R>(dv, in + j * RB);
            UNROLL for (int n = 0; n < T; n++) UNROLL for (int r = 0; r < R; r++) sum[n][r] = fmaf(weight[n * pitch + j], dv[r], sum[n][r]);
        }
        UNROLL for (int n = 0; n < T; n++) if (k + n < K) {
            if (DERIVATIVE != LINEAR) {
                float hv[R];
                load_rows<R>(hv, SHARED + h + (k + n) * RB + row);
                UNROLL for (int r = 0; r < R; r++)
                    sum[n][r] = DERIVATIVE == RELU ? (hv[r] > 0.0f ? sum[n][r] : 0.0f) : sum[n][r] * (1.0f - hv[r] * hv[r]);
            }
            store_rows<R>(sum[n], out + (k + n) * RB);
        }
    }
}

/* One block's share of a layer's gradient: dw[k][j] = sum over streams and the 32 rows of x[k] dy[j], then db[j] = sum over
 * rows of dy[j] of the first stream; added to what lies in dw [K][N], db [N] where `add`, in GLOBAL memory.
 * Tiles are 8 TK inputs x 8 outputs; a lane has inputs k, k + 8, ... and two outputs, and starts at another four rows than
 * the lanes beside it, whose features lie in the same banks. */
template <int TK>
TEAM_FN void team_gradient(int part, float* dw, int K, int N, int streams, int x, int x_stream, int dy, int dy_stream, int add)
{
    const int along = LANE % 8, across = (N + 7) / 8, tiles = (K + 8 * TK - 1) / (8 * TK) * across;
    ROLLED for (int tile = part; tile < tiles + (N + 31) / 32; tile += SPLIT) {
        if (tile >= tiles) {
            const int j = (tile - tiles) * 32 + LANE;
            if (j < N) {
                float before = add ? dw[K * N + j] : 0.0f, sum = 0.0f;
                UNROLL for (int i = 0; i < 8; i++) {
                    float dv[4];
                    load_rows<4>(dv, SHARED + dy + j * RB + (i + along) % 8 * 4);
                    UNROLL for (int r = 0; r < 4; r++) sum += dv[r];
                }
                dw[K * N + j] = before + sum;
            }
            continue;
        }
        const int k = tile / across * 8 * TK + along, j = tile % across * 8 + LANE / 8 * 2;
        float before[TK][2], sum[TK][2];
        UNROLL for (int u = 0; u < TK; u++) UNROLL for (int v = 0; v < 2; v++) {
            before[u][v] = add && k + 8 * u < K && j + v < N ? dw[(k + 8 * u) * N + j + v] : 0.0f;
            sum[u][v] = 0.0f;
        }
        ROLLED for (int s = 0; s < streams; s++) {
            /* Past the edge a lane repeats feature 0 and stores nothing. */
            const float *xs[TK], *ys[2];
            UNROLL for (int u = 0; u < TK; u++) xs[u] = SHARED + x + s * x_stream + (k + 8 * u < K ? k + 8 * u : 0) * RB;
            UNROLL for (int v = 0; v < 2; v++) ys[v] = SHARED + dy + s * dy_stream + (j + v < N ? j + v : 0) * RB;
            UNROLL for (int i = 0; i < 8; i++) {
                const int rows = (i + along) % 8 * 4;
                float dv[2][4];
                UNROLL for (int v = 0; v < 2; v++) load_rows<4>(dv[v], ys[v] + rows);
                UNROLL for (int u = 0; u < TK; u++) {
                    float xv[4];
                    load_rows<4>(xv, xs[u] + rows);
                    UNROLL for (int v = 0; v < 2; v++) UNROLL for (int r = 0; r < 4; r++) sum[u][v] = fmaf(xv[r], dv[v][r], sum[u][v]);
                }
            }
        }
        UNROLL for (int u = 0; u < TK; u++) UNROLL for (int v = 0; v < 2; v++)
            if (k + 8 * u < K && j + v < N) dw[(k + 8 * u) * N + j + v] = before[u][v] + sum[u][v];
    }
}

/* The sum of a gradient's shares over the blocks of rows, in this order: blocks 0, 4, 8, ... then 1, 5, 9, ... and so on, and
 * the four sums one after the other. A team of at most four squads has added up each of the four already. share: the one of
 * block 0, those of other blocks SLOT_FLOATS apart. */
DEVICE_FN float folded_gradient(const float* share)
{
    float total = 0.0f;
    UNROLL for (int first = 0; first < 4; first++) {
        float sum = 0.0f;
        PIPELINED for (int slot = first; slot < FOLD_SLOTS; slot += 4) sum += share[slot * SLOT_FLOATS];
        total += sum;
    }
    return total;
}

/* gradient[i] = sum of its shares, i < n. */
DEVICE_FN void fold_gradients(float* gradient, const float* shares, int n, int item, int items)
{
    ROLLED for (int i = item; i < n; i += items) gradient[i] = folded_gradient(shares + i);
}
