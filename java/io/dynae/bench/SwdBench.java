// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonObject;
import io.dynae.check.Agreement;
import io.dynae.check.MismatchException;
import io.dynae.compute.Backend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.distance.SlicedWasserstein;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Times sliced Wasserstein distances with and without gradients, with fresh directions in each
 * evaluation, after distances and gradients have agreed with plain Java.
 */
public final class SwdBench {
  private static final int MOST_EVALUATIONS = 200;
  private static final double LAUNCH_MICROS = 2e4;
  private static final double RTOL = 1e-4;

  /** Share of the largest gradient that near-ties of a sort, broken by rounding, may change. */
  private static final double EXCHANGED = 5e-3;

  private SwdBench() {}

  /**
   * Verifies and times.
   *
   * @param seconds to time each of the two for, after a third as long to warm up
   * @param progress told what goes on
   * @return the numbers, and who they belong to
   * @throws MismatchException when a result is not that of plain Java
   */
  public static JsonObject run(
      SwdSize size, Backend backend, long seed, double seconds, Consumer<String> progress) {
    JsonObject json = Origin.of("swd", size.json(), backend, seed);
    for (boolean gradient : new boolean[] {false, true}) {
      String what = gradient ? "with_gradient" : "forward";
      progress.accept("verifying and timing %s, %s".formatted(size.name(), what));
      try (SlicedWasserstein measured = prepare(size, backend, gradient, seed)) {
        verify(size, measured, gradient, seed);
        json.addProperty("sort", measured.sort().name().toLowerCase(Locale.ROOT));
        times(json, what, measured, seed, seconds);
      }
    }
    return json;
  }

  private static SlicedWasserstein prepare(
      SwdSize size, Backend backend, boolean gradient, long seed) {
    SlicedWasserstein distance =
        new SlicedWasserstein(
            backend,
            size.sets(),
            size.samples(),
            size.dims(),
            size.projections(),
            new SlicedWasserstein.Options(true, gradient));
    Random random = new Random(seed);
    for (int k = 0; k < size.sets(); k++) {
      distance.sets(k, normal(random, size, 0), normal(random, size, 0.5));
    }
    return distance;
  }

  private static float[] normal(Random random, SwdSize size, double mean) {
    float[] values = new float[Math.multiplyExact(size.samples(), size.dims())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + random.nextGaussian());
    }
    return values;
  }

  private static void verify(
      SwdSize size, SlicedWasserstein measured, boolean gradient, long seed) {
    try (Backend java = new JavaBackend();
        SlicedWasserstein reference = prepare(size, java, gradient, seed)) {
      reference.run(seed);
      measured.run(seed);
      for (int k = 0; k < size.sets(); k++) {
        String of = " of set " + k;
        float[] actual = {measured.squaredDistance(k)};
        float[] expected = {reference.squaredDistance(k)};
        Agreement.require("distance" + of, actual, expected, RTOL, 0);
        if (gradient) {
          float[] slope = reference.gradient(k);
          double atol = EXCHANGED * Agreement.largest(slope);
          Agreement.require("gradient" + of, measured.gradient(k), slope, RTOL, atol);
        }
      }
    }
  }

  /** An evaluation among many in one launch, by the device's clock if there is one; and a call. */
  private static void times(
      JsonObject json, String what, SlicedWasserstein distance, long seed, double seconds) {
    Timing call =
        Timing.measure(seconds / 3, 1, () -> Timing.once(() -> launch(distance, seed, 1)));
    int times = (int) Math.max(1, Math.min(MOST_EVALUATIONS, LAUNCH_MICROS / call.min()));
    boolean[] onDevice = new boolean[1];
    Timing timing =
        Timing.measure(
            seconds,
            times,
            () -> {
              long began = System.nanoTime();
              OptionalDouble device = launch(distance, seed, times);
              onDevice[0] = device.isPresent();
              return device.orElse(Timing.since(began));
            });
    json.add("us_" + what, timing.json());
    json.addProperty("evaluations_per_launch_" + what, times);
    json.add("us_one_call_" + what, call.json());
    json.addProperty("clock", onDevice[0] ? "device" : "wall");
  }

  private static OptionalDouble launch(SlicedWasserstein distance, long seed, int times) {
    return distance.timedRun(seed, 0, times);
  }
}
