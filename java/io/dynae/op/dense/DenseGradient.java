// SPDX-License-Identifier: MIT
package io.dynae.op.dense;

import io.dynae.op.DenseLayer;
import io.dynae.op.DenseProduct;
import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Matrices;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.TeamMemory;
import io.dynae.op.TeamOperation;
import io.dynae.op.TeamPart;
import java.util.List;

/**
 * Gradient of a dense layer's parameters: dW_kj = sum over streams and rows of x_k dy_j, db_j = sum
 * over rows of dy_j (first stream).
 */
public final class DenseGradient extends TeamOperation implements DenseProduct {
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
    super(name, "dense/dense.cu");
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

  public Region gradients() {
    return gradients;
  }

  /** Device text that adds the blocks' shares up. */
  public String folding() {
    return TeamMemory.folding(gradients, layer);
  }

  /** Each block of rows adds its share, {@code fold_gradients} then adds the shares up. */
  @Override
  public List<Operation> teamForm() {
    return List.of(new Block());
  }

  private final class Block extends TeamPart {
    Block() {
      super(DenseGradient.this.name(), DenseGradient.this.blocks, "dense/dense.cu");
      reads(x, dy);
      writesOwn(gradients);
    }

    @Override
    public String teamStatement(TeamMemory memory) {
      return memory.gradient(layer, streams, x, dy);
    }

    @Override
    public int teamParts() {
      return TeamMemory.gradientTiles(layer);
    }
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    weights(memory, part, parts);
    float[][] rows = memory.rows(dy);
    for (int j = part; j < layer.outputs(); j += parts) {
      double sum = 0;
      for (int b = 0; b < blocks; b++) {
        sum += Loops.sum(rows[b * dy.features() + j]);
      }
      memory.flat(gradients)[layer.bias() + j] = (float) sum;
    }
  }

  /** Whole sixes of outputs against pairs of inputs, then what is left against sixes of inputs. */
  private void weights(HostMemory memory, int part, int parts) {
    float[] out = memory.flat(gradients);
    int inputs = layer.inputs();
    int outputs = layer.outputs();
    DotTile tile = new DotTile(blocks, streams);
    DotTile.Features in = new DotTile.Features(memory.rows(x), inputs, x.features());
    DotTile.Features gradient = new DotTile.Features(memory.rows(dy), outputs, dy.features());
    int sixes = outputs / DotTile.SIX;
    int pairs = groups(inputs, DotTile.PAIR);
    int tiles = sixes * pairs;
    for (int t = part; t < tiles; t += parts) {
      // Six outputs stay in the first cache while the inputs pass by.
      int k = t % pairs * DotTile.PAIR;
      int j = t / pairs * DotTile.SIX;
      tile.dots(in, k, outputs, gradient, j, 1, out, layer.offset() + k * outputs + j);
    }
    int done = sixes * DotTile.SIX;
    int sixesOfInputs = groups(inputs, DotTile.SIX);
    int rest = sixesOfInputs * groups(outputs - done, DotTile.PAIR);
    for (int t = part; t < rest; t += parts) {
      int k = t % sixesOfInputs * DotTile.SIX;
      int j = done + t / sixesOfInputs * DotTile.PAIR;
      tile.dots(gradient, j, 1, in, k, outputs, out, layer.offset() + k * outputs + j);
    }
  }

  private static int groups(int n, int size) {
    return (n + size - 1) / size;
  }

  @Override
  public long multiplyAddsPerRow() {
    return (long) streams * layer.inputs() * layer.outputs();
  }

  @Override
  public boolean suitsLibrary() {
    return streams == 1
        && multiplyAddsPerRow() >= WIDE
        && x.features() == layer.inputs()
        && dy.features() == layer.outputs();
  }

  @Override
  public void multiply(Matrices library) {
    int dw = gradients.offset() + layer.offset();
    library.weightGradient(x.offset(), dy.offset(), dw, blocks, layer.inputs(), layer.outputs());
  }

  @Override
  public Operation remainder() {
    return new BiasGradient(name() + "_bias", gradients, layer, dy);
  }
}
