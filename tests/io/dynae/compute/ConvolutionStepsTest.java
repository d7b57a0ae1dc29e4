// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.model.ImageShape;
import io.dynae.model.Model;
import io.dynae.model.ModelShape;
import io.dynae.op.Operation;
import io.dynae.testing.Backends;
import io.dynae.testing.StepCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps of convolutional models, side by side as in sweeps, and what does not fit. */
class ConvolutionStepsTest {
  private static final ModelShape IMAGES = ModelShape.images(new ImageShape(3, 16, 32), 2, 32);

  @ParameterizedTest
  @EnumSource(names = {"OPENCL", "OPENCL_PHASES", "CUDA", "CUDA_PHASES", "JAVA"})
  void modelsSideBySideAgreeWithPlainJava(Backends name) {
    try (Backend backend = name.open()) {
      new StepCase(IMAGES, 17, 7, true, 2, 2).check(backend);
    }
  }

  @Test
  void noTeamHoldsTheirRowsInSharedMemory() {
    TeamShape shape = new TeamShape(1, 32, 16, 48 << 10, 264);
    Model model = Model.of(IMAGES, 17, 7, false, Model.Draws.FRESH, shape, 32);
    assertTrue(!model.plan().runsInTeams());
    long layers = model.plan().operations().stream().mapToLong(Operation::multiplyAddsPerRow).sum();
    assertEquals(17 * layers, model.plan().multiplyAdds());
  }

  @Test
  void aBatchTooLargeForTheBuffersIsNamed() {
    ModelShape large = ModelShape.images(new ImageShape(3, 64, 64), 2, 256);
    TeamShape shape = new TeamShape(1, 32, 16, 48 << 10, 264);
    String message =
        assertThrows(
                InputException.class,
                () -> Model.of(large, 8192, 50, false, Model.Draws.FRESH, shape, 32))
            .getMessage();
    assertTrue(message.startsWith("batch_size: floats of a model's buffers <= "), message);
    assertTrue(message.endsWith("of batches of 8192 pairs; lower batch_size"), message);
  }
}
