// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.dynae.compute.java.JavaBackend;
import io.dynae.model.Model;
import io.dynae.model.ModelShape;
import io.dynae.op.Control;
import io.dynae.op.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models side by side in plain Java get the bits that each gets alone on one thread. */
class JavaModelsTest {
  private static final int BATCH = 37;
  private static final int STEPS = 4;
  private static final int FRAMES = 50;

  @ParameterizedTest
  @CsvSource({"3, 7", "3, 3", "3, 2", "2, 5", "1, 2"})
  void modelsSideBySideEqualModelsAlone(int threads, int models) {
    List<float[]> together = new ArrayList<>();
    try (JavaBackend backend = new JavaBackend(threads)) {
      train(backend, 0, models, together);
    }
    List<float[]> alone = new ArrayList<>();
    try (JavaBackend backend = new JavaBackend(1)) {
      for (int model = 0; model < models; model++) {
        train(backend, model, 1, alone);
      }
    }
    for (int i = 0; i < alone.size(); i++) {
      assertArrayEquals(alone.get(i), together.get(i), "result " + i);
    }
  }

  /** Trains models {@code first} and on in two launches; each has its own seed, pairs and steps. */
  private static void train(Backend backend, int first, int models, List<float[]> results) {
    Model model =
        Model.of(
            ModelShape.standard(3, 2, 8),
            BATCH,
            10,
            false,
            Model.Draws.FRESH,
            backend.shape(),
            backend.rowsPerBlock(BATCH));
    Random random = new Random(5);
    float[] values = new float[3 * FRAMES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    int entries = 2 * BATCH * STEPS;
    int[] pairs = random.ints((long) entries * (first + models), 0, FRAMES).toArray();
    try (Executor executor = backend.executor(model.plan(), models);
        FrameTable frames = backend.table("frames", values.length)) {
      frames.fill(0, values, values.length);
      executor.table(Table.FRAMES, frames);
      executor.index(pairs, pairs.length);
      for (int m = 0; m < models; m++) {
        executor.write(m, model.parameters(), model.networks().initial(first + m));
      }
      for (int launch = 0; launch < 2; launch++) {
        Control.Words[] words = new Control.Words[models];
        for (int m = 0; m < models; m++) {
          int number = first + m;
          words[m] =
              new Control.Words()
                  .seed(100 + number)
                  .set(Control.STEP, launch * STEPS)
                  .set(Control.STEPS, STEPS - number % 2)
                  .set(Control.INDEX_OFFSET, number * entries)
                  .set(Control.BETA, 10f)
                  .set(Control.RATE_REPRESENTATION, 1e-3f)
                  .set(Control.RATE_PRIOR, 1e-3f);
        }
        executor.launch(words);
        executor.finish();
      }
      for (int m = 0; m < models; m++) {
        results.add(executor.read(m, model.parameters()));
        results.add(executor.read(m, model.losses()));
      }
    }
  }
}
