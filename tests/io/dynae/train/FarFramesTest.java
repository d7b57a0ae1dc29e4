// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FarFramesTest {
  @ParameterizedTest
  @CsvSource({"1,0.02", "2,0.3", "3,0.7"})
  void areThoseOfTheDefinition(int dims, double distance) {
    Random random = new Random(dims);
    int frames = 3000;
    float[] z = new float[frames * dims];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) random.nextGaussian();
    }
    int[] train = IntStream.range(0, 1500).toArray();
    int[] test = IntStream.range(1600, 2990).toArray();
    FarFrames far = FarFrames.of(z, dims, train, test, 10, distance);
    assertEquals(test.length, far.looked());
    int[] expected =
        Arrays.stream(test)
            .filter(
                t -> IntStream.range(0, 1510).noneMatch(f -> distance(z, dims, t, f) <= distance))
            .toArray();
    assertTrue(expected.length > 3 && expected.length < test.length, "too easy");
    assertArrayEquals(expected, far.frames());
  }

  private static double distance(float[] z, int dims, int a, int b) {
    double square = 0;
    for (int d = 0; d < dims; d++) {
      square += Math.pow((double) z[a * dims + d] - z[b * dims + d], 2);
    }
    return Math.sqrt(square);
  }
}
