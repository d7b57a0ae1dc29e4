// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.HostMemory;
import io.dynae.op.TeamOperation;

/**
 * Last operation of a pass: keys go to their positions, those of one digit in the order in which
 * they came; keys of q take their rows along where a gradient is wanted. The last pass moves r
 * alone: q meets it in {@link RadixMatch}.
 */
public final class RadixScatter extends TeamOperation {
  private final RadixBuffers buffers;
  private final int pass;

  /**
   * @param pass 0 to 3
   */
  public RadixScatter(RadixBuffers buffers, int pass) {
    super("scatter_" + pass, "wasserstein/sample_sets.cu", "wasserstein/radix_sort.cu");
    this.buffers = buffers;
    this.pass = pass;
    readsAll(buffers.keys()[pass % 2]);
    writesAll(buffers.keys()[(pass + 1) % 2], buffers.counts());
    if (rows()) {
      readsAll(buffers.rows()[pass % 2]);
      writesAll(buffers.rows()[(pass + 1) % 2]);
    }
  }

  private boolean last() {
    return pass == RadixBuffers.PASSES - 1;
  }

  private boolean rows() {
    return buffers.rows() != null && !last();
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
    String keys = scatter(0);
    String body =
        rows()
            ? "if (s_ < %d) %s else %s".formatted(buffers.batch().pairs(), scatter(1), keys)
            : keys;
    return buffers.eachTile(last() ? "r" : "both", body);
  }

  private String scatter(int indexed) {
    return "radix_scatter(%s, %s, %s, %s, %s, t_, %d, %d, %d, %d, stage, table);"
        .formatted(
            buffers.keysText(pass % 2),
            buffers.rowsText(pass % 2),
            buffers.countsText(),
            buffers.keysText((pass + 1) % 2),
            buffers.rowsText((pass + 1) % 2),
            buffers.batch().samples(),
            pass * RadixBuffers.DIGIT_BITS,
            indexed,
            pass == 0 ? 1 : 0);
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    int pairs = buffers.batch().pairs();
    int now = buffers.pairsNow(memory.cursor());
    for (int s = part + (last() ? pairs : 0); s < 2 * pairs; s += parts) {
      if (s % pairs < now) {
        segment(memory, s, rows() && s < pairs);
      }
    }
  }

  private void segment(HostMemory memory, int s, boolean indexed) {
    float[] counts = memory.flat(buffers.counts());
    float[] keys = memory.flat(buffers.keys()[pass % 2]);
    float[] keysOut = memory.flat(buffers.keys()[(pass + 1) % 2]);
    float[] rows = indexed ? memory.flat(buffers.rows()[pass % 2]) : null;
    float[] rowsOut = indexed ? memory.flat(buffers.rows()[(pass + 1) % 2]) : null;
    int base = s * buffers.batch().rows();
    int[] to = new int[RadixBuffers.DIGITS];
    for (int t = 0; t < buffers.tiles(); t++) {
      int at = buffers.countsAt(s, t);
      for (int d = 0; d < to.length; d++) {
        to[d] = base + Float.floatToRawIntBits(counts[at + d]);
      }
      int first = base + t * buffers.tile();
      int end = base + buffers.tileEnd(t);
      for (int i = first; i < end; i++) {
        int position = to[RadixBuffers.digit(keys[i], pass)]++;
        keysOut[position] = keys[i];
        if (indexed) {
          rowsOut[position] = pass == 0 ? Float.intBitsToFloat(i - base) : rows[i];
        }
      }
    }
  }
}
