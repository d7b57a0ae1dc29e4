/* SPDX-License-Identifier: MIT
 * The products of conv_tiles.cu and conv_gradient.cu on tensor cores in TF32: operands rounded to 10 fraction bits, sums in
 * float32. CUDA from compute capability 8.0 on.
 *
 * One mma multiplies 16 x 8 by 8 x 8. Lane l holds, with r = l / 4 and k = l % 4: of A (r, k), (r + 8, k), (r, k + 4), (r + 8,
 * k + 4); of B (k, r), (k + 4, r); of the sums (r, 2k), (r, 2k + 1), (r + 8, 2k), (r + 8, 2k + 1). In down and up A is weights, B
 * is 8 images, and the summed 8 are two channels by four taps; in the gradient A is the small side, B the big one, and the
 * summed 8 are images. Stages are those of float32, padded so that a fragment's lanes meet in no bank. */
#ifdef CUDA_ON_THREADS
DEVICE_FN uint conv_tf32(float x) { return cuda_on_threads::round_to_tf32(x); }
DEVICE_FN void conv_mma(float (&sum)[4], const uint (&a)[4], const uint (&b)[2]) { cuda_on_threads::mma_m16n8k8_tf32(sum, a, b); }
#else
/* To nearest, ties away from zero; what is not a number stays so. */
DEVICE_FN uint conv_tf32(float x)
{
    uint bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
    return bits;
}
DEVICE_FN void conv_mma(float (&sum)[4], const uint (&a)[4], const uint (&b)[2])
{
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
#endif

/* A of 16 rows: rows lie 1 apart for weights, `row` apart else; `next` leads from summed 0..3 to 4..7. */
DEVICE_FN void conv_fragment(uint (&a)[4], const float* at, int row, int next)
{
    a[0] = conv_tf32(at[0]);
    a[1] = conv_tf32(at[8 * row]);
    a[2] = conv_tf32(at[next]);
    a[3] = conv_tf32(at[8 * row + next]);
}

/* Two pixels by 32 images: sums of `MT` times 16 channels. B's four taps are where `in` points, `next` on for the second
 * channel, pixels `step` apart. */
template <int MT>
DEVICE_FN void conv_two_pixels(float (&sum)[MT][2][4][4], const uint (&a)[MT][4], const float* in, int next, int step)
{
    UNROLL for (int p = 0; p < 2; p++) UNROLL for (int n = 0; n < 4; n++) {
        uint b[2] = {conv_tf32(in[p * step + n * 8]), conv_tf32(in[p * step + n * 8 + next])};
        UNROLL for (int m = 0; m < MT; m++) conv_mma(sum[m][p][n], a[m], b);
    }
}

/* Ends and stores two pixels of one warp; out and h are the block of images, `pixel[p]` floats on, -1 for none. */
template <int END, int MT>
DEVICE_FN void conv_store_pixels(const float (&sum)[MT][2][4][4], const float* bias, const float* h, float* out, int c0, int channels,
                                 int plane, const int (&pixel)[2])
{
    int r = TID % 32 / 4, k = TID % 4;
    UNROLL for (int m = 0; m < MT; m++) UNROLL for (int upper = 0; upper < 2; upper++) {
        int c = c0 + m * 16 + upper * 8 + r;
        float b = conv_has_bias<END>() && c < channels ? bias[c] : 0.0f;
        UNROLL for (int p = 0; p < 2; p++) UNROLL for (int n = 0; n < 4; n++) {
            if (c >= channels || pixel[p] < 0) continue;
            int i = c * plane + pixel[p] + n * 8 + 2 * k;
            const float* s = sum[m][p][n] + 2 * upper;
            *(float2*)(out + i) = make_float2(conv_end<END>(s[0], b, h + i), conv_end<END>(s[1], b, h + i + 1));
        }
    }
}

template <int MT> DEVICE_FN void conv_clear(float (&sum)[MT][2][4][4])
{
    UNROLL for (int i = 0; i < MT * 32; i++) sum[i / 32][i / 16 % 2][i / 4 % 4][i % 4] = 0.0f;
}

/* Like conv_down; a warp has two neighbouring pixels of all channels of the tile. */
template <class C> DEVICE_FN void conv_down_tensor(const float* values, const float* w, const float* bias, const float* h, float* out)
{
    typedef DownTile<C> T;
    const int MT = T::CT / 16;
    T tile;
    values += (size_t)tile.block * (C::CB * 4 * C::H * C::W * RB);
    int row = TID / 64, col = TID / 32 % 2 * 2, r = TID % 32 / 4, kw = TID % 4;
    float sum[MT][2][4][4];
    conv_clear(sum);
    conv_pipeline<C::STAGES>(
        0, (C::CB + C::KC - 1) / C::KC, T::STAGE, [&](float* to, int i) { conv_stage_down<C>(to, i, tile, values, w); },
        [&](const float* at) {
            const float* in = at + 2 * row * T::ROW + (2 * col + kw) * T::PX + r;
            const float* weight = at + T::WEIGHTS + kw * T::WS + r;
            UNROLL for (int c = 0; c < C::KC; c += 2) _Pragma("unroll 2") for (int kh = 0; kh < 4; kh++) {
                uint a[MT][4];
                UNROLL for (int m = 0; m < MT; m++) conv_fragment(a[m], weight + (c * 16 + kh * 4) * T::WS + m * 16, 1, 16 * T::WS);
                conv_two_pixels(sum, a, in + c * T::CHANNEL + kh * T::ROW, T::CHANNEL, 2 * T::PX);
            }
        });
    int pixel[2];
    UNROLL for (int p = 0; p < 2; p++)
        pixel[p] = tile.y + row < C::H && tile.x + col + p < C::W ? ((tile.y + row) * C::W + tile.x + col + p) * RB : -1;
    size_t block = (size_t)tile.block * (C::CS * C::H * C::W * RB);
    conv_store_pixels<C::END>(sum, bias, h + block, out + block, tile.cs, C::CS, C::H * C::W * RB, pixel);
}

/* Like conv_up; a warp has one parity of rows and columns, of two neighbouring 2x2 pixels. */
template <class C> DEVICE_FN void conv_up_tensor(const float* values, const float* w, const float* bias, const float* h, float* out)
{
    typedef UpTile<C> T;
    const int MT = T::CT / 16;
    T tile;
    values += (size_t)tile.block * (C::CS * C::H * C::W * RB);
    int warp = TID / 32, py = warp & 1, px = warp >> 1 & 1, col = warp >> 1 & 2, row = warp >> 3;
    int r = TID % 32 / 4, d = TID >> 1 & 1, e = TID & 1, kh = 3 - py - 2 * d, kw = 3 - px - 2 * e;
    float sum[MT][2][4][4];
    conv_clear(sum);
    conv_pipeline<C::STAGES>(
        0, (C::CS + C::KC - 1) / C::KC, T::STAGE, [&](float* to, int i) { conv_stage_up<C>(to, i, tile, values, w); },
        [&](const float* at) {
            const float* in = at + (row + py + d) * T::ROW + (col + px + e) * T::PX + r;
            const float* weight = at + T::WEIGHTS + (kh * 4 + kw) * T::WS + (kh >> 1) * T::HALF + r;
            UNROLL for (int c = 0; c < C::KC; c += 2) {
                uint a[MT][4];
                UNROLL for (int m = 0; m < MT; m++) conv_fragment(a[m], weight + c * T::TAPS + m * 16, 1, T::TAPS);
                conv_two_pixels(sum, a, in + c * T::CHANNEL, T::CHANNEL, T::PX);
            }
        });
    int pixel[2], y = tile.y + row;
    UNROLL for (int p = 0; p < 2; p++)
        pixel[p] = y < C::H && tile.x + col + p < C::W ? ((2 * y + py) * 2 * C::W + 2 * (tile.x + col + p) + px) * RB : -1;
    size_t block = (size_t)tile.block * (C::CB * 4 * C::H * C::W * RB);
    conv_store_pixels<C::END>(sum, bias, h + block, out + block, tile.cb, C::CB, 4 * C::H * C::W * RB, pixel);
}

/* Like conv_gradient with CBT 32; a warp has 32 channels of the small side by 8 of the big one by the 8 taps of two kh. */
template <class C> DEVICE_FN void conv_gradient_tensor(const float* small, const float* big, float* shares)
{
    typedef GradientTile<C> T;
    T tile(BLOCK_ID);
    int r = TID % 32 / 4, k = TID % 4, cb = TID / 64 * 8, kh0 = TID / 32 % 2 * 2;
    float sum[2][8][4], bias = 0.0f;
    UNROLL for (int i = 0; i < 64; i++) sum[i / 32][i / 4 % 8][i % 4] = 0.0f;
    conv_pipeline<C::STAGES>(
        tile.first(tile.share), tile.first(tile.share + 1), T::STAGE,
        [&](float* to, int step) { conv_stage_gradient<C>(to, step, tile, small, big); },
        [&](const float* at) {
            const float* s = at + r * T::SMALL + k;
            const float* v = at + T::BIGS + (cb + r) * T::BIG + kh0 * T::ROW + k;
            uint b[2][10][2];
            UNROLL for (int p = 0; p < 4; p++) {
                uint a[2][4];
                UNROLL for (int m = 0; m < 2; m++) conv_fragment(a[m], s + m * 16 * T::SMALL + p * 8, T::SMALL, 4);
                UNROLL for (int y = 0; y < 2; y++) {
                    // Two columns are the strip's next; its first two came with the last pixel.
                    UNROLL for (int c = p == 0 ? 0 : 2 * p + 2; c < 2 * p + 4; c++)
                        b[y][c][0] = conv_tf32(v[y * T::ROW + c * 8]), b[y][c][1] = conv_tf32(v[y * T::ROW + c * 8 + 4]);
                    UNROLL for (int kw = 0; kw < 4; kw++) UNROLL for (int m = 0; m < 2; m++)
                        conv_mma(sum[m][y * 4 + kw], a[m], b[y][2 * p + kw]);
                }
            }
            if (tile.has_bias()) bias += conv_bias_sums<C>(at);
        });
    float* share = shares + (size_t)BLOCK_ID * T::SHARE;
    UNROLL for (int m = 0; m < 2; m++) UNROLL for (int i = 0; i < 4; i++) UNROLL for (int t = 0; t < 8; t += 4)
        *(float4*)(share + ((m * 16 + i / 2 * 8 + r) * 32 + cb + 2 * k + i % 2) * 16 + kh0 * 4 + t) =
            make_float4(sum[m][t][i], sum[m][t + 1][i], sum[m][t + 2][i], sum[m][t + 3][i]);
    if (tile.has_bias()) conv_bias_share<C>(bias, share);
}
