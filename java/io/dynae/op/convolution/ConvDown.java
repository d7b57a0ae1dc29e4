// SPDX-License-Identifier: MIT
package io.dynae.op.convolution;

import io.dynae.op.Activation;
import io.dynae.op.ConvLayer;
import io.dynae.op.Region;

/**
 * From the big map of a {@link ConvLayer} to the small one: a convolution forward, and a transposed
 * convolution's input gradient.
 *
 * <p>y[s](y, x) = sum over g, ky, kx of W[s][g][ky][kx] x[g](stride y - pad + ky, stride x - pad +
 * kx).
 */
public final class ConvDown extends ConvProduct {
  private ConvDown(
      String name,
      Region parameters,
      ConvLayer layer,
      boolean forward,
      Activation activation,
      Region in,
      Region kept,
      Region out) {
    super(name, true, parameters, layer, forward, activation, in, kept, out);
  }

  /** A convolution forward, bias and activation included: y from x. */
  public static ConvDown forward(
      String name, Region parameters, ConvLayer layer, Region x, Region y) {
    return new ConvDown(name, parameters, layer, true, layer.activation(), x, y, y);
  }

  /**
   * A transposed convolution's input gradient dx from dy, through the activation of the layer
   * below.
   *
   * @param below activation that made x, LINEAR for none
   */
  public static ConvDown backward(
      String name,
      Region parameters,
      ConvLayer layer,
      Activation below,
      Region dy,
      Region x,
      Region dx) {
    return new ConvDown(name, parameters, layer, false, below, dy, x, dx);
  }
}
