// SPDX-License-Identifier: MIT
package io.dynae.op.dense;

import io.dynae.op.BlockOperation;
import io.dynae.op.DenseLayer;
import io.dynae.op.DenseProduct;
import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Matrices;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.TeamMemory;
import java.util.Optional;

/**
 * A dense layer forward: y_j = activation(sum_k W_kj x_k + b_j) for every row.
 *
 * <p>x may hold further streams of features behind the first K; only the first K are read, and only
 * the first N of y are written.
 */
public final class DenseForward extends BlockOperation implements DenseProduct {
  private final Region parameters;
  private final DenseLayer layer;
  private final Region x;
  private final Region y;

  /** Runs on as many blocks as {@code y} has; x may have more. */
  public DenseForward(String name, Region parameters, DenseLayer layer, Region x, Region y) {
    super(name, y.blocks(), "dense/dense.cu");
    this.parameters = parameters;
    this.layer = layer;
    this.x = x;
    this.y = y;
    reads(parameters, x);
    writes(y);
    if (layer.outputs() < y.features()) {
      keepsRest(y);
    }
  }

  @Override
  public String statement() {
    return "DENSE_FORWARD(%s, %s + %d, %d, %d, %s, %s);"
        .formatted(
            layer.activation().kernelName(),
            parameters.at(),
            layer.offset(),
            layer.inputs(),
            layer.outputs(),
            x.block("b"),
            y.block("b"));
  }

  @Override
  public String teamStatement(TeamMemory memory) {
    return memory.forward(layer, layer.activation(), true, 1, x, 0, y, 0);
  }

  @Override
  public int teamParts() {
    return TeamMemory.tiles(layer.outputs(), 1);
  }

  @Override
  public Optional<TeamMemory.Weights> stagedWeights() {
    return Optional.of(new TeamMemory.Weights(parameters, layer));
  }

  @Override
  public void run(HostMemory memory, int b) {
    float[] w = memory.flat(parameters);
    int outputs = layer.outputs();
    float[][] in = memory.rows(x);
    float[][] out = memory.rows(y);
    int x0 = b * x.features();
    int y0 = b * y.features();
    Loops.affine(w, layer.offset(), outputs, layer.bias(), in, x0, layer.inputs(), out, y0);
    for (int j = 0; j < outputs; j++) {
      Loops.activate(layer.activation(), out[y0 + j]);
    }
  }

  @Override
  public long multiplyAddsPerRow() {
    return (long) layer.inputs() * layer.outputs();
  }

  @Override
  public boolean suitsLibrary() {
    return multiplyAddsPerRow() >= WIDE
        && x.features() == layer.inputs()
        && y.features() == layer.outputs();
  }

  @Override
  public void multiply(Matrices library) {
    int w = parameters.offset() + layer.offset();
    library.forward(x.offset(), w, y.offset(), y.blocks(), layer.inputs(), layer.outputs());
  }

  @Override
  public Operation remainder() {
    return new BiasActivation(name() + "_bias", parameters, layer, y);
  }
}
