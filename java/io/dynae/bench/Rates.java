// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonObject;
import io.dynae.compute.Device;

/**
 * What work-groups can do at best: the yardstick of operations that as many share.
 *
 * @param groups work-groups; 1 in plain Java, where all threads are a team
 * @param floats of the array copied
 * @param copyBytesPerSecond of copying an array, bytes read plus bytes written
 * @param flopsPerSecond of independent multiply-adds on registers
 */
public record Rates(int groups, int floats, double copyBytesPerSecond, double flopsPerSecond) {
  /** Measures them. */
  public interface Source {
    /**
     * Measures one.
     *
     * @param groups work-groups that share the copying
     * @param floats of the array to copy: as large as what the operations work on, so that it lies
     *     in the same cache
     */
    Rates measure(int groups, int floats, double seconds);
  }

  /** Measures the plain Java backend: as many threads as it has, loops that its JIT vectorises. */
  public static Rates ofJava(int groups, int floats, double seconds) {
    return JavaRates.measure(floats, seconds);
  }

  /** Measures a device, by its own clock where it has one. */
  public static Rates ofDevice(Device device, int groups, int floats, double seconds) {
    return DeviceRates.measure(device, groups, floats, seconds);
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("groups", groups);
    json.addProperty("floats", floats);
    json.addProperty("copy_gb_per_second", Timing.rounded(copyBytesPerSecond / 1e9));
    json.addProperty("fma_gflop_per_second", Timing.rounded(flopsPerSecond / 1e9));
    return json;
  }
}
