// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Arrays;

/**
 * Plain Java weight gradient of a {@link ConvLayer} with many big channels.
 *
 * <p>For {@value #LANES} images and a small pixel, the big pixels under the kernel are copied into
 * one column [kx][ky][G] an image; dW[s] then grows by small[s] times column, summed over the
 * images. So the inner loop runs over the weights, multiplies arrays by numbers as the passes
 * through the layer do, and leaves no lanes to add up.
 */
final class ColumnGradient {
  /** Images at a time: their columns stay in the first cache. */
  private static final int LANES = 16;

  /** Shorter columns take longer to begin and end a loop over them than to run it. */
  private static final int SHORTEST = 64;

  private static final int[] IN_ORDER = new int[LANES];

  static {
    Arrays.setAll(IN_ORDER, i -> i);
  }

  private final ConvLayer layer;
  private final float[][] big;
  private final float[][] small;
  private final int rowsPerBlock;
  private final ConvTaps taps;
  private final float[][] columns;
  private final float[] factors;
  private final float[][] sums;
  private final float[] zeros;

  /**
   * @param big [block][feature][row] of the big map
   * @param small likewise of the small map
   */
  ColumnGradient(ConvLayer layer, float[][] big, float[][] small, int rowsPerBlock) {
    this.layer = layer;
    this.big = big;
    this.small = small;
    this.rowsPerBlock = rowsPerBlock;
    taps = new ConvTaps(layer);
    columns = new float[LANES][layer.big() * layer.taps()];
    factors = new float[layer.small() * LANES];
    sums = new float[layer.small()][layer.big() * layer.taps()];
    zeros = new float[rowsPerBlock];
  }

  static boolean suits(ConvLayer layer) {
    return layer.big() * layer.taps() >= SHORTEST;
  }

  /** Groups of images in a block of rows. */
  static int groups(int rowsPerBlock) {
    return (rowsPerBlock + LANES - 1) / LANES;
  }

  /**
   * out[at + (g taps + tap) S + s] += the sum over a group of images, for s from {@code s0} to
   * {@code s1 - 1}. Sums of one group at a time, so that rounding does not grow with the batch.
   *
   * @param group of all blocks, counted on from block to block
   */
  void add(int group, int s0, int s1, float[] out, int at) {
    int groups = groups(rowsPerBlock);
    int block = group / groups;
    int lane = group % groups * LANES;
    int lanes = Math.min(LANES, rowsPerBlock - lane);
    for (int s = s0; s < s1; s++) {
      Arrays.fill(sums[s], 0);
    }
    int small0 = block * layer.smallFeatures();
    for (int pixel = 0; pixel < layer.smallPixels(); pixel++) {
      fillColumns(block * layer.bigFeatures(), pixel, lane, lanes);
      for (int s = s0; s < s1; s++) {
        float[] values = small[small0 + s * layer.smallPixels() + pixel];
        System.arraycopy(values, lane, factors, s * LANES, lanes);
      }
      for (int s = s0; s < s1; s += 2) {
        float[] next = s + 1 < s1 ? sums[s + 1] : null;
        Loops.gather(factors, s * LANES, LANES, IN_ORDER, columns, IN_ORDER, lanes, sums[s], next);
      }
    }
    addSums(s0, s1, out, at);
  }

  /** Taps that the pixel to the left has too move up; only the others are collected. */
  private void fillColumns(int big0, int pixel, int lane, int lanes) {
    int perKx = layer.kernel() * layer.big();
    int kept = pixel % layer.width() == 0 ? 0 : layer.kernel() - layer.stride();
    for (int l = 0; l < lanes && kept > 0; l++) {
      System.arraycopy(columns[l], layer.stride() * perKx, columns[l], 0, kept * perKx);
    }
    for (int kx = kept; kx < layer.kernel(); kx++) {
      for (int ky = 0; ky < layer.kernel(); ky++) {
        int other = taps.bigPixel(pixel, ky * layer.kernel() + kx);
        int k0 = kx * perKx + ky * layer.big();
        for (int g = 0; g < layer.big(); g++) {
          float[] from = other < 0 ? zeros : big[big0 + g * layer.bigPixels() + other];
          for (int l = 0; l < lanes; l++) {
            columns[l][k0 + g] = from[lane + l];
          }
        }
      }
    }
  }

  /** Adds the sums, in the order of columns, to weights [G][ky][kx][S]. */
  private void addSums(int s0, int s1, float[] out, int at) {
    int kernel = layer.kernel();
    for (int k = 0; k < layer.big() * layer.taps(); k++) {
      int g = k % layer.big();
      int ky = k / layer.big() % kernel;
      int kx = k / layer.big() / kernel;
      int to = at + ((g * kernel + ky) * kernel + kx) * layer.small();
      for (int s = s0; s < s1; s++) {
        out[to + s] += sums[s][k];
      }
    }
  }
}
