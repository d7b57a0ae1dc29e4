// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.compute.device.DeviceMemory;
import jcuda.Pointer;

/**
 * Floats of a device's memory from an element on.
 *
 * @param memory memory of the device that the operation runs on
 * @param at first element
 */
public record FloatSlice(DeviceMemory memory, long at) {
  /**
   * Pointer to the first of {@code count} floats, which all lie in the memory of {@code device}.
   */
  Pointer on(CudaDevice device, long count) {
    if (!(memory instanceof CudaMemory own) || own.device() != device) {
      throw new IllegalArgumentException("not memory of " + device.name() + ": " + memory);
    }
    if (at < 0 || at > own.bytes() / Float.BYTES - count) {
      throw new IndexOutOfBoundsException(
          own.label()
              + ": elements "
              + at
              + " to "
              + (at + count)
              + " are not in 0 to "
              + own.bytes() / Float.BYTES);
    }
    return own.at(at);
  }
}
