// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.op.Activation;
import io.dynae.op.ConvLayer;
import io.dynae.op.DenseLayer;
import io.dynae.op.Layer;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.convolution.ConvGradient;
import io.dynae.op.dense.DenseGradient;
import io.dynae.op.step.FoldShares;
import java.util.ArrayList;
import java.util.List;

/** A chain of layers: the buffers of its passes, and the operations of each pass. */
final class Net {
  private final List<? extends Layer> layers;
  private final Region parameters;

  /** The input, then the output of every layer. */
  private final Region[] values;

  /** Gradients of the layers' outputs. */
  private final Region[] slopes;

  /** Shares of the layers' gradients; null where the operation needs none. */
  private final Region[] shares;

  /**
   * Lays out the buffers.
   *
   * @param input rows of both halves of a batch, or of the first alone, and so are all buffers
   */
  Net(List<? extends Layer> layers, Region parameters, Region input, Layout layout) {
    this(layers, parameters, input, input.blocks() == layout.halfBlocks(), layout);
  }

  /**
   * Lays out the buffers.
   *
   * @param half whether it works on the first half of the input's rows alone
   */
  Net(List<? extends Layer> layers, Region parameters, Region input, boolean half, Layout layout) {
    this.layers = layers;
    this.parameters = parameters;
    values = new Region[layers.size() + 1];
    slopes = new Region[layers.size()];
    shares = new Region[layers.size()];
    values[0] = input;
    for (int i = 0; i < layers.size(); i++) {
      String name = layers.get(i).bufferName();
      int features = layers.get(i).outputs();
      values[i + 1] = half ? layout.halfRows(name, features) : layout.rows(name, features);
      String slope = "d_" + name;
      slopes[i] = half ? layout.halfRows(slope, features) : layout.rows(slope, features);
      if (layers.get(i) instanceof ConvLayer conv) {
        int slices = ConvGradient.slices(layout.batch() * (half ? 1 : 2));
        shares[i] = layout.flat("shares_" + name, (long) slices * conv.size());
      }
    }
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
      operations.add(Layers.forward(parameters, layers.get(i), values[i], values[i + 1]));
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
      if (below != null) {
        Activation activation = i == 0 ? Activation.LINEAR : layers.get(i - 1).activation();
        operations.add(
            Layers.backward(parameters, layers.get(i), activation, slopes[i], values[i], below));
      }
    }
  }

  /** Adds the operations that fill the layers' part of {@code gradients}. */
  void gradients(List<Operation> operations, Region gradients) {
    // Shares are added up after all of them are there, so that the team meets once for it.
    List<Operation> folds = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      String name = layer.bufferName() + "_gradient";
      if (layer instanceof ConvLayer conv) {
        operations.add(new ConvGradient(name, shares[i], conv, values[i], slopes[i]));
        folds.add(new FoldShares(name + "_shares", shares[i], gradients, layer));
      } else {
        operations.add(
            new DenseGradient(name, gradients, (DenseLayer) layer, values[i], slopes[i], 1));
      }
    }
    operations.addAll(folds);
  }
}
