// SPDX-License-Identifier: MIT
package io.dynae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.bins.RegularSpace;
import io.dynae.compute.Backend;
import io.dynae.error.InputException;
import io.dynae.random.Shuffle;
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
        try (LatentBins bins = new LatentBins(backend, dims, order.length, 200)) {
          LatentBins.Bins cut = bins.cut(z, order, golden.scalar(set + "/min_dist"));
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
        LatentBins bins = new LatentBins(backend, 3, 5000, 150)) {
      for (int n : new int[] {1, 2, 15, 16, 17, 1023, 1024, 1025, 4999}) {
        float[] z = new float[3 * n];
        for (int i = 0; i < z.length; i++) {
          z[i] = (float) random.nextGaussian() * 3;
        }
        int[] order = new Shuffle(n, Stream.CLUSTERING_ORDER, 0).permutation(n);
        RegularSpace expected = RegularSpace.cluster(z, 3, order, 3f, 150);
        LatentBins.Bins cut = bins.cut(z, order, 3);
        assertEquals(expected.count(), cut.count());
        assertArrayEquals(expected.centers(), cut.centers());
        assertArrayEquals(expected.nearest(z), cut.labels());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Backends.class)
  void tooManyCentresNameTheDistanceToChange(Backends name) {
    float[] z = new float[300];
    for (int i = 0; i < z.length; i++) {
      z[i] = i;
    }
    int[] order = new Shuffle(0, Stream.CLUSTERING_ORDER, 0).permutation(300);
    try (Backend backend = name.open();
        LatentBins bins = new LatentBins(backend, 1, 300, 200)) {
      InputException e = assertThrows(InputException.class, () -> bins.cut(z, order, 0.5));
      assertTrue(e.getMessage().contains("min_dist"), e.getMessage());
      assertTrue(e.getMessage().contains("200"), e.getMessage());
      assertEquals(300 / 2, bins.cut(z, order, 1.5).count(), 40);
    }
  }
}
