// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dynae.compute.device.Device;
import java.util.Map;
import java.util.TreeMap;

/**
 * What work-groups can do at best: the yardsticks of operations that as many share, measured when
 * they are first asked for.
 */
public final class Rates {
  /** Measures them; plain Java, where all threads are one team, has one work-group. */
  public interface Source {
    /** Bytes read plus bytes written a second when {@code groups} copy an array. */
    double copyBytesPerSecond(int groups, int floats, double seconds);

    /** Additions and multiplications a second in independent multiply-adds on registers. */
    double flopsPerSecond(int groups, double seconds);
  }

  /** A number of work-groups and of floats that they copy. */
  private record Copy(int groups, int floats) implements Comparable<Copy> {
    @Override
    public int compareTo(Copy other) {
      int byGroups = Integer.compare(groups, other.groups);
      return byGroups != 0 ? byGroups : Integer.compare(floats, other.floats);
    }
  }

  private final Source source;
  private final double seconds;
  private final Map<Copy, Double> copies = new TreeMap<>();
  private final Map<Integer, Double> flops = new TreeMap<>();

  /**
   * @param seconds to measure each for
   */
  Rates(Source source, double seconds) {
    this.source = source;
    this.seconds = seconds;
  }

  /** Plain Java: as many threads as the machine has, loops that its JIT vectorises. */
  public static Source ofJava() {
    return new JavaRates();
  }

  /** A device, by its own clock where it has one. */
  public static Source ofDevice(Device device) {
    return new DeviceRates(device);
  }

  /**
   * Rate of copying, in bytes a second, between arrays that together are as large as what an
   * operation touches, so that they lie in the same cache.
   *
   * @param bytes that the operation reads and writes
   */
  double copy(int groups, double bytes) {
    int half = (int) Math.max(1, Math.min(1 << 28, bytes / 8));
    int floats = Integer.highestOneBit(Math.max(1, 2 * half - 1));
    return copies.computeIfAbsent(
        new Copy(groups, floats), c -> source.copyBytesPerSecond(groups, floats, seconds));
  }

  /** Rate of multiply-adds, in flops a second. */
  double flops(int groups) {
    return flops.computeIfAbsent(groups, g -> source.flopsPerSecond(g, seconds));
  }

  /** All that were asked for. */
  JsonObject json() {
    JsonArray copied = new JsonArray();
    copies.forEach(
        (copy, rate) -> {
          JsonObject row = new JsonObject();
          row.addProperty("groups", copy.groups());
          row.addProperty("floats", copy.floats());
          row.addProperty("gb_per_second", Timing.rounded(rate / 1e9));
          copied.add(row);
        });
    JsonArray added = new JsonArray();
    flops.forEach(
        (groups, rate) -> {
          JsonObject row = new JsonObject();
          row.addProperty("groups", groups);
          row.addProperty("gflop_per_second", Timing.rounded(rate / 1e9));
          added.add(row);
        });
    JsonObject json = new JsonObject();
    json.add("copy", copied);
    json.add("multiply_add", added);
    return json;
  }
}
