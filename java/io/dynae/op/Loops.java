// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Arrays;

/**
 * The inner loops of the plain Java forms.
 *
 * <p>Each runs over whole arrays with one common index: that is what HotSpot's C2 turns into vector
 * instructions. Offsets into a shared array would defeat it.
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
      float[] w,
      int w0,
      int inputs,
      int outputs,
      float[][] in,
      int in0,
      float[][] out,
      int out0) {
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
      y0[i] =
          Math.fma(
              a3, x3[i], Math.fma(a2, x2[i], Math.fma(a1, x1[i], Math.fma(a0, x0[i], y0[i]))));
      y1[i] =
          Math.fma(
              b3, x3[i], Math.fma(b2, x2[i], Math.fma(b1, x1[i], Math.fma(b0, x0[i], y1[i]))));
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
          Math.fma(a3, x3[i], Math.fma(a2, x2[i], Math.fma(a1, x1[i], Math.fma(a0, x0[i], y[i]))));
    }
  }

  /** y += a x. */
  static void addScaled(float[] y, float[] x, float a) {
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.fma(a, x[i], y[i]);
    }
  }

  /** y += x^2, elementwise. */
  static void addSquares(float[] y, float[] x) {
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.fma(x[i], x[i], y[i]);
    }
  }

  /** y *= a. */
  static void scale(float[] y, float a) {
    for (int i = 0; i < y.length; i++) {
      y[i] = y[i] * a;
    }
  }

  /**
   * sums[4 u + v] += sum_i x[u][i] y[v][i] for u and v from 0 to 3: sixteen sums in registers, so
   * that eight loads feed sixteen multiply-adds. C2 keeps the order of float sums and so makes no
   * vector instructions of a single one.
   */
  static void addDots(float[][] x, float[][] y, float[] sums) {
    addDots(x[0], x[1], x[2], x[3], y[0], y[1], y[2], y[3], sums);
  }

  private static void addDots(
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3,
      float[] y0,
      float[] y1,
      float[] y2,
      float[] y3,
      float[] sums) {
    float s00 = 0, s01 = 0, s02 = 0, s03 = 0;
    float s10 = 0, s11 = 0, s12 = 0, s13 = 0;
    float s20 = 0, s21 = 0, s22 = 0, s23 = 0;
    float s30 = 0, s31 = 0, s32 = 0, s33 = 0;
    for (int i = 0; i < x0.length; i++) {
      float a = y0[i];
      float b = y1[i];
      float c = y2[i];
      float d = y3[i];
      float p = x0[i];
      s00 = Math.fma(p, a, s00);
      s01 = Math.fma(p, b, s01);
      s02 = Math.fma(p, c, s02);
      s03 = Math.fma(p, d, s03);
      float q = x1[i];
      s10 = Math.fma(q, a, s10);
      s11 = Math.fma(q, b, s11);
      s12 = Math.fma(q, c, s12);
      s13 = Math.fma(q, d, s13);
      float r = x2[i];
      s20 = Math.fma(r, a, s20);
      s21 = Math.fma(r, b, s21);
      s22 = Math.fma(r, c, s22);
      s23 = Math.fma(r, d, s23);
      float t = x3[i];
      s30 = Math.fma(t, a, s30);
      s31 = Math.fma(t, b, s31);
      s32 = Math.fma(t, c, s32);
      s33 = Math.fma(t, d, s33);
    }
    sums[0] += s00;
    sums[1] += s01;
    sums[2] += s02;
    sums[3] += s03;
    sums[4] += s10;
    sums[5] += s11;
    sums[6] += s12;
    sums[7] += s13;
    sums[8] += s20;
    sums[9] += s21;
    sums[10] += s22;
    sums[11] += s23;
    sums[12] += s30;
    sums[13] += s31;
    sums[14] += s32;
    sums[15] += s33;
  }

  /** Sum of x_i: four interleaved float sums, added in double. */
  static double sum(float[] x) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 4 <= x.length; i += 4) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
    }
    double rest = 0;
    for (; i < x.length; i++) {
      rest += x[i];
    }
    return (double) s0 + s1 + s2 + s3 + rest;
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
  static void derive(Activation activation, float[] g, float[] h) {
    switch (activation) {
      case RELU -> deriveRelu(g, h);
      case TANH -> deriveTanh(g, h);
      case LINEAR -> {}
    }
  }

  /** The factor is 1 for any h > 0, denormal ones too, and 0 for h = 0; a choice is no vector. */
  private static void deriveRelu(float[] g, float[] h) {
    for (int i = 0; i < g.length; i++) {
      g[i] = g[i] * Math.min(1f, h[i] * 0x1p127f * 0x1p127f);
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
