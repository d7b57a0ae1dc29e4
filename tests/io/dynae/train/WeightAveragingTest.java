// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.testing.Backends;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Few data: the averaged weights are those of a trained model, as the last weights are. */
class WeightAveragingTest {
  /** 3,000 frames of an Ornstein-Uhlenbeck process that relaxes in 50 of them. */
  private static final int FRAMES = 3000;

  private static final TrainingListener SILENT =
      new TrainingListener() {
        @Override
        public void progress(Progress progress, EpochLosses losses) {}

        @Override
        public void epochDone(Progress progress, EpochLosses losses) {}

        @Override
        public void note(String text) {}
      };

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "JAVA,DynamicsAE",
    "JAVA,VAE",
    "OPENCL,DynamicsAE",
    "OPENCL,VAE",
    "OPENCL,SWAE",
    "OPENCL,SDEVAE",
    "CUDA,DynamicsAE"
  })
  void areNoWorseThanTheLastOnes(Backends on, String model) {
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, trajectory(), FRAMES, 2);
    double last = testLoss(on, file, model, "0");
    double averaged = testLoss(on, file, model, "0.999");
    assertTrue(averaged <= 1.1 * last, "averaged " + averaged + ", last " + last);
  }

  private static float[] trajectory() {
    Random random = new Random(5);
    float[] x = new float[2 * FRAMES];
    for (int i = 2; i < x.length; i++) {
      x[i] = (float) (x[i - 2] * Math.exp(-0.02) + 0.2 * random.nextGaussian());
    }
    return x;
  }

  private double testLoss(Backends on, Path file, String model, String keep) {
    List<String> settings =
        List.of(
            "input_data=[" + file + "]",
            "model=" + model,
            "weight_averaging=" + keep,
            "max_epochs=12",
            "batch_size=64",
            "min_dist=20",
            "beta=1");
    RunConfig config = RunConfig.defaults(settings);
    RunDirectory directory = RunDirectory.vacant(folder.resolve(on + model + keep));
    StopSignal never = new StopSignal(code -> {});
    try (TrainingData data = TrainingData.open(config);
        Backend backend = on.open()) {
      Member member = Member.of(config, directory, data);
      try (Trainer trainer = new Trainer(backend, List.of(member), SILENT, never)) {
        directory.begin(config, 0);
        trainer.run();
        assertNull(member.failure());
        return trainer.testLosses(member).representation();
      }
    }
  }
}
