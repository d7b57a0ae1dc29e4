// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;

/**
 * The last pass over q, against the sorted r: partial[pair][tile] = sum over the tile's keys of (q
 * - r)^2 at equal ranks and, where a gradient is wanted, gap[pair][row] = that difference.
 */
public final class RadixMatch extends TeamOperation {
  private static final int PASS = RadixBuffers.PASSES - 1;
  private static final int READ = PASS % 2;

  private final RadixBuffers buffers;
  private final Region partial;

  /**
   * @param partial [K][padded][tiles]
   */
  public RadixMatch(RadixBuffers buffers, Region partial) {
    super("match", "wasserstein/sample_sets.cu", "wasserstein/radix_sort.cu");
    this.buffers = buffers;
    this.partial = partial;
    // The sorted r and the gaps are two halves of one side.
    readsAll(buffers.keys()[READ]);
    writesAll(buffers.keys()[1 - READ], buffers.counts(), partial);
    if (buffers.rows() != null) {
      readsAll(buffers.rows()[READ]);
    }
  }

  @Override
  public String defines() {
    return buffers.defines();
  }

  @Override
  public String localArrays() {
    return RadixBuffers.STAGE + " " + RadixBuffers.TABLE;
  }

  @Override
  public String statement() {
    SetBatch batch = buffers.batch();
    return buffers.eachTile(
        "q",
        ("radix_match(%s, %s, %s, %s + %d, %s, %s + (%s + p_) * %d + t_, t_, %d, %d, %d, "
                + "stage, table);")
            .formatted(
                buffers.keysText(READ),
                buffers.rowsText(READ),
                buffers.countsText(),
                buffers.keysText(1 - READ),
                batch.pairs() * batch.rows(),
                buffers.keysText(1 - READ),
                partial.at(),
                batch.firstPair(),
                buffers.tiles(),
                batch.samples(),
                PASS * RadixBuffers.DIGIT_BITS,
                buffers.rows() == null ? 0 : 1));
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    SetBatch batch = buffers.batch();
    float[] counts = memory.flat(buffers.counts());
    float[] keys = memory.flat(buffers.keys()[READ]);
    float[] sorted = memory.flat(buffers.keys()[1 - READ]);
    float[] rows = buffers.rows() == null ? null : memory.flat(buffers.rows()[READ]);
    int now = buffers.pairsNow(memory.cursor());
    int r = batch.pairs() * batch.rows();
    int[] to = new int[RadixBuffers.DIGITS];
    for (int p = part; p < now; p += parts) {
      int base = p * batch.rows();
      for (int t = 0; t < buffers.tiles(); t++) {
        int at = buffers.countsAt(p, t);
        for (int d = 0; d < to.length; d++) {
          to[d] = base + Float.floatToRawIntBits(counts[at + d]);
        }
        double sum = 0;
        for (int i = base + t * buffers.tile(); i < base + buffers.tileEnd(t); i++) {
          float g = keys[i] - sorted[r + to[RadixBuffers.digit(keys[i], PASS)]++];
          sum += (double) g * g;
          if (rows != null) {
            sorted[base + Float.floatToRawIntBits(rows[i])] = g;
          }
        }
        int pair = batch.firstPair(memory.cursor()) + p;
        memory.flat(partial)[pair * buffers.tiles() + t] = (float) sum;
      }
    }
  }
}
