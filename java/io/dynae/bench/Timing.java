// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonObject;
import java.util.Arrays;

/**
 * Repeated times of one thing.
 *
 * @param min shortest, in microseconds: the undisturbed one
 * @param median in microseconds
 * @param count of launches
 */
record Timing(double min, double median, int count) {
  private static final int FEWEST = 3;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Runs {@code launch} for {@code seconds}, at least three times; times are a unit's share. */
  static Timing measure(double seconds, int unitsPerLaunch, Runnable launch) {
    return measure(seconds, unitsPerLaunch, () -> {}, launch);
  }

  /** The same, with something untimed before each launch. */
  static Timing measure(double seconds, int unitsPerLaunch, Runnable prepare, Runnable launch) {
    double[] times = new double[16];
    int count = 0;
    long end = System.nanoTime() + (long) (seconds * NANOS_PER_SECOND);
    while (count < FEWEST || System.nanoTime() < end) {
      if (count == times.length) {
        times = Arrays.copyOf(times, 2 * count);
      }
      prepare.run();
      times[count++] = once(launch) / unitsPerLaunch;
    }
    return of(Arrays.copyOf(times, count));
  }

  /** Microseconds that one run takes. */
  static double once(Runnable launch) {
    long began = System.nanoTime();
    launch.run();
    return (System.nanoTime() - began) / NANOS_PER_MICRO;
  }

  static Timing of(double... micros) {
    double[] sorted = micros.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return new Timing(sorted[0], (sorted[(n - 1) / 2] + sorted[n / 2]) / 2, n);
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("min", rounded(min));
    json.addProperty("median", rounded(median));
    json.addProperty("count", count);
    return json;
  }

  /** Four significant digits or more: the rest is noise. */
  static double rounded(double value) {
    double unit = Math.pow(10, Math.floor(Math.log10(Math.max(1e-9, Math.abs(value)))) - 4);
    return Math.round(value / unit) * unit;
  }
}
