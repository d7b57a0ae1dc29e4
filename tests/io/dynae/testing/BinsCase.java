// SPDX-License-Identifier: MIT
package io.dynae.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.check.CutPoints;
import io.dynae.compute.Backend;
import io.dynae.compute.java.JavaBackend;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random points, some repeated and some not finite, cut into bins on a backend and in plain Java.
 */
public record BinsCase(int dims, int points, double minDistance) {
  private static final int MOST = 200;

  /** Fails unless {@code backend} chooses plain Java's centres and labels, bit by bit. */
  public void check(Backend backend) {
    CutPoints.Result actual = cut(backend);
    try (Backend java = new JavaBackend(1)) {
      CutPoints.Result expected = cut(java);
      assertTrue(expected.count() > 3, "too few bins to compare");
      assertEquals(expected.count(), actual.count());
      assertArrayEquals(expected.centers(), actual.centers());
      assertArrayEquals(expected.labels(), actual.labels());
      assertTrue(Float.isNaN(actual.largest()), "largest |z| " + actual.largest());
    }
  }

  private CutPoints.Result cut(Backend backend) {
    Random random = new Random(points);
    float[] z = new float[points * dims];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) random.nextGaussian();
    }
    System.arraycopy(z, 0, z, points / 2 * dims, dims);
    z[points / 3 * dims] = Float.NaN;
    z[points / 4 * dims] = Float.POSITIVE_INFINITY;
    int[] order = IntStream.range(0, points).map(i -> (i * 7 + 3) % points).toArray();
    try (CutPoints plan = new CutPoints(backend, dims, points, MOST)) {
      return plan.cut(z, order, minDistance);
    }
  }
}
