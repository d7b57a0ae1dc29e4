// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Arrays;

/**
 * Gradient of a dense layer's parameters: dW_kj = sum over streams and rows of x_k dy_j, db_j = sum
 * over rows of dy_j (first stream).
 */
public final class DenseGradient extends TeamOperation {
  /** Width of the tiles of {@link Loops#addDots}. */
  private static final int TILE = 4;

  private final Region gradients;
  private final DenseLayer layer;
  private final Region x;
  private final Region dy;
  private final int blocks;
  private final int streams;

  /**
   * Sums over the blocks of {@code dy}; x may have more.
   *
   * @param streams 1, or 1 + d with tangents: stream s of x lies {@code s * inputs} features in,
   *     that of dy {@code s * outputs}
   */
  public DenseGradient(
      String name, Region gradients, DenseLayer layer, Region x, Region dy, int streams) {
    super(name, "dense.cu");
    this.gradients = gradients;
    this.layer = layer;
    this.x = x;
    this.dy = dy;
    this.blocks = dy.blocks();
    this.streams = streams;
    readsAll(x, dy);
    // Each layer owns its part of the gradients, so two of them do not wait for each other.
    writesOwn(gradients);
  }

  @Override
  public String statement() {
    return "DENSE_GRADIENT(%s + %d, %d, %d, %s, %s, %d, %d * RB, %d * RB, %d, %d * RB, %d * RB);"
        .formatted(
            gradients.at(),
            layer.offset(),
            layer.inputs(),
            layer.outputs(),
            x.at(),
            dy.at(),
            blocks,
            x.features(),
            dy.features(),
            streams,
            layer.inputs(),
            layer.outputs());
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    int across = (layer.outputs() + TILE - 1) / TILE;
    int tiles = (layer.inputs() + TILE - 1) / TILE * across;
    Tile tile = new Tile(memory);
    for (int t = part; t < tiles; t += parts) {
      tile.weights(t / across * TILE, t % across * TILE);
    }
    for (int j = part; j < layer.outputs(); j += parts) {
      tile.bias(j);
    }
  }

  /** Sums of up to {@link #TILE} inputs times {@link #TILE} outputs, made together. */
  private final class Tile {
    private final float[] out;
    private final float[][] in;
    private final float[][] gradient;
    private final float[][] xs = new float[TILE][];
    private final float[][] ys = new float[TILE][];
    private final float[] sums = new float[TILE * TILE];

    Tile(HostMemory memory) {
      out = memory.flat(gradients);
      in = memory.rows(x);
      gradient = memory.rows(dy);
    }

    /** Writes dW from (k, j) on; past the edge it computes the last one again and drops it. */
    void weights(int k, int j) {
      int inputs = layer.inputs();
      int outputs = layer.outputs();
      Arrays.fill(sums, 0);
      for (int s = 0; s < streams; s++) {
        for (int b = 0; b < blocks; b++) {
          for (int i = 0; i < TILE; i++) {
            xs[i] = in[b * x.features() + s * inputs + Math.min(k + i, inputs - 1)];
            ys[i] = gradient[b * dy.features() + s * outputs + Math.min(j + i, outputs - 1)];
          }
          Loops.addDots(xs, ys, sums);
        }
      }
      for (int u = 0; u < TILE && k + u < inputs; u++) {
        for (int v = 0; v < TILE && j + v < outputs; v++) {
          out[layer.offset() + (k + u) * outputs + j + v] = sums[u * TILE + v];
        }
      }
    }

    void bias(int j) {
      double sum = 0;
      for (int b = 0; b < blocks; b++) {
        sum += Loops.sum(gradient[b * dy.features() + j]);
      }
      out[layer.bias() + j] = (float) sum;
    }
  }
}
