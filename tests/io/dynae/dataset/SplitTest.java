// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {
  private static final LaggedPairs PAIRS =
      new LaggedPairs(new int[] {100, 57, 400}, List.of("a", "b", "c"), 3, 2);

  @Test
  void randomSplitHoldsEveryPairOnce() {
    Split split = Split.random(PAIRS, 0.8, 5, 1);
    assertEquals((int) (0.8 * PAIRS.count()), split.train().length);
    int[] all =
        IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.test())).toArray();
    Arrays.sort(all);
    assertArrayEquals(PAIRS.firsts(), all);
  }

  @Test
  void randomSplitDependsOnTheSeedAlone() {
    assertArrayEquals(
        Split.random(PAIRS, 0.8, 5, 1).train(), Split.random(PAIRS, 0.8, 5, 100).train());
    assertFalse(
        Arrays.equals(
            Split.random(PAIRS, 0.8, 5, 1).train(), Split.random(PAIRS, 0.8, 6, 1).train()));
  }

  @Test
  void randomSplitTestsEverywhere() {
    LaggedPairs pairs = new LaggedPairs(new int[] {100_001}, 1);
    int[] test = Split.random(pairs, 0.8, 1, 1).test();
    for (int tenth = 0; tenth < 10; tenth++) {
      int low = tenth * 10_000;
      long inside = Arrays.stream(test).filter(t -> t >= low && t < low + 10_000).count();
      // Hypergeometric: mean 2000, standard deviation 38; the seed is fixed.
      assertEquals(2000.0, (double) inside, 5.0 * 38);
    }
  }

  @Test
  void blockedSplitByHand() {
    Split split = Split.blocked(new LaggedPairs(new int[] {12, 7}, 2), 0.6, 30, 1);
    // 10 and 5 pairs; tests start at pairs 6 and 3, training ends 2 pairs earlier.
    assertArrayEquals(new int[] {0, 1, 2, 3, 12}, split.train());
    assertArrayEquals(new int[] {6, 7, 8, 9, 15, 16}, split.test());
  }

  @ParameterizedTest
  @CsvSource({"0.8", "0.5", "0.31", "0.99", "0.05"})
  void blockedSplitSharesNoFrame(double fraction) {
    Split split = Split.blocked(PAIRS, fraction, 1, 1);
    BitSet trained = frames(split.train());
    assertFalse(trained.intersects(frames(split.test())));
    int tested = 0;
    for (int n : new int[] {95, 52, 395}) {
      tested += n - (int) (fraction * n);
    }
    assertEquals(tested, split.test().length);
  }

  @Test
  void stretchesByHand() {
    // 41 pairs, two stretches of 20 and 21; a pair is left out before and after each test.
    Split split = Split.blocked(new LaggedPairs(new int[] {42}, 1), 0.8, 2, 1);
    int[] train = IntStream.concat(IntStream.range(0, 15), IntStream.range(21, 35)).toArray();
    int[] test = IntStream.concat(IntStream.range(16, 20), IntStream.range(36, 41)).toArray();
    assertArrayEquals(train, split.train());
    assertArrayEquals(test, split.test());
  }

  /** By the definition, frame by frame, from 1,000 frames to many, and for odd shares. */
  @ParameterizedTest
  @CsvSource({
    "1000,1,0,0.8,30", "1000,7,2,0.8,30", "1000,40,0,0.8,30", "100000,3,5,0.8,30",
    "1000000,1,0,0.9,30", "5000,1,0,0.05,30", "5000,2,0,0.99,1000", "997,1,1,0.5,7"
  })
  void stretchesShareNoFrameAndKeepTheirShares(
      int length, int lag, int prediction, double fraction, int blocks) {
    int gap = lag + prediction;
    LaggedPairs pairs =
        new LaggedPairs(new int[] {length, length / 2}, List.of("a", "b"), lag, prediction);
    Split split = Split.blocked(pairs, fraction, blocks, 1);
    BitSet trained = used(split.train(), gap);
    BitSet tested = used(split.test(), gap);
    assertFalse(trained.intersects(tested));
    int n = pairs.count();
    assertEquals((1 - fraction) * n, split.test().length, 2.0 * blocks + 2);
    BitSet pairsSeen = new BitSet();
    IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.test()))
        .forEach(
            t -> {
              assertFalse(pairsSeen.get(t), "twice: " + t);
              pairsSeen.set(t);
            });
    int leftOut = n - split.train().length - split.test().length;
    assertTrue(leftOut >= 0 && leftOut <= 0.1 * n + 2, leftOut + " left out");
    int wanted = Math.min(blocks, Math.max(1, (length - gap) / (20 * gap)));
    if (fraction == 0.8) {
      assertEquals(wanted, runs(split.test(), length));
    }
  }

  /** No pair is lost to gaps where whole trajectories can be held out. */
  @Test
  void manyShortTrajectoriesAreHeldOutWhole() {
    int[] lengths = new int[300];
    Arrays.fill(lengths, 8);
    LaggedPairs pairs = new LaggedPairs(lengths, 3);
    Split split = Split.blocked(pairs, 0.8, 30, 1);
    assertEquals(1500, split.train().length + split.test().length);
    assertEquals(300, split.test().length);
    int[] trained = Arrays.stream(split.train()).map(t -> t / 8).distinct().toArray();
    int[] tested = Arrays.stream(split.test()).map(t -> t / 8).distinct().toArray();
    assertEquals(240, trained.length);
    assertEquals(60, tested.length);
    assertEquals(
        300, IntStream.concat(Arrays.stream(trained), Arrays.stream(tested)).distinct().count());
    // Evenly spread: none of five neighbours in a row is without one.
    for (int k = 0; k < 60; k++) {
      assertEquals(k, tested[k] / 5);
    }
  }

  /** All frames from the first to the last that the pairs may use. */
  private static BitSet used(int[] firsts, int gap) {
    BitSet frames = new BitSet();
    for (int t : firsts) {
      frames.set(t, t + gap + 1);
    }
    return frames;
  }

  /** Stretches of neighbours among the first trajectory's pairs. */
  private static long runs(int[] firsts, int length) {
    return IntStream.range(0, firsts.length)
        .filter(i -> firsts[i] < length && (i == 0 || firsts[i] != firsts[i - 1] + 1))
        .count();
  }

  private static BitSet frames(int[] firsts) {
    BitSet frames = new BitSet();
    for (int t : firsts) {
      for (int used : new int[] {t, t + 3, t + 2, t + 5}) {
        frames.set(used);
      }
    }
    return frames;
  }

  @Test
  void fewerTrainingPairsThanABatchIsRefused() {
    LaggedPairs pairs = new LaggedPairs(new int[] {101}, 1);
    assertEquals(80, Split.random(pairs, 0.8, 0, 80).train().length);
    String message =
        assertThrows(InputException.class, () -> Split.random(pairs, 0.8, 0, 81)).getMessage();
    assertTrue(message.contains("80 pairs, batch_size 81"), message);
    assertThrows(InputException.class, () -> Split.blocked(pairs, 0.8, 1, 80));
  }
}
