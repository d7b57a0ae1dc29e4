// SPDX-License-Identifier: MIT
package io.dynae.op.dense;

import io.dynae.op.Activation;
import io.dynae.op.BlockOperation;
import io.dynae.op.DenseLayer;
import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.TeamMemory;
import io.dynae.op.TeamPart;
import java.util.List;
import java.util.Optional;

/**
 * Tangents through a dense layer: u_s = W t_s for each latent axis s and, where the layer has tanh,
 * t'_s = (1 - h^2) u_s with the layer's own output h.
 */
public final class TangentForward extends BlockOperation {
  private final Region parameters;
  private final DenseLayer layer;
  private final Region x;
  private final Region u;
  private final Region h;
  private final int dims;

  /**
   * @param x [1 + d][K] features: the layer's input and its tangents
   * @param u [d][N] features, or null for a linear layer, whose u_s go straight to {@code h}
   * @param h [1 + d][N] features: the layer's output, given, and its tangents, written
   */
  public TangentForward(
      String name, Region parameters, DenseLayer layer, Region x, Region u, Region h, int dims) {
    super(name, h.blocks(), "dense/dense.cu", "latent/prior_likelihood.cu");
    this.parameters = parameters;
    this.layer = layer;
    this.x = x;
    this.u = u;
    this.h = h;
    this.dims = dims;
    reads(parameters, x, h);
    writes(h);
    if (u != null) {
      writes(u);
    }
  }

  @Override
  public String statement() {
    int inputs = layer.inputs();
    int outputs = layer.outputs();
    Region out = u == null ? h : u;
    String dense =
        ("ROLLED for (int s_ = 0; s_ < %d; s_++) "
                + "DENSE_FORWARD(tangent, %s + %d, %d, %d, %s + (s_ + 1) * %d * RB, %s + (s_ + %d) * %d * RB);")
            .formatted(
                dims,
                parameters.at(),
                layer.offset(),
                inputs,
                outputs,
                x.block("b"),
                inputs,
                out.block("b"),
                u == null ? 1 : 0,
                outputs);
    return u == null
        ? dense
        : dense
            + " tangent_forward_block(%s, %s, %d, %d);"
                .formatted(h.block("b"), u.block("b"), outputs, dims);
  }

  /** The matrix products and, after all of them, the slope of tanh. */
  @Override
  public List<Operation> teamForm() {
    return u == null ? List.of(new Products()) : List.of(new Products(), new Slope());
  }

  private final class Products extends TeamPart {
    Products() {
      super(TangentForward.this.name() + "_products", h.blocks(), "dense/dense.cu");
      reads(parameters, x);
      writes(u == null ? h : u);
      if (u == null) {
        keepsRest(h);
      }
    }

    @Override
    public String teamStatement(TeamMemory memory) {
      int inputs = layer.inputs();
      return u == null
          ? memory.forward(layer, Activation.LINEAR, false, dims, x, inputs, h, layer.outputs())
          : memory.forward(layer, Activation.LINEAR, false, dims, x, inputs, u, 0);
    }

    @Override
    public int teamParts() {
      return TeamMemory.tiles(layer.outputs(), dims);
    }

    @Override
    public Optional<TeamMemory.Weights> stagedWeights() {
      return Optional.of(new TeamMemory.Weights(parameters, layer));
    }
  }

  private final class Slope extends TeamPart {
    Slope() {
      super(TangentForward.this.name() + "_slope", h.blocks(), "latent/prior_likelihood.cu");
      reads(u, h);
      writes(h);
    }

    @Override
    public String teamStatement(TeamMemory memory) {
      return "tangent_forward_block(%s, %s, %d, %d);"
          .formatted(memory.pointer(h), memory.pointer(u), layer.outputs(), dims);
    }

    @Override
    public int teamParts() {
      return ALL;
    }
  }

  @Override
  public void run(HostMemory memory, int b) {
    float[] w = memory.flat(parameters);
    float[][] in = memory.rows(x);
    float[][] out = memory.rows(h);
    int outputs = layer.outputs();
    int h0 = b * h.features();
    for (int s = 0; s < dims; s++) {
      int x0 = b * x.features() + (s + 1) * layer.inputs();
      float[][] raw = u == null ? out : memory.rows(u);
      int raw0 = u == null ? h0 + (s + 1) * outputs : b * u.features() + s * outputs;
      Loops.affine(w, layer.offset(), outputs, -1, in, x0, layer.inputs(), raw, raw0);
      if (u != null) {
        for (int k = 0; k < outputs; k++) {
          Loops.tanhSlope(out[h0 + k], raw[raw0 + k], out[h0 + (s + 1) * outputs + k]);
        }
      }
    }
  }
}
