// SPDX-License-Identifier: MIT
package io.dynae.bins;

/** The batches of one epoch, each of them from one bin, and the pairs per bin they come from. */
public final class Batches {
  private final int batchSize;
  private final int[] order;
  private final int[] counts;

  Batches(int batchSize, int[] order, int[] counts) {
    this.batchSize = batchSize;
    this.order = order;
    this.counts = counts;
  }

  /** Number of batches. */
  public int count() {
    return order.length / batchSize;
  }

  /** Pairs of a batch. */
  public int batchSize() {
    return batchSize;
  }

  /**
   * Positions in the training set, batch after batch: [count, batchSize] row by row; not a copy.
   */
  public int[] order() {
    return order;
  }

  /** Training pairs n_k of each bin before the resampling; not a copy. */
  public int[] pairsPerBin() {
    return counts;
  }
}
