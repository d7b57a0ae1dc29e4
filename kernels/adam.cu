/* SPDX-License-Identifier: MIT
 * Adam (Kingma and Ba 2014) over a flat range of parameters, and the losses of the step. CUDA C and OpenCL C; needs portable.h. */

/* One Adam step, and a running average of the weights for whoever uses the model: average = parameter + keep * (average -
 * parameter), which never enters the training. keep 0: the average is the parameter itself.
 * Adam with betas 0.9 and 0.999, epsilon 1e-8, no weight decay, on elements [0, n), n a multiple of 64.
 * t: number of this step, from 1; expm1 keeps 1 - 0.999^t exact to float for small t. */
DEVICE_FN void adam(GLOBAL float* parameter, GLOBAL const float* gradient, GLOBAL float* m1, GLOBAL float* m2,
                    GLOBAL float* average, int n, int t, float rate, float keep, int worker, int workers)
{
    const float step_size = rate / -F_EXPM1((float)t * -0.105360515657826301f);
    const float c2 = 1.0f / -F_EXPM1((float)t * -0.00100050033358353350f);
    for (int i = worker * VW; i < n; i += workers * VW) {
        V g = VLOAD(gradient + i);
        V m = V_FMA(V_SPLAT(0.9f), VLOAD(m1 + i), V_SPLAT(0.1f) * g);
        V v = V_FMA(V_SPLAT(0.999f), VLOAD(m2 + i), V_SPLAT(0.001f) * g * g);
        VSTORE(m, m1 + i);
        VSTORE(v, m2 + i);
        V p = VLOAD(parameter + i) - V_SPLAT(step_size) * m / (V_SQRT(v * V_SPLAT(c2)) + V_SPLAT(1e-8f));
        VSTORE(p, parameter + i);
        VSTORE(V_FMA(V_SPLAT(keep), VLOAD(average + i) - p, p), average + i);
    }
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
