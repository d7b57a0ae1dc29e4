// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.error.DivergedException;
import io.dynae.model.Checkpoint;
import io.dynae.testing.Backends;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured of one model says nothing about those that were measured before it. */
class TestLossesTest {
  private static final int FRAMES = 400;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"JAVA", "OPENCL", "CUDA"})
  void aModelWithoutFiniteLossLeavesNoTrace(Backends on) {
    Random random = new Random(2);
    float[] x = new float[2 * FRAMES];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, x, FRAMES, 2);
    RunConfig config = RunConfig.defaults(List.of("input_data=[" + file + "]", "batch_size=16"));
    try (TrainingData data = TrainingData.open(config);
        Backend backend = on.open();
        BatchTables tables = data.tables(backend, data.standardizer(), 32);
        TestLosses losses =
            new TestLosses(backend, data.modelShape(), false, config.projections(), 16, tables)) {
      Checkpoint good = Checkpoint.initial(data.modelShape(), 0);
      Checkpoint bad = Checkpoint.initial(data.modelShape(), 1);
      Arrays.fill(bad.average, 1e30f);
      EpochLosses alone = losses.measure(config, good, data.test());
      assertThrows(DivergedException.class, () -> losses.measure(config, bad, data.test()));
      assertEquals(alone, losses.measure(config, good, data.test()));
    }
  }
}
