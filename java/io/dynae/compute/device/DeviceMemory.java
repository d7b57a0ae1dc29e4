// SPDX-License-Identifier: MIT
package io.dynae.compute.device;

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

  /**
   * Copies rows of {@code n} elements, one after the other in {@code values}, to places {@code
   * stride} elements apart, from {@code at} on; done when it returns.
   */
  default void writeRows(long at, long stride, int[] values, int n) {
    for (int row = 0; row < values.length / n; row++) {
      write(at + row * stride, values, row * n, n);
    }
  }

  /** Waits for the queue and copies such rows back, filling {@code values}. */
  default void readRows(long at, long stride, float[] values, int n) {
    for (int row = 0; row < values.length / n; row++) {
      read(at + row * stride, values, row * n, n);
    }
  }

  @Override
  void close();
}
