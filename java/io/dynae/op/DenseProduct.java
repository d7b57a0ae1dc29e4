// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * A dense operation as a matrix product and what is left around it, so that a matrix library can do
 * the product of a wide layer.
 */
public interface DenseProduct {
  /** Products of inputs and outputs from here on are worth a call of the library. */
  int WIDE = 64 * 64;

  /** Multiply-adds of a row. */
  long multiplyAddsPerRow();

  /** Whether the layer is wide and its buffers hold nothing but its own features. */
  boolean suitsLibrary();

  /** Queues the product. */
  void multiply(Matrices library);

  /** The rest, after the product: bias and activation, the activation's slope, or bias gradient. */
  Operation remainder();
}
