// SPDX-License-Identifier: MIT
package io.dynae.check;

import io.dynae.compute.Backend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Regular-space clustering and assignment, exactly as the sequential rule has them: in visiting
 * order a point that lies farther than d_min from all centres becomes one; a point belongs to its
 * nearest centre, the first of equals.
 */
final class BinsCheck {
  private static final int MOST = 500;

  private BinsCheck() {}

  static void check(Backend backend, int points, int dims, double minDistance) {
    Random random = new Random(points);
    float[] z = new float[points * dims];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) random.nextGaussian();
    }
    // Some twice, as frames of a real trajectory are.
    System.arraycopy(z, 0, z, points / 2 * dims, 5 * dims);
    int[] order = new int[points];
    Arrays.setAll(order, i -> i);
    for (int i = points - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[other];
      order[other] = swap;
    }
    try (CutPoints bins = new CutPoints(backend, dims, points, MOST)) {
      compare(bins.cut(z, order, minDistance), z, order, dims, minDistance);
    }
  }

  private static void compare(
      CutPoints.Result found, float[] z, int[] order, int dims, double minDistance) {
    float limit = (float) (minDistance * minDistance);
    List<Integer> centers = new ArrayList<>();
    for (int point : order) {
      if (centers.stream().allMatch(c -> squared(z, point, z, c, dims) > limit)) {
        centers.add(point);
      }
    }
    equal("bins", found.count(), centers.size());
    float[] expected = new float[centers.size() * dims];
    for (int c = 0; c < centers.size(); c++) {
      System.arraycopy(z, centers.get(c) * dims, expected, c * dims, dims);
    }
    equal("first centre that differs", Arrays.mismatch(found.centers(), expected), -1);
    for (int point = 0; point < order.length; point++) {
      int nearest = 0;
      for (int c = 1; c < centers.size(); c++) {
        if (squared(z, point, expected, c, dims) < squared(z, point, expected, nearest, dims)) {
          nearest = c;
        }
      }
      equal("bin of point " + point, found.labels()[point], nearest);
    }
  }

  /** Fused multiply-adds in the order of the features, as the kernels have them. */
  private static float squared(float[] a, int i, float[] b, int j, int dims) {
    float sum = 0;
    for (int d = 0; d < dims; d++) {
      float difference = a[i * dims + d] - b[j * dims + d];
      sum = Math.fma(difference, difference, sum);
    }
    return sum;
  }

  private static void equal(String what, int actual, int expected) {
    if (actual != expected) {
      throw new MismatchException(
          "%s: as the sequential rule has it does not hold: %d, %d"
              .formatted(what, actual, expected));
    }
  }
}
