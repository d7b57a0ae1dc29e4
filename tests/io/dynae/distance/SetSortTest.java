// SPDX-License-Identifier: MIT
package io.dynae.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.Backend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.error.InputException;
import io.dynae.testing.Backends;
import io.dynae.testing.DoubleWasserstein;
import io.dynae.testing.LittleMemory;
import io.dynae.testing.WassersteinCase;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way to sort, with and without gradients, against double precision. */
class SetSortTest {
  private static final SetSort[] PORTABLE = {SetSort.COLUMNS, SetSort.RADIX};

  @Test
  void plainJavaAgreesWithDoublePrecisionAtAllSizes() {
    try (Backend java = Backends.JAVA.open()) {
      for (int n : new int[] {1, 2, 255, 256, 257, 1023, 1024, 1025, 4096, 4097, 7919}) {
        for (SetSort sort : PORTABLE) {
          new WassersteinCase(2, n, 3, 5).check(java, sort);
        }
      }
    }
  }

  private static SetSort[] ways(Backends name) {
    return name == Backends.CUDA ? new SetSort[] {SetSort.REGISTERS, SetSort.RADIX} : PORTABLE;
  }

  @Test
  void cudaAgreesWithDoublePrecisionAtAllSizes() {
    try (Backend cuda = Backends.CUDA.open()) {
      for (int n : new int[] {1, 2, 255, 256, 257, 1023, 1024, 1025, 4097, 16_384}) {
        new WassersteinCase(3, n, 2, 19).check(cuda, SetSort.REGISTERS);
      }
      for (int n : new int[] {1, 257, 7919, 65_537}) {
        new WassersteinCase(2, n, 3, 5).check(cuda, SetSort.RADIX);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "COLUMNS, 2", "COLUMNS, 1024", "COLUMNS, 4097",
    "RADIX, 1", "RADIX, 257", "RADIX, 7919"
  })
  void openClAgreesWithDoublePrecision(SetSort sort, int samples) {
    try (Backend opencl = Backends.OPENCL.open()) {
      new WassersteinCase(3, samples, 2, 19).check(opencl, sort);
    }
  }

  /** More than one tile a segment, and one key in the last of them. */
  @ParameterizedTest
  @EnumSource(
      value = Backends.class,
      names = {"JAVA", "OPENCL", "CUDA"})
  void tilesOfTheRadixSortMeet(Backends name) {
    try (Backend backend = name.open()) {
      new WassersteinCase(1, 65_537, 3, 2).check(backend, SetSort.RADIX);
    }
  }

  /** Nine latent dimensions take two rounds of the gradient's eight sums. */
  @ParameterizedTest
  @EnumSource(
      value = Backends.class,
      names = {"JAVA", "OPENCL", "CUDA"})
  void manyDimensionsAgree(Backends name) {
    try (Backend backend = name.open()) {
      new WassersteinCase(2, 60, 9, 33).check(backend, null);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backends.class,
      names = {"JAVA", "OPENCL", "CUDA"})
  void gradientsAreTheSlopeOfTheDistance(Backends name) {
    WassersteinCase sizes = new WassersteinCase(1, 41, 3, 7);
    DoubleWasserstein truth = new DoubleWasserstein(3, sizes.directions());
    double[] q = WassersteinCase.doubles(sizes.set(0, 0));
    double[] r = WassersteinCase.doubles(sizes.set(0, 1));
    double step = 1e-7;
    try (Backend backend = name.open()) {
      for (SetSort sort : ways(name)) {
        try (SlicedWasserstein distance = sizes.prepare(backend, true, sort)) {
          distance.run(0);
          float[] gradient = distance.gradient(0);
          for (int i = 0; i < q.length; i++) {
            double[] up = q.clone();
            double[] down = q.clone();
            up[i] += step;
            down[i] -= step;
            double slope = (truth.distance(up, r) - truth.distance(down, r)) / (2 * step);
            assertEquals(slope, gradient[i], 1e-5, sort + " " + i);
          }
        }
      }
    }
  }

  /** A set's results have the same bits alone, among others, and in many steps of few pairs. */
  @ParameterizedTest
  @EnumSource(
      value = Backends.class,
      names = {"JAVA", "OPENCL", "CUDA"})
  void resultsDoNotDependOnWhatElseIsComputed(Backends name) {
    WassersteinCase many = new WassersteinCase(5, 300, 2, 21);
    WassersteinCase one = new WassersteinCase(1, 300, 2, 21);
    try (Backend backend = name.open()) {
      for (SetSort sort : ways(name)) {
        // Room for some 20 pairs of either way: the steps of an evaluation cut through sets.
        Backend little = LittleMemory.of(backend, 4L * 60_000);
        try (SlicedWasserstein together = many.prepare(backend, true, sort);
            SlicedWasserstein parts = many.prepare(little, true, sort);
            SlicedWasserstein alone = one.prepare(backend, true, sort)) {
          together.run(0);
          parts.run(0);
          alone.run(0);
          // A second evaluation starts from zero again.
          parts.run(0, 0, 2);
          for (int k = 0; k < 5; k++) {
            assertEquals(together.squaredDistance(k), parts.squaredDistance(k), sort.name());
            assertArrayEquals(together.gradient(k), parts.gradient(k), sort.name());
          }
          assertEquals(together.squaredDistance(0), alone.squaredDistance(0), sort.name());
          assertArrayEquals(together.gradient(0), alone.gradient(0), sort.name());
        }
      }
    }
  }

  /** What is not a number, wherever it stands, makes its own distance none and harms no other. */
  @ParameterizedTest
  @EnumSource(
      value = Backends.class,
      names = {"JAVA", "OPENCL", "CUDA"})
  void notANumberStaysSo(Backends name) {
    float[] values = {
      Float.NaN, Float.intBitsToFloat(0xffc00000), Float.intBitsToFloat(0x7fffffff)
    };
    WassersteinCase sizes = new WassersteinCase(6, 50, 1, 2);
    try (Backend backend = name.open()) {
      for (SetSort sort : ways(name)) {
        for (boolean gradient : new boolean[] {true, false}) {
          try (SlicedWasserstein distance = sizes.prepare(backend, gradient, sort)) {
            for (int i = 0; i < values.length; i++) {
              float[] q = sizes.set(i, 0);
              q[17 * i] = values[i];
              distance.sets(i, q, sizes.set(i, 1));
            }
            float[] r = sizes.set(3, 1);
            Arrays.fill(r, Float.NaN);
            distance.sets(3, sizes.set(3, 0), r);
            float[] infinite = sizes.set(4, 0);
            infinite[49] = Float.POSITIVE_INFINITY;
            distance.sets(4, infinite, sizes.set(4, 1));
            distance.run(0);
            for (int k = 0; k < 4; k++) {
              assertTrue(Float.isNaN(distance.squaredDistance(k)), sort + " " + k);
            }
            assertTrue(!Float.isFinite(distance.squaredDistance(4)), sort + " infinity");
            assertTrue(Float.isFinite(distance.squaredDistance(5)), sort + " beside");
          }
        }
      }
    }
  }

  @Test
  void whatDoesNotFitSaysSo() {
    try (Backend java = new JavaBackend(1)) {
      Backend little = LittleMemory.of(java, 4000);
      InputException e =
          assertThrows(
              InputException.class, () -> new SlicedWasserstein(little, 2, 1000, 2, 8, true));
      assertTrue(
          e.getMessage().startsWith("sliced Wasserstein: floats needed <= floats that java holds"),
          e.getMessage());
    }
  }

  @Test
  void threadsDoNotChangeTheResult() {
    WassersteinCase sizes = new WassersteinCase(2, 500, 3, 9);
    try (Backend one = new JavaBackend(1);
        Backend four = new JavaBackend(4)) {
      for (SetSort sort : PORTABLE) {
        try (SlicedWasserstein a = sizes.prepare(one, true, sort);
            SlicedWasserstein b = sizes.prepare(four, true, sort)) {
          a.run(0);
          b.run(0);
          assertEquals(a.squaredDistance(1), b.squaredDistance(1));
          assertArrayEquals(a.gradient(1), b.gradient(1));
        }
      }
    }
  }
}
