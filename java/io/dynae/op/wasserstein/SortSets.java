// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;

/**
 * Projects and sorts the pairs of a step: partial[pair] = sum over ranks n of (sort(theta_l . q)_n
 * - sort(theta_l . r)_n)^2 and, where a gradient is wanted, gap[pair of the step][row] = the
 * difference at the rank of that row of q.
 */
public abstract class SortSets extends TeamOperation {
  /**
   * What it reads and writes.
   *
   * @param q, r flat, K sets
   * @param theta [d][padded]
   * @param partial [K][padded]
   * @param gap [pairs][rows], or null for distances alone
   */
  public record Buffers(Region q, Region r, Region theta, Region partial, Region gap) {}

  final SetBatch batch;
  final Buffers buffers;

  SortSets(String name, SetBatch batch, Buffers buffers, String... sources) {
    super(name, sources);
    this.batch = batch;
    this.buffers = buffers;
    readsAll(buffers.q(), buffers.r(), buffers.theta());
    writesAll(buffers.partial());
    if (buffers.gap() != null) {
      writesAll(buffers.gap());
    }
  }

  final int gradient() {
    return buffers.gap() == null ? 0 : 1;
  }

  /** Device text of the gaps, or of an address that is never read. */
  final String gapAt() {
    return buffers.gap() == null ? "a" : buffers.gap().at();
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    int n = batch.samples();
    float[] keysQ = new float[n];
    float[] keysR = new float[n];
    KeySort sortQ = new KeySort(n);
    KeySort sortR = new KeySort(n);
    float[] gap = buffers.gap() == null ? null : memory.flat(buffers.gap());
    float[] theta = memory.flat(buffers.theta());
    int pair0 = batch.firstPair(memory.cursor());
    int pairs = Math.min(batch.pairs(), batch.allPairs() - pair0);
    for (int i = part; i < pairs; i += parts) {
      int set = (pair0 + i) / batch.padded();
      int p = (pair0 + i) % batch.padded();
      if (p >= batch.projections()) {
        continue;
      }
      batch.project(memory.flat(buffers.q()), set, theta, p, keysQ, 0, n);
      batch.project(memory.flat(buffers.r()), set, theta, p, keysR, 0, n);
      int[] orderQ = sortQ.order(keysQ);
      int[] orderR = sortR.order(keysR);
      double sum = 0;
      for (int rank = 0; rank < n; rank++) {
        float g = keysQ[orderQ[rank]] - keysR[orderR[rank]];
        sum += (double) g * g;
        if (gap != null) {
          gap[i * batch.rows() + orderQ[rank]] = g;
        }
      }
      memory.flat(buffers.partial())[pair0 + i] = (float) sum;
    }
  }
}
