// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders of keys against the stable object sort of the Java library. */
class KeySortTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 9, 255, 256, 257, 1000, 65536, 65537})
  void orderIsThatOfAStableSort(int count) {
    SplittableRandom random = new SplittableRandom(count);
    KeySort sort = new KeySort(count);
    float[] keys = new float[count];
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < count; i++) {
        keys[i] = kind.key(random, i, count);
      }
      float[] before = keys.clone();
      int[] order = sort.order(keys);
      assertArrayEquals(expected(before), order, kind + " keys, " + count + " of them");
      assertArrayEquals(before, keys, kind + " keys stay as they are");
    }
  }

  private static int[] expected(float[] keys) {
    // Adding zero makes -0 and +0 equal, as the sort has them.
    Integer[] order = IntStream.range(0, keys.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(i -> keys[i] + 0f));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /** Keys that sorts tend to get wrong. */
  private enum Kind {
    NORMAL,
    SORTED,
    REVERSED,
    EQUAL,
    REPEATED,
    ZEROS,
    DENORMAL,
    HUGE,
    INFINITE,
    OUTLIER,
    ALL_MAGNITUDES,
    CLOSE;

    float key(SplittableRandom random, int i, int count) {
      float normal = (float) random.nextGaussian();
      return switch (this) {
        case NORMAL -> normal;
        case SORTED -> i * 0.37f - 3;
        case REVERSED -> (count - i) * 0.37f - 3;
        case EQUAL -> 1.5f;
        case REPEATED -> random.nextInt(5) - 2;
        case ZEROS ->
            switch (random.nextInt(4)) {
              case 0 -> -0f;
              case 1 -> 0f;
              default -> normal;
            };
        case DENORMAL -> Float.MIN_VALUE * random.nextInt(-1000, 1000);
        case HUGE ->
            (random.nextBoolean() ? 1 : -1) * Float.MAX_VALUE * (float) random.nextDouble();
        case INFINITE ->
            random.nextInt(3) == 0 ? Math.copySign(Float.POSITIVE_INFINITY, normal) : normal;
        case OUTLIER -> i == count / 2 ? 1e9f : normal;
        case ALL_MAGNITUDES -> Math.copySign((float) Math.exp(random.nextDouble(-80, 80)), normal);
        case CLOSE -> Math.scalb(1f, 20) + random.nextInt(64) * 0.125f;
      };
    }
  }
}
