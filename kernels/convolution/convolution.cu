/* SPDX-License-Identifier: MIT
 * Convolutions and transposed ones, of kernel 4, stride 2 and pad 1, or of kernel 1: forward, input gradient, weight gradient.
 * CUDA C and OpenCL C; needs functions.h and dense/dense.cu.
 *
 * Rows are images, and a lane holds its own: buffers are [block][channel][y][x][RB]. A weight is a scalar to all of them, so
 * the sums go straight over the channels and taps, and no patch is ever copied.
 *
 * Both kinds of layer join a small map, S channels of H x W, and a big one, G channels of (H stride) x (W stride), with weights
 * [G][K K][S] and then one bias an output channel. "Down" sums over the big map: a convolution forward, a transposed one's input
 * gradient. "Up" sums over the small map: the other two. Tiles are dealt to the workers of the whole team in ranges, block by
 * block, so that neighbouring tiles find their patches in cache. All sums run in a fixed order. */
#define CONV_STRIDE(K) ((K) == 4 ? 2 : 1)
#define CONV_PAD(K) ((K) == 4 ? 1 : 0)
/* Vectors of rows that a tile has at a time: what the registers hold with 8 channels. */
#if VW == 16
#define CONV_VECTORS 2
#define CONV_SMALL_CHANNELS 4
#elif VW == 8
#define CONV_VECTORS 1
#define CONV_SMALL_CHANNELS 2
#else
#define CONV_VECTORS 1
#define CONV_SMALL_CHANNELS 4
#endif
#define EACH_CONV_VECTOR(t) UNROLL for (int t = 0; t < CONV_VECTORS; t++)
#define CONV_ROW(r, t) ((r) + (t) * ROW_LANES * VW)
#define EACH_CONV_ROW(r) ROLLED for (int r = ROW_LANE * VW; r < RB; r += CONV_VECTORS * ROW_LANES * VW)

/* What becomes of a sum: forward, of an output channel; backward, with the output h of the layer below. */
#define FINISH_forward_linear(v, h) (v)
#define FINISH_forward_relu(v, h) v_relu(v)
#define FINISH_forward_tanh(v, h) v_tanh(v)
#define FINISH_backward_linear(v, h) (v)
#define FINISH_backward_relu(v, h) derive_relu(v, h)
#define FINISH_backward_tanh(v, h) derive_tanh(v, h)

/* out[s .. s+TN)(y, x) = FINISH(sum over g, ky, kx of w[g][ky][kx][s] in[g](stride y - pad + ky, stride x - pad + kx)) on one
 * block: in [G][H stride][W stride][RB], h and out [S][H][W][RB]. */
#define DEFINE_CONV_DOWN(NAME, TN, FINISH, HAS_BIAS) \
TILE_FN void NAME(GLOBAL const float* w, int K, int S, int s, int H, int W, int y, int x, int G, \
                  GLOBAL const float* in, GLOBAL const float* h, GLOBAL float* out) { \
    const int stride = CONV_STRIDE(K), height = H * stride, width = W * stride; \
    const int top = y * stride - CONV_PAD(K), left = x * stride - CONV_PAD(K); \
    const int ky0 = top < 0 ? -top : 0, ky1 = top + K > height ? height - top : K; \
    const int kx0 = left < 0 ? -left : 0, kx1 = left + K > width ? width - left : K; \
    EACH_CONV_ROW(r) { \
        V sum[TN][CONV_VECTORS]; \
        UNROLL for (int n = 0; n < TN; n++) { V b_ = V_SPLAT(HAS_BIAS ? w[G * K * K * S + s + n] : 0.0f); EACH_CONV_VECTOR(t) sum[n][t] = b_; } \
        ROLLED for (int g = 0; g < G; g++) ROLLED for (int ky = ky0; ky < ky1; ky++) { \
            GLOBAL const float* from = in + ((g * height + top + ky) * width + left) * RB; \
            GLOBAL const float* taps = w + (g * K + ky) * K * S + s; \
            ROLLED for (int kx = kx0; kx < kx1; kx++) { \
                V xv[CONV_VECTORS]; EACH_CONV_VECTOR(t) xv[t] = VLOAD(from + kx * RB + CONV_ROW(r, t)); \
                UNROLL for (int n = 0; n < TN; n++) { V wv = V_SPLAT(taps[kx * S + n]); EACH_CONV_VECTOR(t) sum[n][t] = V_FMA(wv, xv[t], sum[n][t]); } \
            } \
        } \
        UNROLL for (int n = 0; n < TN; n++) EACH_CONV_VECTOR(t) { \
            const int at = (((s + n) * H + y) * W + x) * RB + CONV_ROW(r, t); VSTORE(FINISH(sum[n][t], h + at), out + at); } \
    } \
}
/* out[g .. g+TN)(y, x) = FINISH(sum over s and the taps that reach (y, x) of w[g][ky][kx][s] in[s](..)) on one block:
 * in [S][H][W][RB], h and out [G][H stride][W stride][RB]. */
