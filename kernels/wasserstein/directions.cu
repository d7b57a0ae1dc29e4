/* SPDX-License-Identifier: MIT
 * Random directions of the sliced Wasserstein distance (method step 4). CUDA C and OpenCL C; needs philox.h. */

/* theta [dims][padded]: unit directions, one a column; direction p comes from counter p of this step. In one dimension
 * it is the normal's sign, + for 0, which two angles in 2^24 give; normals that are all 0 would give the first axis. */
DEVICE_FN void directions(GLOBAL float* theta, int padded, int dims, int step, uint key0, uint key1, int worker, int workers)
{
    for (int p = worker * VW; p < padded; p += workers * VW) {
        V square = V_SPLAT(0.0f);
        for (int q = 0; q * 4 < dims; q++) {
            V n[4];
            FOUR_NORMALS(p, step, STREAM_DIRECTIONS, q, key0, key1, n);
            UNROLL for (int i = 0; i < 4; i++) if (q * 4 + i < dims) {
                square = V_FMA(n[i], n[i], square);
                VSTORE(n[i], theta + (q * 4 + i) * padded + p);
            }
        }
        V one = V_SPLAT(1.0f), first = VLOAD(theta + p);
        if (dims == 1) {
            VSTORE(V_SELECT(first < V_SPLAT(0.0f), -one, one), theta + p);
            continue;
        }
        VI none = square == V_SPLAT(0.0f);
        VSTORE(V_SELECT(none, one, first), theta + p);
        V scale = one / V_SQRT(V_SELECT(none, one, square));
        for (int i = 0; i < dims; i++) VSTORE(VLOAD(theta + i * padded + p) * scale, theta + i * padded + p);
    }
}
