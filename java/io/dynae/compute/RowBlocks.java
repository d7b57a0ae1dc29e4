// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.op.Layout;
import io.dynae.op.Region;

/** Turns [row][feature] values into the [block][feature][row] order of a rows region, and back. */
public final class RowBlocks {
  private RowBlocks() {}

  /** Rows without padding that a region holds: the batch, or twice the batch. */
  public static int rows(Layout layout, Region region) {
    return region.blocks() / layout.halfBlocks() * layout.batch();
  }

  /**
   * Lays values out in blocks; padding rows are zero.
   *
   * @param values [rows][features] of a rows region; a flat region's values are copied as they are
   */
  public static float[] pack(Layout layout, Region region, float[] values) {
    int expected = region.blocks() == 0 ? region.length() : rows(layout, region) * region.features();
    if (values.length != expected) {
      throw new IllegalArgumentException(
          "region %s holds %d values, not %d".formatted(region.name(), expected, values.length));
    }
    if (region.blocks() == 0) {
      return values;
    }
    float[] packed = new float[region.length()];
    int features = region.features();
    for (int row = 0; row < rows(layout, region); row++) {
      int at = first(layout, region, row);
      for (int f = 0; f < features; f++) {
        packed[at + f * layout.rowsPerBlock()] = values[row * features + f];
      }
    }
    return packed;
  }

  /** The inverse of {@link #pack}, without the padding rows. */
  public static float[] unpack(Layout layout, Region region, float[] packed) {
    if (region.blocks() == 0) {
      return packed;
    }
    int features = region.features();
    float[] values = new float[rows(layout, region) * features];
    for (int row = 0; row < rows(layout, region); row++) {
      int at = first(layout, region, row);
      for (int f = 0; f < features; f++) {
        values[row * features + f] = packed[at + f * layout.rowsPerBlock()];
      }
    }
    return values;
  }

  private static int first(Layout layout, Region region, int row) {
    int half = row / layout.batch();
    int inHalf = row % layout.batch();
    int block = half * layout.halfBlocks() + inHalf / layout.rowsPerBlock();
    return block * region.features() * layout.rowsPerBlock() + inHalf % layout.rowsPerBlock();
  }
}
