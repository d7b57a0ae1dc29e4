// SPDX-License-Identifier: MIT
package io.dynae.bins;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplingTest {
  private static final Resampling RULE = new Resampling(100, 2, 5, 2, 11);

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
    int[] labels = labels(n0, n1);
    Batches batches = RULE.draw(labels, 2, 1);
    assertArrayEquals(new int[] {n0, n1}, batches.pairsPerBin());
    assertArrayEquals(new int[] {expected0, expected1}, drawnPerBin(batches, labels, 2));
    assertEquals((expected0 + expected1) / 100, batches.count());
  }

  @Test
  void aBinAboveItsTargetGivesNoPairTwice() {
    int[] labels = labels(850, 150);
    int[] uses = uses(RULE.draw(labels, 2, 1), labels.length);
    for (int n = 0; n < labels.length; n++) {
      assertTrue(uses[n] <= (labels[n] == 0 ? 1 : 2), "pair " + n);
    }
  }

  @Test
  void everyPairOfABinIsDrawnEquallyOften() {
    int[] labels = labels(850, 150);
    int[] uses = new int[1000];
    int epochs = 2000;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      int[] now = uses(RULE.draw(labels, 2, epoch), 1000);
      Arrays.setAll(uses, n -> uses[n] + now[n]);
    }
    for (int n = 0; n < 1000; n++) {
      double p = labels[n] == 0 ? 800.0 / 850 : 100.0 / 150;
      int draws = labels[n] == 0 ? epochs : 2 * epochs;
      // Binomial; five standard deviations at a fixed seed.
      assertEquals(draws * p, uses[n], 5 * Math.sqrt(draws * p * (1 - p)), "pair " + n);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "1.5", "2", "8"})
  void manyBinsFollowTheRules(double gamma) {
    int bins = 90;
    int[] labels = new int[160_000];
    Random random = new Random(3);
    for (int n = 0; n < labels.length; n++) {
      labels[n] = (int) (bins * Math.pow(random.nextDouble(), 2.5));
    }
    int batch = 256;
    Resampling rule = new Resampling(batch, gamma, 5, 2, 7);
    Batches batches = rule.draw(labels, bins, 4);
    assertArrayEquals(expected(labels, bins, batch, gamma), drawnPerBin(batches, labels, bins));
    int[] order = batches.order();
    Set<Integer> runs = new HashSet<>();
    int changes = 0;
    for (int b = 0; b < batches.count(); b++) {
      int bin = labels[order[b * batch]];
      for (int i = 0; i < batch; i++) {
        assertEquals(bin, labels[order[b * batch + i]]);
      }
      runs.add(bin);
      changes += b > 0 && bin != labels[order[(b - 1) * batch]] ? 1 : 0;
    }
    // Unshuffled, the bin changes runs - 1 times.
    assertTrue(changes > 2 * runs.size(), changes + " changes of " + runs.size() + " bins");
  }

  /** The published rules, bin by bin. */
  private static int[] expected(int[] labels, int bins, int batch, double gamma) {
    double[] n = new double[bins];
    for (int label : labels) {
      n[label]++;
    }
    double sum = Arrays.stream(n).map(x -> Math.pow(x, 1 / gamma)).sum();
    int[] drawn = new int[bins];
    for (int k = 0; k < bins; k++) {
      double target =
          Math.floor(labels.length * Math.pow(n[k], 1 / gamma) / sum / batch + 1) * batch;
      if (n[k] > target) {
        drawn[k] = (int) target;
      } else if (n[k] > batch) {
        drawn[k] = (int) (Math.floor(target / n[k]) * Math.floor(n[k] / batch) * batch);
      }
    }
    return drawn;
  }

  @Test
  void seedAndEpochAloneDecide() {
    int[] labels = labels(850, 150);
    int[] order = RULE.draw(labels, 2, 3).order();
    assertArrayEquals(order, RULE.draw(labels, 2, 3).order());
    assertFalse(Arrays.equals(order, RULE.draw(labels, 2, 4).order()));
    assertFalse(Arrays.equals(order, new Resampling(100, 2, 5, 2, 12).draw(labels, 2, 3).order()));
  }

  @Test
  void emptyBinsGiveNothing() {
    int[] labels = labels(0, 1000);
    assertArrayEquals(new int[] {0, 1000, 0}, drawnPerBin(RULE.draw(labels, 3, 1), labels, 3));
  }

  @Test
  void tooFewSamplesPerBinSuggestALargerDistance() {
    // 79.9% in a bin of more than 100; the 80% reach into a bin of 67 of them.
    int[] labels = new int[1000];
    Arrays.fill(labels, 799, 866, 1);
    Arrays.fill(labels, 866, 933, 2);
    Arrays.fill(labels, 933, 1000, 3);
    String message = assertThrows(InputException.class, () -> RULE.draw(labels, 4, 1)).getMessage();
    assertEquals(
        "min_dist: 80% of the training pairs in bins of more than batch_size pairs does not hold:"
            + " 79.9% of 1000 at min_dist (d_min) 5.0 and batch_size 100, too few samples per bin;"
            + " use a larger min_dist, about 6.14, or a smaller batch_size",
        message);
    labels[799] = 0;
    assertEquals(800, RULE.draw(labels, 4, 1).pairsPerBin()[0]);
  }

  private static int[] labels(int n0, int n1) {
    int[] labels = new int[n0 + n1];
    Arrays.fill(labels, n0, n0 + n1, 1);
    return labels;
  }

  private static int[] drawnPerBin(Batches batches, int[] labels, int bins) {
    int[] drawn = new int[bins];
    for (int position : batches.order()) {
      drawn[labels[position]]++;
    }
    return drawn;
  }

  private static int[] uses(Batches batches, int pairs) {
    int[] uses = new int[pairs];
    for (int position : batches.order()) {
      uses[position]++;
    }
    return uses;
  }
}
