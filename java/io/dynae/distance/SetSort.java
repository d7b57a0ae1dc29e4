// SPDX-License-Identifier: MIT
package io.dynae.distance;

import io.dynae.compute.Backend;
import io.dynae.op.wasserstein.SortInRegisters;

/** Ways to sort the projections of sample sets. */
public enum SetSort {
  /** Bitonic, a projection a vector lane; in plain Java, column by column. */
  COLUMNS,

  /** Bitonic in the registers of one to sixteen warps a projection; CUDA alone. */
  REGISTERS,

  /** Radix sort of all projections by the whole device, phase by phase. */
  RADIX;

  /** Samples up to which columns are faster on a CPU, with OpenCL as in plain Java: measured. */
  private static final int MOST_COLUMN_SAMPLES = 1 << 18;

  /** The fastest way, which depends on the samples of a set and the backend alone. */
  static SetSort of(Backend backend, int samples) {
    if (backend.name().equals("cuda")) {
      return shape(backend, samples) == null ? RADIX : REGISTERS;
    }
    return samples <= MOST_COLUMN_SAMPLES ? COLUMNS : RADIX;
  }

  static SortInRegisters.Shape shape(Backend backend, int samples) {
    return SortInRegisters.Shape.of(
        samples, backend.shape().lanes(), backend.shape().groups(), backend.shape().localBytes());
  }
}
