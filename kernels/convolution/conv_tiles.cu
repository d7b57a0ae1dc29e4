/* SPDX-License-Identifier: MIT
 * Convolutions 4x4, stride 2, padding 1, as tiled products for a whole GPU: CUDA alone, after portable.h.
 *
 * A convolution joins a small side [CS][H][W] and a big side [CB][2H][2W] by weights w(cs, cb, kh, kw): small (y, x) meets big
 * (2y - 1 + kh, 2x - 1 + kw). Three products over blocks of RB = 32 images, values [block][channel][y][x][image]:
 *   down      small(cs, y, x) = sum over cb, kh, kw of w big
 *   up        big(cb, Y, X)   = sum over cs and the 2x2 taps that reach (Y, X) of w small
 *   gradient  dw(cs, cb, kh, kw) = sum over images, y, x of small big
 * An image is a lane in down and up, so weights are broadcast and values lie side by side; in the gradient lanes share out
 * the weights. Blocks of threads stage values and weights in shared memory, the next stage under way while they compute.
 *
 * Weights lie [CB][kh][kw][CS]. Java states a product as a struct C of constants: CS, CB, H, W; BLOCKS of images; MW: channels
 * of a thread; CG, PG: groups of channels and of pixels, a warp each; KC: summed channels of a stage; STAGES: 1 or 2; ALIGNED:
 * whether four channels of the weights are 16 bytes aligned; TENSOR: whether conv_tensor.cu multiplies; END: a CONV_ value. */
#define CONV_LINEAR 0
#define CONV_RELU 1
#define CONV_TANH 2
#define CONV_SLOPE_LINEAR 3
#define CONV_SLOPE_RELU 4
#define CONV_SLOPE_TANH 5
/* Copies of a stage: unrolled no further, as the sums leave few registers. */
#define CONV_COPIES _Pragma("unroll 2")
/* Threads of a block, and blocks that share a multiprocessor at least. */
#define TILE_KERNEL(threads, blocks) extern "C" __global__ void __launch_bounds__(threads, blocks)

#if !defined(CUDA_ON_THREADS) && __CUDA_ARCH__ >= 800
/* What is not there becomes zero: no byte of it is read. */
DEVICE_FN void conv_copy16(float* to, const float* from, bool there)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
                 ::"r"((uint)__cvta_generic_to_shared(to)), "l"(from), "r"(there ? 16 : 0) : "memory");
}
DEVICE_FN void conv_copy4(float* to, const float* from, bool there)
{
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;"
                 ::"r"((uint)__cvta_generic_to_shared(to)), "l"(from), "r"(there ? 4 : 0) : "memory");
}
DEVICE_FN void conv_staged() { asm volatile("cp.async.commit_group;" ::: "memory"); }
/* Waits for all stages but the newest `under_way`. */
template <int under_way> DEVICE_FN void conv_wait() { asm volatile("cp.async.wait_group %0;" ::"n"(under_way) : "memory"); }
#else
DEVICE_FN void conv_copy16(float* to, const float* from, bool there)
{
    *(float4*)to = there ? *(const float4*)from : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
}
DEVICE_FN void conv_copy4(float* to, const float* from, bool there) { *to = there ? *from : 0.0f; }
DEVICE_FN void conv_staged() { }
template <int under_way> DEVICE_FN void conv_wait() { }
#endif

/* Runs stages first to last-1: stage(buffer, i) fills a buffer of `floats`, compute(buffer) uses it. */
template <int stages, class Stage, class Compute>
DEVICE_FN void conv_pipeline(int first, int last, int floats, Stage stage, Compute compute)
{
    if (stages == 2) {
        stage(SHARED, first);
        conv_staged();
    }
    ROLLED for (int i = first; i < last; i++) {
        float* now = SHARED + (stages == 2 ? (i - first & 1) * floats : 0);
        if (stages == 1) {
            stage(now, i);
            conv_staged();
            conv_wait<0>();
        } else if (i + 1 < last) {
            stage(SHARED + (i + 1 - first & 1) * floats, i + 1);
            conv_staged();
            conv_wait<1>();
        } else {
            conv_wait<0>();
        }
        BARRIER();
        compute(now);
        BARRIER();
    }
}

