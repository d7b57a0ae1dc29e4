// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.op.Activation;
import io.dynae.op.DenseBackward;
import io.dynae.op.DenseForward;
import io.dynae.op.DenseGradient;
import io.dynae.op.DenseLayer;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import java.util.List;

/** A chain of dense layers: the buffers of its passes, and the operations of each pass. */
final class DenseNet {
  private final List<DenseLayer> layers;
  private final Region parameters;

  /** The input, then the output of every layer. */
  private final Region[] values;

  /** Gradients of the layers' outputs. */
  private final Region[] slopes;

  /**
   * Lays out the buffers.
   *
   * @param input rows of both halves of a batch, or of the first alone, and so are all buffers
   */
  DenseNet(List<DenseLayer> layers, Region parameters, Region input, Layout layout) {
    this(layers, parameters, input, input.blocks() == layout.halfBlocks(), layout);
  }

  /**
   * Lays out the buffers.
   *
   * @param half whether it works on the first half of the input's rows alone
   */
  DenseNet(List<DenseLayer> layers, Region parameters, Region input, boolean half, Layout layout) {
    this.layers = layers;
    this.parameters = parameters;
    values = new Region[layers.size() + 1];
    slopes = new Region[layers.size()];
    values[0] = input;
    for (int i = 0; i < layers.size(); i++) {
      String name = bufferName(layers.get(i));
      int features = layers.get(i).outputs();
      values[i + 1] = half ? layout.halfRows(name, features) : layout.rows(name, features);
      String slope = "d_" + name;
      slopes[i] = half ? layout.halfRows(slope, features) : layout.rows(slope, features);
    }
  }

  /** Name of a layer's output in layouts. */
  static String bufferName(DenseLayer layer) {
    return layer.name().replace('.', '_');
  }

  Region output() {
    return values[layers.size()];
  }

  /** Gradient of the output; whoever computes the loss writes it. */
  Region outputGradient() {
    return slopes[layers.size() - 1];
  }

  /** Adds the operations from the input to the output. */
  void forward(List<Operation> operations) {
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      operations.add(
          new DenseForward(
              bufferName(layer) + "_forward", parameters, layer, values[i], values[i + 1]));
    }
  }

  /**
   * Adds the operations from the output's gradient down.
   *
   * @param inputGradient receives the gradient of the input, or null where nobody wants it
   */
  void backward(List<Operation> operations, Region inputGradient) {
    for (int i = layers.size() - 1; i >= 0; i--) {
      Region below = i == 0 ? inputGradient : slopes[i - 1];
      if (below == null) {
        continue;
      }
      DenseLayer layer = layers.get(i);
      operations.add(
          new DenseBackward(
              bufferName(layer) + "_backward",
              parameters,
              layer,
              i == 0 ? Activation.LINEAR : layers.get(i - 1).activation(),
              slopes[i],
              values[i],
              below,
              1));
    }
  }

  /** Adds the operations that fill the layers' part of {@code gradients}. */
  void gradients(List<Operation> operations, Region gradients) {
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      operations.add(
          new DenseGradient(
              bufferName(layer) + "_gradient", gradients, layer, values[i], slopes[i], 1));
    }
  }
}
