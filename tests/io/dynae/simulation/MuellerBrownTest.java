// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MuellerBrownTest {
  private static final MuellerBrown SYSTEM = new MuellerBrown();

  /** Textbook energies, and the places to two digits that they are given at. */
  @ParameterizedTest
  @CsvSource({
    "-0.558, 1.442, -146.70",
    "0.623, 0.028, -108.17",
    "-0.050, 0.467, -80.77",
    "-0.822, 0.624, -40.66",
    "0.212, 0.293, -72.25"
  })
  void stationaryPointsHaveTheEnergiesOfTheTextbook(double x, double y, double energy) {
    double[] z = {x, y};
    double[] force = new double[2];
    double[] beside = new double[2];
    // Newton's method, the curvature by central differences of the force.
    for (int i = 0; i < 20; i++) {
      double h = 1e-5;
      double[][] curvature = new double[2][2];
      for (int k = 0; k < 2; k++) {
        double[] moved = z.clone();
        moved[k] += h;
        SYSTEM.force(moved, beside);
        moved[k] -= 2 * h;
        SYSTEM.force(moved, force);
        curvature[0][k] = (force[0] - beside[0]) / (2 * h);
        curvature[1][k] = (force[1] - beside[1]) / (2 * h);
      }
      SYSTEM.force(z, force);
      double determinant = curvature[0][0] * curvature[1][1] - curvature[0][1] * curvature[1][0];
      z[0] += (curvature[1][1] * force[0] - curvature[0][1] * force[1]) / determinant;
      z[1] += (curvature[0][0] * force[1] - curvature[1][0] * force[0]) / determinant;
    }
    assertEquals(0, Math.hypot(force[0], force[1]), 1e-6);
    assertEquals(x, z[0], 0.001);
    assertEquals(y, z[1], 0.001);
    assertEquals(energy, SYSTEM.value(z), 0.01);
  }

  @Test
  void forceIsMinusTheSlopeOfThePotential() {
    double h = 1e-6;
    double[] force = new double[2];
    for (double x = -1.4; x < 1.2; x += 0.31) {
      for (double y = -0.4; y < 2; y += 0.29) {
        SYSTEM.force(new double[] {x, y}, force);
        // Truncation h^2 V''' / 6 and rounding 1e-16 V / h, both below 1e-7 of the largest force.
        double limit = 1e-6 * (1 + Math.hypot(force[0], force[1]));
        assertEquals((SYSTEM.value(x - h, y) - SYSTEM.value(x + h, y)) / (2 * h), force[0], limit);
        assertEquals((SYSTEM.value(x, y - h) - SYSTEM.value(x, y + h)) / (2 * h), force[1], limit);
      }
    }
  }

  @Test
  void statesAreThoseOfBoltzmann() {
    double[] rows = new double[2 * 1_000_000];
    SYSTEM.start(new PhiloxNoise(2)).advance(1_000_000, rows);
    Boltzmann exact =
        new Boltzmann(
            SYSTEM, MuellerBrown.KT, new double[] {-4, -3}, new double[] {3, 4}, 1400, rows);
    // Steps of 1e-5 at a curvature of 3000 widen a well's variance by 1.5%.
    exact.assertMean(z -> z[1] - z[0] > 0.9 ? 1 : 0, 0.01);
    exact.assertMean(z -> z[0] > 0.3 ? 1 : 0, 0.01);
    exact.assertMean(z -> z[0], 0.01);
  }

  @Test
  void observedTurnsAboutThePivot() {
    double[] out = new double[2];
    SYSTEM.observe(new double[] {-0.2, 0.7 + Math.PI / 1.6}, 0, 0, 0, out);
    // 0.8 pi / 1.6 is a quarter turn.
    assertEquals(-Math.PI / 1.6, out[0], 1e-12);
    assertEquals(0, out[1], 1e-12);
  }
}
