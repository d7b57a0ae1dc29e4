// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.op.Activation;
import io.dynae.op.DenseLayer;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.dense.DenseBackward;
import io.dynae.op.dense.DenseForward;
import io.dynae.op.dense.DenseGradient;
import io.dynae.op.dense.TangentBackward;
import io.dynae.op.dense.TangentForward;
import java.util.List;

/**
 * The prior's log-diffusion net m(z) with its tangents along every latent axis, whose features i of
 * stream i + 1 are dm_i/dz_i (method step 2). Each buffer holds 1 + d streams.
 */
final class LogDiffusionNet {
  private final List<DenseLayer> layers;
  private final Region parameters;
  private final int dims;
  private final boolean secondOrder;
  private final Region[] values;
  private final Region[] tangents;
  private final Region[] slopes;

  /**
   * Lays out the buffers.
   *
   * @param input [1 + d][d] half rows: the latents, then the unit tangents
   * @param secondOrder whether the gradient runs through the tangents too
   */
  LogDiffusionNet(
      List<DenseLayer> layers,
      Region parameters,
      Region input,
      boolean secondOrder,
      Layout layout) {
    this.layers = layers;
    this.parameters = parameters;
    this.secondOrder = secondOrder;
    dims = layers.get(0).inputs();
    int n = layers.size();
    values = new Region[n + 1];
    tangents = new Region[n];
    slopes = new Region[n];
    values[0] = input;
    for (int i = 0; i < n; i++) {
      String name = layers.get(i).bufferName();
      int width = layers.get(i).outputs();
      values[i + 1] = layout.halfRows(name, (1 + dims) * width);
      slopes[i] = layout.halfRows("d_" + name, (1 + dims) * width);
      tangents[i] = i == n - 1 ? null : layout.halfRows("tangents_" + name, dims * width);
    }
  }

  Region output() {
    return values[layers.size()];
  }

  Region outputGradient() {
    return slopes[layers.size() - 1];
  }

  void forward(List<Operation> operations) {
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      String name = layer.bufferName();
      Region x = values[i];
      Region h = values[i + 1];
      operations.add(new DenseForward(name + "_forward", parameters, layer, x, h));
      operations.add(
          new TangentForward(name + "_tangents", parameters, layer, x, tangents[i], h, dims));
    }
  }

  void backward(List<Operation> operations) {
    for (int i = layers.size() - 1; i > 0; i--) {
      DenseLayer layer = layers.get(i);
      String name = layer.bufferName();
      operations.add(
          new DenseBackward(
              name + "_backward",
              parameters,
              layer,
              secondOrder ? Activation.LINEAR : Activation.TANH,
              slopes[i],
              values[i],
              slopes[i - 1],
              streams()));
      if (secondOrder) {
        operations.add(
            new TangentBackward(
                name + "_tangents_backward",
                slopes[i - 1],
                values[i],
                tangents[i - 1],
                layer.inputs(),
                dims));
      }
    }
  }

  void gradients(List<Operation> operations, Region gradients) {
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      operations.add(
          new DenseGradient(
              layer.bufferName() + "_gradient", gradients, layer, values[i], slopes[i], streams()));
    }
  }

  /** Streams that the gradient runs through: the net itself and, to second order, its tangents. */
  private int streams() {
    return secondOrder ? 1 + dims : 1;
  }
}
