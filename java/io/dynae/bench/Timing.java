// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/**
 * Repeated times of one thing.
 *
 * @param min shortest, in microseconds: the undisturbed one
 * @param median in microseconds
 * @param count of launches
 */
public record Timing(double min, double median, int count) {
  private static final int FEWEST = 3;
  private static final int DIGITS = 5;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Measures something once and returns its microseconds. */
  public interface Watch {
    double micros();
  }

  /** Runs {@code watch} for {@code seconds}, at least three times; times are a unit's share. */
  public static Timing measure(double seconds, int unitsPerLaunch, Watch watch) {
    double[] times = new double[16];
    int count = 0;
    long end = System.nanoTime() + (long) (seconds * NANOS_PER_SECOND);
    while (count < FEWEST || System.nanoTime() < end) {
      if (count == times.length) {
        times = Arrays.copyOf(times, 2 * count);
      }
      times[count++] = watch.micros() / unitsPerLaunch;
    }
    return of(Arrays.copyOf(times, count));
  }

  /** Microseconds that one run takes by the wall clock. */
  static double once(Runnable launch) {
    long began = System.nanoTime();
    launch.run();
    return since(began);
  }

  /** Microseconds of the wall clock since {@link System#nanoTime} was {@code began}. */
  public static double since(long began) {
    return (System.nanoTime() - began) / NANOS_PER_MICRO;
  }

  static Timing of(double... micros) {
    double[] sorted = micros.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return new Timing(sorted[0], (sorted[(n - 1) / 2] + sorted[n / 2]) / 2, n);
  }

  /** The same for {@code parts} equal parts of it. */
  Timing part(int parts) {
    return new Timing(min / parts, median / parts, count);
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("min", rounded(min));
    json.addProperty("median", rounded(median));
    json.addProperty("count", count);
    return json;
  }

  /** Five significant digits: the rest is noise. */
  static double rounded(double value) {
    return new BigDecimal(value).round(new MathContext(DIGITS)).doubleValue();
  }
}