#define DEFINE_CONV_UP(NAME, TN, FINISH, HAS_BIAS) \
TILE_FN void NAME(GLOBAL const float* w, int K, int S, int H, int W, int y, int x, int G, int g, \
                  GLOBAL const float* in, GLOBAL const float* h, GLOBAL float* out) { \
    const int stride = CONV_STRIDE(K), top = y + CONV_PAD(K), left = x + CONV_PAD(K); \
    int ky0 = top % stride, kx0 = left % stride; \
    if (top - ky0 >= H * stride) ky0 += stride; \
    if (left - kx0 >= W * stride) kx0 += stride; \
    const int ky1 = top < K ? top + 1 : K, kx1 = left < K ? left + 1 : K; \
    EACH_CONV_ROW(r) { \
        V sum[TN][CONV_VECTORS]; \
        UNROLL for (int n = 0; n < TN; n++) { V b_ = V_SPLAT(HAS_BIAS ? w[G * K * K * S + g + n] : 0.0f); EACH_CONV_VECTOR(t) sum[n][t] = b_; } \
        ROLLED for (int ky = ky0; ky < ky1; ky += stride) ROLLED for (int kx = kx0; kx < kx1; kx += stride) { \
            GLOBAL const float* from = in + ((top - ky) / stride * W + (left - kx) / stride) * RB; \
            GLOBAL const float* taps = w + ((g * K + ky) * K + kx) * S; \
            ROLLED for (int s = 0; s < S; s++) { \
                V xv[CONV_VECTORS]; EACH_CONV_VECTOR(t) xv[t] = VLOAD(from + s * H * W * RB + CONV_ROW(r, t)); \
                UNROLL for (int n = 0; n < TN; n++) { V wv = V_SPLAT(taps[n * K * K * S + s]); EACH_CONV_VECTOR(t) sum[n][t] = V_FMA(wv, xv[t], sum[n][t]); } \
            } \
        } \
        UNROLL for (int n = 0; n < TN; n++) EACH_CONV_VECTOR(t) { \
            const int at = (((g + n) * H * stride + y) * W * stride + x) * RB + CONV_ROW(r, t); VSTORE(FINISH(sum[n][t], h + at), out + at); } \
    } \
}
/* The same of few channels, kernel 4: the 2 x 2 big pixels that small pixel (y, x) is in the middle of, so that the 3 x 3 small
 * pixels around it are loaded once for the 16 taps. Its neighbour (dy, dx) meets big pixel (py, px) of the four by tap
 * (py + 1 - 2 dy, px + 1 - 2 dx) where that exists. */
