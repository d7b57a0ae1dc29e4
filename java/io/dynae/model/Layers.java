// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.op.Activation;
import io.dynae.op.ConvLayer;
import io.dynae.op.DenseLayer;
import io.dynae.op.Layer;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.convolution.ConvDown;
import io.dynae.op.convolution.ConvUp;
import io.dynae.op.dense.DenseBackward;
import io.dynae.op.dense.DenseForward;
import java.util.List;

/** The operations of a layer of either kind. */
public final class Layers {
  /** Floats of all buffers of a forward pass: 128 MB. */
  private static final int PASS_FLOATS = 1 << 25;

  private static final int LEAST_ROWS = 32;

  private Layers() {}

  /** y = layer(x). */
  static Operation forward(Region parameters, Layer layer, Region x, Region y) {
    String name = layer.bufferName() + "_forward";
    if (layer instanceof ConvLayer conv) {
      return conv.transposed()
          ? ConvUp.forward(name, parameters, conv, x, y)
          : ConvDown.forward(name, parameters, conv, x, y);
    }
    return new DenseForward(name, parameters, (DenseLayer) layer, x, y);
  }

  /**
   * dx from dy.
   *
   * @param below activation that made x, LINEAR for none
   */
  static Operation backward(
      Region parameters, Layer layer, Activation below, Region dy, Region x, Region dx) {
    String name = layer.bufferName() + "_backward";
    if (layer instanceof ConvLayer conv) {
      return conv.transposed()
          ? ConvDown.backward(name, parameters, conv, below, dy, x, dx)
          : ConvUp.backward(name, parameters, conv, below, dy, x, dx);
    }
    return new DenseBackward(name, parameters, (DenseLayer) layer, below, dy, x, dx, 1);
  }

  /**
   * Adds a net's forward pass alone, on the first half of a batch.
   *
   * @return its output
   */
  public static Region chain(
      Layout layout,
      List<Operation> operations,
      Region parameters,
      List<? extends Layer> net,
      Region input) {
    Region below = input;
    for (Layer layer : net) {
      Region above = layout.halfRows(layer.bufferName(), layer.outputs());
      operations.add(forward(parameters, layer, below, above));
      below = above;
    }
    return below;
  }

  /** Rows of a pass over many frames: as many as are wanted, or as a pass's memory holds. */
  public static int rows(List<? extends Layer> net, int wanted) {
    int floats = net.get(0).inputs() + net.stream().mapToInt(Layer::outputs).sum();
    return Math.min(wanted, Math.max(LEAST_ROWS, Integer.highestOneBit(PASS_FLOATS / floats)));
  }
}
