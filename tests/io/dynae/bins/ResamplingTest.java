// SPDX-License-Identifier: MIT
package io.dynae.bins;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplingTest {
  private static final Resampling RULE = new Resampling(100, 2, 5);

  @ParameterizedTest
  @CsvSource({
    // Weights 29.155 and 12.247: targets 800 and 300; the second bin gives two times 100.
    "850,150,800,200",
    // Weights 26.458 and 17.321: targets 700 and 400, each one repeat of the whole bin.
    "700,300,700,300",
    // Weights 10 and 30: targets 300 and 800, but a bin of B pairs gives none.
    "100,900,0,800",
  })
  void countsByHand(int n0, int n1, int expected0, int expected1) {
    Draws draws = RULE.draws(new int[] {n0, n1});
    assertArrayEquals(new int[] {expected0, expected1}, drawnPerBin(draws, 100));
    assertEquals((expected0 + expected1) / 100, draws.batches());
  }

  @Test
  void aBinAboveItsTargetIsOrderedOnceAndASmallerOneAnewForEachRepeat() {
    assertArrayEquals(new int[] {8, 1}, RULE.draws(new int[] {850, 150}).perRepeat());
  }

  @ParameterizedTest
  @CsvSource({"1", "1.5", "2", "8"})
  void manyBinsFollowTheRules(double gamma) {
    int bins = 90;
    int[] counts = new int[bins];
    Random random = new Random(3);
    for (int n = 0; n < 160_000; n++) {
      counts[(int) (bins * Math.pow(random.nextDouble(), 2.5))]++;
    }
    int batch = 256;
    Draws draws = new Resampling(batch, gamma, 5).draws(counts);
    assertArrayEquals(expected(counts, batch, gamma), drawnPerBin(draws, batch));
    assertTrue(draws.batches() <= Resampling.mostBatches(160_000, bins, batch));
    for (int k = 0; k < bins; k++) {
      assertTrue(draws.perRepeat()[k] * batch <= counts[k]);
    }
  }

  /** The published rules, bin by bin. */
  private static int[] expected(int[] counts, int batch, double gamma) {
    double[] n = Arrays.stream(counts).asDoubleStream().toArray();
    double sum = Arrays.stream(n).map(x -> Math.pow(x, 1 / gamma)).sum();
    int[] drawn = new int[n.length];
    for (int k = 0; k < n.length; k++) {
      double target =
          Math.floor(Arrays.stream(n).sum() * Math.pow(n[k], 1 / gamma) / sum / batch + 1) * batch;
      if (n[k] > target) {
        drawn[k] = (int) target;
      } else if (n[k] > batch) {
        drawn[k] = (int) (Math.floor(target / n[k]) * Math.floor(n[k] / batch) * batch);
      }
    }
    return drawn;
  }

  @Test
  void emptyBinsGiveNothing() {
    assertArrayEquals(new int[] {0, 1000, 0}, drawnPerBin(RULE.draws(new int[] {0, 1000, 0}), 100));
  }

  @Test
  void withoutBinsEveryWholeBatchIsDrawnOnce() {
    Draws draws = Draws.unbinned(1099, 100);
    assertEquals(10, draws.batches());
    assertArrayEquals(new int[] {10}, draws.perRepeat());
  }

  @Test
  void fewerThanFourFifthsInFullBinsDoNotSuffice() {
    // 79.9% in a bin of more than 100.
    int[] counts = {799, 67, 67, 67};
    assertFalse(RULE.suffices(counts));
    assertEquals(
        "training pairs in bins of more than batch_size (100) pairs (79.9% of 1000) < 80% at"
            + " min_dist 5.0",
        RULE.shortfall(counts));
    assertTrue(RULE.suffices(new int[] {800, 66, 67, 67}));
    // Weights 28.267 and three times 8.185: a target of 600.
    assertArrayEquals(new int[] {600, 0, 0, 0}, drawnPerBin(RULE.draws(counts), 100));
  }

  @Test
  void noPairsAtAllDoNotSuffice() {
    assertFalse(RULE.suffices(new int[0]));
    assertEquals(0, RULE.draws(new int[] {100, 100}).batches());
  }

  private static int[] drawnPerBin(Draws draws, int batch) {
    int[] drawn = new int[draws.bins()];
    Arrays.setAll(drawn, k -> draws.batches(k) * batch);
    return drawn;
  }
}
