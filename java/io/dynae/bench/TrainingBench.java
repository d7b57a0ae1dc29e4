// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.op.Losses;
import java.util.Arrays;
import java.util.function.Consumer;

/** Times the training step of one model, after its first steps have agreed with plain Java. */
public final class TrainingBench {
  private static final int VERIFIED_STEPS = 3;
  private static final double TOLERANCE = 1e-4;
  private static final int FIRST_STEPS = 5;
  private static final double LAUNCH_MICROS = 2e5;

  private TrainingBench() {}

  /**
   * Verifies, warms up, times.
   *
   * @param seconds to time for, after a third as long to warm up
   * @param progress told what goes on
   * @return the numbers, and who they belong to
   * @throws MismatchException when the backend's steps are not those of plain Java
   */
  public static JsonObject run(
      BenchConfig config, Backend backend, long seed, double seconds, Consumer<String> progress) {
    progress.accept("verifying %d steps against plain Java".formatted(VERIFIED_STEPS));
    verify(config, backend, seed);
    try (StepRun run = new StepRun(config, backend, seed)) {
      run.launch(1);
      int trial = fitting(Timing.once(() -> run.launch(FIRST_STEPS)) / FIRST_STEPS);
      progress.accept("warming up");
      Timing warm = Timing.measure(seconds / 3, trial, () -> run.launch(trial));
      int steps = fitting(warm.min());
      progress.accept("timing %s, launches of %d steps".formatted(config.name(), steps));
      Timing timing = Timing.measure(seconds, steps, () -> run.launch(steps));
      JsonObject json = Origin.of("training", config, backend, seed);
      json.addProperty("steps_per_launch", steps);
      json.add("us_per_step", timing.json());
      json.addProperty("steps_per_second", Timing.rounded(1e6 / timing.min()));
      return json;
    }
  }

  /** Steps of a launch that is long beside its own cost, and short beside the whole. */
  private static int fitting(double micros) {
    return (int) Math.max(1, Math.min(StepRun.MOST_STEPS, LAUNCH_MICROS / micros));
  }

  private static void verify(BenchConfig config, Backend backend, long seed) {
    try (Backend java = new JavaBackend(1);
        StepRun reference = new StepRun(config, java, seed);
        StepRun measured = new StepRun(config, backend, seed)) {
      reference.launch(VERIFIED_STEPS);
      measured.launch(VERIFIED_STEPS);
      int n = VERIFIED_STEPS * Losses.WIDTH;
      Agreement.require(
          "losses",
          Arrays.copyOf(measured.losses(), n),
          Arrays.copyOf(reference.losses(), n),
          TOLERANCE,
          0);
      Agreement.require("parameters", measured.parameters(), reference.parameters(), 0, TOLERANCE);
    }
  }
}
