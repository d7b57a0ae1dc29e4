// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnaTest {
  private static final int SIDE = 64;

  /** Moments of a Gaussian spot, with the stated covariance s^2 exp(E) by hand. */
  @ParameterizedTest
  @CsvSource({"0, 0, 0, 0", "3, -4, 0, 0", "-2.7, 1.3, 2, 0", "5.1, 2, 0, -3", "1, 1, 2.5, 4"})
  void theMoleculeIsAGaussianOfItsCovariance(double z1, double z2, double z3, double z4) {
    double[] mean = new double[SIDE * SIDE];
    new Dna(SIDE).expose(new double[] {z1, z2, z3, z4}, 0, mean);
    double total = 0;
    double x = 0;
    double y = 0;
    for (int i = 0; i < mean.length; i++) {
      double light = mean[i] - Dna.BACKGROUND;
      total += light;
      x += light * (i % SIDE + 0.5);
      y += light * (Math.floorDiv(i, SIDE) + 0.5);
    }
    x /= total;
    y /= total;
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < mean.length; i++) {
      double light = (mean[i] - Dna.BACKGROUND) / total;
      xx += light * (i % SIDE + 0.5 - x) * (i % SIDE + 0.5 - x);
      xy += light * (i % SIDE + 0.5 - x) * (Math.floorDiv(i, SIDE) + 0.5 - y);
    }
    double s = 0.07 * SIDE;
    assertEquals(2 * Math.PI * s * s * Dna.PEAK, total, 1e-3 * total);
    assertEquals(SIDE * (0.5 + 0.26 * z1 / 14), x, 0.01);
    assertEquals(SIDE * (0.5 + 0.26 * z2 / 14), y, 0.01);
    // exp of (a, b; b, -a) by its eigenvectors: angle psi / 2 and e^+-r.
    double r = 0.12 * Math.hypot(z3, z4);
    double psi = Math.atan2(z4, z3);
    double c = Math.cos(psi / 2);
    double q = Math.sin(psi / 2);
    assertEquals(s * s * (c * c * Math.exp(r) + q * q * Math.exp(-r)), xx, 0.02 * s * s);
    assertEquals(s * s * c * q * (Math.exp(r) - Math.exp(-r)), xy, 0.02 * s * s);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "17"})
  void bytesAreCountsOfPhotons(int frame) {
    double[] state = {2, 3, 1, -1};
    double[] mean = new double[SIDE * SIDE];
    double[] seen = new double[SIDE * SIDE];
    Dna system = new Dna(SIDE);
    system.expose(state, 0, mean);
    system.observe(state, 0, 5, frame, seen);
    double chi = 0;
    for (int i = 0; i < seen.length; i++) {
      double count = 255 * seen[i];
      assertEquals(Math.rint(count), count, 1e-9);
      assertTrue(count <= 255);
      chi += (count - mean[i]) * (count - mean[i]) / mean[i];
    }
    // Each term has mean 1 and variance 2 + 1 / mean.
    assertEquals(1, chi / seen.length, 4.5 * Math.sqrt(2.125 / seen.length));
  }
}
