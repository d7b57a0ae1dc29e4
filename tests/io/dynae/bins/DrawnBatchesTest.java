// SPDX-License-Identifier: MIT
package io.dynae.bins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.Backend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.model.ModelShape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is drawn over many epochs: every pair of a bin equally often, none twice in a repeat. */
class DrawnBatchesTest {
  private static final int PAIRS = 250;
  private static final int BATCH = 100;

  /** Three repeats of two batches from one bin. */
  private static final Draws DRAWS =
      new Draws(new int[] {PAIRS}, new int[] {0, 6}, new int[] {2}, false);

  private static EpochSampler sampler(Backend backend, long seed) {
    int[] firsts = IntStream.range(0, PAIRS).toArray();
    return new EpochSampler(
        backend,
        ModelShape.standard(1, 1, 1),
        BATCH,
        10,
        Integer.MAX_VALUE,
        new EpochSampler.Pairs(firsts, 1, seed));
  }

  private static int[] firsts(EpochSampler sampler, int epoch) {
    sampler.draw(new int[] {epoch}, new Draws[] {DRAWS});
    return sampler.firsts(0, DRAWS.batches());
  }

  @Test
  void everyPairIsDrawnEquallyOftenAndNoneTwiceInARepeat() {
    int epochs = 2000;
    int[] uses = new int[PAIRS];
    try (Backend backend = new JavaBackend(1);
        EpochSampler sampler = sampler(backend, 11)) {
      for (int epoch = 1; epoch <= epochs; epoch++) {
        int[] now = new int[PAIRS];
        int[] firsts = firsts(sampler, epoch);
        for (int first : firsts) {
          now[first]++;
        }
        for (int b = 0; b < DRAWS.batches(); b++) {
          int[] one = Arrays.copyOfRange(firsts, b * BATCH, (b + 1) * BATCH);
          assertEquals(BATCH, Arrays.stream(one).distinct().count());
        }
        for (int n = 0; n < PAIRS; n++) {
          assertTrue(now[n] <= 3, "pair " + n + " in more than three repeats");
          uses[n] += now[n];
        }
      }
    }
    double p = 200.0 / PAIRS;
    int draws = 3 * epochs;
    for (int n = 0; n < PAIRS; n++) {
      // Binomial; five standard deviations at a fixed seed.
      assertEquals(draws * p, uses[n], 5 * Math.sqrt(draws * p * (1 - p)), "pair " + n);
    }
  }

  @Test
  void seedAndEpochAloneDecide() {
    try (Backend backend = new JavaBackend(1);
        EpochSampler sampler = sampler(backend, 11);
        EpochSampler other = sampler(backend, 12)) {
      int[] third = firsts(sampler, 3);
      assertFalse(Arrays.equals(third, firsts(sampler, 4)));
      assertTrue(Arrays.equals(third, firsts(sampler, 3)));
      assertFalse(Arrays.equals(third, firsts(other, 3)));
    }
  }
}
