// SPDX-License-Identifier: MIT
package io.dynae.compute.device;

import io.dynae.compute.IndexTable;

/** A table of ints in a device's memory. */
record DeviceIndex(DeviceMemory memory) implements IndexTable {
  @Override
  public void fill(long at, int[] values, int n) {
    memory.write(at, values, 0, n);
  }

  @Override
  public void read(long at, int[] values, int n) {
    memory.read(at, values, 0, n);
  }

  @Override
  public void close() {
    memory.close();
  }
}
