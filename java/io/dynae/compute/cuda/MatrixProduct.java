// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

/**
 * A batch of column-major products C = op(A) op(B) + beta C, in cuBLAS's terms: how one dense layer
 * looks to a library that knows neither row blocks nor row-major weights.
 *
 * <p>A buffer of rows and F features is stored as [block][feature][R]: each block is a column-major
 * R x F matrix. Weights [K][N] in row order are the column-major N x K matrix of their transpose.
 *
 * @param transposeA op(A) is A transposed
 * @param transposeB op(B) is B transposed
 * @param m rows of C
 * @param n columns of C
 * @param k summed length
 * @param lda elements between columns of A
 * @param strideA elements between the A of one product and of the next; 0 shares A
 * @param ldb elements between columns of B
 * @param strideB like strideA
 * @param ldc elements between columns of C
 * @param strideC like strideA; never 0
 * @param count products
 */
record MatrixProduct(
    boolean transposeA,
    boolean transposeB,
    int m,
    int n,
    int k,
    int lda,
    long strideA,
    int ldb,
    long strideB,
    int ldc,
    long strideC,
    int count) {

  /** Y = X W for every block: A is X [blocks][inputs][rows], B is W [inputs][outputs]. */
  static MatrixProduct forward(int rows, int blocks, int inputs, int outputs) {
    return new MatrixProduct(
        false,
        true,
        rows,
        outputs,
        inputs,
        rows,
        (long) rows * inputs,
        outputs,
        0,
        rows,
        (long) rows * outputs,
        blocks);
  }

  /** dX = dY W' for every block: A is dY [blocks][outputs][rows], B is W [inputs][outputs]. */
  static MatrixProduct inputGradient(int rows, int blocks, int inputs, int outputs) {
    return new MatrixProduct(
        false,
        false,
        rows,
        inputs,
        outputs,
        rows,
        (long) rows * outputs,
        outputs,
        0,
        rows,
        (long) rows * inputs,
        blocks);
  }

  /**
   * Each block's share of dW = X' dY: A is dY [blocks][outputs][rows], B is X
   * [blocks][inputs][rows].
   */
  static MatrixProduct weightGradients(int rows, int blocks, int inputs, int outputs) {
    return new MatrixProduct(
        true,
        false,
        outputs,
        inputs,
        rows,
        rows,
        (long) rows * outputs,
        rows,
        (long) rows * inputs,
        outputs,
        (long) inputs * outputs,
        blocks);
  }
}
