// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * How projections are sorted on a device.
 *
 * @param projections L
 * @param columns projections sorted side by side by one work-group
 * @param count keys of a column: the batch rounded up to a power of two, at least 16
 * @param local whether the keys lie in work-group memory
 */
public record SortPlan(int projections, int columns, int count, boolean local) {
  /** With 8 keys PoCL 3.1's compiler crashes on the sort, whose merge loop then never runs. */
  private static final int LEAST_COUNT = 16;

  /**
   * Plans for a device.
   *
   * @param batch samples of a set
   * @param projections L
   * @param vectorWidth floats of a vector: the fewest columns
   * @param localBytes work-group memory of the device
   */
  public static SortPlan of(int batch, int projections, int vectorWidth, int localBytes) {
    int count = Math.max(LEAST_COUNT, Integer.highestOneBit(Math.max(1, batch - 1)) << 1);
    int columns = 16;
    while (columns > vectorWidth && 12L * count * columns > localBytes) {
      columns /= 2;
    }
    return new SortPlan(projections, columns, count, 12L * count * columns <= localBytes);
  }

  /** Whether one warp can hold a projection's keys in its registers: 1 to 32 keys a lane. */
  public boolean fitsWarp() {
    return count >= 32 && count <= 1024;
  }

  /** Work-group memory of the sort, in bytes. */
  public int localBytes() {
    return local ? 12 * count * columns : 0;
  }

  /** Blocks of {@code columns} projections. */
  public int blocks() {
    return (projections + columns - 1) / columns;
  }

  /** Projections rounded up to whole blocks. */
  public int padded() {
    return blocks() * columns;
  }

  /** Floats of sort memory in the arena: zero when work-group memory holds it. */
  public long scratchFloats() {
    return local ? 0 : 3L * count * padded();
  }
}
