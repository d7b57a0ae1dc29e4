/* SPDX-License-Identifier: MIT
 * A random order of 0 to n-1 whose entries are each computed alone. CUDA C and OpenCL C; needs philox.h.
 * Twin of io.dynae.random.Permutation, which says how it works and where it is from.
 * Known answer: seed 5, stream 6, step 2, item 3, repeat 1, n 10 -> 1 6 9 7 5 8 0 2 3 4. */
typedef struct {
    uint count, columns, rows, rounds;
    uint inverse; /* (2^32 - 1) / columns: MUL_HI with it divides, up to one too few */
    VU key0, key1, key2, key3;
} Permutation;

/* count from 1 to 2^30. */
DEVICE_FN Permutation permutation(uint key0, uint key1, uint stream, int step, int item, int repeat, int count)
{
    Permutation p;
    uint columns = (uint)V_SQRT((float)count);
    while (columns * columns < (uint)count) columns++;
    while ((columns - 1u) * (columns - 1u) >= (uint)count) columns--;
    p.count = (uint)count;
    p.columns = columns;
    p.rows = ((uint)count + columns - 1u) / columns;
    p.rounds = count <= 1024 ? 24u : 8u;
    p.inverse = 0xffffffffu / columns;
    VU c0 = VU_SPLAT((uint)item), c1 = VU_SPLAT((uint)step), c2 = VU_SPLAT(stream), c3 = VU_SPLAT((uint)repeat);
    PHILOX(c0, c1, c2, c3, key0, key1);
    p.key0 = c0;
    p.key1 = c1;
    p.key2 = c2;
    p.key3 = c3;
    return p;
}

/* digit = (digit + hash of the other) mod range; digits and range are below 2^16. */
DEVICE_FN VU permutation_moved(VU digit, VU other, VU key, uint range)
{
    VU hash = (other ^ key) * VU_SPLAT(0xD2511F53u);
    hash = (hash ^ (hash >> VU_SPLAT(15))) * VU_SPLAT(0xCD9E8D57u);
    VU moved = digit + (((hash >> VU_SPLAT(16)) * VU_SPLAT(range)) >> VU_SPLAT(16));
    return V_SELECT(moved >= VU_SPLAT(range), moved - VU_SPLAT(range), moved);
}

DEVICE_FN VU permutation_once(Permutation p, VU i)
{
    VU row = MUL_HI(i, VU_SPLAT(p.inverse));
    VU column = i - row * VU_SPLAT(p.columns);
    row = V_SELECT(column >= VU_SPLAT(p.columns), row + VU_SPLAT(1u), row);
    column = V_SELECT(column >= VU_SPLAT(p.columns), column - VU_SPLAT(p.columns), column);
    ROLLED for (uint round = 0; round < p.rounds; round += 4) {
        VU weyl = VU_SPLAT((round >> 2) * 0x9E3779B9u);
        column = permutation_moved(column, row, p.key0 + weyl, p.columns);
        row = permutation_moved(row, column, p.key1 + weyl, p.rows);
        column = permutation_moved(column, row, p.key2 + weyl, p.columns);
        row = permutation_moved(row, column, p.key3 + weyl, p.rows);
    }
    return row * VU_SPLAT(p.columns) + column;
}

/* Entries i of the order; each i below the count. */
DEVICE_FN VU permuted(Permutation p, VU i)
{
    VU value = permutation_once(p, i);
    ROLLED while (V_ANY(value >= VU_SPLAT(p.count)))
        value = V_SELECT(value >= VU_SPLAT(p.count), permutation_once(p, value), value);
    return value;
}
