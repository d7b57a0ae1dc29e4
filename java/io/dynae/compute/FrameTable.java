// SPDX-License-Identifier: MIT
package io.dynae.compute;

/** A [frame][feature] table of floats in a backend's memory; several executors may read one. */
public interface FrameTable extends AutoCloseable {
  /** Values that it holds. */
  long floats();

  /** Copies {@code values[0 .. n)} to element {@code at}; done when it returns. */
  void fill(long at, float[] values, int n);

  @Override
  void close();
}