/* End of a sum: bias and activation, or the slope of an activation from its output at h. */
template <int END> DEVICE_FN float conv_end(float sum, float bias, const float* h)
{
    if (END == CONV_LINEAR) return sum + bias;
    if (END == CONV_RELU) return v_relu(sum + bias);
    if (END == CONV_TANH) return v_tanh(sum + bias);
    if (END == CONV_SLOPE_RELU) return *h > 0.0f ? sum : 0.0f;
    if (END == CONV_SLOPE_TANH) return sum * (1.0f - *h * *h);
    return sum;
}
template <int END> DEVICE_FN bool conv_has_bias() { return END <= CONV_TANH; }

/* Weights of a thread's channels, the same for all lanes. */
template <int MW> DEVICE_FN void conv_weights(float (&w)[MW], const float* from)
{
    if (MW % 4 == 0) {
        UNROLL for (int m = 0; m + 3 < MW; m += 4) {
            float4 v = *(const float4*)(from + m);
            w[m] = v.x, w[m + 1] = v.y, w[m + 2] = v.z, w[m + 3] = v.w;
        }
    } else {
        UNROLL for (int m = 0; m < MW; m++) w[m] = from[m];
    }
}

/* Values [KC channels][ROWS][COLS] of 32 images from (y0, x0) on of a side [C][H][W]; zero outside of it. */
template <int KC, int ROWS, int COLS, int PX, int THREADS>
DEVICE_FN void conv_stage_values(float* to, const float* side, int c0, int C, int y0, int H, int x0, int W)
{
    CONV_COPIES for (int i = TID; i < KC * ROWS * COLS * 8; i += THREADS) {
        int piece = i & 7, pixel = i >> 3, col = pixel % COLS, row = pixel / COLS % ROWS, k = pixel / (COLS * ROWS);
        int c = c0 + k, y = y0 + row, x = x0 + col;
        bool there = c < C && (uint)y < (uint)H && (uint)x < (uint)W;
        conv_copy16(to + pixel * PX + piece * 4, side + (there ? ((c * H + y) * W + x) * RB + piece * 4 : 0), there);
    }
}

/* Tile of down: CT channels by 2 PG rows by 4 columns of the small side. Stage: values, then weights. */
template <class C> struct DownTile {
    static constexpr int CT = C::CG * C::MW, THREADS = 32 * C::CG * C::PG, ROWS = 2 * C::PG, COLS = 4;
    static constexpr int IN_ROWS = 2 * ROWS + 2, IN_COLS = 10, PX = C::TENSOR ? 40 : 32, ROW = IN_COLS * PX, CHANNEL = IN_ROWS * ROW;
    static constexpr int WS = CT + 8, WEIGHTS = C::KC * CHANNEL, STAGE = WEIGHTS + C::KC * 16 * WS;
    static constexpr int ACROSS = (C::W + COLS - 1) / COLS, HIGH = (C::H + ROWS - 1) / ROWS, DEEP = (C::CS + CT - 1) / CT;
    int block, y, x, cs;
    __device__ DownTile() : block(BLOCK_ID / (DEEP * ACROSS * HIGH)), y(BLOCK_ID / (DEEP * ACROSS) % HIGH * ROWS),
        x(BLOCK_ID / DEEP % ACROSS * COLS), cs(BLOCK_ID % DEEP * CT) { }
};

/* Stage i: values of the big side, then weights [summed][tap][WS]. */
template <class C> DEVICE_FN void conv_stage_down(float* to, int i, const DownTile<C>& tile, const float* values, const float* w)
{
    typedef DownTile<C> T;
    conv_stage_values<C::KC, T::IN_ROWS, T::IN_COLS, T::PX, T::THREADS>(
        to, values, i * C::KC, C::CB, 2 * tile.y - 1, 2 * C::H, 2 * tile.x - 1, 2 * C::W);
    const int wide = C::ALIGNED ? 4 : 1, across = T::CT / wide;
    CONV_COPIES for (int n = TID; n < C::KC * 16 * across; n += T::THREADS) {
        int m = n % across * wide, tap = n / across % 16, k = n / (across * 16), cb = i * C::KC + k;
        bool there = cb < C::CB && tile.cs + m < C::CS;
        float* at = to + T::WEIGHTS + (k * 16 + tap) * T::WS + m;
        const float* from = w + (there ? (cb * 16 + tap) * C::CS + tile.cs + m : 0);
        if (C::ALIGNED) conv_copy16(at, from, there);
        else conv_copy4(at, from, there);
    }
}

