// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The products that cuBLAS is asked for, run by a plain column-major loop. */
class MatrixProductTest {
  @ParameterizedTest
  @CsvSource({"32, 1, 1, 1", "32, 3, 5, 7", "32, 2, 64, 33", "4, 5, 2, 3"})
  void layersComeOutInRowBlocks(int rows, int blocks, int inputs, int outputs) {
    Random random = new Random(1);
    double[] x = random.doubles((long) blocks * inputs * rows).toArray();
    double[] w = random.doubles((long) inputs * outputs).toArray();
    double[] dy = random.doubles((long) blocks * outputs * rows).toArray();

    double[] y = new double[dy.length];
    run(MatrixProduct.forward(rows, blocks, inputs, outputs), x, 0, w, 0, y, 0);
    double[] dx = new double[x.length];
    run(MatrixProduct.inputGradient(rows, blocks, inputs, outputs), dy, 0, w, 0, dx, 0);
    int weights = inputs * outputs;
    double[] shares = new double[blocks * weights];
    run(MatrixProduct.weightGradients(rows, blocks, inputs, outputs), dy, 0, x, 0, shares, 0);
    double[] dw = new double[weights];
    for (int i = 0; i < shares.length; i++) {
      dw[i % weights] += shares[i];
    }

    double[] expectedY = new double[y.length];
    double[] expectedDx = new double[dx.length];
    double[] expectedDw = new double[dw.length];
    for (int b = 0; b < blocks; b++) {
      for (int r = 0; r < rows; r++) {
        for (int k = 0; k < inputs; k++) {
          for (int n = 0; n < outputs; n++) {
            int atX = (b * inputs + k) * rows + r;
            int atY = (b * outputs + n) * rows + r;
            expectedY[atY] += x[atX] * w[k * outputs + n];
            expectedDx[atX] += dy[atY] * w[k * outputs + n];
            expectedDw[k * outputs + n] += x[atX] * dy[atY];
          }
        }
      }
    }
    assertArrayEquals(expectedY, y, 1e-11);
    assertArrayEquals(expectedDx, dx, 1e-11);
    assertArrayEquals(expectedDw, dw, 1e-11);
  }

  private static void run(
      MatrixProduct p, double[] a, int atA, double[] b, int atB, double[] c, double beta) {
    for (int i = 0; i < p.count(); i++) {
      for (int column = 0; column < p.n(); column++) {
        for (int row = 0; row < p.m(); row++) {
          double sum = 0;
          for (int k = 0; k < p.k(); k++) {
            int inA = p.transposeA() ? k + row * p.lda() : row + k * p.lda();
            int inB = p.transposeB() ? column + k * p.ldb() : k + column * p.ldb();
            sum += a[atA + (int) (i * p.strideA()) + inA] * b[atB + (int) (i * p.strideB()) + inB];
          }
          int inC = (int) (i * p.strideC()) + row + column * p.ldc();
          c[inC] = sum + beta * c[inC];
        }
      }
    }
  }
}
