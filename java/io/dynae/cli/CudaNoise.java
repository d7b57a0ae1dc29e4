// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.compute.cuda.CudaDevice;
import io.dynae.compute.cuda.CurandNoise;
import io.dynae.error.DeviceException;
import io.dynae.simulation.NoiseSource;

/** Noise drawn in bulk by JCurand on the first CUDA device. */
final class CudaNoise implements NoiseSource, AutoCloseable {
  private final CudaDevice device;
  private final CurandNoise noise;

  /** Opens GPU {@code number}. */
  CudaNoise(int number, long seed) {
    device = CudaDevice.open(number);
    noise =
        CurandNoise.tryOpen(device, seed)
            .orElseThrow(
                () -> {
                  device.close();
                  return new DeviceException(
                      "simulate: JCurand is not there, the log above says why; use --backend java");
                });
  }

  @Override
  public void fill(double[] out) {
    noise.fill(out);
  }

  @Override
  public void close() {
    noise.close();
    device.close();
  }
}
