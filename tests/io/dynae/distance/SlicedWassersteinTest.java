// SPDX-License-Identifier: MIT
package io.dynae.distance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.Backend;
import io.dynae.testing.ArrayCheck;
import io.dynae.testing.Backends;
import io.dynae.testing.Golden;
import io.dynae.testing.HardInputs;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sliced Wasserstein against references, closed forms and a brute-force sort. */
class SlicedWassersteinTest {
  @ParameterizedTest
  @EnumSource(
      value = Backends.class,
      names = {"JAVA", "OPENCL", "CUDA"})
  void agreesWithTheReferences(Backends name) {
    Golden golden = new Golden("sliced_wasserstein");
    try (Backend backend = name.open()) {
      for (String set : new String[] {"a", "b", "c"}) {
        int[] shape = golden.shape(set + "/encoded");
        float[] directions = golden.floats(set + "/projections");
        int projections = golden.shape(set + "/projections")[0];
        try (SlicedWasserstein distance =
            new SlicedWasserstein(backend, 2, shape[0], shape[1], projections, false)) {
          // Pair 1 is pair 0 with its sets exchanged: the distance is symmetric.
          distance.sets(0, golden.floats(set + "/encoded"), golden.floats(set + "/prior"));
          distance.sets(1, golden.floats(set + "/prior"), golden.floats(set + "/encoded"));
          distance.directions(directions);
          distance.run(0);
          double expected = golden.scalar(set + "/value");
          assertEquals(expected, distance.squaredDistance(0), 1e-5 * expected, set);
          assertEquals(expected, distance.squaredDistance(1), 1e-5 * expected, set);
          float[] gradient = golden.floats(set + "/grad_encoded");
          // Keys closer than the rounding of their projection may swap ranks, and with them terms.
          double swap = 5e-4 * ArrayCheck.largest(gradient);
          ArrayCheck.close(set, distance.gradient(0), gradient, 1e-4, swap);
        }
      }
    }
  }

  /** A shift by s costs (theta . s)^2 on every projection: |s|^2 / d on average. */
  @ParameterizedTest
  @EnumSource(
      value = Backends.class,
      names = {"JAVA", "OPENCL", "CUDA"})
  void aShiftCostsItsSquareOverTheDimension(Backends name) {
    int n = 100;
    int d = 3;
    int projections = 4000;
    Random random = new Random(1);
    float[] first = new float[n * d];
    float[] second = new float[n * d];
    for (int i = 0; i < first.length; i++) {
      first[i] = (float) random.nextGaussian();
      second[i] = first[i] + 2f;
    }
    try (Backend backend = name.open();
        SlicedWasserstein distance = new SlicedWasserstein(backend, 1, n, d, projections, true)) {
      distance.sets(0, first, second);
      distance.run(42);
      // (theta . s)^2 has mean 4 and variance 64 / 5 over the sphere for s = (2, 2, 2).
      double limit = 5 * Math.sqrt(64.0 / 5 / projections);
      assertEquals(4, distance.squaredDistance(0), limit);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backends.class,
      names = {"JAVA", "OPENCL", "CUDA"})
  void hardValuesAndSizesAgreeWithABruteForceSort(Backends name) {
    try (Backend backend = name.open()) {
      for (int n : new int[] {1, 2, 15, 16, 17, 97, 1024, 1500}) {
        Map<String, float[]> sets = HardInputs.sets(n);
        String[] names = sets.keySet().toArray(new String[0]);
        try (SlicedWasserstein distance =
            new SlicedWasserstein(backend, names.length, n, 1, 1, false)) {
          float[] second = HardInputs.sets(n + 1).get("random");
          float[] r = Arrays.copyOf(second, n);
          for (int k = 0; k < names.length; k++) {
            distance.sets(k, sets.get(names[k]), r);
          }
          distance.directions(new float[] {1});
          distance.run(0);
          for (int k = 0; k < names.length; k++) {
            check(names[k] + " " + n, sets.get(names[k]), r, distance, k);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backends.class,
      names = {"JAVA", "OPENCL", "CUDA"})
  void sortsMoreKeysThanWorkGroupMemoryHolds(Backends name) {
    int n = 65536;
    Map<String, float[]> sets = HardInputs.sets(n);
    try (Backend backend = name.open();
        SlicedWasserstein distance = new SlicedWasserstein(backend, 1, n, 1, 2, false)) {
      float[] r = sets.get("descending").clone();
      for (int i = 0; i < n; i++) {
        r[i] = r[i] * 1.5f + 0.25f;
      }
      distance.sets(0, sets.get("random"), r);
      distance.directions(new float[] {1, -1});
      distance.run(0);
      check("large", sets.get("random"), r, distance, 0);
    }
  }

  /** Ties may be matched either way, so gradients are compared by their sum over equal keys. */
  private static void check(String what, float[] q, float[] r, SlicedWasserstein distance, int k) {
    int n = q.length;
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(q[a] + 0.0, q[b] + 0.0));
    float[] sorted = r.clone();
    Arrays.sort(sorted);
    double sum = 0;
    Map<Float, Double> expected = new HashMap<>();
    Map<Float, Double> found = new HashMap<>();
    float[] gradient = distance.gradient(k);
    double largest = 0;
    for (int i = 0; i < n; i++) {
      double gap = (double) q[order[i]] - sorted[i];
      sum += gap * gap / n;
      largest = Math.max(largest, Math.abs(2 * gap / n));
      expected.merge(q[order[i]] + 0f, 2 * gap / n, Double::sum);
      found.merge(q[i] + 0f, (double) gradient[i], Double::sum);
    }
    assertEquals(sum, distance.squaredDistance(k), 1e-5 * sum + 1e-30, what);
    for (Map.Entry<Float, Double> e : expected.entrySet()) {
      double limit = 1e-5 * (Math.abs(e.getValue()) + largest);
      assertEquals(e.getValue(), found.get(e.getKey()), limit, what + " key " + e.getKey());
    }
    assertTrue(found.size() == expected.size(), what);
  }
}
