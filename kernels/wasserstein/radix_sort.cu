/* SPDX-License-Identifier: MIT
 * Radix sort of many long columns, least significant digit first, for sliced Wasserstein distances of large sets. CUDA C
 * and OpenCL C; needs sample_sets.cu.
 *
 * A segment is the projections of one set on one direction: float keys, sorted as ordered integers in four passes of 8 bits,
 * each of three operations over all segments. Count: the digits of every tile of RADIX_TILE keys. Scan: where each tile's
 * keys of each digit go. Scatter: there they go, in the order in which they came. With shuffles a work-group shares a tile;
 * else one work-item has it. counts: [tile][RADIX] of one segment. */
#define RADIX 256
#define RADIX_DIGIT(key, shift) (((uint)ordered_bits(key) ^ 0x80000000u) >> (shift) & (RADIX - 1u))

#if HAS_SHUFFLES
/* Worker of tiles, and of segments. */
#define RADIX_WORKER rank
#define RADIX_WORKERS size
/* Keys of a thread: consecutive ones of a group of lanes are consecutive in memory, so that ranks keep their order. */
#define THREAD_KEYS (RADIX_TILE / GROUP_SIZE)
#define FIRST_KEY(tile) ((tile) * RADIX_TILE + GROUP * (LANES * THREAD_KEYS) + LANE)
/* LOCAL words: counts of each group of lanes, or a tile; and a table of digits. */
#define RADIX_STAGE (GROUPS * RADIX > RADIX_TILE ? GROUPS * RADIX : RADIX_TILE)

/* How many keys of the caller's digit its group of lanes has had, in order; counts [RADIX] of the group goes on counting. */
DEVICE_FN uint rank_in_group(uint digit, int real, LOCAL uint* counts)
{
    uint same = LANE_VOTE(real);
    UNROLL for (int bit = 0; bit < 8; bit++) {
        int set = (digit >> bit & 1u) != 0u;
        uint vote = LANE_VOTE(set);
        same &= set ? vote : ~vote;
    }
    uint before = same & ((1u << LANE) - 1u), start = counts[digit];
    LANE_BARRIER();
    if (real && before == 0u) counts[digit] = start + BIT_COUNT(same);
    LANE_BARRIER();
    return start + BIT_COUNT(before);
}

DEVICE_FN void clear_counts(LOCAL uint* stage)
{
    for (int i = TID; i < GROUPS * RADIX; i += GROUP_SIZE) stage[i] = 0u;
    BARRIER();
}

/* Replaces table [RADIX] by its exclusive sums. */
DEVICE_FN void sum_digits(LOCAL uint* table)
{
    if (GROUP == 0) {
        LOCAL uint* mine = table + LANE * (RADIX / LANES);
        uint own = 0u;
        ROLLED for (int i = 0; i < RADIX / LANES; i++) own += mine[i];
        uint sum = own;
        UNROLL for (int o = 1; o < LANES; o <<= 1) {
            uint lower = LANE_UP(sum, o);
            if (LANE >= o) sum += lower;
        }
        sum -= own;
        ROLLED for (int i = 0; i < RADIX / LANES; i++) { uint c = mine[i]; mine[i] = sum; sum += c; }
    }
    BARRIER();
}
#else
#define RADIX_WORKER item
#define RADIX_WORKERS items
#define RADIX_STAGE 1
#endif

/* keys of one tile: theta_p . row for the rows of one set. set [block][dims][RB], theta [dims][padded] from column p on;
 * keys [rows], the set's rows with their padding. */
