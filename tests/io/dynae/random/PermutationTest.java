// SPDX-License-Identifier: MIT
package io.dynae.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Orders without a list: each number once, all orders equally likely. Limits of the chi-square
 * tests are five standard deviations of the statistic at fixed seeds.
 */
class PermutationTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 97, 101, 255, 256, 257, 511, 1023, 1024, 1025,
        4095, 4097, 65_535, 65_536, 65_537, 99_991, 160_000
      })
  void everyNumberComesOnce(int n) {
    for (int step = 0; step < 3; step++) {
      Permutation order = new Permutation(7, Stream.RESAMPLING, step, 1, 2, n);
      boolean[] seen = new boolean[n];
      int[] all = new int[n];
      order.fill(0, n, all);
      for (int value : all) {
        assertTrue(value >= 0 && value < n && !seen[value], n + ": " + value);
        seen[value] = true;
      }
    }
  }

  @Test
  void anyPartIsThatOfTheWhole() {
    int n = 1000;
    Permutation order = new Permutation(3, Stream.CLUSTERING_ORDER, 4, 0, 0, n);
    int[] all = new int[n];
    order.fill(0, n, all);
    int[] part = new int[300];
    order.fill(650, 300, part);
    assertArrayEquals(Arrays.copyOfRange(all, 650, 950), part);
    assertArrayEquals(all, IntStream.range(0, n).map(order::at).toArray());
  }

  /** From the definition in unbounded integers, by another program. */
  @Test
  void knownAnswers() {
    int[] ten = new int[10];
    new Permutation(5, Stream.RESAMPLING, 2, 3, 1, 10).fill(0, 10, ten);
    assertArrayEquals(new int[] {1, 6, 9, 7, 5, 8, 0, 2, 3, 4}, ten);
    Permutation even =
        new Permutation(0x123456789abcdefL, Stream.CLUSTERING_ORDER, 7, 0, 0, 160_000);
    assertAt(even, new int[] {0, 1, 2, 159_999}, 127_747, 79_461, 144_128, 67_923);
    Permutation prime = new Permutation(-1, Stream.BATCH_ORDER, 1, 0, 0, 1_000_003);
    assertAt(prime, new int[] {0, 1, 1_000_002}, 637_750, 632_827, 835_584);
    Permutation most = new Permutation(1, Stream.CLUSTERING_ORDER, 0, 0, 0, Permutation.MOST);
    int last = Permutation.MOST - 1;
    assertAt(most, new int[] {0, 1, last}, 913_971_628, 396_433_673, 398_718_079);
    Permutation rounds = new Permutation(9, Stream.RESAMPLING, 1, 2, 0, 1025);
    assertAt(rounds, new int[] {0, 512, 1024}, 913, 336, 855);
  }

  private static void assertAt(Permutation order, int[] entries, int... expected) {
    assertArrayEquals(expected, Arrays.stream(entries).map(order::at).toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6})
  void allOrdersAreEquallyLikely(int n) {
    int orders = IntStream.rangeClosed(1, n).reduce(1, (a, b) -> a * b);
    int[] seen = new int[orders];
    int draws = 1000 * orders;
    for (int step = 0; step < draws; step++) {
      seen[rank(new Permutation(11, Stream.RESAMPLING, step, 0, 0, n), n)]++;
    }
    assertUniform(seen, draws);
  }

  /** Position of an order among all, by its Lehmer code. */
  private static int rank(Permutation order, int n) {
    int rank = 0;
    for (int i = 0; i < n; i++) {
      int smaller = 0;
      for (int j = i + 1; j < n; j++) {
        smaller += order.at(j) < order.at(i) ? 1 : 0;
      }
      rank = rank * (n - i) + smaller;
    }
    return rank;
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 16, 17, 60, 101, 257})
  void pairsOfPlacesTakeAllPairsOfNumbers(int n) {
    int draws = 200_000;
    int[] firstTwo = new int[n * (n - 1)];
    int[] ends = new int[n * (n - 1)];
    int[] apart = new int[n - 1];
    for (int step = 0; step < draws; step++) {
      Permutation order = new Permutation(2, Stream.RESAMPLING, step, 1, 0, n);
      int a = order.at(0);
      int b = order.at(1);
      int c = order.at(n - 1);
      firstTwo[pair(a, b, n)]++;
      ends[pair(a, c, n)]++;
      apart[(b - a + n) % n - 1]++;
    }
    assertUniform(firstTwo, draws);
    assertUniform(ends, draws);
    assertUniform(apart, draws);
  }

  private static int pair(int a, int b, int n) {
    return a * (n - 1) + (b > a ? b - 1 : b);
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 160_000, 1_000_000})
  void neighboursInALongOrderAreIndependent(int n) {
    int parts = 32;
    int[] seen = new int[parts * parts];
    int[] values = new int[n];
    int draws = 0;
    for (int step = 0; draws < 1_000_000; step++) {
      new Permutation(9, Stream.CLUSTERING_ORDER, step, 0, 0, n).fill(0, n, values);
      for (int i = 1; i < n; i++) {
        seen[
            (int) ((long) values[i - 1] * parts / n) * parts
                + (int) ((long) values[i] * parts / n)]++;
        draws++;
      }
    }
    double expected = draws / (double) seen.length;
    double chi =
        Arrays.stream(seen).mapToDouble(k -> (k - expected) * (k - expected) / expected).sum();
    int free = seen.length - 1;
    // A permutation visits each part equally often, which lowers the statistic a little.
    assertTrue(chi < free + 5 * Math.sqrt(2.0 * free), n + ": " + chi);
    assertTrue(chi > free - 12 * Math.sqrt(2.0 * free), n + ": " + chi);
  }

  private static void assertUniform(int[] seen, int draws) {
    double expected = draws / (double) seen.length;
    double chi =
        Arrays.stream(seen).mapToDouble(k -> (k - expected) * (k - expected) / expected).sum();
    int free = seen.length - 1;
    assertEquals(free, chi, 5 * Math.sqrt(2.0 * free) + 5);
  }

  @Test
  void seedStreamStepItemAndRepeatDecide() {
    int[] base = first(5, Stream.RESAMPLING, 1, 2, 3);
    assertArrayEquals(base, first(5, Stream.RESAMPLING, 1, 2, 3));
    for (int[] other :
        new int[][] {
          first(6, Stream.RESAMPLING, 1, 2, 3),
          first(5L + (1L << 40), Stream.RESAMPLING, 1, 2, 3),
          first(5, Stream.BATCH_ORDER, 1, 2, 3),
          first(5, Stream.RESAMPLING, 2, 2, 3),
          first(5, Stream.RESAMPLING, 1, 3, 3),
          first(5, Stream.RESAMPLING, 1, 2, 4)
        }) {
      assertTrue(!Arrays.equals(base, other));
    }
  }

  private static int[] first(long seed, Stream stream, int step, int item, int repeat) {
    int[] values = new int[20];
    new Permutation(seed, stream, step, item, repeat, 1000).fill(0, 20, values);
    return values;
  }

  @Test
  void countsOutsideTheRangeAreRefused() {
    for (int n : new int[] {0, -1, Permutation.MOST + 1}) {
      assertThrows(
          IllegalArgumentException.class, () -> new Permutation(0, Stream.RESAMPLING, 0, 0, 0, n));
    }
  }
}
