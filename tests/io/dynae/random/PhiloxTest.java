// SPDX-License-Identifier: MIT
package io.dynae.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The generator against the published vectors of Random123, its normals against their moments. */
class PhiloxTest {
  @Test
  void knownAnswers() {
    int[] out = new int[4];
    Philox.words(0, 0, 0, 0, 0, out);
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, out);
    Philox.words(-1L, -1, -1, -1, -1, out);
    assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, out);
    Philox.words(0x299f31d0a4093822L, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, out);
    assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}, out);
  }

  @Test
  void normalsHaveTheirMoments() {
    int n = 400_000;
    double[] values = new double[n];
    Normals normals = new Normals();
    for (int i = 0; i < n; i += 4) {
      normals.four(11, i, 0, Stream.SIMULATION, values, i);
    }
    double[] moments = new double[5];
    for (double v : values) {
      for (int k = 1; k <= 4; k++) {
        moments[k] += Math.pow(v, k) / n;
      }
    }
    // Five standard errors of each sample moment.
    double unit = 5 / Math.sqrt(n);
    assertEquals(0, moments[1], unit);
    assertEquals(1, moments[2], unit * Math.sqrt(2));
    assertEquals(0, moments[3], unit * Math.sqrt(15));
    assertEquals(3, moments[4], unit * Math.sqrt(96));
  }

  @Test
  void shufflesArePermutationsAndDependOnTheirStep() {
    int[] first = shuffled(0);
    int[] again = shuffled(0);
    int[] other = shuffled(1);
    assertArrayEquals(first, again);
    assertEquals(false, Arrays.equals(first, other));
    int[] sorted = first.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      assertEquals(i, sorted[i]);
    }
  }

  private static int[] shuffled(int step) {
    int[] values = IntStream.range(0, 1000).toArray();
    new Shuffle(5, Stream.SPLIT, step).shuffle(values, 0, 1000);
    return values;
  }
}
