// SPDX-License-Identifier: MIT
package io.dynae.compute.device;

import io.dynae.compute.FrameTable;

/** A table in a device's memory. */
record DeviceTable(DeviceMemory memory, long floats) implements FrameTable {
  @Override
  public void fill(long at, float[] values, int n) {
    memory.write(at, values, 0, n);
  }

  @Override
  public void close() {
    memory.close();
  }
}
