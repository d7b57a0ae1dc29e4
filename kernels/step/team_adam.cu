/* SPDX-License-Identifier: MIT
 * Adam straight from the blocks' shares of the gradients. CUDA alone; needs adam.cu and dense/team_dense.cu. */

/* One Adam step as adam() does it, with gradient[i] = the folded shares on the way. */
TEAM_FN void fold_and_adam(float* parameter, float* gradient, const float* shares, float* m1, float* m2, float* average, int n, int t,
                             float rate, float keep, int item, int items)
{
    const float step_size = ADAM_STEP_SIZE(rate, t), c2 = ADAM_C2(t), kept = average_keep(keep, t);
    ROLLED for (int i = item; i < n; i += items) {
        float g = folded_gradient(shares + i);
        adam_step(g, parameter + i, m1 + i, m2 + i, average + i, step_size, c2, kept);
        gradient[i] = g;
    }
}
