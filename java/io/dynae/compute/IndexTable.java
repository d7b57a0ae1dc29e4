// SPDX-License-Identifier: MIT
package io.dynae.compute;

/** A table of ints in a backend's memory: lists of frame numbers that several executors share. */
public interface IndexTable extends AutoCloseable {
  /** Copies {@code values[0 .. n)} to element {@code at}; done when it returns. */
  void fill(long at, int[] values, int n);

  /** Copies elements {@code at .. at+n} to {@code values[0 .. n)}, after everything launched. */
  void read(long at, int[] values, int n);

  @Override
  void close();
}
