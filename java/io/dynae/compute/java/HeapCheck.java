// SPDX-License-Identifier: MIT
package io.dynae.compute.java;

import io.dynae.compute.MemoryLimits;
import io.dynae.error.DeviceException;

/** Says before an allocation that the heap is too small for it, and how to make it larger. */
final class HeapCheck {
  private HeapCheck() {}

  /**
   * Demands that {@code bytes} fit into what the heap has left.
   *
   * @param what is to be allocated, for the error
   * @throws DeviceException with needed and free bytes
   */
  static void require(String what, long bytes) {
    if (bytes <= free()) {
      return;
    }
    // What nobody uses any more counts as used until it is collected.
    System.gc();
    long free = free();
    if (bytes > free) {
      long most = Runtime.getRuntime().maxMemory();
      throw new DeviceException(
          ("java: %s: needed <= free heap does not hold: needed %d bytes, free %d bytes of %d;"
                  + " give Java more, as in JAVA_OPTS=-Xmx%dg, use a lower batch_size, or train"
                  + " fewer models at once")
              .formatted(what, bytes, free, most, ((most - free + bytes) * 5 / 4 >> 30) + 1));
    }
  }

  /** Bytes that the heap has left, or may still take from the machine; {@code enough} will do. */
  static long left(long enough, MemoryLimits limits) {
    long left = free();
    if (left < enough) {
      System.gc();
      left = free();
    }
    Runtime runtime = Runtime.getRuntime();
    return Math.min(left, runtime.freeMemory() + limits.available());
  }

  private static long free() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
  }
}
