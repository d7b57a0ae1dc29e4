/* SPDX-License-Identifier: MIT
 * What work-groups can do at best: copying and multiply-adds. CUDA C and OpenCL C; needs portable.h. */

/* Each of `groups` work-groups writes its n floats of `to`, n a multiple of VW, `repeats` times; it reads another n of
 * `from` each time, so that what lies in a processor's own cache is not all it reads. */
KERNEL copy_floats(GLOBAL float* to, GLOBAL const float* from, int n, int repeats, int groups)
{
    to += (size_t)BLOCK_ID * n;
    ROLLED for (int r = 0; r < repeats; r++) {
        GLOBAL const float* part = from + (size_t)((BLOCK_ID + r) % groups) * n;
        for (int i = TID * VW; i < n; i += GROUP_SIZE * VW) VSTORE(VLOAD(part + i), to + i);
        BARRIER();
    }
}

/* Sixteen independent chains of multiply-adds a work-item: more than any processor's latency asks for. 32 * VW flops a
 * repeat and work-item. data [0 .. 2 VW) holds the factor and the summand. */
KERNEL multiply_add(GLOBAL float* data, int repeats)
{
    V factor = VLOAD(data), summand = VLOAD(data + VW), sum[16];
    UNROLL for (int i = 0; i < 16; i++) sum[i] = V_SPLAT((float)i);
    ROLLED for (int r = 0; r < repeats; r++) UNROLL for (int i = 0; i < 16; i++) sum[i] = V_FMA(sum[i], factor, summand);
    UNROLL for (int i = 1; i < 16; i++) sum[0] = sum[0] + sum[i];
    VSTORE(sum[0], data + (2 + BLOCK_ID * GROUP_SIZE + TID) * VW);
}
