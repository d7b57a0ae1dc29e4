// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.HostMemory;
import io.dynae.op.TeamOperation;

/**
 * Second operation of a pass: counts become the position, in its segment, of the first key of each
 * tile and digit.
 */
public final class RadixScan extends TeamOperation {
  private final RadixBuffers buffers;

  /**
   * @param pass 0 to 3
   */
  public RadixScan(RadixBuffers buffers, int pass) {
    super("scan_" + pass, "wasserstein/sample_sets.cu", "wasserstein/radix_sort.cu");
    this.buffers = buffers;
    writesAll(buffers.counts());
  }

  @Override
  public String defines() {
    return buffers.defines();
  }

  @Override
  public String localArrays() {
    return RadixBuffers.TABLE;
  }

  @Override
  public String statement() {
    return ("for (int s_ = RADIX_WORKER; s_ < %d; s_ += RADIX_WORKERS) "
            + "radix_scan((GLOBAL uint*)(%s + s_ * %d), %d, table);")
        .formatted(
            2 * buffers.batch().pairs(),
            buffers.counts().at(),
            buffers.countsAt(1, 0),
            buffers.tiles());
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    float[] counts = memory.flat(buffers.counts());
    for (int s = part; s < 2 * buffers.batch().pairs(); s += parts) {
      int position = 0;
      for (int d = 0; d < RadixBuffers.DIGITS; d++) {
        for (int t = 0; t < buffers.tiles(); t++) {
          int at = buffers.countsAt(s, t) + d;
          int count = Float.floatToRawIntBits(counts[at]);
          counts[at] = Float.intBitsToFloat(position);
          position += count;
        }
      }
    }
  }
}
