// SPDX-License-Identifier: MIT
package io.dynae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.compute.java.JavaBackend;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.Losses;
import io.dynae.op.Table;
import io.dynae.testing.ArrayCheck;
import io.dynae.testing.Backends;
import io.dynae.testing.StepCase;
import java.util.EnumSet;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The step kernel, the phase kernels and plain Java train the same model: from one state they agree
 * after 1, 10 and 100 steps, for the three-well model at its published size.
 *
 * <p>Losses agree at every step. Single weights may part after many: Adam turns a gradient near
 * zero, whatever its sign, into a whole step; so after 100 steps all weights together are compared,
 * beside the way that they have gone.
 */
class StepAgreementTest {
  private static final int BATCH = 256;
  private static final int PROJECTIONS = 50;
  private static final int FRAMES = 4096;
  private static final int[] LAUNCHES = {1, 9, 90};
  private static final float RATE = 1e-4f;
  private static final long SEED = 11;

  static Stream<Backends> backends() {
    return Backends.others();
  }

  /** Weights to begin with, then losses of the last step and weights after each launch. */
  private record Course(float[] start, float[][] losses, float[][] weights) {}

  @ParameterizedTest
  @MethodSource("backends")
  void agreesWithPlainJava(Backends which) {
    try (Backend backend = which.open();
        Backend java = new JavaBackend(1)) {
      Course expected = course(java);
      Course actual = course(backend);
      int steps = 0;
      for (int i = 0; i < LAUNCHES.length; i++) {
        steps += LAUNCHES[i];
        String after = " after " + steps + " steps";
        ArrayCheck.close("losses" + after, actual.losses()[i], expected.losses()[i], 1e-5, 1e-6);
        if (steps <= 10) {
          ArrayCheck.close(
              "weights" + after, actual.weights()[i], expected.weights()[i], 1e-5, 2e-5);
        }
        double apart = distance(actual.weights()[i], expected.weights()[i]);
        double way = distance(expected.start(), expected.weights()[i]);
        assertTrue(apart <= 5e-3 * way, "weights" + after + ": " + apart + " apart, way " + way);
      }
    }
  }

  /** Two models of each kind, batches that do not fill their blocks of rows. */
  @ParameterizedTest
  @MethodSource("backends")
  void otherModelsAgreeWithPlainJava(Backends which) {
    try (Backend backend = which.open()) {
      for (ModelKind kind : EnumSet.complementOf(EnumSet.of(ModelKind.DYNAE))) {
        ModelShape shape =
            new ModelShape(kind, 3, 4, 3, 9, 7, 2, Activation.TANH, 6, 2, false, true, null);
        new StepCase(shape, 70, 9, true, 2, 3).check(backend);
      }
    }
  }

  /** One device, cut into launches in another way: not a bit differs. (A GPU adds up otherwise.) */
  @ParameterizedTest
  @CsvSource({"OPENCL, OPENCL_PHASES"})
  void phasesAreTheStep(Backends step, Backends phases) {
    try (Backend one = step.open();
        Backend other = phases.open()) {
      Course whole = course(one);
      Course cut = course(other);
      for (int i = 0; i < LAUNCHES.length; i++) {
        assertArrayEquals(whole.losses()[i], cut.losses()[i]);
        assertArrayEquals(whole.weights()[i], cut.weights()[i]);
      }
    }
  }

  private static double distance(float[] a, float[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(squares);
  }

  private static Course course(Backend backend) {
    ModelShape shape = ModelShape.standard(2, 2, 32);
    Model model =
        Model.of(
            shape,
            BATCH,
            PROJECTIONS,
            false,
            Model.Draws.FRESH,
            backend.shape(),
            backend.rowsPerBlock(BATCH));
    try (Executor executor = backend.executor(model.plan(), 1);
        FrameTable frames = backend.table("frames", 2L * FRAMES)) {
      float[] walk = walk();
      frames.fill(0, walk, walk.length);
      executor.table(Table.FRAMES, frames);
      float[] start = model.networks().initial(SEED);
      executor.write(0, model.parameters(), start);
      Random random = new Random(SEED);
      float[][] losses = new float[LAUNCHES.length][];
      float[][] weights = new float[LAUNCHES.length][];
      int done = 0;
      for (int i = 0; i < LAUNCHES.length; i++) {
        int n = LAUNCHES[i];
        executor.index(pairs(random, n), 2 * BATCH * n);
        executor.launch(
            new Control.Words()
                .seed(SEED)
                .set(Control.STEP, done)
                .set(Control.STEPS, n)
                .set(Control.ADAM_REPRESENTATION, done)
                .set(Control.ADAM_PRIOR, done)
                .set(Control.BETA, 10f)
                .set(Control.RATE_REPRESENTATION, RATE)
                .set(Control.RATE_PRIOR, RATE));
        done += n;
        float[] rows = executor.read(0, model.losses());
        losses[i] = new float[Losses.WIDTH];
        System.arraycopy(rows, Losses.WIDTH * (n - 1), losses[i], 0, Losses.WIDTH);
        weights[i] = executor.read(0, model.parameters());
      }
      return new Course(start, losses, weights);
    }
  }

  /** A two-dimensional random walk with a pull to the origin. */
  private static float[] walk() {
    Random random = new Random(SEED + 1);
    float[] walk = new float[2 * FRAMES];
    for (int i = 2; i < walk.length; i++) {
      walk[i] = (float) (0.95 * walk[i - 2] + 0.3 * random.nextGaussian());
    }
    return walk;
  }

  private static int[] pairs(Random random, int steps) {
    int[] pairs = new int[2 * BATCH * steps];
    for (int s = 0; s < steps; s++) {
      for (int b = 0; b < BATCH; b++) {
        int frame = random.nextInt(FRAMES - 1);
        pairs[2 * s * BATCH + b] = frame;
        pairs[(2 * s + 1) * BATCH + b] = frame + 1;
      }
    }
    return pairs;
  }
}