#define DEFINE_CONV_UP_FEW(NAME, TN, FINISH, HAS_BIAS) \
TILE_FN void NAME(GLOBAL const float* w, int S, int H, int W, int y, int x, int G, int g, \
                  GLOBAL const float* in, GLOBAL const float* h, GLOBAL float* out) { \
    EACH_CONV_ROW(r) { \
        V sum[2][2][TN][CONV_VECTORS]; \
        UNROLL for (int n = 0; n < TN; n++) { V b_ = V_SPLAT(HAS_BIAS ? w[G * 16 * S + g + n] : 0.0f); \
            UNROLL for (int q = 0; q < 4; q++) EACH_CONV_VECTOR(t) sum[q / 2][q % 2][n][t] = b_; } \
        ROLLED for (int s = 0; s < S; s++) { \
            UNROLL for (int dy = -1; dy <= 1; dy++) UNROLL for (int dx = -1; dx <= 1; dx++) { \
                if (y + dy < 0 || y + dy >= H || x + dx < 0 || x + dx >= W) continue; \
                V xv[CONV_VECTORS]; EACH_CONV_VECTOR(t) xv[t] = VLOAD(in + ((s * H + y + dy) * W + x + dx) * RB + CONV_ROW(r, t)); \
                UNROLL for (int py = 0; py < 2; py++) UNROLL for (int px = 0; px < 2; px++) { \
                    const int ky = py + 1 - 2 * dy, kx = px + 1 - 2 * dx; \
                    if (ky < 0 || ky > 3 || kx < 0 || kx > 3) continue; \
                    UNROLL for (int n = 0; n < TN; n++) { V wv = V_SPLAT(w[((g + n) * 16 + ky * 4 + kx) * S + s]); \
                        EACH_CONV_VECTOR(t) sum[py][px][n][t] = V_FMA(wv, xv[t], sum[py][px][n][t]); } \
                } \
            } \
        } \
        UNROLL for (int q = 0; q < 4; q++) UNROLL for (int n = 0; n < TN; n++) EACH_CONV_VECTOR(t) { \
            const int at = (((g + n) * H * 2 + y * 2 + q / 2) * W * 2 + x * 2 + q % 2) * RB + CONV_ROW(r, t); \
            VSTORE(FINISH(sum[q / 2][q % 2][n][t], h + at), out + at); } \
    } \
}
#define DEFINE_CONV_TILES(NAME, HAS_BIAS) \
DEFINE_CONV_UP_FEW(conv_up_few_##NAME##_3, 3, FINISH_##NAME, HAS_BIAS) DEFINE_CONV_UP_FEW(conv_up_few_##NAME##_2, 2, FINISH_##NAME, HAS_BIAS) \
DEFINE_CONV_UP_FEW(conv_up_few_##NAME##_1, 1, FINISH_##NAME, HAS_BIAS) \
DEFINE_CONV_DOWN(conv_down_##NAME##_8, 8, FINISH_##NAME, HAS_BIAS) DEFINE_CONV_DOWN(conv_down_##NAME##_4, 4, FINISH_##NAME, HAS_BIAS) \
DEFINE_CONV_DOWN(conv_down_##NAME##_2, 2, FINISH_##NAME, HAS_BIAS) DEFINE_CONV_DOWN(conv_down_##NAME##_1, 1, FINISH_##NAME, HAS_BIAS) \
DEFINE_CONV_UP(conv_up_##NAME##_8, 8, FINISH_##NAME, HAS_BIAS) DEFINE_CONV_UP(conv_up_##NAME##_4, 4, FINISH_##NAME, HAS_BIAS) \
DEFINE_CONV_UP(conv_up_##NAME##_2, 2, FINISH_##NAME, HAS_BIAS) DEFINE_CONV_UP(conv_up_##NAME##_1, 1, FINISH_##NAME, HAS_BIAS)
DEFINE_CONV_TILES(forward_linear, 1)
DEFINE_CONV_TILES(forward_relu, 1)
DEFINE_CONV_TILES(forward_tanh, 1)
DEFINE_CONV_TILES(backward_linear, 0)
DEFINE_CONV_TILES(backward_relu, 0)
DEFINE_CONV_TILES(backward_tanh, 0)

/* Deals `count` tiles out: worker `worker` of `workers`, names of the kernel around it, has t_ from its range. */
#define EACH_CONV_TILE(count) const int share_ = ((count) + workers - 1) / workers; \
    ROLLED for (int t_ = worker * share_; t_ < (count) && t_ < worker * share_ + share_; t_++)
/* A whole layer on all blocks: in [blocks][G][H stride][W stride][RB], h and out [blocks][S][H][W][RB]. */
#define CONV_DOWN(NAME, w, K, S, H, W, G, blocks, in, h, out) do { \
    const int pixels_ = (H) * (W), from_ = (G) * pixels_ * CONV_STRIDE(K) * CONV_STRIDE(K) * RB, to_ = (S) * pixels_ * RB; \
    const int groups_ = ((S) + 7) / 8; \
    EACH_CONV_TILE((blocks) * pixels_ * groups_) { \
        const int p_ = t_ / groups_ % pixels_, b_ = t_ / groups_ / pixels_, c_ = t_ % groups_ * 8; \
        GLOBAL const float* x_ = (in) + b_ * from_; GLOBAL const float* h_ = (h) + b_ * to_; GLOBAL float* y_ = (out) + b_ * to_; \
        if (c_ + 8 <= (S)) { conv_down_##NAME##_8(w, K, S, c_, H, W, p_ / (W), p_ % (W), G, x_, h_, y_); continue; } \
        if ((S) & 4) conv_down_##NAME##_4(w, K, S, (S) & ~7, H, W, p_ / (W), p_ % (W), G, x_, h_, y_); \
        if ((S) & 2) conv_down_##NAME##_2(w, K, S, (S) & ~3, H, W, p_ / (W), p_ % (W), G, x_, h_, y_); \
        if ((S) & 1) conv_down_##NAME##_1(w, K, S, (S) & ~1, H, W, p_ / (W), p_ % (W), G, x_, h_, y_); \
    } } while (0)
/* The same upwards: in [blocks][S][H][W][RB], h and out [blocks][G][H stride][W stride][RB]. */
#define CONV_UP(NAME, w, K, S, H, W, G, blocks, in, h, out) do { \
    const int across_ = (W) * CONV_STRIDE(K), pixels_ = (H) * CONV_STRIDE(K) * across_, from_ = (S) * (H) * (W) * RB, to_ = (G) * pixels_ * RB; \
    const int groups_ = ((G) + 7) / 8; \
    EACH_CONV_TILE((blocks) * pixels_ * groups_) { \
        const int p_ = t_ / groups_ % pixels_, b_ = t_ / groups_ / pixels_, c_ = t_ % groups_ * 8; \
        GLOBAL const float* x_ = (in) + b_ * from_; GLOBAL const float* h_ = (h) + b_ * to_; GLOBAL float* y_ = (out) + b_ * to_; \
        if (c_ + 8 <= (G)) { conv_up_##NAME##_8(w, K, S, H, W, p_ / across_, p_ % across_, G, c_, x_, h_, y_); continue; } \
        if ((G) & 4) conv_up_##NAME##_4(w, K, S, H, W, p_ / across_, p_ % across_, G, (G) & ~7, x_, h_, y_); \
        if ((G) & 2) conv_up_##NAME##_2(w, K, S, H, W, p_ / across_, p_ % across_, G, (G) & ~3, x_, h_, y_); \
        if ((G) & 1) conv_up_##NAME##_1(w, K, S, H, W, p_ / across_, p_ % across_, G, (G) & ~1, x_, h_, y_); \
    } } while (0)

/* The same of kernel 4 and few channels G, three at a time. */
#define CONV_UP_FEW(NAME, w, K, S, H, W, G, blocks, in, h, out) do { \
    const int pixels_ = (H) * (W), from_ = (S) * pixels_ * RB, to_ = (G) * 4 * pixels_ * RB; \
    EACH_CONV_TILE((blocks) * pixels_) { \
        const int p_ = t_ % pixels_, b_ = t_ / pixels_, y_ = p_ / (W), x_ = p_ % (W); \
        GLOBAL const float* i_ = (in) + b_ * from_; GLOBAL const float* h_ = (h) + b_ * to_; GLOBAL float* o_ = (out) + b_ * to_; \
        ROLLED for (int c_ = 0; c_ + 3 <= (G); c_ += 3) conv_up_few_##NAME##_3(w, S, H, W, y_, x_, G, c_, i_, h_, o_); \
        if ((G) % 3 == 2) conv_up_few_##NAME##_2(w, S, H, W, y_, x_, G, (G) - 2, i_, h_, o_); \
        if ((G) % 3 == 1) conv_up_few_##NAME##_1(w, S, H, W, y_, x_, G, (G) - 1, i_, h_, o_); \
    } } while (0)

/* Sum over the rows and pixels of one channel of blocks [first, end): x [block][..][pixels][RB], block_floats a block. */
TILE_FN float channel_sum(GLOBAL const float* x, int pixels, int first, int end, int block_floats)
{
    V sum = V_SPLAT(0.0f);
    ROLLED for (int b = first; b < end; b++)
        ROLLED for (int r = ROW_LANE * VW; r < pixels * RB; r += ROW_LANES * VW) sum = sum + VLOAD(x + b * block_floats + r);
    return lane_sum(V_SUM(sum));
}

/* dw[g][ky][kx][s .. s+TS) = sum over blocks [first, end), rows and small pixels of big[g](stride y - pad + ky, stride x - pad
 * + kx) small[s](y, x): big [block][G][H stride][W stride][RB], small [block][S][H][W][RB]. A row of the map is summed at a
 * time, for the K TS weights of each ky, so that what it reads stays in the first cache. Past the edge of S a tile computes its
 * last channel again and does not store it. */
#define DEFINE_CONV_GRADIENT(K, TS) \
TILE_FN void conv_gradient_##K(GLOBAL float* dw, int S, int s, int H, int W, int G, int g, int first, int end, \
                               GLOBAL const float* big, GLOBAL const float* small) { \
    const int stride = CONV_STRIDE(K), height = H * stride, width = W * stride; \
    V sum[K][K][TS]; int so[TS]; \
    UNROLL for (int n = 0; n < TS; n++) so[n] = (s + n < S ? n : S - 1 - s) * H * W * RB; \
    UNROLL for (int ky = 0; ky < K; ky++) UNROLL for (int kx = 0; kx < K; kx++) UNROLL for (int n = 0; n < TS; n++) sum[ky][kx][n] = V_SPLAT(0.0f); \
    ROLLED for (int b = first; b < end; b++) ROLLED for (int y = 0; y < H; y++) ROLLED for (int ky = 0; ky < K; ky++) { \
        const int yy = y * stride - CONV_PAD(K) + ky; \
        if (yy < 0 || yy >= height) continue; \
        GLOBAL const float* db = small + ((b * S + s) * H + y) * W * RB; \
        GLOBAL const float* xb = big + (((b * G + g) * height + yy) * width - CONV_PAD(K)) * RB; \
        V part[K][TS]; \
        UNROLL for (int kx = 0; kx < K; kx++) UNROLL for (int n = 0; n < TS; n++) part[kx][n] = sum[ky][kx][n]; \
        ROLLED for (int x = 0; x < W; x++) ROLLED for (int r = ROW_LANE * VW; r < RB; r += ROW_LANES * VW) { \
            V dv[TS]; UNROLL for (int n = 0; n < TS; n++) dv[n] = VLOAD(db + so[n] + x * RB + r); \
            UNROLL for (int kx = 0; kx < K; kx++) { \
                if ((K) == 4 && ((kx == 0 && x == 0) || (kx == 3 && x == W - 1))) continue; \
                V xv = VLOAD(xb + (x * stride + kx) * RB + r); \
                UNROLL for (int n = 0; n < TS; n++) part[kx][n] = V_FMA(xv, dv[n], part[kx][n]); } \
        } \
        UNROLL for (int kx = 0; kx < K; kx++) UNROLL for (int n = 0; n < TS; n++) sum[ky][kx][n] = part[kx][n]; \
    } \
    UNROLL for (int ky = 0; ky < K; ky++) UNROLL for (int kx = 0; kx < K; kx++) UNROLL for (int n = 0; n < TS; n++) { \
        float total = lane_sum(V_SUM(sum[ky][kx][n])); \
        if (ROW_LANE == 0 && s + n < S) dw[((g * K + ky) * K + kx) * S + s + n] = total; } \
}
DEFINE_CONV_GRADIENT(4, CONV_SMALL_CHANNELS)
DEFINE_CONV_GRADIENT(1, CONV_SMALL_CHANNELS)

/* Shares of a layer's gradient, one a slice of the blocks: shares [slices][G K K S + biases]. BIG: whether the biases are the
 * big map's, of a transposed convolution, and dy with it. */
#define CONV_GRADIENT(shares, K, S, H, W, G, BIG, blocks, slices, big, small) do { \
    const int groups_ = ((S) + CONV_SMALL_CHANNELS - 1) / CONV_SMALL_CHANNELS, each_ = ((blocks) + (slices) - 1) / (slices); \
    const int pixels_ = (H) * (W), bigger_ = pixels_ * CONV_STRIDE(K) * CONV_STRIDE(K), biases_ = (G) * (K) * (K) * (S); \
    EACH_CONV_TILE((slices) * (G) * groups_) { \
        const int slice_ = t_ / groups_ / (G), g_ = t_ / groups_ % (G), s_ = t_ % groups_ * CONV_SMALL_CHANNELS; \
        const int first_ = slice_ * each_ < (blocks) ? slice_ * each_ : (blocks), end_ = first_ + each_ < (blocks) ? first_ + each_ : (blocks); \
        GLOBAL float* to_ = (shares) + slice_ * (biases_ + ((BIG) ? (G) : (S))); \
        conv_gradient_##K(to_, S, s_, H, W, G, g_, first_, end_, big, small); \
        if ((BIG) && s_ == 0) { \
            float total_ = channel_sum((big) + g_ * bigger_ * RB, bigger_, first_, end_, (G) * bigger_ * RB); \
            if (ROW_LANE == 0) to_[biases_ + g_] = total_; } \
        if (!(BIG) && g_ == 0) ROLLED for (int n_ = s_; n_ < s_ + CONV_SMALL_CHANNELS && n_ < (S); n_++) { \
            float total_ = channel_sum((small) + n_ * pixels_ * RB, pixels_, first_, end_, (S) * pixels_ * RB); \
            if (ROW_LANE == 0) to_[biases_ + n_] = total_; } \
    } } while (0)

/* out[i] = sum over n of shares[n][i], i below size. */
DEVICE_FN void fold_shares(GLOBAL float* out, GLOBAL const float* shares, int size, int slices, int item, int items)
{
    ROLLED for (int i = item; i < size; i += items) {
        float sum = 0.0f;
        ROLLED for (int n = 0; n < slices; n++) sum += shares[n * size + i];
        out[i] = sum;
    }
}
