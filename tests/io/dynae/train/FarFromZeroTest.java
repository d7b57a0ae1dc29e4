// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.model.Checkpoint;
import io.dynae.testing.Backends;
import io.dynae.testing.LittleMemory;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Standardised, float64 frames far from zero are what they are near it, on every backend. */
class FarFromZeroTest {
  private static final int FRAMES = 4000;
  private static final double SPREAD = 0.01;

  @TempDir private Path folder;

  private TrainingData data(double offset) {
    Path file = folder.resolve("x" + offset + ".npy");
    Random random = new Random(5);
    try (NpyWriter writer = NpyWriter.float64(file, FRAMES, 2)) {
      for (int i = 0; i < 2 * FRAMES; i++) {
        // Multiples of 2^-24, exact in double up to 2^29.
        double x = Math.rint(0x1p24 * SPREAD * random.nextGaussian()) * 0x1p-24;
        writer.write(new double[] {offset + x}, 0, 1);
      }
    }
    return TrainingData.open(
        RunConfig.defaults(List.of("input_data=[" + file + "]", "standardize=True")));
  }

  @ParameterizedTest
  @EnumSource(Backends.class)
  void latentsAreThoseOfFramesNearZero(Backends which) {
    try (Backend backend = which.open();
        TrainingData near = data(0)) {
      Checkpoint model = Checkpoint.initial(near.modelShape(), 1);
      model.standardizer = near.standardizer();
      float[] expected = LatentTrajectory.encode(backend, model, near.input());
      for (double offset : new double[] {1e6, -1e8}) {
        try (TrainingData far = data(offset)) {
          model.standardizer = far.standardizer();
          float[] z = LatentTrajectory.encode(backend, model, far.input());
          assertArrayEquals(expected, z, 1e-4f);
          Backend little = LittleMemory.of(backend, 1000);
          assertArrayEquals(z, LatentTrajectory.encode(little, model, far.input()), "streamed");
          assertEquals(
              FRAMES, IntStream.range(0, FRAMES).mapToObj(i -> z[2 * i]).distinct().count(), 10);
        }
      }
    }
  }

  /** 64 frames that round to the same floats are other data all the same. */
  @ParameterizedTest
  @EnumSource(value = Backends.class, names = "JAVA")
  void fingerprintsTellSmallSpreadsApart(Backends which) {
    try (TrainingData one = data(1e8);
        TrainingData other = data(1e8 + 1)) {
      assertArrayEquals(one.input().readAll(), other.input().readAll());
      assertNotEquals(one.fingerprint(), other.fingerprint());
    }
  }
}
