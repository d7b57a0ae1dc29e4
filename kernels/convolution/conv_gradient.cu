/* SPDX-License-Identifier: MIT
 * Weight gradient of the convolutions of conv_tiles.cu: dw(cs, cb, kh, kw) = sum over images, y, x of small(cs, y, x)
 * big(cb, 2y - 1 + kh, 2x - 1 + kw), and the sums over one side that its bias needs. CUDA alone.
 *
 * A block of threads holds a tile of 32 channels of the small side by CBT of the big side by 16 taps in registers and goes
 * through its share of the work: units of 8 images, a row y and a strip of 4 columns. Which units make a share depends on the
 * sizes alone, and conv_fold() adds shares in their order, so results are the same on every GPU.
 *
 * C has CBT: 32, or 1 for images of few channels, whose units go to one warp each; SHARES; BIAS: a CONV_BIAS_ value. */
#define CONV_BIAS_SMALL 1
#define CONV_BIAS_BIG 2

/* Stage: UNITS times [32 channels][4 columns][8 images] of the small side, then UNITS times [CBT channels][4 rows][10 columns]
 * [8 images] of the big one. Channels and rows are padded so that lanes meet in no bank. */
template <class C> struct GradientTile {
    static constexpr int THREADS = 256, UNITS = C::CBT == 1 ? 8 : 1;
    static constexpr int SMALL = 36, ROW = C::CBT == 1 ? 84 : 88, BIG = 4 * ROW + 4;
    static constexpr int BIGS = UNITS * 32 * SMALL, STAGE = BIGS + UNITS * C::CBT * BIG;
    static constexpr int STRIPS = (C::W + 3) / 4, ALL = C::BLOCKS * 4 * C::H * STRIPS, STEPS = (ALL + UNITS - 1) / UNITS;
    static constexpr int ACROSS = (C::CB + C::CBT - 1) / C::CBT, TILES = (C::CS + 31) / 32 * ACROSS;
    static constexpr int WEIGHTS = 32 * C::CBT * 16, SHARE = WEIGHTS + 32;
    // Pieces of 32 values that conv_fold() adds up: of each row of channels those that there are, then the biases.
    static constexpr int CHANNELS = C::CB < C::CBT ? C::CB : C::CBT, ROWS = C::CBT == 1 ? 1 : C::CS < 32 ? C::CS : 32;
    static constexpr int PER_ROW = C::CBT == 1 ? 16 : (CHANNELS + 1) / 2, PIECES = ROWS * PER_ROW + 1;
    int share, number, cs, cb;
    __device__ GradientTile(int tile) : share(tile / TILES), number(tile % TILES), cs(number / ACROSS * 32), cb(number % ACROSS * C::CBT) { }
    __device__ int first(int s) const { return (int)((long long)s * STEPS / C::SHARES); }
    __device__ bool has_bias() const { return C::BIAS == CONV_BIAS_SMALL ? cb == 0 : cs == 0; }
};

template <class C>
DEVICE_FN void conv_stage_gradient(float* to, int step, const GradientTile<C>& tile, const float* small, const float* big)
{
    typedef GradientTile<C> T;
    CONV_COPIES for (int i = TID; i < T::UNITS * 32 * 8; i += T::THREADS) {
        int half = i & 1, p = i >> 1 & 3, cs = i >> 3 & 31, u = i >> 8;
        int unit = step * T::UNITS + u, c = tile.cs + cs;
        int x = unit % T::STRIPS * 4 + p, y = unit / T::STRIPS % C::H, images = unit / (T::STRIPS * C::H);
        bool there = unit < T::ALL && c < C::CS && x < C::W;
        conv_copy16(to + (u * 32 + cs) * T::SMALL + p * 8 + half * 4,
                    small + (there ? (size_t)(images >> 2) * (C::CS * C::H * C::W * RB) + ((c * C::H + y) * C::W + x) * RB + (images & 3) * 8 + half * 4 : 0), there);
    }
    CONV_COPIES for (int i = TID; i < T::UNITS * C::CBT * 80; i += T::THREADS) {
        int half = i & 1, pixel = i >> 1, col = pixel % 10, row = pixel / 10 & 3, cb = pixel / 40 % C::CBT, u = pixel / (40 * C::CBT);
        int unit = step * T::UNITS + u, c = tile.cb + cb;
        int x = unit % T::STRIPS * 8 - 1 + col, y = unit / T::STRIPS % C::H * 2 - 1 + row, images = unit / (T::STRIPS * C::H);
        bool there = unit < T::ALL && c < C::CB && (uint)x < 2u * C::W && (uint)y < 2u * C::H;
        conv_copy16(to + T::BIGS + (u * C::CBT + cb) * T::BIG + row * T::ROW + col * 8 + half * 4,
                    big + (there ? (size_t)(images >> 2) * (C::CB * 4 * C::H * C::W * RB) + ((c * 2 * C::H + y) * 2 * C::W + x) * RB + (images & 3) * 8 + half * 4 : 0), there);
    }
}