DEVICE_FN void project_tile(GLOBAL const float* set, GLOBAL const float* theta, GLOBAL float* keys, int tile, int rows, int dims,
                            int padded)
{
#if HAS_SHUFFLES
    PIPELINED for (int j = 0; j < THREAD_KEYS; j++) {
        int row = FIRST_KEY(tile) + j * LANES;
        if (row >= rows) continue;
#else
    for (int row = tile * RADIX_TILE; row < rows && row < (tile + 1) * RADIX_TILE; row += VW) {
#endif
        GLOBAL const float* at = set + SET_ROW(row, dims);
        V key = V_SPLAT(0.0f);
        for (int d = 0; d < dims; d++) key = V_FMA(VLOAD(at + d * RB), V_SPLAT(theta[d * padded]), key);
        VSTORE(key, keys + row);
    }
}

/* counts [RADIX]: how often each digit occurs in one tile of n keys. */
DEVICE_FN void radix_count(GLOBAL const float* keys, GLOBAL uint* counts, int tile, int n, int shift, LOCAL uint* stage)
{
#if HAS_SHUFFLES
    clear_counts(stage);
    float key[THREAD_KEYS];
    UNROLL for (int j = 0; j < THREAD_KEYS; j++) {
        int i = FIRST_KEY(tile) + j * LANES;
        key[j] = i < n ? keys[i] : 0.0f;
    }
    UNROLL for (int j = 0; j < THREAD_KEYS; j++)
        rank_in_group(RADIX_DIGIT(key[j], shift), FIRST_KEY(tile) + j * LANES < n, stage + GROUP * RADIX);
    BARRIER();
    for (int d = TID; d < RADIX; d += GROUP_SIZE) {
        uint sum = 0u;
        for (int g = 0; g < GROUPS; g++) sum += stage[g * RADIX + d];
        counts[d] = sum;
    }
    BARRIER();
#else
    uint count[RADIX];
    for (int d = 0; d < RADIX; d++) count[d] = 0u;
    for (int i = tile * RADIX_TILE; i < n && i < (tile + 1) * RADIX_TILE; i++) count[RADIX_DIGIT(keys[i], shift)]++;
    for (int d = 0; d < RADIX; d++) counts[d] = count[d];
#endif
}

/* Replaces the counts of one segment by positions: of the first key of each tile and digit. */
DEVICE_FN void radix_scan(GLOBAL uint* counts, int tiles, LOCAL uint* table)
{
#if HAS_SHUFFLES
    for (int d = TID; d < RADIX; d += GROUP_SIZE) {
        uint sum = 0u;
        PIPELINED for (int t = 0; t < tiles; t++) sum += counts[t * RADIX + d];
        table[d] = sum;
    }
    BARRIER();
    sum_digits(table);
    for (int d = TID; d < RADIX; d += GROUP_SIZE) {
        uint at = table[d];
        PIPELINED for (int t = 0; t < tiles; t++) {
            uint c = counts[t * RADIX + d];
            counts[t * RADIX + d] = at;
            at += c;
        }
    }
    BARRIER();
#else
    uint at = 0u;
    for (int d = 0; d < RADIX; d++)
        for (int t = 0; t < tiles; t++) {
            uint c = counts[t * RADIX + d];
            counts[t * RADIX + d] = at;
            at += c;
        }
#endif
}

#if HAS_SHUFFLES
/* Halves of words and bytes of words, to hold a thread's places and digits in few registers. */
#define HALF_SHIFT(j) ((j) % 2 * 16)
#define PLACE(at, j) ((at)[(j) / 2] >> HALF_SHIFT(j) & 0xffffu)
#define BYTE_SHIFT(j) ((j) % 4 * 8)

/* Puts a tile's keys into stage in the order of their digits; PLACE(at, j): where a thread's j-th key went. The key at
 * place i of the stage belongs at i + table[digit] of the whole segment. positions [RADIX] of the tile. */
DEVICE_FN void stage_tile(GLOBAL const float* keys, GLOBAL const uint* positions, uint* at, int tile, int n, int shift,
                          LOCAL uint* stage, LOCAL uint* table)
{
    clear_counts(stage);
    float key[THREAD_KEYS];
    UNROLL for (int j = 0; j < THREAD_KEYS; j++) {
        int i = FIRST_KEY(tile) + j * LANES;
        key[j] = i < n ? keys[i] : 0.0f;
    }
    UNROLL for (int j = 0; j < THREAD_KEYS; j++) {
        uint rank = rank_in_group(RADIX_DIGIT(key[j], shift), FIRST_KEY(tile) + j * LANES < n, stage + GROUP * RADIX);
        at[j / 2] = (j % 2 == 0 ? 0u : at[j / 2]) | rank << HALF_SHIFT(j);
    }
    BARRIER();
    for (int d = TID; d < RADIX; d += GROUP_SIZE) {
        uint sum = 0u;
        ROLLED for (int g = 0; g < GROUPS; g++) {
            uint c = stage[g * RADIX + d];
            stage[g * RADIX + d] = sum;
            sum += c;
        }
        table[d] = sum;
    }
    BARRIER();
    sum_digits(table);
    UNROLL for (int j = 0; j < THREAD_KEYS; j++) {
        uint digit = RADIX_DIGIT(key[j], shift);
        at[j / 2] += (table[digit] + stage[GROUP * RADIX + digit]) << HALF_SHIFT(j);
    }
    BARRIER();
    UNROLL for (int j = 0; j < THREAD_KEYS; j++)
        if (FIRST_KEY(tile) + j * LANES < n) stage[PLACE(at, j)] = (uint)F_BITS(key[j]);
    for (int d = TID; d < RADIX; d += GROUP_SIZE) table[d] = positions[d] - table[d];
    BARRIER();
}

/* Puts a tile's rows where its keys were staged; in the first pass a key's row is its place. */
DEVICE_FN void stage_rows(GLOBAL const int* rows, const uint* at, int tile, int n, int first, LOCAL uint* stage)
{
    BARRIER();
    UNROLL for (int j = 0; j < THREAD_KEYS; j++) {
        int i = FIRST_KEY(tile) + j * LANES;
        if (i < n) stage[PLACE(at, j)] = first ? (uint)i : (uint)rows[i];
    }
    BARRIER();
}
#endif

/* One tile of n keys to where `positions` [RADIX] of the tile say. With `indexed` their rows go with them; in the first
 * pass a key's row is its place, and `rows` is not read. Where a work-item has the tile, positions count up. */
DEVICE_FN void radix_scatter(GLOBAL const float* keys, GLOBAL const int* rows, GLOBAL uint* positions, GLOBAL float* keys_out,
                             GLOBAL int* rows_out, int tile, int n, int shift, int indexed, int first, LOCAL uint* stage,
                             LOCAL uint* table)
{
#if HAS_SHUFFLES
    uint at[THREAD_KEYS / 2], digits[THREAD_KEYS / 4];
    int here = n - tile * RADIX_TILE;
    stage_tile(keys, positions, at, tile, n, shift, stage, table);
    UNROLL for (int j = 0; j < THREAD_KEYS; j++) {
        int i = j * GROUP_SIZE + TID;
        if (i < here) {
            float key = F_OF_BITS((int)stage[i]);
            uint digit = RADIX_DIGIT(key, shift);
            digits[j / 4] = (j % 4 == 0 ? 0u : digits[j / 4]) | digit << BYTE_SHIFT(j);
            keys_out[(uint)i + table[digit]] = key;
        }
    }
    if (indexed) {
        stage_rows(rows, at, tile, n, first, stage);
        UNROLL for (int j = 0; j < THREAD_KEYS; j++) {
            int i = j * GROUP_SIZE + TID;
            if (i < here) rows_out[(uint)i + table[digits[j / 4] >> BYTE_SHIFT(j) & (RADIX - 1u)]] = (int)stage[i];
        }
    }
    BARRIER();
#else
    for (int i = tile * RADIX_TILE; i < n && i < (tile + 1) * RADIX_TILE; i++) {
        float key = keys[i];
        uint to = positions[RADIX_DIGIT(key, shift)]++;
        keys_out[to] = key;
        if (indexed) rows_out[to] = first ? i : rows[i];
    }
#endif
}

/* The last pass over q, which meets the sorted r: partial[0] = sum over the tile's keys of the squared difference at their
 * ranks; with `gradient`, gap[row] = that difference. Else as radix_scatter. */
DEVICE_FN void radix_match(GLOBAL const float* keys, GLOBAL const int* rows, GLOBAL uint* positions, GLOBAL const float* sorted_r,
                           GLOBAL float* gap, GLOBAL float* partial, int tile, int n, int shift, int gradient,
                           LOCAL uint* stage, LOCAL uint* table)
{
#if HAS_SHUFFLES
    uint at[THREAD_KEYS / 2];
    float g[THREAD_KEYS], sum = 0.0f;
    int here = n - tile * RADIX_TILE;
    stage_tile(keys, positions, at, tile, n, shift, stage, table);
    UNROLL for (int j = 0; j < THREAD_KEYS; j++) {
        int i = j * GROUP_SIZE + TID;
        if (i < here) {
            float key = F_OF_BITS((int)stage[i]);
            g[j] = key - sorted_r[(uint)i + table[RADIX_DIGIT(key, shift)]];
            sum = fmaf(g[j], g[j], sum);
        }
    }
    if (gradient) {
        stage_rows(rows, at, tile, n, 0, stage);
        UNROLL for (int j = 0; j < THREAD_KEYS; j++) if (j * GROUP_SIZE + TID < here) gap[stage[j * GROUP_SIZE + TID]] = g[j];
    }
    BARRIER();
    sum = lane_sum(sum);
    if (LANE == 0) table[GROUP] = (uint)F_BITS(sum);
    BARRIER();
    if (TID == 0) {
        sum = 0.0f;
        for (int i = 0; i < GROUPS; i++) sum += F_OF_BITS((int)table[i]);
        partial[0] = sum;
    }
    BARRIER();
#else
    float sum = 0.0f, part = 0.0f;
    for (int i = tile * RADIX_TILE; i < n && i < (tile + 1) * RADIX_TILE; i++) {
        float key = keys[i], g = key - sorted_r[positions[RADIX_DIGIT(key, shift)]++];
        part = fma(g, g, part);
        /* Two levels: rounding grows with the square root of the count, not with the count. */
        if (i % 64 == 63) { sum += part; part = 0.0f; }
        if (gradient) gap[rows[i]] = g;
    }
    partial[0] = sum + part;
#endif
}
