// SPDX-License-Identifier: MIT
package io.dynae.op.dense;

import io.dynae.op.Activation;
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
 * Gradient of a dense layer's input: dx_k = below'(x_k) sum_j W_kj dy_j for every row, through the
 * activation of the layer below, whose output x is.
 */
public final class DenseBackward extends BlockOperation implements DenseProduct {
  private final Region parameters;
  private final DenseLayer layer;
  private final Activation below;
  private final Region dy;
  private final Region x;
  private final Region dx;
  private final int streams;

  /**
   * Runs on as many blocks as {@code dx} has.
   *
   * @param below activation that made x, LINEAR for none
   * @param streams streams of dy and dx handled alike (1, or 1 + d with tangents, and then without
   *     activation)
   */
  public DenseBackward(
      String name,
      Region parameters,
      DenseLayer layer,
      Activation below,
      Region dy,
      Region x,
      Region dx,
      int streams) {
    super(name, dx.blocks(), "dense/dense.cu");
    if (streams > 1 && below != Activation.LINEAR) {
      throw new IllegalArgumentException("tangent streams pass their activation separately");
    }
    this.parameters = parameters;
    this.layer = layer;
    this.below = below;
    this.dy = dy;
    this.x = x;
    this.dx = dx;
    this.streams = streams;
    reads(parameters, dy, x);
    writes(dx);
    if (streams * layer.inputs() < dx.features()) {
      keepsRest(dx);
    }
  }

  @Override
  public String statement() {
    String call =
        "DENSE_BACKWARD(%s, %s + %d, %d, %d, %s + s_ * %d * RB, %s, %s + s_ * %d * RB);"
            .formatted(
                below.kernelName(),
                parameters.at(),
                layer.offset(),
                layer.inputs(),
                layer.outputs(),
                dy.block("b"),
                layer.outputs(),
                x.block("b"),
                dx.block("b"),
                layer.inputs());
    return "ROLLED for (int s_ = 0; s_ < " + streams + "; s_++) " + call;
  }

  @Override
  public String teamStatement(TeamMemory memory) {
    return memory.backward(layer, below, streams, dy, x, dx);
  }

  @Override
  public int teamParts() {
    return TeamMemory.tiles(layer.inputs(), streams);
  }

  @Override
  public Optional<TeamMemory.Weights> stagedWeights() {
    return Optional.of(new TeamMemory.Weights(parameters, layer));
  }

  @Override
  public void run(HostMemory memory, int b) {
    float[] w = memory.flat(parameters);
    int inputs = layer.inputs();
    int outputs = layer.outputs();
    float[][] gradient = memory.rows(dy);
    float[][] output = memory.rows(x);
    float[][] out = memory.rows(dx);
    for (int s = 0; s < streams; s++) {
      int dy0 = b * dy.features() + s * outputs;
      int dx0 = b * dx.features() + s * inputs;
      Loops.linearTransposed(w, layer.offset(), inputs, outputs, gradient, dy0, out, dx0);
      for (int k = 0; k < inputs; k++) {
        Loops.derive(below, out[dx0 + k], output[b * x.features() + k]);
      }
    }
  }

  @Override
  public long multiplyAddsPerRow() {
    return (long) streams * layer.inputs() * layer.outputs();
  }

  @Override
  public boolean suitsLibrary() {
    return streams == 1
        && multiplyAddsPerRow() >= WIDE
        && dy.features() == layer.outputs()
        && dx.features() == layer.inputs();
  }

  @Override
  public void multiply(Matrices library) {
    int w = parameters.offset() + layer.offset();
    library.inputGradient(
        dy.offset(), w, dx.offset(), dx.blocks(), layer.inputs(), layer.outputs());
  }

  @Override
  public Operation remainder() {
    return new ActivationSlope(name() + "_slope", below, x, dx);
  }
}
