/* SPDX-License-Identifier: MIT
 * Adam (Kingma and Ba 2014) over a flat range of parameters, and the losses of the step. CUDA C and OpenCL C; needs portable.h. */

#define ADAM_STEP_SIZE(rate, t) ((rate) / -F_EXPM1((float)(t) * -0.105360515657826301f))
#define ADAM_C2(t) (1.0f / -F_EXPM1((float)(t) * -0.00100050033358353350f))

/* Share that the average keeps at step t. It forgets (1 - keep) a step, but more while the steps are under GROWN times
 * 1 / (1 - keep): what it reaches back grows with the square of t. */
#define AVERAGE_GROWN 8.0f
DEVICE_FN float average_keep(float keep, int t)
{
    const float forget = 1.0f - keep, young = AVERAGE_GROWN / (forget * (float)t);
    const float share = young > 1.0f ? forget * young * young : forget;
    return share < 1.0f ? 1.0f - share : 0.0f;
}

/* One Adam step of VW neighbouring parameters with gradient g: step_size and c2 as below. All loads come before the first
 * store: a GPU then waits for memory once. */
DEVICE_FN void adam_step(V g, GLOBAL float* parameter, GLOBAL float* m1, GLOBAL float* m2, GLOBAL float* average,
                         float step_size, float c2, float keep)
{
    V m = VLOAD(m1), v = VLOAD(m2), p = VLOAD(parameter), mean = VLOAD(average);
    m = V_FMA(V_SPLAT(0.9f), m, V_SPLAT(0.1f) * g);
    v = V_FMA(V_SPLAT(0.999f), v, V_SPLAT(0.001f) * g * g);
    p = p - V_SPLAT(step_size) * m / (V_SQRT(v * V_SPLAT(c2)) + V_SPLAT(1e-8f));
    VSTORE(m, m1);
    VSTORE(v, m2);
    VSTORE(p, parameter);
    VSTORE(V_FMA(V_SPLAT(keep), mean - p, p), average);
}

/* One Adam step, and a running average of the weights for whoever uses the model: average = parameter + keep * (average -
 * parameter), which never enters the training. keep 0: the average is the parameter itself; early steps keep less.
 * Adam with betas 0.9 and 0.999, epsilon 1e-8, no weight decay, on elements [0, n), n a multiple of 64.
 * t: number of this step, from 1; expm1 keeps 1 - 0.999^t exact to float for small t. */
DEVICE_FN void adam(GLOBAL float* parameter, GLOBAL const float* gradient, GLOBAL float* m1, GLOBAL float* m2,
                    GLOBAL float* average, int n, int t, float rate, float keep, int worker, int workers)
{
    const float step_size = ADAM_STEP_SIZE(rate, t), c2 = ADAM_C2(t), kept = average_keep(keep, t);
    for (int i = worker * VW; i < n; i += workers * VW)
        adam_step(VLOAD(gradient + i), parameter + i, m1 + i, m2 + i, average + i, step_size, c2, kept);
}

/* losses[k] = sum of the k-th run of partial sums, in order; k = 0 reconstruction, 1 regularisation, 2 prior.
 * partials [3][n]. */
DEVICE_FN void sum_losses(GLOBAL float* losses, GLOBAL const float* partials, int n, int worker, int workers)
{
    for (int k = worker; k < 3; k += workers) {
        float sum = 0.0f;
        PIPELINED for (int i = 0; i < n; i++) sum += partials[k * n + i];
        losses[k] = sum;
    }
}