template <class C> DEVICE_FN void conv_down_sums(float (&sum)[C::MW][2][4], const float* at)
{
    typedef DownTile<C> T;
    int group = TID / 32 % C::CG, row0 = TID / 32 / C::CG * 2;
    const float* in = at + row0 * 2 * T::ROW + TID % 32;
    const float* w = at + T::WEIGHTS + group * C::MW;
    ROLLED for (int k = 0; k < C::KC; k++) {
        _Pragma("unroll 2") for (int kh = 0; kh < 4; kh++) {
            float v[2][10];
            UNROLL for (int r = 0; r < 2; r++) UNROLL for (int c = 0; c < 10; c++)
                v[r][c] = in[k * T::CHANNEL + (2 * r + kh) * T::ROW + c * T::PX];
            UNROLL for (int kw = 0; kw < 4; kw++) {
                float weight[C::MW];
                conv_weights(weight, w + (k * 16 + kh * 4 + kw) * T::WS);
                UNROLL for (int m = 0; m < C::MW; m++) UNROLL for (int r = 0; r < 2; r++) UNROLL for (int c = 0; c < 4; c++)
                    sum[m][r][c] = fmaf(weight[m], v[r][2 * c + kw], sum[m][r][c]);
            }
        }
    }
}

/* out and h: small side; values: big side; bias [CS], in the order of channels. */
template <class C> DEVICE_FN void conv_down(const float* values, const float* w, const float* bias, const float* h, float* out)
{
    typedef DownTile<C> T;
    T tile;
    values += (size_t)tile.block * (C::CB * 4 * C::H * C::W * RB);
    auto stage = [&](float* to, int i) { conv_stage_down<C>(to, i, tile, values, w); };
    float sum[C::MW][2][4];
    UNROLL for (int m = 0; m < C::MW; m++) UNROLL for (int p = 0; p < 8; p++) sum[m][p / 4][p % 4] = 0.0f;
    conv_pipeline<C::STAGES>(0, (C::CB + C::KC - 1) / C::KC, T::STAGE, stage, [&](const float* at) { conv_down_sums<C>(sum, at); });
    int c0 = tile.cs + TID / 32 % C::CG * C::MW, y0 = tile.y + TID / 32 / C::CG * 2;
    UNROLL for (int m = 0; m < C::MW; m++) {
        if (c0 + m >= C::CS) break;
        float b = conv_has_bias<C::END>() ? bias[c0 + m] : 0.0f;
        UNROLL for (int r = 0; r < 2; r++) UNROLL for (int c = 0; c < 4; c++) {
            if (y0 + r >= C::H || tile.x + c >= C::W) continue;
            size_t i = (size_t)tile.block * (C::CS * C::H * C::W * RB) + (((c0 + m) * C::H + y0 + r) * C::W + tile.x + c) * RB + TID % 32;
            out[i] = conv_end<C::END>(sum[m][r][c], b, h + i);
        }
    }
}

/* Tile of up: CT channels by PG / 2 rows by 4 columns of 2x2 pixels of the big side; a warp has one row of 8 pixels. In the
 * big pixel (2y + py, 2x + px), kh = 3 - py - 2d reaches the small row y - 1 + py + d for d = 0, 1, and so do columns. */
template <class C> struct UpTile {
    static constexpr int CT = C::CG * C::MW, THREADS = 32 * C::CG * C::PG, ROWS = C::PG / 2, COLS = 4;
    static constexpr int IN_ROWS = ROWS + 2, IN_COLS = 6, PX = C::TENSOR ? 40 : 32, ROW = IN_COLS * PX, CHANNEL = IN_ROWS * ROW;
    static constexpr int WS = CT % 4 ? CT : CT + 4, HALF = C::TENSOR ? 16 : 0, TAPS = 16 * WS + HALF + 8;
    static constexpr int WEIGHTS = C::KC * CHANNEL, STAGE = (WEIGHTS + C::KC * TAPS + 3) / 4 * 4;
    static constexpr int ACROSS = (C::W + COLS - 1) / COLS, HIGH = (C::H + ROWS - 1) / ROWS, DEEP = (C::CB + CT - 1) / CT;
    int block, y, x, cb;
    __device__ UpTile() : block(BLOCK_ID / (DEEP * ACROSS * HIGH)), y(BLOCK_ID / (DEEP * ACROSS) % HIGH * ROWS),
        x(BLOCK_ID / DEEP % ACROSS * COLS), cb(BLOCK_ID % DEEP * CT) { }
};

