// SPDX-License-Identifier: MIT
package io.dynae.check;

import io.dynae.compute.Backend;
import io.dynae.model.ImageShape;
import io.dynae.model.Model;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.op.Operation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a backend must fulfil, checked where the program runs: every operation and the whole step
 * against plain Java, steps against a reference in double precision, sliced Wasserstein distances
 * against their closed form, bins against the sequential rule.
 */
public final class SelfTest {
  private static final long SEED = 5;

  /** Odd sizes, so that blocks, lanes and sorts all have a rest. */
  private static final BenchConfig ODD = new BenchConfig("odd", 5, 9, 3, 33, 7);

  /** Images whose channels and sizes leave rests in the tiles of convolutions. */
  private static final BenchConfig ODD_IMAGES =
      BenchConfig.images("odd images", new ImageShape(3, 16, 32), 48, 2, 17, 7);

  private static final ModelShape LEARNED =
      new ModelShape(ModelKind.DYNAE, 3, 4, 2, 9, 7, 2, Activation.TANH, 5, 2, true, true, null);

  /** A check of a backend; it throws {@link MismatchException} where it does not hold. */
  private record Check(String name, Consumer<Backend> body) {}

  /**
   * What the checks of a backend came to.
   *
   * @param checks number of checks that ran
   * @param failures one line each: the check and what did not hold
   */
  public record Report(int checks, List<String> failures) {}

  private SelfTest() {}

  /**
   * Runs every check, whatever fails before.
   *
   * @param wanted runs those whose name it accepts
   * @param progress told each check's name before it runs, and at once what failed
   */
  public static Report run(Backend backend, Predicate<String> wanted, Consumer<String> progress) {
    List<String> failures = new ArrayList<>();
    List<Check> checks = checks(backend).stream().filter(c -> wanted.test(c.name())).toList();
    for (Check check : checks) {
      progress.accept(check.name());
      try {
        check.body().accept(backend);
      } catch (RuntimeException e) {
        failures.add(check.name() + ": " + e.getMessage());
        progress.accept("FAILED " + check.name() + ": " + e.getMessage());
      }
    }
    return new Report(checks.size(), failures);
  }

  private static List<Check> checks(Backend backend) {
    List<Check> checks = new ArrayList<>();
    if (!backend.name().equals("java")) {
      // Plain Java is what the others are compared with.
      operations(checks, backend, ODD);
      operations(checks, backend, BenchConfig.named("three-well"));
      steps(checks, "odd images", ODD_IMAGES.shape(), 17, 7, 1, 3);
      steps(checks, "three-well", BenchConfig.named("three-well").shape(), 256, 50, 1, 10, 100);
      steps(checks, "learned diffusion", LEARNED, 40, 7, 1, 10);
      for (ModelKind kind : EnumSet.complementOf(EnumSet.of(ModelKind.DYNAE))) {
        steps(
            checks,
            kind.label(),
            new ModelShape(kind, 3, 4, 2, 9, 7, 2, Activation.TANH, 5, 2, false, true, null),
            40,
            7,
            1,
            10);
      }
      steps(checks, "D 300, h 128", ModelShape.standard(300, 3, 128), 256, 50, 1, 2);
    }
    checks.add(new Check("models side by side have the bits of one alone", StepCheck::sideBySide));
    for (ModelKind kind : ModelKind.values()) {
      checks.add(
          new Check(
              "steps of a reference of %s in double precision".formatted(kind.label()),
              new GoldenStep(kind)::check));
    }
    for (int samples : new int[] {1, 2, 257, 4096, 65536}) {
      checks.add(
          new Check(
              "sliced Wasserstein of %d shifted samples".formatted(samples),
              b -> DistanceCheck.check(b, samples)));
    }
    checks.add(new Check("bins of 300 points", b -> BinsCheck.check(b, 300, 2, 0.8)));
    checks.add(new Check("bins of 20,001 points", b -> BinsCheck.check(b, 20_001, 3, 1.5)));
    return checks;
  }

  private static void operations(List<Check> checks, Backend backend, BenchConfig config) {
    Model model = config.model(backend);
    Set<String> forms = new HashSet<>();
    for (Operation operation : model.plan().operations()) {
      // Operations that differ in their buffers alone are one form; each costs a compilation.
      if (forms.add(operation.statement().replaceAll("\\(?a \\+ \\d+\\)?( \\+ \\d+)?", ""))) {
        checks.add(
            new Check(
                "operation %s of %s".formatted(operation.name(), config.name()),
                b -> {
                  try (OperationRun run =
                      new OperationRun(config, b, model, operation, false, SEED)) {
                    run.verify();
                  }
                }));
      }
    }
  }

  private static void steps(
      List<Check> checks, String name, ModelShape shape, int batch, int projections, int... after) {
    for (int steps : after) {
      checks.add(
          new Check(
              "%d steps of %s".formatted(steps, name),
              b -> new StepCheck(shape, batch, projections).likeJava(b, steps)));
    }
  }
}
