// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * A product of a 4x4 convolution with stride 2 and pad 1, as kernels of a whole GPU take it.
 *
 * <p>Small map [small][height][width], big map [big][2 height][2 width], weights
 * [big][kernel][kernel][small]. Positions are first floats in the arena.
 *
 * @param name of the operation; a C identifier
 * @param kind which of the three products
 * @param blocks blocks of rows that it runs over
 * @param from the map that a product reads; in a gradient the small map
 * @param with weights; in a gradient the big map
 * @param bias one value an output channel; in a gradient where their sums go
 * @param kept output of the activation whose slope ends a backward pass
 * @param to the map that a product writes; in a gradient the weights' sums
 * @param activation what ends a product, or its slope; unused in a gradient
 * @param forward whether bias and activation end a product, else the slope of the activation
 * @param bigBias whether a gradient's biases are the big map's
 * @param zeros floats behind the gradient's biases that become zero
 */
public record TiledConvolution(
    String name,
    Kind kind,
    int small,
    int height,
    int width,
    int big,
    int blocks,
    int from,
    int with,
    int bias,
    int kept,
    int to,
    Activation activation,
    boolean forward,
    boolean bigBias,
    int zeros) {

  /** The three products of a convolution. */
  public enum Kind {
    /** From the big map to the small one. */
    DOWN,
    /** From the small map to the big one. */
    UP,
    /** Of the weights. */
    GRADIENT
  }
}
