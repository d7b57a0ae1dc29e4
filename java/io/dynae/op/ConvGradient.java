// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Arrays;
import java.util.Optional;

/**
 * Gradient of a {@link ConvLayer}'s parameters: dW[s][g][ky][kx] = sum over rows and small pixels
 * of small[s](y, x) big[g](stride y - pad + ky, stride x - pad + kx), where one map is the layer's
 * input and the other the gradient of its output; each bias sums its channel of that gradient.
 *
 * <p>Blocks of rows are cut into slices, each of which leaves a share that {@link FoldShares} adds
 * up: more work to deal out, and a slice's maps stay in cache. Plain Java leaves everything in the
 * first share.
 */
public final class ConvGradient extends TeamOperation implements TiledProduct {
  private static final int MOST_SLICES = 16;
  private static final int ROWS_OF_SLICE = 32;

  private final ConvLayer layer;
  private final Region big;
  private final Region small;
  private final Region shares;
  private final int slices;

  /**
   * Sums over all rows of {@code dy}; x may have more.
   *
   * @param shares {@link #slices} times the layer's size
   */
  public ConvGradient(String name, Region shares, ConvLayer layer, Region x, Region dy) {
    super(name, "dense.cu", "convolution.cu");
    this.layer = layer;
    this.big = layer.transposed() ? dy : x;
    this.small = layer.transposed() ? x : dy;
    this.shares = shares;
    this.slices = shares.length() / layer.size();
    readsAll(x, dy);
    writesAll(shares);
  }

  /** Shares of a gradient over {@code rows} rows. */
  public static int slices(int rows) {
    return Math.min(MOST_SLICES, (rows + ROWS_OF_SLICE - 1) / ROWS_OF_SLICE);
  }

  private int blocks() {
    return layer.transposed() ? big.blocks() : small.blocks();
  }

  @Override
  public String statement() {
    return "CONV_GRADIENT(%s, %d, %d, %d, %d, %d, %d, %d, %d, %s, %s);"
        .formatted(
            shares.at(),
            layer.kernel(),
            layer.small(),
            layer.height(),
            layer.width(),
            layer.big(),
            layer.transposed() ? 1 : 0,
            blocks(),
            slices,
            big.at(),
            small.at());
  }

  /** Like plain Java it leaves everything in the first share. */
  @Override
  public Optional<TiledConvolution> tiled() {
    if (layer.kernel() != 4) {
      return Optional.empty();
    }
    return Optional.of(
        new TiledConvolution(
            name(),
            TiledConvolution.Kind.GRADIENT,
            layer.small(),
            layer.height(),
            layer.width(),
            layer.big(),
            blocks(),
            small.offset(),
            big.offset(),
            shares.offset() + layer.bias() - layer.offset(),
            small.offset(),
            shares.offset(),
            Activation.LINEAR,
            false,
            layer.transposed(),
            (slices - 1) * layer.size()));
  }

  @Override
  public boolean runsInTeams() {
    return false;
  }

  @Override
  public long multiplyAddsPerRow() {
    return layer.multiplyAdds();
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    float[] out = memory.flat(shares);
    int size = layer.size();
    if (part == 0) {
      Arrays.fill(out, size, out.length, 0);
    }
    int[][] pairs = new int[layer.taps()][];
    Arrays.setAll(pairs, tap -> ConvTaps.pairs(layer, tap));
    int across = (layer.small() + 1) / 2;
    for (int t = part; t < layer.big() * across; t += parts) {
      weights(memory, pairs, t / across, t % across * 2, out);
    }
    float[][] rows = memory.rows(layer.transposed() ? big : small);
    int pixels = layer.transposed() ? layer.bigPixels() : layer.smallPixels();
    for (int c = part; c < layer.biases(); c += parts) {
      double sum = 0;
      for (int b = 0; b < blocks(); b++) {
        for (int p = 0; p < pixels; p++) {
          sum += Loops.sum(rows[(b * layer.biases() + c) * pixels + p]);
        }
      }
      out[layer.bias() - layer.offset() + c] = (float) sum;
    }
  }

  /** Every tap of big channel {@code g} with small channels {@code s} and, if any, s + 1. */
  private void weights(HostMemory memory, int[][] pairs, int g, int s, float[] out) {
    int taps = layer.taps();
    int rowsPerBlock = memory.layout().rowsPerBlock();
    float[][] x = memory.rows(big);
    float[][] d = memory.rows(small);
    float[][] first = new float[taps][rowsPerBlock];
    float[][] second = new float[taps][rowsPerBlock];
    float[] zeros = new float[rowsPerBlock];
    int next = s + 1 < layer.small() ? layer.smallPixels() : 0;
    for (int b = 0; b < blocks(); b++) {
      int x0 = b * big.features() + g * layer.bigPixels();
      int d0 = b * small.features() + s * layer.smallPixels();
      for (int tap = 0; tap < taps; tap++) {
        int[] list = pairs[tap];
        for (int i = 0; i < list.length; i += 4) {
          int p = d0 + list[i];
          float[] xp = x[x0 + list[i + 1]];
          // The last of an odd number of pairs goes with zeros.
          boolean odd = i + 2 == list.length;
          float[] xq = odd ? zeros : x[x0 + list[i + 3]];
          int q = odd ? p : d0 + list[i + 2];
          Loops.addProducts(first[tap], second[tap], xp, xq, d[p], d[q], d[p + next], d[q + next]);
        }
      }
    }
    for (int tap = 0; tap < taps; tap++) {
      int at = (g * taps + tap) * layer.small() + s;
      out[at] = (float) Loops.sum(first[tap]);
      if (next > 0) {
        out[at + 1] = (float) Loops.sum(second[tap]);
      }
    }
  }
}
