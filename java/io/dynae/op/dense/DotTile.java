// SPDX-License-Identifier: MIT
package io.dynae.op.dense;

import io.dynae.op.MultiplyAdd;

/**
 * Dot products over all rows between {@value #PAIR} features of one set and {@value #SIX} of
 * another.
 *
 * <p>C2 keeps the order of float sums, so a dot product runs one element at a time, and a single
 * one waits for each addition. Twelve at once keep both multiply-add units busy, and twelve sums
 * with what they are made of still fit the sixteen registers of AVX2.
 */
public final class DotTile {
  public static final int PAIR = 2;
  public static final int SIX = 6;

  /** The features of a set. */
  public static final class Features {
    private final float[][] rows;
    private final int count;
    private final int blockStride;

    /**
     * @param rows array {@code block * blockStride + stream * count + feature} has its values
     * @param count features
     * @param blockStride arrays from block to block
     */
    public Features(float[][] rows, int count, int blockStride) {
      this.rows = rows;
      this.count = count;
      this.blockStride = blockStride;
    }
  }

  private final int blocks;
  private final int streams;
  private final float[] sums = new float[PAIR * SIX];

  /** Sums over {@code streams} streams of {@code blocks} blocks. */
  public DotTile(int blocks, int streams) {
    this.blocks = blocks;
    this.streams = streams;
  }

  /**
   * out[at + u strideX + v strideY] = sum over rows of feature {@code k + u} of x times feature
   * {@code j + v} of y, for u below 2 and v below 6 as far as there are features.
   */
  public void dots(
      Features x, int k, int strideX, Features y, int j, int strideY, float[] out, int at) {
    sum(x, k, y, j);
    for (int u = 0; u < PAIR && k + u < x.count; u++) {
      for (int v = 0; v < SIX && j + v < y.count; v++) {
        out[at + u * strideX + v * strideY] = sums[u * SIX + v];
      }
    }
  }

  /** Past its edge a set's last feature is taken again. */
  private void sum(Features x, int k, Features y, int j) {
    float[][] xs = x.rows;
    float[][] ys = y.rows;
    int xEnd = x.count - 1 - k;
    int yEnd = y.count - 1 - j;
    float s00 = 0;
    float s01 = 0;
    float s02 = 0;
    float s03 = 0;
    float s04 = 0;
    float s05 = 0;
    float s10 = 0;
    float s11 = 0;
    float s12 = 0;
    float s13 = 0;
    float s14 = 0;
    float s15 = 0;
    for (int s = 0; s < streams; s++) {
      for (int b = 0; b < blocks; b++) {
        int xAt = b * x.blockStride + s * x.count + k;
        int yAt = b * y.blockStride + s * y.count + j;
        float[] x0 = xs[xAt];
        float[] x1 = xs[xAt + Math.min(1, xEnd)];
        float[] y0 = ys[yAt];
        float[] y1 = ys[yAt + Math.min(1, yEnd)];
        float[] y2 = ys[yAt + Math.min(2, yEnd)];
        float[] y3 = ys[yAt + Math.min(3, yEnd)];
        float[] y4 = ys[yAt + Math.min(4, yEnd)];
        float[] y5 = ys[yAt + Math.min(5, yEnd)];
        for (int i = 0; i < x0.length; i++) {
          float p = x0[i];
          float q = x1[i];
          s00 = MultiplyAdd.of(p, y0[i], s00);
          s01 = MultiplyAdd.of(p, y1[i], s01);
          s02 = MultiplyAdd.of(p, y2[i], s02);
          s03 = MultiplyAdd.of(p, y3[i], s03);
          s04 = MultiplyAdd.of(p, y4[i], s04);
          s05 = MultiplyAdd.of(p, y5[i], s05);
          s10 = MultiplyAdd.of(q, y0[i], s10);
          s11 = MultiplyAdd.of(q, y1[i], s11);
          s12 = MultiplyAdd.of(q, y2[i], s12);
          s13 = MultiplyAdd.of(q, y3[i], s13);
          s14 = MultiplyAdd.of(q, y4[i], s14);
          s15 = MultiplyAdd.of(q, y5[i], s15);
        }
      }
    }
    sums[0] = s00;
    sums[1] = s01;
    sums[2] = s02;
    sums[3] = s03;
    sums[4] = s04;
    sums[5] = s05;
    sums[6] = s10;
    sums[7] = s11;
    sums[8] = s12;
    sums[9] = s13;
    sums[10] = s14;
    sums[11] = s15;
  }
}
