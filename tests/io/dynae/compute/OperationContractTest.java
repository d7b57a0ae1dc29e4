// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dynae.compute.java.JavaBackend;
import io.dynae.model.DynAe;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.Gather;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.testing.ArrayCheck;
import io.dynae.testing.Backends;
import io.dynae.testing.HardInputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation of a step alone, on every backend, against its plain Java form: all buffers start
 * from the same random values, and all must be equal afterwards.
 */
class OperationContractTest {
  /** Regions whose form is a backend's own business; what reads them is tested in whole steps. */
  private static final Set<String> SCRATCH = Set.of("partials", "sort");

  /** Batch sizes around the 32 rows of a block and the powers of two of the sort. */
  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (Backends backend : Backends.others().toList()) {
      cases.add(Arguments.of(backend, 33, shape(2, 4, 9, 5, false), 17));
      if (backend == Backends.OPENCL_PHASES || backend == Backends.CUDA_PHASES) {
        continue;
      }
      cases.add(Arguments.of(backend, 1, shape(1, 1, 1, 1, false), 1));
      cases.add(Arguments.of(backend, 2, shape(3, 2, 5, 2, true), 2));
      cases.add(Arguments.of(backend, 31, shape(2, 1, 7, 3, false), 7));
      cases.add(Arguments.of(backend, 32, shape(5, 3, 8, 4, true), 16));
      cases.add(Arguments.of(backend, 257, shape(4, 5, 33, 31, true), 50));
    }
    return cases.stream();
  }

  static ModelShape shape(int inputs, int latent, int width, int prior, boolean learned) {
    Activation activation = learned ? Activation.TANH : Activation.RELU;
    return new ModelShape(
        inputs, inputs + 1, latent, width, width + 1, 2, activation, prior, 2, learned, true, null);
  }

  @ParameterizedTest(name = "{0} batch {1}")
  @MethodSource("cases")
  void everyOperationAgreesWithItsJavaForm(
      Backends name, int batch, ModelShape shape, int projections) {
    try (Backend other = name.open()) {
      check(other, batch, shape, projections);
    }
  }

  /** Fails unless every operation agrees with its plain Java form. */
  static void check(Backend other, int batch, ModelShape shape, int projections) {
    try (Backend java = new JavaBackend(1)) {
      DynAe here = model(java, shape, batch, projections);
      DynAe there = model(other, shape, batch, projections);
      List<Operation> operations = here.plan().operations();
      Set<String> forms = new HashSet<>();
      for (int i = 0; i < operations.size(); i++) {
        // Operations that differ in their buffers alone are one form; each costs a compilation.
        String form =
            operations.get(i).statement().replaceAll("\\(?a \\+ \\d+\\)?( \\+ \\d+)?", "");
        if (forms.add(form)) {
          compareAlone(java, other, here, there, i, batch);
        }
      }
    }
  }

  private static DynAe model(Backend backend, ModelShape shape, int batch, int projections) {
    return new DynAe(
        shape,
        batch,
        projections,
        true,
        DynAe.Draws.FRESH,
        backend.shape(),
        backend.rowsPerBlock(batch));
  }

  private static void compareAlone(
      Backend java, Backend other, DynAe here, DynAe there, int i, int batch) {
    Operation operation = here.plan().operations().get(i);
    try (Executor a = executor(java, here, i);
        Executor b = executor(other, there, i)) {
      List<Region> left = here.plan().layout().regions();
      List<Region> right = there.plan().layout().regions();
      Random random = new Random(i);
      List<float[]> before = new ArrayList<>();
      for (int r = 0; r < left.size(); r++) {
        float[] values = logical(a, left.get(r), batch);
        boolean scratch = SCRATCH.contains(left.get(r).name());
        for (int k = 0; k < values.length; k++) {
          values[k] = (float) random.nextGaussian() * 0.5f;
        }
        if (left.get(r).name().equals("second_moment")) {
          HardInputs.absolute(values);
        }
        before.add(scratch ? null : values);
        if (!scratch) {
          write(a, left.get(r), values, batch);
          write(b, right.get(r), values, batch);
        }
      }
      tables(java, a, here, batch);
      tables(other, b, there, batch);
      Control.Words words =
          new Control.Words()
              .seed(0x123456789abcdefL)
              .set(Control.STEP, 3)
              .set(Control.STEPS, 1)
              .set(Control.ADAM_REPRESENTATION, 2)
              .set(Control.ADAM_PRIOR, 4)
              .set(Control.RATE_REPRESENTATION, 1e-3f)
              .set(Control.RATE_PRIOR, 2e-3f)
              .set(Control.AVERAGE_KEEP, 0.9f)
              .set(Control.BETA, 10f);
      a.launch(words);
      b.launch(words);
      boolean changed = false;
      for (int r = 0; r < left.size(); r++) {
        if (before.get(r) == null) {
          continue;
        }
        float[] expected = logical(a, left.get(r), batch);
        float[] actual = logical(b, right.get(r), batch);
        changed |= !Arrays.equals(expected, before.get(r));
        String what = operation.name() + " " + left.get(r).name();
        double scale = ArrayCheck.largest(expected);
        ArrayCheck.close(what, actual, expected, ArrayCheck.rtol(4096), 2e-6 * Math.max(1, scale));
      }
      boolean hidden = operation.name().equals("losses");
      assertFalse(!changed && !hidden, operation.name() + " changed nothing");
    }
  }

  /** A region's values without what differs between layouts: padding of the gaps. */
  private static float[] logical(Executor executor, Region region, int batch) {
    float[] values = executor.read(0, region);
    if (!region.name().equals("gap")) {
      return values;
    }
    int rows = rows(executor);
    float[] gaps = new float[executor.plan().sort().projections() * batch];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = values[i / batch * rows + i % batch];
    }
    return gaps;
  }

  private static void write(Executor executor, Region region, float[] values, int batch) {
    float[] padded = values;
    if (region.name().equals("gap")) {
      int rows = rows(executor);
      padded = new float[region.length()];
      for (int i = 0; i < values.length; i++) {
        padded[i / batch * rows + i % batch] = values[i];
      }
    }
    executor.write(0, region, padded);
  }

  private static int rows(Executor executor) {
    return executor.plan().layout().halfBlocks() * executor.plan().layout().rowsPerBlock();
  }

  private static Executor executor(Backend backend, DynAe model, int i) {
    StepPlan plan = model.plan();
    Operation operation = plan.operations().get(i);
    return backend.executor(
        new StepPlan("one_" + operation.name(), plan.layout(), plan.sort(), List.of(operation)), 1);
  }

  private static void tables(Backend backend, Executor executor, DynAe model, int batch) {
    int frames = 50;
    Random random = new Random(7);
    for (Gather.Table table : Gather.Table.values()) {
      int features =
          table == Gather.Table.FRAMES ? model.shape().inputs() : model.shape().outputs();
      float[] values = new float[frames * features];
      for (int k = 0; k < values.length; k++) {
        values[k] = (float) random.nextGaussian();
      }
      FrameTable filled = backend.table(table.name(), values.length);
      filled.fill(0, values, values.length);
      executor.table(table, filled);
    }
    int[] index = random.ints(2L * batch, 0, frames).toArray();
    executor.index(index, index.length);
  }
}