/* A thread's 8 channels cs = g + 4i by the 8 taps of two kh of one cb. With CBT 1 its strip's columns are shared out instead
 * of the channels cb. */
template <class C> DEVICE_FN void conv_gradient_sums(float (&sum)[8][8], const float* at)
{
    typedef GradientTile<C> T;
    int warp = TID / 32, lane = TID % 32, g = lane >> 3, q = lane & 3, kh0 = lane >> 1 & 2;
    int unit = C::CBT == 1 ? warp : 0, cb = C::CBT == 1 ? warp : warp * 4 + q;
    const float* a = at + (unit * 32 + g) * T::SMALL;
    const float* b = at + T::BIGS + cb * T::BIG + kh0 * T::ROW;
    ROLLED for (int p = C::CBT == 1 ? q : 0; p < (C::CBT == 1 ? q + 1 : 4); p++) {
        ROLLED for (int half = 0; half < 8; half += 4) {
            float4 s[8];
            UNROLL for (int i = 0; i < 8; i++) s[i] = *(const float4*)(a + 4 * i * T::SMALL + p * 8 + half);
            UNROLL for (int t = 0; t < 8; t++) {
                float4 v = *(const float4*)(b + (t >> 2) * T::ROW + (2 * p + (t & 3)) * 8 + half);
                UNROLL for (int i = 0; i < 8; i++)
                    sum[i][t] = fmaf(s[i].x, v.x, fmaf(s[i].y, v.y, fmaf(s[i].z, v.z, fmaf(s[i].w, v.w, sum[i][t]))));
            }
        }
    }
}

DEVICE_FN float conv_sum4(float4 v) { return (v.x + v.y) + (v.z + v.w); }

/* This thread's part of a stage's bias sums: 8 threads a channel, or all of the block for a big side's one channel. Of the
 * big side it takes the 2 rows by 8 columns that no other unit has. */
template <class C> DEVICE_FN float conv_bias_sums(const float* at)
{
    typedef GradientTile<C> T;
    float sum = 0.0f;
    if (C::BIAS == CONV_BIAS_SMALL) {
        UNROLL for (int u = 0; u < T::UNITS; u++)
            sum += conv_sum4(*(const float4*)(at + (u * 32 + TID / 8) * T::SMALL + TID % 8 * 4));
    } else {
        const int pieces = C::CBT == 1 ? 1 : 4, threads = 32 / pieces;
        UNROLL for (int n = 0; n < pieces; n++) {
            int j = TID % threads + n * threads;
            sum += conv_sum4(*(const float4*)(at + T::BIGS + TID / threads * T::BIG + (1 + (j >> 4)) * T::ROW + (1 + (j >> 1 & 7)) * 8 + (j & 1) * 4));
        }
    }
    return sum;
}

/* Writes the bias sums of a share behind its weights. */
template <class C> DEVICE_FN void conv_bias_share(float sum, float* share)
{
    typedef GradientTile<C> T;
    const bool whole = C::BIAS == CONV_BIAS_BIG && C::CBT == 1;
    UNROLL for (int o = whole ? 16 : 4; o > 0; o >>= 1) sum += __shfl_xor_sync(0xffffffffu, sum, o);
    if (!whole) {
        if (TID % 8 == 0) share[T::WEIGHTS + TID / 8] = sum;
        return;
    }
    BARRIER();
    if (TID % 32 == 0) SHARED[TID / 32] = sum;
    BARRIER();
    if (TID == 0) {
        float all = 0.0f;
        for (int w = 0; w < 8; w++) all += SHARED[w];
        share[T::WEIGHTS] = all;
    }
}

