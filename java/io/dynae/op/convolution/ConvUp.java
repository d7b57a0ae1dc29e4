// SPDX-License-Identifier: MIT
package io.dynae.op.convolution;

import io.dynae.op.Activation;
import io.dynae.op.ConvLayer;
import io.dynae.op.Region;

/**
 * From the small map of a {@link ConvLayer} to the big one: a transposed convolution forward, and a
 * convolution's input gradient.
 *
 * <p>y[g](Y, X) = sum of W[s][g][ky][kx] x[s](y, x) over all s, y, x, ky, kx with stride y - pad +
 * ky = Y and stride x - pad + kx = X.
 */
public final class ConvUp extends ConvProduct {
  private ConvUp(
      String name,
      Region parameters,
      ConvLayer layer,
      boolean forward,
      Activation activation,
      Region in,
      Region kept,
      Region out) {
    super(name, false, parameters, layer, forward, activation, in, kept, out);
  }

  /** A transposed convolution forward, bias and activation included: y from x. */
  public static ConvUp forward(
      String name, Region parameters, ConvLayer layer, Region x, Region y) {
    return new ConvUp(name, parameters, layer, true, layer.activation(), x, y, y);
  }

  /**
   * A convolution's input gradient dx from dy, through the activation of the layer below.
   *
   * @param below activation that made x, LINEAR for none
   */
  public static ConvUp backward(
      String name,
      Region parameters,
      ConvLayer layer,
      Activation below,
      Region dy,
      Region x,
      Region dx) {
    return new ConvUp(name, parameters, layer, false, below, dy, x, dx);
  }
}
