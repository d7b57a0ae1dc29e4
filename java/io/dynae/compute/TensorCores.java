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

  /** The choice that the setting {@code tensor_cores} names: auto, True or False. */
  public static TensorCores of(String setting) {
    return switch (setting) {
      case "auto" -> AUTO;
      case "True" -> REQUIRED;
      case "False" -> OFF;
      default -> throw new IllegalArgumentException("no choice of tensor cores: " + setting);
    };
  }

  public static DeviceException missing(String device) {
    return new DeviceException(
        ("tensor_cores = True: a CUDA device of compute capability >= 8.0 does not hold: %s; write"
                + " tensor_cores = auto")
            .formatted(device));
  }
}
