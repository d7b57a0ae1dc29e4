// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Arrays;

/**
 * The inner loops of the plain Java forms.
 *
 * <p>Each runs over whole arrays with one common index: that is what HotSpot's C2 turns into vector
 * instructions. Offsets into a shared array would defeat it.
 */
public final class Loops {
  private Loops() {}

  /**
   * out[out0 + j] = sum_k w[w0 + k * outputs + j] in[in0 + k] + w[bias + j] for all j; no bias when
   * {@code bias} is negative.
   */
  public static void affine(
      float[] w,
      int w0,
      int outputs,
      int bias,
      float[][] in,
      int in0,
      int inputs,
      float[][] out,
      int out0) {
    for (int j = 0; j < outputs; j++) {
      Arrays.fill(out[out0 + j], bias < 0 ? 0 : w[bias + j]);
    }
    accumulate(w, w0, outputs, 1, in, in0, inputs, out, out0, outputs);
  }

  /** out[out0 + k] = sum_j w[w0 + k * outputs + j] in[in0 + j] for all k. */
  public static void linearTransposed(
      float[] w, int w0, int inputs, int outputs, float[][] in, int in0, float[][] out, int out0) {
    for (int k = 0; k < inputs; k++) {
      Arrays.fill(out[out0 + k], 0);
    }
    accumulate(w, w0, 1, outputs, in, in0, outputs, out, out0, inputs);
  }

  /**
   * out[out0 + j] += sum_k w[w0 + k * strideK + j * strideJ] in[in0 + k], four inputs at a time.
   *
   * <p>Past the last input it is taken again with weight 0: a loop less costs more than that.
   */
  private static void accumulate(
      float[] w,
      int w0,
      int strideK,
      int strideJ,
      float[][] in,
      int in0,
      int inputs,
      float[][] out,
      int out0,
      int outputs) {
    for (int j = 0; j < outputs; j += 2) {
      for (int k = 0; k < inputs; k += 4) {
        int left = inputs - 1 - k;
        float[] x0 = in[in0 + k];
        float[] x1 = in[in0 + k + Math.min(1, left)];
        float[] x2 = in[in0 + k + Math.min(2, left)];
        float[] x3 = in[in0 + k + Math.min(3, left)];
        int at = w0 + j * strideJ + k * strideK;
        float a0 = w[at];
        float a1 = left < 1 ? 0 : w[at + strideK];
        float a2 = left < 2 ? 0 : w[at + 2 * strideK];
        float a3 = left < 3 ? 0 : w[at + 3 * strideK];
        float[] y0 = out[out0 + j];
        if (j + 1 == outputs) {
          add4(y0, x0, x1, x2, x3, a0, a1, a2, a3);
          continue;
        }
        at += strideJ;
        float b0 = w[at];
        float b1 = left < 1 ? 0 : w[at + strideK];
        float b2 = left < 2 ? 0 : w[at + 2 * strideK];
        float b3 = left < 3 ? 0 : w[at + 3 * strideK];
        add4To2(y0, out[out0 + j + 1], x0, x1, x2, x3, a0, a1, a2, a3, b0, b1, b2, b3);
      }
    }
  }

  /**
   * y0 += sum_k w[w0 + at[k]] in[rows[k]] over the first {@code n} k, and y1 likewise with weights
   * {@code stride} further on, where y1 is not null.
   */
  public static void gather(
      float[] w,
      int w0,
      int stride,
      int[] at,
      float[][] in,
      int[] rows,
      int n,
      float[] y0,
      float[] y1) {
    for (int k = 0; k < n; k += 4) {
      int left = n - 1 - k;
      int k1 = k + Math.min(1, left);
      int k2 = k + Math.min(2, left);
      int k3 = k + Math.min(3, left);
      float[] x0 = in[rows[k]];
      float[] x1 = in[rows[k1]];
      float[] x2 = in[rows[k2]];
      float[] x3 = in[rows[k3]];
      float a0 = w[w0 + at[k]];
      float a1 = left < 1 ? 0 : w[w0 + at[k1]];
      float a2 = left < 2 ? 0 : w[w0 + at[k2]];
      float a3 = left < 3 ? 0 : w[w0 + at[k3]];
      if (y1 == null) {
        add4(y0, x0, x1, x2, x3, a0, a1, a2, a3);
        continue;
      }
      float b0 = w[w0 + stride + at[k]];
      float b1 = left < 1 ? 0 : w[w0 + stride + at[k1]];
      float b2 = left < 2 ? 0 : w[w0 + stride + at[k2]];
      float b3 = left < 3 ? 0 : w[w0 + stride + at[k3]];
      add4To2(y0, y1, x0, x1, x2, x3, a0, a1, a2, a3, b0, b1, b2, b3);
    }
  }

  /**
   * y += a0 b0 + a1 b1 + a2 b2, elementwise.
   *
   * <p>Seven arrays are the most: from eight on, the loop's body exceeds C2's LoopUnrollLimit of 60
   * nodes, and what it does not unroll it does not vectorise.
   */
  public static void addProducts(
      float[] y, float[] a0, float[] b0, float[] a1, float[] b1, float[] a2, float[] b2) {
    for (int i = 0; i < y.length; i++) {
      y[i] =
          MultiplyAdd.of(
              a2[i], b2[i], MultiplyAdd.of(a1[i], b1[i], MultiplyAdd.of(a0[i], b0[i], y[i])));
    }
  }

