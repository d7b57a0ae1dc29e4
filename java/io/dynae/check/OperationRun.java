// SPDX-License-Identifier: MIT
package io.dynae.check;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.compute.java.JavaBackend;
import io.dynae.model.Model;
import io.dynae.op.Control;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.op.Table;
import io.dynae.op.convolution.ConvGradient;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

/** One operation of a step, alone, on a backend and in plain Java, over the same random values. */
public final class OperationRun implements AutoCloseable {
  private static final float RATE = 1e-3f;
  private static final double RTOL = 1e-4;
  private static final double ATOL = 2e-5;

  /** Small, so that what an operation changes in place stays in range over a launch. */
  private static final float LARGEST = 0.25f;

  private final BenchConfig config;
  private final long seed;
  private final Layout layout;
  private final Backend java;
  private final Executor reference;
  private final Executor measured;
  private final FrameTable javaFrames;
  private final FrameTable frames;
  private final int partialSums;
  private boolean timedByDevice;

  /**
   * @param wide let the whole device share the operation, and not one team
   */
  public OperationRun(
      BenchConfig config,
      Backend backend,
      Model model,
      Operation operation,
      boolean wide,
      long seed) {
    this.config = config;
    this.seed = seed;
    layout = model.plan().layout();
    StepPlan alone =
        new StepPlan(operation.name(), layout, model.plan().sort(), List.of(operation));
    java = new JavaBackend(1);
    reference = java.executor(alone, 1);
    measured = wide ? backend.wideExecutor(alone, 1) : backend.executor(alone, 1);
    javaFrames = StepRun.frames(java, config, seed);
    frames = StepRun.frames(backend, config, seed);
    // OpenCL has no sum over lanes: there each lane keeps a partial sum of its own.
    partialSums = backend.name().equals("opencl") ? backend.shape().lanes() : 1;
    bind(reference, javaFrames);
    bind(measured, frames);
  }

  private void bind(Executor executor, FrameTable table) {
    executor.table(Table.FRAMES, table);
    int[] pairs = StepRun.pairs(config, seed);
    executor.index(pairs, pairs.length);
  }

  /**
   * Runs both once and compares every region, those too that the operation must leave alone.
   *
   * @throws MismatchException where they differ
   */
  public void verify() {
    fill(reference, 1);
    fill(measured, partialSums);
    launch(reference, 1);
    launch(measured, 1);
    for (Region region : layout.regions()) {
      float[] expected = reference.read(0, region);
      float[] actual = measured.read(0, region);
      compare(region.name(), actual, expected);
    }
  }

  private void compare(String region, float[] actual, float[] expected) {
    String what = measured.plan().name() + ": " + region;
    double atol = ATOL * Agreement.largest(expected);
    if (region.startsWith("shares_")) {
      // How a gradient is cut into shares is a backend's own business.
      int slices = ConvGradient.slices(2 * config.batch());
      float[] sums = foldedShares(actual, slices);
      Agreement.require(what, sums, foldedShares(expected, slices), RTOL, atol);
      return;
    }
    switch (region) {
      case "sort" -> {
        // Scratch of devices: plain Java has none.
      }
      case "gap" -> {
        // Columns that fill the last block of projections are devices' own.
        int rows = layout.halfBlocks() * layout.rowsPerBlock();
        int n = rows * config.projections();
        Agreement.requireUpToTies(what, head(actual, n), head(expected, n), rows, RTOL, atol);
      }
      case "partials" -> {
        int n = expected.length / partialSums;
        Agreement.require(what, gathered(actual, n), head(expected, n), RTOL, atol);
      }
      default -> Agreement.require(what, actual, expected, RTOL, atol);
    }
  }

  private static float[] foldedShares(float[] shares, int slices) {
    float[] sums = new float[shares.length / slices];
    for (int i = 0; i < shares.length; i++) {
      sums[i % sums.length] += shares[i];
    }
    return sums;
  }

  private static float[] head(float[] values, int n) {
    return Arrays.copyOf(values, n);
  }

  /** Sums of the lanes' partial sums. */
  private float[] gathered(float[] values, int n) {
    float[] sums = new float[n];
    for (int i = 0; i < n * partialSums; i++) {
      sums[i / partialSums] += values[i];
    }
    return sums;
  }

  /** Puts the same values into every region, whatever ran before. */
  private void fill(Executor executor, int lanes) {
    Random random = new Random(seed);
    for (Region region : layout.regions()) {
      int n =
          region.blocks() == 0
              ? region.length()
              : region.blocks() / layout.halfBlocks() * layout.batch() * region.features();
      float[] values = new float[n];
      for (int i = 0; i < n; i++) {
        values[i] = LARGEST * (2 * random.nextFloat() - 1);
      }
      if (region.name().equals("second_moment")) {
        for (int i = 0; i < n; i++) {
          values[i] = Math.abs(values[i]);
        }
      }
      executor.write(0, region, region.name().equals("partials") ? spread(values, lanes) : values);
    }
  }

  /** The first 1 / lanes of the values, each as one lane's partial sum and the others' zero. */
  private static float[] spread(float[] values, int lanes) {
    float[] spread = new float[values.length];
    for (int i = 0; i < values.length; i += lanes) {
      spread[i] = values[i / lanes];
    }
    return spread;
  }

  /** Runs it some times and returns their microseconds, by the device's clock where it has one. */
  private double launch(Executor executor, int times) {
    Control.Words words = StepRun.words(seed, RATE, 0, times);
    long began = System.nanoTime();
    OptionalDouble onDevice = executor.timedLaunch(words);
    double micros = (System.nanoTime() - began) / 1e3;
    timedByDevice = onDevice.isPresent();
    return onDevice.orElse(micros);
  }

  /** Microseconds of one launch that runs the operation some times, from the same values. */
  public double micros(int times) {
    fill(measured, partialSums);
    return launch(measured, times);
  }

  /** Who measured: "device events" or "wall". */
  public String clock() {
    return timedByDevice ? "device events" : "wall";
  }

  /** Work-groups that share the operation. */
  public int groups() {
    return measured.groups();
  }

  @Override
  public void close() {
    reference.close();
    measured.close();
    javaFrames.close();
    frames.close();
    java.close();
  }
}
