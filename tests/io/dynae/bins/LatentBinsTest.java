// SPDX-License-Identifier: MIT
package io.dynae.bins;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.check.CutPoints;
import io.dynae.compute.Backend;
import io.dynae.random.Permutation;
import io.dynae.random.Stream;
import io.dynae.testing.Backends;
import io.dynae.testing.Golden;
import java.io.File;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlca.npy.Npz;

/** Clustering and assignment on every backend: exactly those of the sequential rule. */
class LatentBinsTest {
  @ParameterizedTest
  @EnumSource(Backends.class)
  void agreeWithTheReferences(Backends name) {
    Golden golden = new Golden("regspace_clustering");
    try (Backend backend = name.open()) {
      for (String set : new String[] {"a", "b"}) {
        float[] z = golden.floats(set + "/z");
        int dims = golden.shape(set + "/z")[1];
        int[] order = ints(set + "/permutation");
        try (CutPoints bins = new CutPoints(backend, dims, order.length, 200)) {
          CutPoints.Result cut = bins.cut(z, order, golden.scalar(set + "/min_dist"));
          assertArrayEquals(golden.floats(set + "/centers"), cut.centers());
          assertArrayEquals(ints(set + "/labels"), cut.labels());
        }
      }
    }
  }

  private static int[] ints(String name) {
    long[] values =
        Npz.read(new File("tests/golden/regspace_clustering.npz"), name + ".npy")
            .asLongArray()
            .data();
    int[] out = new int[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.toIntExact(values[i]);
    }
    return out;
  }

  @ParameterizedTest
  @EnumSource(Backends.class)
  void equalTheSequentialRuleAtEverySize(Backends name) {
    Random random = new Random(3);
    try (Backend backend = name.open();
        CutPoints bins = new CutPoints(backend, 3, 5000, 150)) {
      for (int n : new int[] {1, 2, 15, 16, 17, 1023, 1024, 1025, 4999}) {
        float[] z = new float[3 * n];
        for (int i = 0; i < z.length; i++) {
          z[i] = (float) random.nextGaussian() * 3;
        }
        int[] order = order(n);
        RegularSpace expected = RegularSpace.cluster(z, 3, order, 3f, 150);
        CutPoints.Result cut = bins.cut(z, order, 3);
        assertEquals(expected.count(), cut.count());
        assertArrayEquals(expected.centers(), cut.centers());
        int[] labels = expected.nearest(z);
        assertArrayEquals(labels, cut.labels());
        int[] sizes = new int[expected.count()];
        float largest = 0;
        for (int i = 0; i < n; i++) {
          sizes[labels[i]]++;
        }
        for (float value : z) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(sizes, cut.sizes());
        assertEquals(largest, cut.largest());
      }
    }
  }

  private static int[] order(int n) {
    int[] order = new int[n];
    new Permutation(n, Stream.CLUSTERING_ORDER, 0, 0, 0, n).fill(0, n, order);
    return order;
  }

  @ParameterizedTest
  @EnumSource(Backends.class)
  void tooManyCentresAreOneMoreThanAllowed(Backends name) {
    float[] z = new float[300];
    for (int i = 0; i < z.length; i++) {
      z[i] = i;
    }
    try (Backend backend = name.open();
        CutPoints bins = new CutPoints(backend, 1, 300, 200)) {
      assertEquals(201, bins.cut(z, order(300), 0.5).count());
      assertEquals(300 / 2, bins.cut(z, order(300), 1.5).count(), 40);
    }
  }

  @ParameterizedTest
  @EnumSource(Backends.class)
  void whatIsNotFiniteShowsInTheLargest(Backends name) {
    float[] z = new float[2000];
    try (Backend backend = name.open();
        CutPoints bins = new CutPoints(backend, 2, 1000, 10)) {
      z[1501] = -3e38f;
      assertEquals(3e38f, bins.cut(z, order(1000), 1).largest());
      z[700] = Float.NEGATIVE_INFINITY;
      assertEquals(Float.POSITIVE_INFINITY, bins.cut(z, order(1000), 1).largest());
      z[3] = Float.NaN;
      assertEquals(Float.NaN, bins.cut(z, order(1000), 1).largest());
    }
  }
}
