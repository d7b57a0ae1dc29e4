// SPDX-License-Identifier: MIT
package io.dynae.bins;

/**
 * How many batches an epoch draws from which bin. Bin k gives {@code perRepeat[k]} batches from one
 * random order of its pairs, then as many from the next; its batches have the numbers from {@code
 * first[k]} on to before {@code first[k + 1]}.
 *
 * @param counts pairs of each bin
 * @param first [bins + 1], ascending from 0
 * @param perRepeat 0 for a bin that gives none
 * @param binned whether there are bins at all
 */
public record Draws(int[] counts, int[] first, int[] perRepeat, boolean binned) {
  /** All pairs as one bin, each at most once: random batches. */
  public static Draws unbinned(int pairs, int batchSize) {
    int batches = pairs / batchSize;
    return new Draws(new int[] {pairs}, new int[] {0, batches}, new int[] {batches}, false);
  }

  /** Batches of the epoch. */
  public int batches() {
    return first[counts.length];
  }

  /** Batches from bin {@code k}. */
  public int batches(int k) {
    return first[k + 1] - first[k];
  }

  /** Bins. */
  public int bins() {
    return counts.length;
  }
}