  private static void add4To2(
      float[] y0,
      float[] y1,
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3,
      float a0,
      float a1,
      float a2,
      float a3,
      float b0,
      float b1,
      float b2,
      float b3) {
    for (int i = 0; i < y0.length; i++) {
      y0[i] =
          MultiplyAdd.of(
              a3,
              x3[i],
              MultiplyAdd.of(
                  a2, x2[i], MultiplyAdd.of(a1, x1[i], MultiplyAdd.of(a0, x0[i], y0[i]))));
      y1[i] =
          MultiplyAdd.of(
              b3,
              x3[i],
              MultiplyAdd.of(
                  b2, x2[i], MultiplyAdd.of(b1, x1[i], MultiplyAdd.of(b0, x0[i], y1[i]))));
    }
  }

  private static void add4(
      float[] y,
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3,
      float a0,
      float a1,
      float a2,
      float a3) {
    for (int i = 0; i < y.length; i++) {
      y[i] =
          MultiplyAdd.of(
              a3,
              x3[i],
              MultiplyAdd.of(
                  a2, x2[i], MultiplyAdd.of(a1, x1[i], MultiplyAdd.of(a0, x0[i], y[i]))));
    }
  }

  /** y += a x. */
  public static void addScaled(float[] y, float[] x, float a) {
    for (int i = 0; i < y.length; i++) {
      y[i] = MultiplyAdd.of(a, x[i], y[i]);
    }
  }

  /** y += x^2, elementwise. */
  public static void addSquares(float[] y, float[] x) {
    for (int i = 0; i < y.length; i++) {
      y[i] = MultiplyAdd.of(x[i], x[i], y[i]);
    }
  }

  /** y *= a. */
  public static void scale(float[] y, float a) {
    for (int i = 0; i < y.length; i++) {
      y[i] = y[i] * a;
    }
  }

  /** Sum of x_i: eight interleaved float sums, so that none waits for another. */
  public static double sum(float[] x) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = 0;
    for (; i + 8 <= x.length; i += 8) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
      s4 += x[i + 4];
      s5 += x[i + 5];
      s6 += x[i + 6];
      s7 += x[i + 7];
    }
    double rest = 0;
    for (; i < x.length; i++) {
      rest += x[i];
    }
    return (double) s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + rest;
  }

  /** Applies the activation in place. */
  public static void activate(Activation activation, float[] y) {
    switch (activation) {
      case RELU -> relu(y);
      case TANH -> tanh(y);
      case LINEAR -> {}
    }
  }

  private static void relu(float[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.max(y[i], 0f);
    }
  }

  /**
   * tanh by Lambert's continued fraction at x / 4 and two doublings tanh 2u = 2t / (1 + t^2), with
   * t = a / b kept as a fraction: one division, and only operations that C2 vectorises. Relative
   * error below 5e-7 everywhere, saturated from 9.1 on.
   */
  private static void tanh(float[] y) {
    for (int i = 0; i < y.length; i++) {
      float u = 0.25f * Math.max(-9.1f, Math.min(9.1f, y[i]));
      float s = u * u;
      float a = u * (((s + 378f) * s + 17325f) * s + 135135f);
      float b = ((28f * s + 3150f) * s + 62370f) * s + 135135f;
      float a2 = 2f * a * b;
      float b2 = b * b + a * a;
      y[i] = 2f * a2 * b2 / (b2 * b2 + a2 * a2);
    }
  }

  /** Gradient through an activation in place, from its output h. */
  public static void derive(Activation activation, float[] g, float[] h) {
    switch (activation) {
      case RELU -> deriveRelu(g, h);
      case TANH -> deriveTanh(g, h);
      case LINEAR -> {}
    }
  }

  /** The factor is 1 for any h > 0, denormal ones too, and 0 for others; a choice is no vector. */
  private static void deriveRelu(float[] g, float[] h) {
    for (int i = 0; i < g.length; i++) {
      g[i] = g[i] * Math.max(0f, Math.min(1f, h[i] * 0x1p127f * 0x1p127f));
    }
  }

  private static void deriveTanh(float[] g, float[] h) {
    for (int i = 0; i < g.length; i++) {
      g[i] = g[i] * (1f - h[i] * h[i]);
    }
  }

  /** t = (1 - h^2) u. */
  public static void tanhSlope(float[] h, float[] u, float[] t) {
    for (int i = 0; i < t.length; i++) {
      t[i] = (1f - h[i] * h[i]) * u[i];
    }
  }

  /** g -= 2 h u dt, then dt *= 1 - h^2. */
  public static void bendTangent(float[] g, float[] dt, float[] h, float[] u) {
    for (int i = 0; i < g.length; i++) {
      g[i] = g[i] - 2f * h[i] * u[i] * dt[i];
      dt[i] = (1f - h[i] * h[i]) * dt[i];
    }
  }
}
