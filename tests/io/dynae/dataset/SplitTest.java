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
    Split split = Split.blocked(new LaggedPairs(new int[] {12, 7}, 2), 0.6, 1);
    // 10 and 5 pairs; tests start at pairs 6 and 3, training ends 2 pairs earlier.
    assertArrayEquals(new int[] {0, 1, 2, 3, 12}, split.train());
    assertArrayEquals(new int[] {6, 7, 8, 9, 15, 16}, split.test());
  }

  @ParameterizedTest
  @CsvSource({"0.8", "0.5", "0.31", "0.99", "0.05"})
  void blockedSplitSharesNoFrame(double fraction) {
    Split split = Split.blocked(PAIRS, fraction, 1);
    BitSet trained = frames(split.train());
    assertFalse(trained.intersects(frames(split.test())));
    int tested = 0;
    for (int n : new int[] {95, 52, 395}) {
      tested += n - (int) (fraction * n);
    }
    assertEquals(tested, split.test().length);
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
    assertThrows(InputException.class, () -> Split.blocked(pairs, 0.8, 80));
  }
}
