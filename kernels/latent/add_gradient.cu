/* SPDX-License-Identifier: MIT
 * Gradients that reach the latents on several ways, added up. CUDA C and OpenCL C; needs portable.h. */

/* sum += sign * term on one block, the first `dims` features of both: sign -1 for the frames at t of moves, else +1. */
DEVICE_FN void add_gradient_block(GLOBAL float* sum, GLOBAL const float* term, int dims, float sign)
{
    EACH_LANE_VECTOR(t) for (int i = 0; i < dims; i++) {
        int at = i * RB + LANE_ROW(t);
        VSTORE(V_FMA(V_SPLAT(sign), VLOAD(term + at), VLOAD(sum + at)), sum + at);
    }
}
