// SPDX-License-Identifier: MIT
package io.dynae.op.convolution;

import io.dynae.op.ConvLayer;
import io.dynae.op.Loops;

/**
 * Plain Java weight gradient of a {@link ConvLayer} with few big channels: each weight has a sum a
 * lane, the rows of a block being the lanes, and the lanes are added up at the end.
 *
 * <p>Goes through the maps one row of small pixels at a time: a channel's row then serves all taps
 * from the first cache, and the big rows under it all channels from the second.
 */
final class LaneGradient {
  private final ConvLayer layer;
  private final float[][] big;
  private final float[][] small;
  private final int rowsPerBlock;
  private final float[] zeros;
  private final int[][][] pairs;

  /**
   * @param big [block][feature][row] of the big map
   * @param small likewise of the small map
   */
  LaneGradient(ConvLayer layer, float[][] big, float[][] small, int rowsPerBlock) {
    this.layer = layer;
    this.big = big;
    this.small = small;
    this.rowsPerBlock = rowsPerBlock;
    zeros = new float[rowsPerBlock];
    pairs = new int[layer.height()][layer.taps()][];
    for (int y = 0; y < layer.height(); y++) {
      for (int tap = 0; tap < layer.taps(); tap++) {
        pairs[y][tap] = ConvTaps.pairs(layer, y, tap);
      }
    }
  }

  /**
   * out[(g taps + tap) S + s] = the sum over all rows of {@code blocks} blocks, for s from {@code
   * first} in steps of {@code step}.
   */
  void put(int blocks, int first, int step, float[] out) {
    int weights = layer.big() * layer.taps();
    float[][] sums = new float[layer.small() * weights][];
    for (int s = first; s < layer.small(); s += step) {
      for (int k = 0; k < weights; k++) {
        sums[s * weights + k] = new float[rowsPerBlock];
      }
    }
    for (int b = 0; b < blocks; b++) {
      for (int y = 0; y < layer.height(); y++) {
        for (int s = first; s < layer.small(); s += step) {
          for (int k = 0; k < weights; k++) {
            int[] list = pairs[y][k % layer.taps()];
            addRow(sums[s * weights + k], list, b, k / layer.taps(), s);
          }
        }
      }
    }
    for (int s = first; s < layer.small(); s += step) {
      for (int k = 0; k < weights; k++) {
        out[k * layer.small() + s] = (float) Loops.sum(sums[s * weights + k]);
      }
    }
  }

  /** Three pairs of pixels at a time; what is missing to the last three is zeros. */
  private void addRow(float[] sum, int[] list, int block, int g, int s) {
    int x0 = block * layer.bigFeatures() + g * layer.bigPixels();
    int d0 = block * layer.smallFeatures() + s * layer.smallPixels();
    for (int i = 0; i < list.length; i += 6) {
      boolean two = i + 2 < list.length;
      boolean three = i + 4 < list.length;
      Loops.addProducts(
          sum,
          small[d0 + list[i]],
          big[x0 + list[i + 1]],
          two ? small[d0 + list[i + 2]] : zeros,
          two ? big[x0 + list[i + 3]] : zeros,
          three ? small[d0 + list[i + 4]] : zeros,
          three ? big[x0 + list[i + 5]] : zeros);
    }
  }
}
