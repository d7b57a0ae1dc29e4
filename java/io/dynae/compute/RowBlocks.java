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
    copy(layout, region, values, packed, true);
    return packed;
  }

  /** The inverse of {@link #pack}, without the padding rows. */
  public static float[] unpack(Layout layout, Region region, float[] packed) {
    if (region.blocks() == 0) {
      return packed;
    }
    float[] values = new float[rows(layout, region) * region.features()];
    copy(layout, region, values, packed, false);
    return values;
  }

  private static void copy(
      Layout layout, Region region, float[] values, float[] packed, boolean pack) {
    int features = region.features();
    int size = layout.rowsPerBlock();
    for (int block = 0; block < region.blocks(); block++) {
      int half = block / layout.halfBlocks();
      int row0 = block % layout.halfBlocks() * size;
      int real = Math.min(size, layout.batch() - row0);
      int first = (half * layout.batch() + row0) * features;
      for (int f = 0; f < features; f++) {
        int at = (block * features + f) * size;
        for (int r = 0; r < real; r++) {
          if (pack) {
            packed[at + r] = values[first + r * features + f];
          } else {
            values[first + r * features + f] = packed[at + r];
          }
        }
      }
    }
  }
}
