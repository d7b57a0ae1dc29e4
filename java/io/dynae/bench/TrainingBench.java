// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonObject;
import io.dynae.check.Agreement;
import io.dynae.check.BenchConfig;
import io.dynae.check.MismatchException;
import io.dynae.check.StepCheck;
import io.dynae.check.StepRun;
import io.dynae.compute.Backend;
import io.dynae.compute.TensorCores;
import io.dynae.compute.java.JavaBackend;
import io.dynae.op.Losses;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Times the training step of models side by side, after first steps have agreed with plain Java.
 */
public final class TrainingBench {
  private static final int VERIFIED_STEPS = 3;
  private static final double TOLERANCE = 1e-4;

  /** Of steps whose convolutions round operands to TF32, 5e-4 relative each. */
  private static final double TF32_TOLERANCE = 1e-2;

  private static final float RATE = 1e-3f;

  /** Small: Adam's first steps turn rounding into whole steps where a gradient is nearly zero. */
  private static final float VERIFIED_RATE = 1e-4f;

  private static final int FIRST_STEPS = 5;
  private static final double LAUNCH_MICROS = 2e5;

  private TrainingBench() {}

  /**
   * Verifies, warms up, times.
   *
   * @param models trained side by side in one launch, from 1
   * @param seconds to time for, after a third as long to warm up
   * @param tensorCores time convolutions on tensor cores; float32 is verified before them
   * @param progress told what goes on
   * @return the numbers, and who they belong to
   * @throws MismatchException when the backend's steps are not those of plain Java
   */
  public static JsonObject run(
      BenchConfig config,
      Backend backend,
      int models,
      long seed,
      double seconds,
      boolean tensorCores,
      Consumer<String> progress) {
    String what = config.name() + (models == 1 ? "" : ", %d models".formatted(models));
    progress.accept("verifying %d steps of %s".formatted(VERIFIED_STEPS, what));
    backend.tensorCores(TensorCores.OFF);
    verify(config, backend, models, seed, TOLERANCE);
    if (tensorCores) {
      backend.tensorCores(TensorCores.REQUIRED);
      verify(config, backend, models, seed, TF32_TOLERANCE);
    }
    try (StepRun run = new StepRun(config, backend, 0, models, seed, RATE)) {
      run.launch(1);
      int trial = fitting(Timing.once(() -> run.launch(FIRST_STEPS)) / FIRST_STEPS);
      progress.accept("warming up");
      Timing warm = Timing.measure(seconds / 3, trial, () -> Timing.once(() -> run.launch(trial)));
      int steps = fitting(warm.min());
      progress.accept("timing %s, launches of %d steps; %s".formatted(what, steps, run.form()));
      DoubleStream.Builder onDevice = DoubleStream.builder();
      Timing timing =
          Timing.measure(
              seconds,
              steps,
              () -> Timing.once(() -> run.launch(steps).ifPresent(t -> onDevice.add(t / steps))));
      JsonObject json = Origin.of("training", config, backend, seed);
      json.addProperty("models", models);
      json.addProperty("form", run.form());
      json.addProperty("tensor_cores", tensorCores);
      json.addProperty("steps_per_launch", steps);
      json.add("us_per_step", timing.json());
      double[] device = onDevice.build().toArray();
      if (device.length > 0) {
        json.add("us_per_step_on_device", Timing.of(device).json());
      }
      json.add("us_per_model_step", timing.part(models).json());
      json.addProperty("steps_per_second", Timing.rounded(1e6 * models / timing.min()));
      return json;
    }
  }

  /** Steps of a launch that is long beside its own cost, and short beside the whole. */
  private static int fitting(double micros) {
    return (int) Math.max(1, Math.min(StepRun.MOST_STEPS, LAUNCH_MICROS / micros));
  }

  /** Compares the first, the middle and the last model with each trained alone in plain Java. */
  private static void verify(
      BenchConfig config, Backend backend, int models, long seed, double tolerance) {
    int[] chosen = IntStream.of(0, models / 2, models - 1).distinct().toArray();
    try (Backend java = new JavaBackend(1);
        StepRun measured = new StepRun(config, backend, 0, models, seed, VERIFIED_RATE)) {
      StepRun[] references = new StepRun[chosen.length];
      float[][] starts = new float[chosen.length][];
      for (int i = 0; i < chosen.length; i++) {
        references[i] = new StepRun(config, java, chosen[i], 1, seed, VERIFIED_RATE);
        starts[i] = references[i].parameters(0);
        references[i].launch(1);
      }
      measured.launch(1);
      for (int i = 0; i < chosen.length; i++) {
        float[] gradients = references[i].gradients(0);
        double atol = tolerance * Agreement.largest(gradients);
        Agreement.require(
            "gradients" + of(chosen[i]), measured.gradients(chosen[i]), gradients, 0, atol);
        requireLosses(measured, references[i], chosen[i], 1, tolerance);
        references[i].launch(VERIFIED_STEPS - 1);
      }
      measured.launch(VERIFIED_STEPS - 1);
      for (int i = 0; i < chosen.length; i++) {
        requireLosses(measured, references[i], chosen[i], VERIFIED_STEPS - 1, tolerance);
        StepCheck.requireSameCourse(
            "parameters" + of(chosen[i]),
            measured.parameters(chosen[i]),
            references[i].parameters(0),
            starts[i],
            Math.max(StepCheck.APART, 10 * tolerance));
        references[i].close();
      }
    }
  }

  private static String of(int model) {
    return model == 0 ? "" : " of model " + model;
  }

  private static void requireLosses(
      StepRun measured, StepRun reference, int model, int steps, double tolerance) {
    int n = steps * Losses.WIDTH;
    Agreement.require(
        "losses" + of(model),
        Arrays.copyOf(measured.losses(model), n),
        Arrays.copyOf(reference.losses(0), n),
        tolerance,
        0);
  }
}
