// SPDX-License-Identifier: MIT
package io.dynae.bins;

import io.dynae.error.InputException;
import io.dynae.random.Shuffle;
import io.dynae.random.Stream;
import java.util.Arrays;
import java.util.Locale;

/**
 * Well-tempered resampling: batches of B training pairs, each batch from one bin, bins of n_k pairs
 * weighted by n_k^(1/gamma).
 *
 * <p>Of N pairs bin k aims at N_k = floor(N * w_k / sum(w) / B + 1) * B. A bin with n_k > N_k gives
 * N_k of its pairs, none twice; else a bin with n_k > B gives floor(N_k / n_k) times floor(n_k / B)
 * * B of its pairs, each time from a fresh permutation; a smaller bin gives none. The order of the
 * batches is shuffled. Seed, epoch and labels alone decide the result.
 *
 * @param batchSize B
 * @param biasFactor gamma, at least 1
 * @param minDist d_min that made the bins; named in an error
 * @param latentDimension scales the d_min that an error suggests
 */
public record Resampling(
    int batchSize, double biasFactor, double minDist, int latentDimension, long seed) {
  private static final double LEAST_SHARE = 0.8;

  /**
   * Draws the batches of one epoch.
   *
   * @param labels the bin, 0 to bins-1, of each training pair
   * @throws InputException for under 80% of the pairs in bins of more than B pairs
   */
  public Batches draw(int[] labels, int bins, int epoch) {
    int[] counts = counts(labels, bins);
    requireFullBins(counts, labels.length);
    int[] byBin = sortedByBin(labels, counts);
    long[] targets = targets(counts, labels.length);
    int[] drawn = new int[size(counts, targets)];
    Shuffle shuffle = new Shuffle(seed, Stream.RESAMPLING, epoch);
    int filled = 0;
    int start = 0;
    for (int k = 0; k < bins; k++) {
      int take = perRepeat(counts[k], targets[k]);
      for (long repeat = repeats(counts[k], targets[k]); repeat > 0; repeat--) {
        chooseFirst(shuffle, byBin, start, counts[k], take);
        System.arraycopy(byBin, start, drawn, filled, take);
        filled += take;
      }
      start += counts[k];
    }
    return new Batches(batchSize, shuffledBatches(drawn, epoch), counts);
  }

  private static int[] counts(int[] labels, int bins) {
    int[] counts = new int[bins];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }

  /** Positions 0 to N-1, bin after bin, ascending in each. */
  private static int[] sortedByBin(int[] labels, int[] counts) {
    int[] next = new int[counts.length];
    for (int k = 1; k < counts.length; k++) {
      next[k] = next[k - 1] + counts[k - 1];
    }
    int[] positions = new int[labels.length];
    for (int n = 0; n < labels.length; n++) {
      positions[next[labels[n]]++] = n;
    }
    return positions;
  }

  /** N_k of every bin. */
  private long[] targets(int[] counts, int pairs) {
    double[] weights = new double[counts.length];
    double sum = 0;
    for (int k = 0; k < counts.length; k++) {
      // StrictMath gives the same bits on every machine; a target jumps by B at a rounding.
      weights[k] = StrictMath.pow(counts[k], 1 / biasFactor);
      sum += weights[k];
    }
    long[] targets = new long[counts.length];
    for (int k = 0; k < counts.length; k++) {
      targets[k] = (long) Math.floor(pairs * weights[k] / sum / batchSize + 1) * batchSize;
    }
    return targets;
  }

  private int perRepeat(int count, long target) {
    return count > target ? (int) target : count / batchSize * batchSize;
  }

  private long repeats(int count, long target) {
    if (count > target) {
      return 1;
    }
    return count > batchSize ? target / count : 0;
  }

  private int size(int[] counts, long[] targets) {
    long size = 0;
    for (int k = 0; k < counts.length; k++) {
      size += repeats(counts[k], targets[k]) * perRepeat(counts[k], targets[k]);
    }
    return Math.toIntExact(size);
  }

  /** Moves a uniform choice of {@code take} of n values, in random order, to the front. */
  private static void chooseFirst(Shuffle shuffle, int[] values, int from, int n, int take) {
    for (int i = 0; i < take; i++) {
      int j = from + i + shuffle.below(n - i);
      int chosen = values[j];
      values[j] = values[from + i];
      values[from + i] = chosen;
    }
  }

  private int[] shuffledBatches(int[] drawn, int epoch) {
    int[] order = new int[drawn.length];
    int[] batches =
        new Shuffle(seed, Stream.BATCH_ORDER, epoch).permutation(drawn.length / batchSize);
    for (int b = 0; b < batches.length; b++) {
      System.arraycopy(drawn, batches[b] * batchSize, order, b * batchSize, batchSize);
    }
    return order;
  }

  private void requireFullBins(int[] counts, int pairs) {
    long full = Arrays.stream(counts).filter(n -> n > batchSize).asLongStream().sum();
    if (full >= LEAST_SHARE * pairs) {
      return;
    }
    throw new InputException(
        String.format(
            Locale.ROOT,
            "min_dist: 80%% of the training pairs in bins of more than batch_size pairs does not"
                + " hold: %.1f%% of %d at min_dist (d_min) %s and batch_size %d, too few samples"
                + " per bin; %sa smaller batch_size",
            100.0 * full / pairs,
            pairs,
            minDist,
            batchSize,
            suggestion(counts, pairs)));
  }

  /**
   * A bin's pairs grow as d_min^d; asks that the smallest bin of the 80% largest grows to B + 1.
   */
  private String suggestion(int[] counts, int pairs) {
    if (pairs <= batchSize) {
      return "use more frames or ";
    }
    int[] ascending = counts.clone();
    Arrays.sort(ascending);
    int k = ascending.length;
    long held = 0;
    while (held < LEAST_SHARE * pairs) {
      held += ascending[--k];
    }
    double larger = minDist * Math.pow((batchSize + 1.0) / ascending[k], 1.0 / latentDimension);
    return String.format(Locale.ROOT, "use a larger min_dist, about %.3g, or ", larger);
  }
}
