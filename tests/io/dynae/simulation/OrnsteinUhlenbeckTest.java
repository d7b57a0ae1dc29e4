// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Everything against the closed form of the process. */
class OrnsteinUhlenbeckTest {
  private static final int FRAMES = 400_000;
  private static final double[] RATES = {1.0 / 36, 1.0 / 16};
  private static final OrnsteinUhlenbeck SYSTEM = new OrnsteinUhlenbeck();

  private static double[] z;

  @BeforeAll
  static void simulate() {
    z = new double[2 * FRAMES];
    SYSTEM.start(new PhiloxNoise(11)).advance(FRAMES, z);
  }

  @Test
  void covariancesAreThoseOfTheProcess() {
    for (int i = 0; i < 2; i++) {
      double k = RATES[i];
      for (int lag : new int[] {0, 1, 10, 40}) {
        double sum = 0;
        for (int t = 0; t + lag < FRAMES; t++) {
          sum += z[2 * t + i] * z[2 * (t + lag) + i];
        }
        // The variance of such a mean is at most 2 var^2 (1 + k lag) / (N k).
        double error = Math.sqrt(2 * (1 + k * lag) / (FRAMES * k)) / k;
        assertEquals(Math.exp(-k * lag) / k, sum / (FRAMES - lag), 4 * error, "lag " + lag);
      }
    }
  }

  @Test
  void coordinatesAreIndependent() {
    double sum = 0;
    for (int t = 0; t < FRAMES; t++) {
      sum += z[2 * t] * z[2 * t + 1];
    }
    double error = Math.sqrt(2 / (FRAMES * (RATES[0] + RATES[1])) / (RATES[0] * RATES[1]));
    assertEquals(0, sum / FRAMES, 4 * error);
  }

  @Test
  void movesOverOneLagHaveTheirClosedFormInBothDirections() {
    for (int i = 0; i < 2; i++) {
      double sum = 0;
      for (int t = 0; t < FRAMES - 1; t++) {
        double move = z[2 * t + 2 + i] - z[2 * t + i];
        sum += move * move;
      }
      double expected = 2 * -Math.expm1(-RATES[i]) / RATES[i];
      assertEquals(expected, sum / (FRAMES - 1), 4 * expected * Math.sqrt(2.0 / FRAMES));
    }
  }

  @Test
  void observedIsTheStatedMix() {
    double[] out = new double[3];
    SYSTEM.observe(new double[] {9, 6, -12}, 1, 0, 0, out);
    assertArrayEquals(new double[] {(6 - 6) / 6.0, (-1.8 - 24) / 6, (4.2 - 4.8) / 6}, out, 1e-15);
  }
}
