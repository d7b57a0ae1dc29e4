// SPDX-License-Identifier: MIT
package io.dynae.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.op.dense.DotTile;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectorised loops against plain loops in double precision. */
class LoopsTest {
  private static final int[] SIZES = {1, 2, 3, 5, 31, 32, 33};
  private static final int ROWS = 48;
  private static final double ROUNDING = 0x1p-24;

  private final SplittableRandom random = new SplittableRandom(1);

  private float[] values(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private float[][] rows(int features) {
    float[][] rows = new float[features][];
    for (int f = 0; f < features; f++) {
      rows[f] = values(ROWS);
    }
    return rows;
  }

  /** A sum of n products may be off by n roundings of what it is made of. */
  private static void close(double[] exact, double[] magnitude, float[] actual, int n) {
    for (int i = 0; i < exact.length; i++) {
      assertEquals(exact[i], actual[i], (n + 2) * ROUNDING * magnitude[i], "row " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void affineIsWeightsTimesInputsPlusBias(boolean hasBias) {
    for (int inputs : SIZES) {
      for (int outputs : SIZES) {
        float[] w = values(3 + inputs * outputs + outputs);
        int bias = hasBias ? 3 + inputs * outputs : -1;
        float[][] in = rows(2 + inputs);
        float[][] out = rows(1 + outputs + 1);
        float[] beyond = out[1 + outputs].clone();
        Loops.affine(w, 3, outputs, bias, in, 2, inputs, out, 1);
        for (int j = 0; j < outputs; j++) {
          double[] exact = new double[ROWS];
          double[] magnitude = new double[ROWS];
          for (int r = 0; r < ROWS; r++) {
            exact[r] = hasBias ? w[bias + j] : 0;
            magnitude[r] = Math.abs(exact[r]);
            for (int k = 0; k < inputs; k++) {
              double product = (double) w[3 + k * outputs + j] * in[2 + k][r];
              exact[r] += product;
              magnitude[r] += Math.abs(product);
            }
          }
          close(exact, magnitude, out[1 + j], inputs);
        }
        assertArrayEquals(beyond, out[1 + outputs], "the feature behind the outputs");
      }
    }
  }

  @Test
  void linearTransposedIsTransposedWeightsTimesGradient() {
    for (int inputs : SIZES) {
      for (int outputs : SIZES) {
        float[] w = values(3 + inputs * outputs);
        float[][] in = rows(2 + outputs);
        float[][] out = rows(1 + inputs + 1);
        float[] beyond = out[1 + inputs].clone();
        Loops.linearTransposed(w, 3, inputs, outputs, in, 2, out, 1);
        for (int k = 0; k < inputs; k++) {
          double[] exact = new double[ROWS];
          double[] magnitude = new double[ROWS];
          for (int r = 0; r < ROWS; r++) {
            for (int j = 0; j < outputs; j++) {
              double product = (double) w[3 + k * outputs + j] * in[2 + j][r];
              exact[r] += product;
              magnitude[r] += Math.abs(product);
            }
          }
          close(exact, magnitude, out[1 + k], outputs);
        }
        assertArrayEquals(beyond, out[1 + inputs], "the feature behind the inputs");
      }
    }
  }

  @Test
  void dotsSumOverStreamsBlocksAndRows() {
    int blocks = 2;
    int streams = 3;
    for (int inputs : SIZES) {
      for (int outputs : SIZES) {
        float[][] x = rows(blocks * (streams * inputs + 1));
        float[][] dy = rows(blocks * streams * outputs);
        DotTile.Features in = new DotTile.Features(x, inputs, streams * inputs + 1);
        DotTile.Features gradient = new DotTile.Features(dy, outputs, streams * outputs);
        float[] out = new float[inputs * outputs];
        DotTile tile = new DotTile(blocks, streams);
        for (int k = 0; k < inputs; k += DotTile.PAIR) {
          for (int j = 0; j < outputs; j += DotTile.SIX) {
            tile.dots(in, k, outputs, gradient, j, 1, out, k * outputs + j);
          }
        }
        for (int k = 0; k < inputs; k++) {
          for (int j = 0; j < outputs; j++) {
            double exact = 0;
            double magnitude = 0;
            for (int b = 0; b < blocks; b++) {
              for (int s = 0; s < streams; s++) {
                for (int r = 0; r < ROWS; r++) {
                  double product =
                      (double) x[b * (streams * inputs + 1) + s * inputs + k][r]
                          * dy[(b * streams + s) * outputs + j][r];
                  exact += product;
                  magnitude += Math.abs(product);
                }
              }
            }
            double limit = blocks * streams * ROWS * ROUNDING * magnitude;
            assertEquals(exact, out[k * outputs + j], limit, "weight " + k + ", " + j);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 9, 15, 16, 17, 128, 1000})
  void sumAddsEveryElementOnce(int n) {
    float[] x = new float[n];
    double exact = 0;
    for (int i = 0; i < n; i++) {
      // Whole numbers add without rounding.
      x[i] = 1 + i;
      exact += x[i];
    }
    assertEquals(exact, Loops.sum(x));
  }

  @Test
  void tanhIsWithinItsBound() {
    int grid = 1 << 20;
    float[] x = new float[2 * grid];
    for (int i = 0; i < grid; i++) {
      x[i] = (float) (20.0 * i / grid - 10);
      // All magnitudes from denormal to huge.
      x[grid + i] = Float.intBitsToFloat((int) (0x7f800000L * i / grid) | (i & 1) << 31);
    }
    float[] y = x.clone();
    Loops.activate(Activation.TANH, y);
    for (int i = 0; i < x.length; i++) {
      double exact = Math.tanh(x[i]);
      double limit = 5e-7 * Math.abs(exact) + Float.MIN_VALUE;
      assertEquals(exact, y[i], limit, "tanh of " + x[i]);
    }
  }

  @Test
  void activationsKeepNaNsAndInfinitiesInSight() {
    for (Activation activation : Activation.values()) {
      float[] y = new float[ROWS];
      y[17] = Float.NaN;
      Loops.activate(activation, y);
      assertTrue(Float.isNaN(y[17]), activation + " of NaN");
    }
    float[] y = {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
    Loops.activate(Activation.TANH, y);
    assertArrayEquals(new float[] {-1, 1}, y, 5e-7f);
  }

  @Test
  void reluPassesGradientWhereItsOutputIsPositive() {
    float[] h = {0, Float.MIN_VALUE, Float.MIN_NORMAL, 1e-30f, 1, Float.MAX_VALUE, -1e30f, -1e-30f};
    float[] g = {-3, -3, -3, -3, -3, -3, -3, -3};
    Loops.derive(Activation.RELU, g, h);
    assertArrayEquals(new float[] {0, -3, -3, -3, -3, -3, 0, 0}, g, 0f);
  }
}
