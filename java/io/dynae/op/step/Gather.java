// SPDX-License-Identifier: MIT
package io.dynae.op.step;

import io.dynae.op.BlockOperation;
import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Layout;
import io.dynae.op.Region;
import io.dynae.op.Table;
import io.dynae.op.WideOperation;
import io.dynae.op.WideRows;
import java.util.Arrays;
import java.util.Optional;

/**
 * Picks the batch's frames: x[row] = table[index[row]].
 *
 * <p>The list of frame numbers holds, for each step of the launch, the batch's frames at t and then
 * (where x has both halves) those at t + lag. Rows beyond the batch become zero.
 */
public final class Gather extends BlockOperation implements WideOperation {
  private final Region x;
  private final Table table;
  private final Layout layout;
  private final int halves;

  public Gather(String name, Layout layout, Table table, Region x) {
    super(name, x.blocks(), "step/gather.cu");
    this.layout = layout;
    this.table = table;
    this.x = x;
    this.halves = x.blocks() / layout.halfBlocks();
    writes(x);
  }

  @Override
  public String statement() {
    return statement("gather_block", "");
  }

  /** 256 features a thread block, turned in shared memory. */
  @Override
  public Optional<WideRows> wide() {
    if (x.features() < WideRows.LEAST_FEATURES || layout.rowsPerBlock() != 32) {
      return Optional.empty();
    }
    int parts = (x.features() + 255) / 256;
    String text = statement("gather_wide", ", part");
    return Optional.of(new WideRows(name(), text, x.blocks(), parts, 256, 8 * 32 * 33));
  }

  private String statement(String function, String more) {
    String list = "index + (size_t)(cursor * " + halves + " + b / " + layout.halfBlocks() + ") * ";
    return "%s(%s, %s, %s%d, b %% %d * RB, %d, %d%s);"
        .formatted(
            function,
            x.block("b"),
            table == Table.FRAMES ? "frames" : "targets",
            list,
            layout.batch(),
            layout.halfBlocks(),
            layout.batch(),
            x.features(),
            more);
  }

  @Override
  public int teamParts() {
    return ALL;
  }

  @Override
  public void run(HostMemory memory, int b) {
    float[] source = table == Table.FRAMES ? memory.frames() : memory.targets();
    float[][] out = memory.rows(x);
    int features = x.features();
    int row0 = b % layout.halfBlocks() * layout.rowsPerBlock();
    int list =
        memory.control().get(Control.INDEX_OFFSET)
            + (memory.cursor() * halves + b / layout.halfBlocks()) * layout.batch();
    int[] frameNumbers = memory.index();
    int real = Math.min(layout.rowsPerBlock(), layout.batch() - row0);
    for (int f = 0; f < features; f++) {
      float[] values = out[b * features + f];
      for (int r = 0; r < real; r++) {
        values[r] = source[frameNumbers[list + row0 + r] * features + f];
      }
      Arrays.fill(values, real, values.length, 0);
    }
  }
}
