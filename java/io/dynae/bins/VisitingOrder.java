// SPDX-License-Identifier: MIT
package io.dynae.bins;

import io.dynae.random.Permutation;
import io.dynae.random.Stream;

/** The order in which clustering visits frames, on the host: for frames that must be staged. */
final class VisitingOrder {
  private final int[] firsts;
  private final Permutation order;

  VisitingOrder(EpochSampler.Pairs pairs, int epoch) {
    firsts = pairs.firsts();
    order = new Permutation(pairs.seed(), Stream.CLUSTERING_ORDER, epoch, 0, 0, firsts.length);
  }

  /** Frames at positions {@code from} to {@code from+n-1}; beyond the last the first again. */
  int[] frames(int from, int n) {
    int[] frames = new int[n];
    int real = Math.max(0, Math.min(n, firsts.length - from));
    order.fill(from, real, frames);
    for (int i = 0; i < n; i++) {
      frames[i] = firsts[i < real ? frames[i] : order.at(0)];
    }
    return frames;
  }
}
