// SPDX-License-Identifier: MIT
package io.dynae.op.bins;

import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;
import java.util.Arrays;

/** Pairs of each bin in each granule of them. */
public final class CountBins extends TeamOperation {
  private final Region labels;
  private final Region count;
  private final Region counts;
  private final int most;

  /**
   * @param labels a bin a pair
   * @param count number of bins, as {@link RegularSpace} leaves it
   * @param counts [granules][most]
   */
  public CountBins(String name, Region labels, Region count, Region counts, int most) {
    super(name, "bins/bins.cu");
    this.labels = labels;
    this.count = count;
    this.counts = counts;
    this.most = most;
    readsAll(labels, count);
    writesAll(counts);
  }

  @Override
  public String statement() {
    return "count_bins(%s, %s, %s, min(%s[0], %d), %d, %d, worker, workers);"
        .formatted(
            labels.at(),
            Control.PAIRS.intWord(),
            counts.at(),
            count.at(),
            most,
            most,
            RegularSpace.GRANULE);
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    int n = memory.control().get(Control.PAIRS);
    int[] bins = memory.ints(labels);
    int[] out = memory.ints(counts);
    for (int c = part; c * RegularSpace.GRANULE < n; c += parts) {
      Arrays.fill(out, c * most, (c + 1) * most, 0);
      int end = Math.min(n, (c + 1) * RegularSpace.GRANULE);
      for (int i = c * RegularSpace.GRANULE; i < end; i++) {
        out[c * most + bins[i]]++;
      }
    }
  }
}
