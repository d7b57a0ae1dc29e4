// SPDX-License-Identifier: MIT
package io.dynae.op;

import io.dynae.error.InputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where everything of one model lies in its arena of floats.
 *
 * <p>A batch has {@code batch} pairs. Rows 0 to batch-1 are the frames at t, and the second half
 * holds those at t + lag. Each half is padded to whole blocks of {@code rowsPerBlock} rows.
 */
public final class Layout {
  /** Words 0 to 63 of every arena: what changes from launch to launch. */
  public static final int CONTROL_WORDS = 64;

  private static final int ALIGNMENT = 64;

  private final int batch;
  private final int rowsPerBlock;
  private final List<Region> regions = new ArrayList<>();
  private long size = CONTROL_WORDS;

  /**
   * Starts an empty layout.
   *
   * @param batch pairs in a batch, from 1
   * @param rowsPerBlock rows in a block: 32 on devices, any number in plain Java
   */
  public Layout(int batch, int rowsPerBlock) {
    this.batch = batch;
    this.rowsPerBlock = rowsPerBlock;
  }

  /** Adds a buffer of rows for both halves of the batch. */
  public Region rows(String name, int features) {
    return add(name, features, 2 * halfBlocks());
  }

  /** Adds a buffer of rows for the first half alone. */
  public Region halfRows(String name, int features) {
    return add(name, features, halfBlocks());
  }

  /** Adds {@code length} floats without rows. */
  public Region flat(String name, long length) {
    return put(name, 0, 0, length, false);
  }

  /** Adds {@code length} ints without rows. */
  public Region ints(String name, long length) {
    return put(name, 0, 0, length, true);
  }

  private Region add(String name, int features, int blocks) {
    return put(name, features, blocks, (long) features * blocks * rowsPerBlock, false);
  }

  private Region put(String name, int features, int blocks, long length, boolean ints) {
    if (size + length > Integer.MAX_VALUE - ALIGNMENT) {
      throw new InputException(
          ("batch_size: floats of a model's buffers <= %d does not hold: %d with buffer %s, of"
                  + " batches of %d pairs; lower batch_size")
              .formatted(Integer.MAX_VALUE - ALIGNMENT, size + length, name, batch));
    }
    Region region = new Region(name, features, blocks, (int) length, (int) size, ints);
    regions.add(region);
    size += (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return region;
  }

  /** Pairs in a batch. */
  public int batch() {
    return batch;
  }

  /** Rows in a block. */
  public int rowsPerBlock() {
    return rowsPerBlock;
  }

  /** Blocks that hold one half of the batch. */
  public int halfBlocks() {
    return (batch + rowsPerBlock - 1) / rowsPerBlock;
  }

  /** Floats in the arena. */
  public int size() {
    return (int) size;
  }

  /** All regions in order. */
  public List<Region> regions() {
    return List.copyOf(regions);
  }
}
