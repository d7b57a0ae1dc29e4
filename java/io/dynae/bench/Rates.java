// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonObject;
import io.dynae.compute.Device;

/**
 * What a team can do at best: the yardstick of its operations.
 *
 * @param copyBytesPerSecond of copying an array, bytes read plus bytes written
 * @param flopsPerSecond of independent multiply-adds on registers
 */
public record Rates(double copyBytesPerSecond, double flopsPerSecond) {
  /**
   * Measures one.
   *
   * @param floats of the array to copy: as large as what the operations work on, so that it lies in
   *     the same cache
   */
  public interface Source {
    Rates measure(int floats, double seconds);
  }

  /** Measures the plain Java backend: as many threads as it has, loops that its JIT vectorises. */
  public static Rates ofJava(int floats, double seconds) {
    return JavaRates.measure(floats, seconds);
  }

  /** Measures a device: one work-group, as one team has. */
  public static Rates ofDevice(Device device, int floats, double seconds) {
    return DeviceRates.measure(device, floats, seconds);
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("copy_gb_per_second", Timing.rounded(copyBytesPerSecond / 1e9));
    json.addProperty("fma_gflop_per_second", Timing.rounded(flopsPerSecond / 1e9));
    return json;
  }
}
