// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.dynae.random.Normals;
import io.dynae.random.Stream;
import org.junit.jupiter.api.Test;

class PhiloxNoiseTest {
  @Test
  void lengthsOfTheDrawsDoNotMatter() {
    double[] whole = new double[60];
    new PhiloxNoise(9).fill(whole);
    double[] pieces = new double[60];
    PhiloxNoise noise = new PhiloxNoise(9);
    int at = 0;
    for (int n : new int[] {1, 2, 3, 4, 0, 5, 6, 7, 8, 9, 10, 3, 2}) {
      double[] piece = new double[n];
      noise.fill(piece);
      System.arraycopy(piece, 0, pieces, at, n);
      at += n;
    }
    assertArrayEquals(whole, pieces);
  }

  @Test
  void numbersAreThoseOfTheSimulationStream() {
    double[] noise = new double[8];
    new PhiloxNoise(-5).fill(noise);
    double[] expected = new double[8];
    new Normals().four(-5, 0, 0, Stream.SIMULATION, expected, 0);
    new Normals().four(-5, 1, 0, Stream.SIMULATION, expected, 4);
    assertArrayEquals(expected, noise);
  }
}
