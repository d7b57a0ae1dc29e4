// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.compute.Backend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.dataset.Standardizer;
import io.dynae.model.Checkpoint;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.op.bins.RegularSpace;
import io.dynae.testing.LittleMemory;
import io.dynae.trajectory.ArrayFrames;
import io.dynae.trajectory.Frames;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Of frames that are large and do not fit, few are staged at once. */
class WideFramesTest {
  private static final int FEATURES = 4096;
  private static final int FRAMES = 2500;

  @Test
  void stagesFewerFramesAndEncodesThemAlike() {
    float[] values = new float[FRAMES * FEATURES];
    Random random = new Random(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    ModelShape shape =
        new ModelShape(
            ModelKind.BETA_VAE,
            FEATURES,
            FEATURES,
            2,
            4,
            4,
            1,
            Activation.RELU,
            4,
            1,
            false,
            true,
            null);
    Checkpoint model = Checkpoint.initial(shape, 0);
    try (Frames frames = new ArrayFrames("wide", values, FRAMES, FEATURES);
        Backend backend = new JavaBackend(1)) {
      Backend little = LittleMemory.of(backend, 1000);
      try (BatchTables tables = new BatchTables(little, frames, null, 0, Standardizer.NONE, 64)) {
        assertEquals(RegularSpace.GRANULE, tables.rows());
      }
      assertArrayEquals(
          LatentTrajectory.encode(backend, model, frames),
          LatentTrajectory.encode(little, model, frames));
    }
  }
}
