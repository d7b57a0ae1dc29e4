// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * A library's matrix products on blocks of rows, queued in order with the kernels.
 *
 * <p>Positions are first floats in the arena; x is [blocks][inputs][rows], y and dy
 * [blocks][outputs] [rows], w and dw [inputs][outputs].
 */
public interface Matrices {
  /** Y = X W. */
  void forward(int x, int w, int y, int blocks, int inputs, int outputs);

  /** dX = dY W'. */
  void inputGradient(int dy, int w, int dx, int blocks, int inputs, int outputs);

  /** dW = sum over blocks of X' dY. */
  void weightGradient(int x, int dy, int dw, int blocks, int inputs, int outputs);
}
