// SPDX-License-Identifier: MIT
package io.dynae.compute;

/** Whether convolutions run on tensor cores, with operands rounded to TF32. */
public enum TensorCores {
  /** Where the device has them. */
  AUTO,
  /** Always; a device without them is refused. */
  REQUIRED,
  /** Never: all in float32. */
  OFF
}
