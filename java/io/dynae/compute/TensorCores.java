// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.error.DeviceException;

/** Whether convolutions run on tensor cores, with operands rounded to TF32. */
public enum TensorCores {
  /** Where the device has them. */
  AUTO,
  /** Always; a device without them is refused. */
  REQUIRED,
  /** Never: all in float32. */
  OFF;

  static DeviceException missing(String device) {
    return new DeviceException(
        ("tensor_cores = True: a CUDA device of compute capability >= 8.0 does not hold: %s; write"
                + " tensor_cores = auto")
            .formatted(device));
  }
}
