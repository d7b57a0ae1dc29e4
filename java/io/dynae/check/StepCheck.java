// SPDX-License-Identifier: MIT
package io.dynae.check;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.compute.java.JavaBackend;
import io.dynae.model.Model;
import io.dynae.model.ModelShape;
import io.dynae.op.Control;
import io.dynae.op.Losses;
import io.dynae.op.Table;
import java.util.Arrays;
import java.util.Random;

/** Whole training steps on random frames: a backend's beside plain Java's, and beside its own. */
public record StepCheck(ModelShape shape, int batch, int projections) {
  private static final int FRAMES = 1000;
  private static final long SEED = 20240607;

  private static final float RATE = 1e-4f;

  private static final double TOLERANCE = 1e-4;
  public static final double APART = 5e-3;

  /** What a model's launch leaves, and the weights it began with. */
  private record Outcome(
      float[] start, float[] losses, float[] gradients, float[] parameters, float[] average) {}

  /** Demands losses, gradients and weights of plain Java after {@code steps} steps. */
  void likeJava(Backend backend, int steps) {
    Outcome actual = run(backend, 0, 1, steps)[0];
    try (Backend java = new JavaBackend()) {
      Outcome expected = run(java, 0, 1, steps)[0];
      Agreement.require("losses", actual.losses(), expected.losses(), TOLERANCE, 1e-6);
      double largest = Agreement.largest(expected.gradients());
      Agreement.require(
          "gradients", actual.gradients(), expected.gradients(), 0, TOLERANCE * largest);
      requireSameCourse("weights", actual.parameters(), expected.parameters(), expected.start());
      requireSameCourse("average", actual.average(), expected.average(), new float[0]);
    }
  }

  /**
   * Demands that all weights together lie apart by little beside the way they have gone: Adam turns
   * a gradient near zero, whatever its sign, into a whole step, so single ones may part.
   *
   * @param start weights before the steps, or none for zeros
   */
  public static void requireSameCourse(
      String what, float[] actual, float[] expected, float[] start) {
    requireSameCourse(what, actual, expected, start, APART);
  }

  /** The same with another share of the way, for operands that are rounded. */
  public static void requireSameCourse(
      String what, float[] actual, float[] expected, float[] start, double most) {
    double apart = distance(actual, expected);
    double way = distance(expected, start.length == 0 ? new float[expected.length] : start);
    // False for a NaN.
    if (!(apart <= most * way)) {
      throw new MismatchException(
          "%s: distance to plain Java's <= %g of the way from the start does not hold: %g, %g"
              .formatted(what, most, apart, way));
    }
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  /** Demands of three models side by side the bits that each has alone. */
  static void sideBySide(Backend backend) {
    StepCheck check = new StepCheck(ModelShape.standard(2, 2, 32), 256, 50);
    Outcome[] together = check.run(backend, 0, 3, 5);
    for (int m = 0; m < together.length; m++) {
      Outcome alone = check.run(backend, m, 1, 5)[0];
      for (float[][] pair :
          new float[][][] {
            {together[m].losses(), alone.losses()},
            {together[m].gradients(), alone.gradients()},
            {together[m].parameters(), alone.parameters()},
            {together[m].average(), alone.average()}
          }) {
        int at = Arrays.mismatch(pair[0], pair[1]);
        if (at >= 0) {
          throw new MismatchException(
              "model %d: equal bits alone and beside others does not hold: value %d is %.9g, %.9g"
                  .formatted(m, at, pair[1][at], pair[0][at]));
        }
      }
    }
  }

  /** Runs models {@code first ..} side by side; a model's values depend on its number alone. */
  private Outcome[] run(Backend backend, int first, int models, int steps) {
    Model model =
        Model.of(
            shape,
            batch,
            projections,
            true,
            Model.Draws.FRESH,
            backend.shape(),
            backend.rowsPerBlock(batch));
    try (Executor executor = backend.executor(model.plan(), models);
        FrameTable frames = normals(backend, 1, shape.inputs());
        FrameTable targets = normals(backend, 2, shape.outputs())) {
      executor.table(Table.FRAMES, frames);
      executor.table(Table.TARGETS, targets);
      int entries = shape.kind().frames() * batch * steps;
      executor.index(new Random(3).ints(entries, 0, FRAMES).toArray(), entries);
      Control.Words[] words = new Control.Words[models];
      for (int m = 0; m < models; m++) {
        executor.write(m, model.parameters(), model.networks().initial(SEED + first + m));
        words[m] = words(first + m, steps);
      }
      executor.launch(words);
      Outcome[] outcomes = new Outcome[models];
      for (int m = 0; m < models; m++) {
        outcomes[m] =
            new Outcome(
                model.networks().initial(SEED + first + m),
                Arrays.copyOf(executor.read(m, model.losses()), Losses.WIDTH * steps),
                executor.read(m, model.gradients()),
                executor.read(m, model.parameters()),
                executor.read(m, model.average()));
      }
      return outcomes;
    }
  }

  private static FrameTable normals(Backend backend, long seed, int features) {
    Random random = new Random(seed);
    float[] values = new float[FRAMES * features];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    FrameTable table = backend.table("frames", values.length);
    table.fill(0, values, values.length);
    return table;
  }

  private static Control.Words words(int model, int steps) {
    return new Control.Words()
        .seed(SEED + model)
        .set(Control.STEP, 0)
        .set(Control.STEPS, steps)
        .set(Control.ADAM_REPRESENTATION, 60)
        .set(Control.ADAM_PRIOR, 200)
        .set(Control.BETA, 10f)
        .set(Control.NU, 0.3f)
        .set(Control.AVERAGE_KEEP, 0.9f)
        .set(Control.RATE_REPRESENTATION, RATE)
        .set(Control.RATE_PRIOR, RATE);
  }
}
