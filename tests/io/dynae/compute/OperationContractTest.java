// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dynae.compute.java.JavaBackend;
import io.dynae.model.Model;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.Operation;
import io.dynae.op.PassedOn;
import io.dynae.op.Region;
import io.dynae.op.SortPlan;
import io.dynae.op.StepPlan;
import io.dynae.op.Table;
import io.dynae.op.dense.DenseBackward;
import io.dynae.op.dense.DenseForward;
import io.dynae.op.dense.DenseGradient;
import io.dynae.op.step.Adam;
import io.dynae.op.wasserstein.Directions;
import io.dynae.op.wasserstein.ProjectAndSort;
import io.dynae.op.wasserstein.WassersteinGradient;
import io.dynae.testing.ArrayCheck;
import io.dynae.testing.Backends;
import io.dynae.testing.HardInputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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

  /** Operations whose form is the same in every model. */
  private static final Set<Class<? extends Operation>> SHARED =
      Set.of(
          DenseForward.class,
          DenseBackward.class,
          DenseGradient.class,
          ProjectAndSort.class,
          WassersteinGradient.class,
          Directions.class,
          Adam.class);

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
        ModelKind.DYNAE,
        inputs,
        inputs + 1,
        latent,
        width,
        width + 1,
        2,
        activation,
        prior,
        2,
        learned,
        true,
        null);
  }

  @ParameterizedTest(name = "{0} batch {1}")
  @MethodSource("cases")
  void everyOperationAgreesWithItsJavaForm(
      Backends name, int batch, ModelShape shape, int projections) {
    try (Backend other = name.open()) {
      check(other, batch, shape, projections);
    }
  }

  static Stream<Arguments> casesOfOtherModels() {
    List<Arguments> cases = new ArrayList<>();
    for (Backends backend : Backends.others().toList()) {
      for (ModelKind kind : EnumSet.complementOf(EnumSet.of(ModelKind.DYNAE))) {
        cases.add(Arguments.of(backend, kind, 33, 4));
        if (backend == Backends.OPENCL_PHASES || backend == Backends.CUDA_PHASES) {
          continue;
        }
        cases.add(Arguments.of(backend, kind, 1, 1));
        cases.add(Arguments.of(backend, kind, 257, 5));
      }
    }
    return cases.stream();
  }

  /** What other models have beside DynAE's layers, sorts and optimisers, one after the other. */
  @ParameterizedTest(name = "{0} {1} batch {2} d {3}")
  @MethodSource("casesOfOtherModels")
  void operationsOfOtherModelsAgreeWithTheirJavaForms(
      Backends name, ModelKind kind, int batch, int latent) {
    try (Backend other = name.open()) {
      checkOwn(other, batch, ofKind(kind, latent));
    }
  }

  static ModelShape ofKind(ModelKind kind, int latent) {
    return new ModelShape(kind, 3, 2, latent, 7, 6, 1, Activation.RELU, 5, 1, false, true, null);
  }

  /** Fails unless the operations of a model's own agree with their plain Java forms. */
  static void checkOwn(Backend other, int batch, ModelShape shape) {
    try (Backend java = new JavaBackend(1)) {
      Model here = model(java, shape, batch, 7);
      Model there = model(other, shape, batch, 7);
      List<Integer> own = new ArrayList<>();
      for (int i = 0; i < here.plan().operations().size(); i++) {
        Operation operation = here.plan().operations().get(i);
        if (!SHARED.contains(operation.getClass()) && !operation.name().equals("losses")) {
          own.add(i);
        }
      }
      compare(java, other, here, there, own, batch);
    }
  }

  /** Fails unless every operation agrees with its plain Java form. */
  static void check(Backend other, int batch, ModelShape shape, int projections) {
    try (Backend java = new JavaBackend(1)) {
      Model here = model(java, shape, batch, projections);
      Model there = model(other, shape, batch, projections);
      List<Operation> operations = here.plan().operations();
      Set<String> forms = new HashSet<>();
      for (int i = 0; i < operations.size(); i++) {
        // Operations that differ in their buffers alone are one form; each costs a compilation.
        String form =
            operations.get(i).statement().replaceAll("\\(?a \\+ \\d+\\)?( \\+ \\d+)?", "");
        if (forms.add(form)) {
          compare(java, other, here, there, List.of(i), batch);
        }
      }
    }
  }

  private static Model model(Backend backend, ModelShape shape, int batch, int projections) {
    return Model.of(
        shape,
        batch,
        projections,
        true,
        Model.Draws.FRESH,
        backend.shape(),
        backend.rowsPerBlock(batch));
  }

  private static void compare(
      Backend java, Backend other, Model here, Model there, List<Integer> which, int batch) {
    int i = which.get(0);
    Operation operation = here.plan().operations().get(which.get(which.size() - 1));
    try (Executor a = executor(java, here, which);
        Executor b = executor(other, there, which)) {
      List<Region> left = here.plan().layout().regions();
      List<Region> right = there.plan().layout().regions();
      Set<Region> passedOn = PassedOn.regions(a.plan());
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
        before.add(scratch || passedOn.contains(left.get(r)) ? null : values);
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
              .set(Control.ADAM_REPRESENTATION, 60)
              .set(Control.ADAM_PRIOR, 200)
              .set(Control.RATE_REPRESENTATION, 1e-3f)
              .set(Control.RATE_PRIOR, 2e-3f)
              .set(Control.AVERAGE_KEEP, 0.9f)
              .set(Control.NU, 0.3f)
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

  /**
   * Rows of a region whose padding differs between backends.
   *
   * @param width values of a row that mean something
   * @param padded values from one row to the next
   */
  private record Rows(int count, int width, int padded) {
    static Optional<Rows> of(StepPlan plan, Region region, int batch) {
      SortPlan sort = plan.sort();
      int rows = plan.layout().halfBlocks() * plan.layout().rowsPerBlock();
      return switch (region.name()) {
        case "gap" -> Optional.of(new Rows(sort.projections(), batch, rows));
        case "theta" -> {
          int dims = region.length() / sort.padded();
          yield Optional.of(new Rows(dims, sort.projections(), sort.padded()));
        }
        default -> Optional.empty();
      };
    }

    float[] cut(float[] values) {
      float[] cut = new float[count * width];
      for (int i = 0; i < cut.length; i++) {
        cut[i] = values[i / width * padded + i % width];
      }
      return cut;
    }

    float[] padded(float[] values, int length) {
      float[] all = new float[length];
      for (int i = 0; i < values.length; i++) {
        all[i / width * padded + i % width] = values[i];
      }
      return all;
    }
  }

  /** A region's values without padding that differs between backends. */
  private static float[] logical(Executor executor, Region region, int batch) {
    float[] values = executor.read(0, region);
    return Rows.of(executor.plan(), region, batch).map(r -> r.cut(values)).orElse(values);
  }

  private static void write(Executor executor, Region region, float[] values, int batch) {
    Optional<Rows> rows = Rows.of(executor.plan(), region, batch);
    executor.write(0, region, rows.map(r -> r.padded(values, region.length())).orElse(values));
  }

  private static Executor executor(Backend backend, Model model, List<Integer> which) {
    StepPlan plan = model.plan();
    List<Operation> operations = which.stream().map(plan.operations()::get).toList();
    String name = "some_" + operations.get(0).name();
    return backend.executor(new StepPlan(name, plan.layout(), plan.sort(), operations), 1);
  }

  private static void tables(Backend backend, Executor executor, Model model, int batch) {
    int frames = 50;
    Random random = new Random(7);
    for (Table table : Table.values()) {
      int features = table == Table.FRAMES ? model.shape().inputs() : model.shape().outputs();
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
