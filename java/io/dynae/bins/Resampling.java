// SPDX-License-Identifier: MIT
package io.dynae.bins;

import java.util.Arrays;
import java.util.Locale;

/**
 * Well-tempered resampling: batches of B training pairs, each batch from one bin, bins of n_k pairs
 * weighted by n_k^(1/gamma).
 *
 * <p>Of N pairs bin k aims at N_k = floor(N * w_k / sum(w) / B + 1) * B. A bin with n_k > N_k gives
 * N_k of its pairs, none twice; else a bin with n_k > B gives floor(N_k / n_k) times floor(n_k / B)
 * * B of its pairs, each time from a fresh permutation; a smaller bin gives none.
 *
 * @param batchSize B
 * @param biasFactor gamma, at least 1
 * @param minDist d_min that made the bins; named where they do not suffice
 */
public record Resampling(int batchSize, double biasFactor, double minDist) {
  private static final double LEAST_SHARE = 0.8;

  /**
   * Says what an epoch draws: nothing where no bin has more than B pairs.
   *
   * @param counts n_k, the training pairs of each bin
   */
  public Draws draws(int[] counts) {
    int pairs = Arrays.stream(counts).sum();
    long[] targets = targets(counts, pairs);
    int[] first = new int[counts.length + 1];
    int[] perRepeat = new int[counts.length];
    for (int k = 0; k < counts.length; k++) {
      long repeats = repeats(counts[k], targets[k]);
      perRepeat[k] = repeats == 0 ? 0 : perRepeat(counts[k], targets[k]) / batchSize;
      first[k + 1] = Math.toIntExact(first[k] + repeats * perRepeat[k]);
    }
    return new Draws(counts, first, perRepeat, true);
  }

  /** Most batches that draws from {@code pairs} pairs in {@code bins} bins can have. */
  public static int mostBatches(int pairs, int bins, int batchSize) {
    return Math.addExact(pairs / batchSize, bins);
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

  /** Pairs in bins that are large enough to draw from. */
  private long full(int[] counts) {
    return Arrays.stream(counts).filter(n -> n > batchSize).asLongStream().sum();
  }

  /** Whether at least 80% of the pairs are in bins of more than B pairs. */
  public boolean suffices(int[] counts) {
    long full = full(counts);
    return full > 0 && full >= LEAST_SHARE * Arrays.stream(counts).asLongStream().sum();
  }

  /** How far the bins fall short where they do not suffice: the relation with its values. */
  public String shortfall(int[] counts) {
    int pairs = Arrays.stream(counts).sum();
    return String.format(
        Locale.ROOT,
        "training pairs in bins of more than batch_size (%d) pairs (%.1f%% of %d) < 80%% at"
            + " min_dist %s",
        batchSize,
        100.0 * full(counts) / pairs,
        pairs,
        minDist);
  }
}
