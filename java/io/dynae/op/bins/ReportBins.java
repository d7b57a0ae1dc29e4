// SPDX-License-Identifier: MIT
package io.dynae.op.bins;

import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;

/**
 * Sums the counts up and writes into the list what the host must know of the bins: their number,
 * most + 1 for too many; the bits of the largest |z|; pairs of each bin [most]; the bits of the
 * centres [most][d].
 */
public final class ReportBins extends TeamOperation {
  private final Region count;
  private final Region counts;
  private final Region largest;
  private final Region centers;
  private final int dims;
  private final int most;

  /**
   * @param counts [granules][most], pairs of each bin in each granule; left as those before it
   * @param largest [granules], as {@link LargestValue} leaves it
   * @param centers [most][d]
   */
  public ReportBins(
      String name, Region count, Region counts, Region largest, Region centers, int dims) {
    super(name, "bins/bins.cu");
    this.count = count;
    this.counts = counts;
    this.largest = largest;
    this.centers = centers;
    this.dims = dims;
    this.most = centers.length() / dims;
    readsAll(count, largest, centers);
    writesAll(counts);
  }

  /** Ints of a report. */
  public static int words(int most, int dims) {
    return 2 + most * (1 + dims);
  }

  @Override
  public String statement() {
    return "report_bins(list + %s, %s, (%s + %d) / %d, %s[0], %d, %s, %s / %d, %s, %d, item, items);"
        .formatted(
            Control.INDEX_OFFSET.intWord(),
            counts.at(),
            Control.PAIRS.intWord(),
            RegularSpace.GRANULE - 1,
            RegularSpace.GRANULE,
            count.at(),
            most,
            largest.at(),
            Control.POINTS.intWord(),
            RegularSpace.GRANULE,
            centers.at(),
            dims);
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    if (part != 0) {
      return;
    }
    int granules = memory.control().get(Control.POINTS) / RegularSpace.GRANULE;
    int found = memory.ints(count)[0];
    int[] before = memory.ints(counts);
    int[] report = memory.index();
    int at = memory.control().get(Control.INDEX_OFFSET);
    int all = 0;
    for (int c = 0; c < granules; c++) {
      all = Math.max(all, memory.ints(largest)[c]);
    }
    report[at] = found;
    report[at + 1] = all;
    for (int k = 0; k < most; k++) {
      int sum = 0;
      for (int c = 0; c < granules && k < found; c++) {
        int here = before[c * most + k];
        before[c * most + k] = sum;
        sum += here;
      }
      report[at + 2 + k] = sum;
    }
    float[] z = memory.flat(centers);
    for (int i = 0; i < z.length; i++) {
      report[at + 2 + most + i] = Float.floatToRawIntBits(z[i]);
    }
  }
}
