// SPDX-License-Identifier: MIT
package io.dynae.op.convolution;

import io.dynae.op.Activation;
import io.dynae.op.ConvLayer;
import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;
import io.dynae.op.TiledConvolution;
import io.dynae.op.TiledProduct;
import io.dynae.op.step.FoldShares;
import java.util.Arrays;
import java.util.Optional;

/**
 * Gradient of a {@link ConvLayer}'s parameters: dW[s][g][ky][kx] = sum over rows and small pixels
 * of small[s](y, x) big[g](stride y - pad + ky, stride x - pad + kx), where one map is the layer's
 * input and the other the gradient of its output; each bias sums its channel of that gradient.
 *
 * <p>The work is cut into slices, each of which leaves a share that {@link FoldShares} adds up:
 * more work to deal out, and a slice's maps stay in cache. Few channels leave everything in the
 * first share in plain Java.
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
    super(name, "dense/dense.cu", "convolution/convolution.cu");
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

  /** It leaves everything in the first share. */
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
    int rowsPerBlock = memory.layout().rowsPerBlock();
    float[][] x = memory.rows(big);
    float[][] d = memory.rows(small);
    if (ColumnGradient.suits(layer)) {
      slices(new ColumnGradient(layer, x, d, rowsPerBlock), part, parts, out);
    } else {
      new LaneGradient(layer, x, d, rowsPerBlock).put(blocks(), part, parts, out);
      for (int n = part + 1; n < slices; n += parts) {
        Arrays.fill(out, n * layer.size(), n * layer.size() + layer.weights(), 0);
      }
    }
    biases(layer.transposed() ? x : d, part, parts, out);
  }

  /**
   * Fills each slice's share of the weights, a slice being some rows of some blocks' maps. Threads
   * that are more than the slices divide the small channels of a slice, which changes no sum.
   */
  private void slices(ColumnGradient gradient, int part, int parts, float[] out) {
    int rows = blocks() * layer.height();
    int across = Math.min(layer.small(), (parts + slices - 1) / slices);
    for (int t = part; t < slices * across; t += parts) {
      int slice = t / across;
      int s0 = layer.small() * (t % across) / across;
      int s1 = layer.small() * (t % across + 1) / across;
      int at = slice * layer.size();
      for (int k = 0; k < layer.big() * layer.taps(); k++) {
        Arrays.fill(out, at + k * layer.small() + s0, at + k * layer.small() + s1, 0);
      }
      for (int row = rows * slice / slices; row < rows * (slice + 1) / slices; row++) {
        gradient.add(row / layer.height(), row % layer.height(), s0, s1, out, at);
      }
    }
  }

  /** Leaves all of the biases in the first share. */
  private void biases(float[][] rows, int part, int parts, float[] out) {
    int pixels = layer.transposed() ? layer.bigPixels() : layer.smallPixels();
    for (int c = part; c < layer.biases(); c += parts) {
      double sum = 0;
      for (int b = 0; b < blocks(); b++) {
        for (int p = 0; p < pixels; p++) {
          sum += Loops.sum(rows[(b * layer.biases() + c) * pixels + p]);
        }
      }
      int at = layer.bias() - layer.offset() + c;
      out[at] = (float) sum;
      for (int n = 1; n < slices; n++) {
        out[n * layer.size() + at] = 0;
      }
    }
  }
}