/* Writes a thread's sums, tile order [cs][cb][tap]; where warps had units each, added over columns and warps first. */
template <class C> DEVICE_FN void conv_gradient_share(float (&sum)[8][8], float* share)
{
    typedef GradientTile<C> T;
    int warp = TID / 32, lane = TID % 32, g = lane >> 3, q = lane & 3, tap = (lane >> 1 & 2) * 4;
    if (C::CBT == 1) {
        UNROLL for (int i = 0; i < 8; i++) UNROLL for (int t = 0; t < 8; t++) {
            float s = sum[i][t];
            s += __shfl_xor_sync(0xffffffffu, s, 1);
            s += __shfl_xor_sync(0xffffffffu, s, 2);
            if (q == 0) SHARED[warp * 512 + (g + 4 * i) * 16 + tap + t] = s;
        }
        BARRIER();
        for (int e = TID; e < 512; e += T::THREADS) {
            float s = 0.0f;
            UNROLL for (int w = 0; w < 8; w++) s += SHARED[w * 512 + e];
            share[e] = s;
        }
    } else {
        UNROLL for (int i = 0; i < 8; i++) UNROLL for (int t = 0; t < 8; t += 4)
            *(float4*)(share + ((g + 4 * i) * C::CBT + warp * 4 + q) * 16 + tap + t) =
                make_float4(sum[i][t], sum[i][t + 1], sum[i][t + 2], sum[i][t + 3]);
    }
}

/* shares: [SHARES][TILES][SHARE] out. */
template <class C> DEVICE_FN void conv_gradient(const float* small, const float* big, float* shares)
{
    typedef GradientTile<C> T;
    T tile(BLOCK_ID);
    float sum[8][8], bias = 0.0f;
    UNROLL for (int i = 0; i < 64; i++) sum[i / 8][i % 8] = 0.0f;
    conv_pipeline<C::STAGES>(
        tile.first(tile.share), tile.first(tile.share + 1), T::STAGE,
        [&](float* to, int step) { conv_stage_gradient<C>(to, step, tile, small, big); },
        [&](const float* at) {
            conv_gradient_sums<C>(sum, at);
            if (tile.has_bias()) bias += conv_bias_sums<C>(at);
        });
    float* share = shares + (size_t)BLOCK_ID * T::SHARE;
    conv_gradient_share<C>(sum, share);
    if (tile.has_bias()) conv_bias_share<C>(bias, share);
}

/* Adds the shares of 32 values of a tile: 8 warps take every eighth share each, then the first adds the warps' sums. `zeros`
 * floats behind the biases become zero. */
template <class C> DEVICE_FN void conv_fold(const float* shares, float* dw, float* db, int zeros)
{
    typedef GradientTile<C> T;
    float* behind = db + (C::BIAS == CONV_BIAS_SMALL ? C::CS : C::CB);
    for (int i = BLOCK_ID * T::THREADS + TID; i < zeros; i += T::TILES * T::PIECES * T::THREADS) behind[i] = 0.0f;
    T tile(BLOCK_ID / T::PIECES);
    int piece = BLOCK_ID % T::PIECES, row = piece / T::PER_ROW;
    int e = (row < T::ROWS ? row * C::CBT * 16 + piece % T::PER_ROW * 32 : T::WEIGHTS) + TID % 32;
    if (e >= T::WEIGHTS && !tile.has_bias()) return;
    float s = 0.0f;
    PIPELINED for (int share = TID / 32; share < C::SHARES; share += 8) s += shares[((size_t)share * T::TILES + tile.number) * T::SHARE + e];
    SHARED[TID] = s;
    BARRIER();
    if (TID >= 32) return;
    UNROLL for (int w = 1; w < 8; w++) s += SHARED[w * 32 + TID];
    if (e >= T::WEIGHTS) {
        int c = e - T::WEIGHTS + (C::BIAS == CONV_BIAS_SMALL ? tile.cs : tile.cb);
        bool mine = C::BIAS == CONV_BIAS_SMALL ? c < C::CS : c < C::CB && e - T::WEIGHTS < C::CBT;
        if (mine) db[c] = s;
        return;
    }
    int tap = e % 16, cb = tile.cb + e / 16 % C::CBT, cs = tile.cs + e / 16 / C::CBT;
    if (cs < C::CS && cb < C::CB) dw[(cb * 16 + tap) * C::CS + cs] = s;
}
