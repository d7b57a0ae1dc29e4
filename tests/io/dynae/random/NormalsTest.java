// SPDX-License-Identifier: MIT
package io.dynae.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Box and Muller's normals of every word, undone: the uniforms that they come from. */
class NormalsTest {
  private static final int ALL = 1 << 24;
  private static final int LOW_BITS = 255;

  @Test
  void everyRadiusTellsItsUniform() {
    double[] pair = new double[2];
    for (int word = 0; word < ALL; word++) {
      Normals.pair(word << 8 | LOW_BITS, 12345 << 8, pair, 0);
      double square = pair[0] * pair[0] + pair[1] * pair[1];
      double below = -Math.expm1(-square / 2);
      double expected = (ALL - word - 0.5) / ALL;
      if (!(Math.abs(below - expected) <= 1e-14)) {
        assertEquals(expected, below, 1e-14, "word " + word);
      }
      assertTrue(square > 0);
    }
  }

  @Test
  void everyAngleIsThatOfItsPair() {
    double[] pair = new double[2];
    for (int word = 0; word < ALL; word++) {
      Normals.pair(-1, word << 8 | LOW_BITS, pair, 0);
      double turn = Math.atan2(pair[1], pair[0]) / Math.PI;
      double expected = word * 0x1p-23 - (word > ALL / 2 ? 2 : 0);
      // Half a turn is either way round.
      double apart = Math.abs(turn - expected);
      if (!(Math.min(apart, 2 - apart) <= 1e-14)) {
        assertEquals(expected, turn, 1e-14, "word " + word);
      }
    }
  }
}
