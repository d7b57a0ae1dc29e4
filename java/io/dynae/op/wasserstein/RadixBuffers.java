// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.Layout;
import io.dynae.op.Region;

/**
 * Buffers of a radix sort of a step's pairs. Segments are columns of keys: those of q come first,
 * one a pair, then those of r. Passes read one of two sides and write the other.
 *
 * @param batch sizes
 * @param tile keys of a tile: see {@link #DEFINE}
 * @param keys two sides, each [2 pairs][rows]
 * @param rows two sides, each [pairs][rows]: the row a key of q came from, as an int's bits; null
 *     for distances alone
 * @param counts [2 pairs][tiles][256], ints by their bits
 */
public record RadixBuffers(SetBatch batch, int tile, Region[] keys, Region[] rows, Region counts) {
  /** LOCAL array of a tile's keys or counts. */
  static final String STAGE = "LOCAL_ARRAY(uint, stage, RADIX_STAGE);";

  /** LOCAL array of a number for each digit. */
  static final String TABLE = "LOCAL_ARRAY(uint, table, RADIX);";

  static final int DIGITS = 256;
  static final int DIGIT_BITS = 8;
  static final int PASSES = Integer.SIZE / DIGIT_BITS;

  /** Adds the buffers to a layout. */
  public static RadixBuffers in(Layout layout, SetBatch batch, int tile, boolean gradient) {
    long side = (long) batch.pairs() * batch.rows();
    Region[] keys = {layout.flat("keys_0", 2 * side), layout.flat("keys_1", 2 * side)};
    Region[] rows =
        gradient ? new Region[] {layout.flat("rows_0", side), layout.flat("rows_1", side)} : null;
    long tiles = tiles(batch.samples(), tile);
    Region counts = layout.flat("counts", 2 * tiles * batch.pairs() * DIGITS);
    return new RadixBuffers(batch, tile, keys, rows, counts);
  }

  /** Floats that a pair takes. */
  public static long floatsPerPair(SetBatch batch, int tile, boolean gradient) {
    return (gradient ? 6L : 4L) * batch.rows() + 2L * tiles(batch.samples(), tile) * DIGITS;
  }

  private static long tiles(int samples, int tile) {
    return ((long) samples + tile - 1) / tile;
  }

  /** Tiles of a segment. */
  public int tiles() {
    return (int) tiles(batch.samples(), tile);
  }

  /** The gaps take the first side's keys of q, whose last pass reads the other side. */
  public Region gap() {
    return keys[0];
  }

  String defines() {
    return "#define RADIX_TILE " + tile + "\n#define LEAST_BLOCKS 2\n";
  }

  /**
   * Pairs of the step at {@code cursor} of a launch: the last step of an evaluation may have fewer.
   */
  int pairsNow(int cursor) {
    return Math.min(batch.pairs(), batch.allPairs() - batch.firstPair(cursor));
  }

  /**
   * Device text of a loop over (segment, tile) with {@code s_}, {@code t_}, and {@code p_}, the
   * segment's pair in the step.
   *
   * @param segments "q", "r" or "both"
   */
  String eachTile(String segments, String body) {
    int count = segments.equals("both") ? 2 * batch.pairs() : batch.pairs();
    String segment =
        segments.equals("r") ? "i_ / %d + %d".formatted(tiles(), batch.pairs()) : "i_ / " + tiles();
    return ("for (int i_ = RADIX_WORKER; i_ < %d; i_ += RADIX_WORKERS) { const int s_ = %s, "
            + "t_ = i_ %% %d, p_ = s_ %% %d; if (%s + p_ < %d) { %s } }")
        .formatted(
            Math.multiplyExact(count, tiles()),
            segment,
            tiles(),
            batch.pairs(),
            batch.firstPair(),
            batch.allPairs(),
            body);
  }

  String keysText(int side) {
    return "%s + s_ * %d".formatted(keys[side].at(), batch.rows());
  }

  String rowsText(int side) {
    return rows == null
        ? "(GLOBAL int*)a"
        : "(GLOBAL int*)(%s + p_ * %d)".formatted(rows[side].at(), batch.rows());
  }

  String countsText() {
    return "(GLOBAL uint*)(%s + (s_ * %d + t_) * %d)".formatted(counts.at(), tiles(), DIGITS);
  }

  /** Position of a segment's or tile's counts. */
  int countsAt(int segment, int t) {
    return (segment * tiles() + t) * DIGITS;
  }

  int tileEnd(int t) {
    return (int) Math.min(batch.samples(), (t + 1L) * tile);
  }

  /** The digit of a key in a pass; -0 counts as +0, and what is not a number comes last. */
  static int digit(float key, int pass) {
    int bits = Float.floatToIntBits(key + 0f);
    int ordered = bits ^ ((bits >> 31) | Integer.MIN_VALUE);
    return (ordered >>> (DIGIT_BITS * pass)) & (DIGITS - 1);
  }
}
