// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dynae.model.Model;
import io.dynae.model.ModelShape;
import io.dynae.op.Control;
import io.dynae.op.Losses;
import io.dynae.op.Table;
import io.dynae.testing.Backends;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A weight that is not a number shows in the losses of every backend, through every activation. */
class DivergenceTest {
  @ParameterizedTest
  @EnumSource(Backends.class)
  void lossesAreNotNumbersWhenAWeightIsNone(Backends backend) {
    ModelShape shape = ModelShape.standard(2, 2, 8);
    int batch = 32;
    try (Backend opened = backend.open()) {
      Model model =
          Model.of(
              shape,
              batch,
              16,
              false,
              Model.Draws.FRESH,
              opened.shape(),
              opened.rowsPerBlock(batch));
      try (Executor executor = opened.executor(model.plan(), 1);
          FrameTable frames = opened.table("frames", 2)) {
        frames.fill(0, new float[] {0.5f, -0.5f}, 2);
        executor.table(Table.FRAMES, frames);
        executor.index(new int[2 * batch], 2 * batch);
        float[] weights = new float[model.parameters().length()];
        Arrays.fill(weights, 0.1f);
        weights[0] = Float.NaN;
        executor.write(0, model.parameters(), weights);
        executor.launch(new Control.Words().set(Control.STEPS, 1).set(Control.BETA, 1f));
        float[] losses = executor.read(0, model.losses());
        for (int loss : new int[] {Losses.RECONSTRUCTION, Losses.PRIOR}) {
          assertFalse(Float.isFinite(losses[loss]), "loss " + loss + " is " + losses[loss]);
        }
      }
    }
  }
}
