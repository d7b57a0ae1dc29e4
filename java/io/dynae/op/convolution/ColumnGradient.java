// SPDX-License-Identifier: MIT
package io.dynae.op.convolution;

import io.dynae.op.ConvLayer;
import io.dynae.op.Loops;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Plain Java weight gradient of a {@link ConvLayer} with many big channels.
 *
 * <p>For a block of images and a small pixel, the big pixels under the kernel are copied into one
 * column [kx][ky][G] an image; dW[s] then grows by small[s] times column, summed over the images.
 * So the inner loop runs over the weights, multiplies arrays by numbers as the passes through the
 * layer do, and leaves no lanes to add up.
 */
final class ColumnGradient {
  /** Images at a time: their columns stay in the first cache while the channels pass by. */
  private static final int TILE = 16;

  /** Shorter columns take longer to begin and end a loop over them than to run it. */
  private static final int SHORTEST = 64;

  private final ConvLayer layer;
  private final float[][] big;
  private final float[][] small;
  private final int rowsPerBlock;
  private final ConvTaps taps;
  private final int[][] tiles;
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
    tiles = tiles(rowsPerBlock);
    columns = new float[rowsPerBlock][layer.big() * layer.taps()];
    factors = new float[layer.small() * rowsPerBlock];
    sums = new float[layer.small()][layer.big() * layer.taps()];
    zeros = new float[rowsPerBlock];
  }

  static boolean suits(ConvLayer layer) {
    return layer.big() * layer.taps() >= SHORTEST;
  }

  /** Numbers of the images of each tile of a block. */
  private static int[][] tiles(int rowsPerBlock) {
    int[][] tiles = new int[(rowsPerBlock + TILE - 1) / TILE][];
    for (int t = 0; t < tiles.length; t++) {
      tiles[t] = IntStream.range(t * TILE, Math.min((t + 1) * TILE, rowsPerBlock)).toArray();
    }
    return tiles;
  }

  /**
   * out[at + (g taps + tap) S + s] += the sum over a block's images and a row of small pixels, for
   * s from {@code s0} to {@code s1 - 1}.
   *
   * @param y row of the small map
   */
  void add(int block, int y, int s0, int s1, float[] out, int at) {
    for (int s = s0; s < s1; s++) {
      Arrays.fill(sums[s], 0);
    }
    int small0 = block * layer.smallFeatures();
    for (int pixel = y * layer.width(); pixel < (y + 1) * layer.width(); pixel++) {
      fillColumns(block * layer.bigFeatures(), pixel);
      for (int s = s0; s < s1; s++) {
        float[] values = small[small0 + s * layer.smallPixels() + pixel];
        System.arraycopy(values, 0, factors, s * rowsPerBlock, rowsPerBlock);
      }
      for (int[] tile : tiles) {
        multiply(tile, s0, s1);
      }
    }
    addSums(s0, s1, out, at);
  }

  /** Sums of channels {@code s0} to {@code s1 - 1} += factors times columns of a tile's images. */
  private void multiply(int[] tile, int s0, int s1) {
    for (int s = s0; s < s1; s += 2) {
      float[] next = s + 1 < s1 ? sums[s + 1] : null;
      Loops.gather(
          factors, s * rowsPerBlock, rowsPerBlock, tile, columns, tile, tile.length, sums[s], next);
    }
  }

  /** Taps that the pixel to the left has too move up; only the others are collected. */
  private void fillColumns(int big0, int pixel) {
    int perKx = layer.kernel() * layer.big();
    int kept = pixel % layer.width() == 0 ? 0 : layer.kernel() - layer.stride();
    for (int l = 0; l < rowsPerBlock && kept > 0; l++) {
      System.arraycopy(columns[l], layer.stride() * perKx, columns[l], 0, kept * perKx);
    }
    for (int kx = kept; kx < layer.kernel(); kx++) {
      for (int ky = 0; ky < layer.kernel(); ky++) {
        int other = taps.bigPixel(pixel, ky * layer.kernel() + kx);
        int k0 = kx * perKx + ky * layer.big();
        for (int g = 0; g < layer.big(); g++) {
          float[] from = other < 0 ? zeros : big[big0 + g * layer.bigPixels() + other];
          for (int l = 0; l < rowsPerBlock; l++) {
            columns[l][k0 + g] = from[l];
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
