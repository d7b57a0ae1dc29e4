// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.op.Control;
import io.dynae.op.Layout;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.op.wasserstein.Directions;
import io.dynae.random.Philox;
import io.dynae.random.Stream;
import io.dynae.testing.Backends;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Directions are unit vectors on every backend, also where a step meets the rarest words. */
class DirectionsTest {
  private static final int PADDED = 64;
  private static final int LARGEST = 0xffffff;

  @ParameterizedTest
  @EnumSource(Backends.class)
  void ofTheLargestUniform(Backends backend) {
    int[] words = words(1608, 43, 16);
    assertEquals(LARGEST, words[0] >>> 8);
    double angle = Math.PI * (words[1] >>> 8) * 0x1p-23;
    float[] theta = directions(backend, 1608, 43, 2);
    assertEquals(Math.cos(angle), theta[16], 1e-6);
    assertEquals(Math.sin(angle), theta[PADDED + 16], 1e-6);
    assertUnit(theta, 2);
    assertUnit(directions(backend, 1608, 43, 3), 3);
    assertEquals(LARGEST, words(2365, 77, 1)[0] >>> 8);
    assertUnit(directions(backend, 2365, 77, 2), 2);
  }

  /** In one dimension a right angle leaves nothing of a normal. */
  @ParameterizedTest
  @EnumSource(Backends.class)
  void ofAnAngleWhoseCosineIsZero(Backends backend) {
    assertEquals(3 << 22, words(1173, 4, 18)[1] >>> 8);
    assertSigns(directions(backend, 1173, 4, 1), 1173, 4);
    assertEquals(1 << 22, words(269, 114, 13)[1] >>> 8);
    assertSigns(directions(backend, 269, 114, 1), 269, 114);
  }

  private static void assertSigns(float[] theta, long seed, int step) {
    float[] signs = new float[PADDED];
    for (int p = 0; p < PADDED; p++) {
      // The cosine is negative in the second and third quarter of the circle.
      int angle = words(seed, step, p)[1] >>> 8;
      signs[p] = angle > 1 << 22 && angle < 3 << 22 ? -1 : 1;
    }
    assertArrayEquals(signs, theta);
  }

  private static void assertUnit(float[] theta, int dims) {
    for (int p = 0; p < PADDED; p++) {
      double square = 0;
      for (int i = 0; i < dims; i++) {
        square += (double) theta[i * PADDED + p] * theta[i * PADDED + p];
      }
      assertEquals(1, square, 1e-6, "direction " + p);
    }
  }

  private static int[] words(long seed, int step, int item) {
    int[] words = new int[4];
    Philox.words(seed, item, step, Stream.DIRECTIONS.id(), 0, words);
    return words;
  }

  private static float[] directions(Backends backend, long seed, int step, int dims) {
    try (Backend opened = backend.open()) {
      Layout layout = new Layout(1, opened.rowsPerBlock(1));
      Region theta = layout.flat("theta", (long) dims * PADDED);
      Directions operation = new Directions("directions", theta, dims);
      StepPlan plan = new StepPlan("some_directions", layout, null, List.of(operation));
      try (Executor executor = opened.executor(plan, 1)) {
        executor.launch(
            new Control.Words().seed(seed).set(Control.STEP, step).set(Control.STEPS, 1));
        return executor.read(0, theta);
      }
    }
  }
}
