// SPDX-License-Identifier: MIT
package io.dynae.op.bins;

import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;

/**
 * Largest |z| of each granule of points, by its bits: as ints they order like the values, and what
 * is not a number lies above infinity and so is kept. Points as in {@link RegularSpace}.
 */
public final class LargestValue extends TeamOperation {
  private static final int MAGNITUDE = 0x7fffffff;

  private final Region points;
  private final Region largest;
  private final int dims;

  /**
   * @param largest [granules]
   */
  public LargestValue(String name, Region points, Region largest, int dims) {
    super(name, "bins/bins.cu");
    this.points = points;
    this.largest = largest;
    this.dims = dims;
    readsAll(points);
    writesAll(largest);
  }

  @Override
  public String statement() {
    return "largest_values(%s, %s, %s, %d, %d, item, items);"
        .formatted(points.at(), Control.POINTS.intWord(), largest.at(), RegularSpace.GRANULE, dims);
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    int n = memory.control().get(Control.POINTS);
    float[] from = memory.flat(points);
    int[] out = memory.ints(largest);
    for (int c = part; c < n / RegularSpace.GRANULE; c += parts) {
      int most = 0;
      for (int k = 0; k < dims; k++) {
        int at = k * n + c * RegularSpace.GRANULE;
        for (int i = at; i < at + RegularSpace.GRANULE; i++) {
          most = Math.max(most, Float.floatToRawIntBits(from[i]) & MAGNITUDE);
        }
      }
      out[c] = most;
    }
  }
}
