// SPDX-License-Identifier: MIT
package io.dynae.compute;

/** A named piece of a device's memory. Offsets and counts are in 4-byte elements. */
public interface DeviceMemory extends AutoCloseable {
  /** Size in bytes. */
  long bytes();

  /** Copies {@code values[from .. from+n)} to element {@code at}; done when it returns. */
  void write(long at, float[] values, int from, int n);

  /** Copies {@code values[from .. from+n)} to element {@code at}; done when it returns. */
  void write(long at, int[] values, int from, int n);

  /** Waits for the queue and copies elements {@code at .. at+n} to {@code values[from ..)}. */
  void read(long at, float[] values, int from, int n);

  /** Waits for the queue and copies elements {@code at .. at+n} to {@code values[from ..)}. */
  void read(long at, int[] values, int from, int n);

  @Override
  void close();
}
