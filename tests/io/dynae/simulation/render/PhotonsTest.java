// SPDX-License-Identifier: MIT
package io.dynae.simulation.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhotonsTest {
  private static double[] counts(double mean, long seed, int frame, int n) {
    double[] counts = new double[n];
    Arrays.fill(counts, mean);
    Photons.draw(seed, frame, counts);
    return counts;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 8, 60, 148, 400})
  void meanAndVarianceAreEqual(double mean) {
    int n = 200_000;
    double[] counts = counts(mean, 3, 4, n);
    double sum = 0;
    double squares = 0;
    for (double count : counts) {
      sum += count;
      squares += (count - mean) * (count - mean);
    }
    assertEquals(mean, sum / n, 4.5 * Math.sqrt(mean / n));
    // The fourth central moment of a Poisson number is mean + 3 mean^2.
    assertEquals(mean, squares / n, 4.5 * Math.sqrt((mean + 2 * mean * mean) / n));
  }

  @Test
  void smallCountsHaveTheirProbabilities() {
    int n = 200_000;
    int[] seen = new int[4];
    for (double count : counts(1, 8, 0, n)) {
      if (count < 4) {
        seen[(int) count]++;
      }
    }
    double[] probability = {1 / Math.E, 1 / Math.E, 0.5 / Math.E, 1 / (6 * Math.E)};
    for (int k = 0; k < 4; k++) {
      double p = probability[k];
      assertEquals(p, (double) seen[k] / n, 4.5 * Math.sqrt(p * (1 - p) / n));
    }
  }

  @Test
  void inversionTurnsAtTheSumOfProbabilities() {
    double none = Math.exp(-2);
    assertEquals(0, Photons.count(2, 0));
    assertEquals(0, Photons.count(2, none - 1e-12));
    assertEquals(1, Photons.count(2, none + 1e-12));
    assertEquals(1, Photons.count(2, 3 * none - 1e-12));
    assertEquals(2, Photons.count(2, 3 * none + 1e-12));
    assertEquals(0, Photons.count(0, 1 - 0x1p-53));
    int tail = Photons.count(148, 1 - 0x1p-53);
    assertEquals(true, tail > 230 && tail < 300, "tail " + tail);
  }

  @Test
  void everyPixelAndFrameHasItsOwnNumber() {
    assertArrayEquals(counts(50, 1, 7, 100), counts(50, 1, 7, 100));
    assertFalse(Arrays.equals(counts(50, 1, 7, 100), counts(50, 1, 8, 100)));
    assertFalse(Arrays.equals(counts(50, 1, 7, 100), counts(50, 2, 7, 100)));
    double[] frame = counts(50, 1, 7, 100_000);
    double product = 0;
    for (int i = 0; i + 1 < frame.length; i++) {
      product += (frame[i] - 50) * (frame[i + 1] - 50) / frame.length;
    }
    assertEquals(0, product, 4.5 * 50 / Math.sqrt(frame.length));
  }
}
