// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Arrays;

/**
 * The inner loops of the plain Java forms.
 *
 * <p>Each runs over whole arrays with one common index: that is what HotSpot's C2 turns into vector
 * instructions. Offsets into a shared array would defeat it, and so would more than eight arrays in
 * one loop, or sums of products without {@link Math#fma}, which every processor of the last ten
 * years has as one instruction.
 */
final class Loops {
  private Loops() {}

  /**
   * out[out0 + j] = sum_k w[w0 + k * outputs + j] in[in0 + k] + w[bias + j] for all j; no bias when
   * {@code bias} is negative.
   */
  static void affine(
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
  static void linearTransposed(
      float[] w, int w0, int inputs, int outputs, float[][] in, int in0, float[][] out, int out0) {
    for (int k = 0; k < inputs; k++) {
      Arrays.fill(out[out0 + k], 0);
    }
    accumulate(w, w0, 1, outputs, in, in0, outputs, out, out0, inputs);
  }

  /** out[out0 + j] += sum_k w[w0 + k * strideK + j * strideJ] in[in0 + k]. */
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
    int j = 0;
    for (; j + 2 <= outputs; j += 2) {
      int wj = w0 + j * strideJ;
      int k = 0;
      for (; k + 4 <= inputs; k += 4) {
        int at = wj + k * strideK;
        add4To2(
            out[out0 + j],
            out[out0 + j + 1],
            in[in0 + k],
            in[in0 + k + 1],
            in[in0 + k + 2],
            in[in0 + k + 3],
            w[at],
            w[at + strideK],
            w[at + 2 * strideK],
            w[at + 3 * strideK],
            w[at + strideJ],
            w[at + strideJ + strideK],
            w[at + strideJ + 2 * strideK],
            w[at + strideJ + 3 * strideK]);
      }
      for (; k < inputs; k++) {
        addScaled(out[out0 + j], in[in0 + k], w[wj + k * strideK]);
        addScaled(out[out0 + j + 1], in[in0 + k], w[wj + strideJ + k * strideK]);
      }
    }
    for (; j < outputs; j++) {
      int wj = w0 + j * strideJ;
      int k = 0;
      for (; k + 4 <= inputs; k += 4) {
        int at = wj + k * strideK;
        add4(
            out[out0 + j],
            in[in0 + k],
            in[in0 + k + 1],
            in[in0 + k + 2],
            in[in0 + k + 3],
            w[at],
            w[at + strideK],
            w[at + 2 * strideK],
            w[at + 3 * strideK]);
      }
      for (; k < inputs; k++) {
        addScaled(out[out0 + j], in[in0 + k], w[wj + k * strideK]);
      }
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
      float s = Math.fma(a1, x1[i], Math.fma(a0, x0[i], y0[i]));
      y0[i] = Math.fma(a3, x3[i], Math.fma(a2, x2[i], s));
      float t = Math.fma(b1, x1[i], Math.fma(b0, x0[i], y1[i]));
      y1[i] = Math.fma(b3, x3[i], Math.fma(b2, x2[i], t));
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
      float s = Math.fma(a1, x1[i], Math.fma(a0, x0[i], y[i]));
      y[i] = Math.fma(a3, x3[i], Math.fma(a2, x2[i], s));
    }
  }

  /** y += a x. */
  static void addScaled(float[] y, float[] x, float a) {
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.fma(a, x[i], y[i]);
    }
  }

  /** y *= a. */
  static void scale(float[] y, float a) {
    for (int i = 0; i < y.length; i++) {
      y[i] = y[i] * a;
    }
  }

  /**
   * Sum over blocks b and rows of x[x0 + b strideX] y[y0 + b strideY].
   *
   * <p>Products of several blocks are added row by row, in vectors, before the rows are summed: a
   * sum along an array is a chain that C2 leaves scalar.
   *
   * @param rows scratch, as long as a block
   */
  static float dot(
      float[][] x,
      int x0,
      int strideX,
      float[][] y,
      int y0,
      int strideY,
      int blocks,
      float[] rows) {
    int b = blocks % 2;
    if (b == 1) {
      products(rows, x[x0], y[y0]);
    } else {
      products2(rows, x[x0], x[x0 + strideX], y[y0], y[y0 + strideY]);
      b = 2;
    }
    for (; b < blocks; b += 2) {
      int xb = x0 + b * strideX;
      int yb = y0 + b * strideY;
      addProducts2(rows, x[xb], x[xb + strideX], y[yb], y[yb + strideY]);
    }
    return sumRows(rows);
  }

  private static void products(float[] sum, float[] x, float[] y) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = x[i] * y[i];
    }
  }

  private static void products2(float[] sum, float[] x0, float[] x1, float[] y0, float[] y1) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = Math.fma(x1[i], y1[i], x0[i] * y0[i]);
    }
  }

  private static void addProducts2(float[] sum, float[] x0, float[] x1, float[] y0, float[] y1) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = Math.fma(x1[i], y1[i], Math.fma(x0[i], y0[i], sum[i]));
    }
  }

  /** Sum of an array whose length is a multiple of 8: eight chains run side by side. */
  private static float sumRows(float[] x) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    for (int i = 0; i < x.length; i += 8) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
      e += x[i + 4];
      f += x[i + 5];
      g += x[i + 6];
      h += x[i + 7];
    }
    return ((a + b) + (c + d)) + ((e + f) + (g + h));
  }

  /** Sum of x_i in double. */
  static double sum(float[] x) {
    double sum = 0;
    for (float value : x) {
      sum += value;
    }
    return sum;
  }

  /** Applies the activation in place. */
  static void activate(Activation activation, float[] y) {
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
   * tanh by Lambert's continued fraction at x / 4 and two doublings tanh 2u = 2t / (1 + t^2): only
   * operations that C2 vectorises; relative error below 5e-7 everywhere, saturated from 9.1 on.
   */
  private static void tanh(float[] y) {
    for (int i = 0; i < y.length; i++) {
      float u = 0.25f * Math.max(-9.1f, Math.min(9.1f, y[i]));
      float s = u * u;
      float above = ((s + 378f) * s + 17325f) * s + 135135f;
      float below = ((28f * s + 3150f) * s + 62370f) * s + 135135f;
      float t = u * above / below;
      float t2 = 2f * t / (1f + t * t);
      y[i] = 2f * t2 / (1f + t2 * t2);
    }
  }

  /** Gradient through an activation in place, from its output h. */
  static void derive(Activation activation, float[] g, float[] h) {
    switch (activation) {
      case RELU -> deriveRelu(g, h);
      case TANH -> deriveTanh(g, h);
      case LINEAR -> {}
    }
  }

  private static void deriveRelu(float[] g, float[] h) {
    for (int i = 0; i < g.length; i++) {
      g[i] = h[i] > 0f ? g[i] : 0f;
    }
  }

  private static void deriveTanh(float[] g, float[] h) {
    for (int i = 0; i < g.length; i++) {
      g[i] = g[i] * (1f - h[i] * h[i]);
    }
  }

  /** t = (1 - h^2) u. */
  static void tanhSlope(float[] h, float[] u, float[] t) {
    for (int i = 0; i < t.length; i++) {
      t[i] = (1f - h[i] * h[i]) * u[i];
    }
  }

  /** g -= 2 h u dt, then dt *= 1 - h^2. */
  static void bendTangent(float[] g, float[] dt, float[] h, float[] u) {
    for (int i = 0; i < g.length; i++) {
      g[i] = g[i] - 2f * h[i] * u[i] * dt[i];
      dt[i] = (1f - h[i] * h[i]) * dt[i];
    }
  }
}