/* Stage i: values of the small side, then weights [summed][tap][WS], those of kh >= 2 moved on by HALF. */
template <class C> DEVICE_FN void conv_stage_up(float* to, int i, const UpTile<C>& tile, const float* values, const float* w)
{
    typedef UpTile<C> T;
    conv_stage_values<C::KC, T::IN_ROWS, T::IN_COLS, T::PX, T::THREADS>(
        to, values, i * C::KC, C::CS, tile.y - 1, C::H, tile.x - 1, C::W);
    CONV_COPIES for (int n = TID; n < C::KC * 16 * T::CT; n += T::THREADS) {
        int k = n % C::KC, m = n / C::KC % T::CT, tap = n / (C::KC * T::CT), cs = i * C::KC + k;
        bool there = cs < C::CS && tile.cb + m < C::CB;
        conv_copy4(to + T::WEIGHTS + k * T::TAPS + tap * T::WS + (tap >> 3) * T::HALF + m,
                   w + (there ? ((tile.cb + m) * 16 + tap) * C::CS + cs : 0), there);
    }
}

template <class C> DEVICE_FN void conv_up_sums(float (&sum)[C::MW][8], const float* at)
{
    typedef UpTile<C> T;
    int group = TID / 32 % C::CG, py = TID / 32 / C::CG % 2, row = TID / 32 / C::CG / 2;
    const float* in = at + (row + py) * T::ROW + TID % 32;
    const float* w = at + T::WEIGHTS + group * C::MW;
    _Pragma("unroll 2") for (int k = 0; k < C::KC; k++) {
        UNROLL for (int d = 0; d < 2; d++) {
            float v[6];
            UNROLL for (int c = 0; c < 6; c++) v[c] = in[k * T::CHANNEL + d * T::ROW + c * T::PX];
            int kh = 3 - py - 2 * d;
            UNROLL for (int kw = 0; kw < 4; kw++) {
                const int px = (kw + 1) % 2, e = (3 - px - kw) / 2;
                float weight[C::MW];
                conv_weights(weight, w + k * T::TAPS + (kh * 4 + kw) * T::WS + (kh >> 1) * T::HALF);
                UNROLL for (int m = 0; m < C::MW; m++) UNROLL for (int c = 0; c < 4; c++)
                    sum[m][2 * c + px] = fmaf(weight[m], v[c + px + e], sum[m][2 * c + px]);
            }
        }
    }
}

/* out and h: big side; values: small side; bias [CB]. */
template <class C> DEVICE_FN void conv_up(const float* values, const float* w, const float* bias, const float* h, float* out)
{
    typedef UpTile<C> T;
    T tile;
    values += (size_t)tile.block * (C::CS * C::H * C::W * RB);
    auto stage = [&](float* to, int i) { conv_stage_up<C>(to, i, tile, values, w); };
    float sum[C::MW][8];
    UNROLL for (int m = 0; m < C::MW; m++) UNROLL for (int p = 0; p < 8; p++) sum[m][p] = 0.0f;
    conv_pipeline<C::STAGES>(0, (C::CS + C::KC - 1) / C::KC, T::STAGE, stage, [&](const float* at) { conv_up_sums<C>(sum, at); });
    int c0 = tile.cb + TID / 32 % C::CG * C::MW, py = TID / 32 / C::CG % 2, y = tile.y + TID / 32 / C::CG / 2;
    if (y >= C::H) return;
    UNROLL for (int m = 0; m < C::MW; m++) {
        if (c0 + m >= C::CB) break;
        float b = conv_has_bias<C::END>() ? bias[c0 + m] : 0.0f;
        UNROLL for (int p = 0; p < 8; p++) {
            if (2 * tile.x + p >= 2 * C::W) break;
            size_t i = (size_t)tile.block * (C::CB * 4 * C::H * C::W * RB) + (((c0 + m) * 2 * C::H + 2 * y + py) * 2 * C::W + 2 * tile.x + p) * RB + TID % 32;
            out[i] = conv_end<C::END>(sum[m][p], b, h + i);
        }
    }
}
