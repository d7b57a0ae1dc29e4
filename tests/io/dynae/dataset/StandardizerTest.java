// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.ArrayFrames;
import io.dynae.trajectory.FrameSurvey;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.npy.NpyFrames;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Standardised frames have mean 0 and variance 1, and come back into their unit. */
class StandardizerTest {
  @TempDir private Path folder;

  private static Standardizer of(Frames frames, boolean images) {
    return Standardizer.of(FrameSurvey.of(frames, false), images);
  }

  @Test
  void standardisesAndPutsBack() {
    // The last feature never changes and keeps its scale.
    float[] rows = {1, 10, 7, 3, 30, 7, 1, 10, 7, 3, 30, 7};
    Frames frames = new ArrayFrames("x", rows, 4, 3);
    Standardizer standardizer = of(frames, false);
    float[] values = standardizer.of(frames).readAll();
    assertArrayEquals(new float[] {-1, -1, 0, 1, 1, 0, -1, -1, 0, 1, 1, 0}, values, 1e-6f);
    standardizer.undo(values, 4);
    assertArrayEquals(rows, values, 1e-5f);
    Standardizer.NONE.undo(values, 4);
    assertArrayEquals(rows, values, 1e-5f);
    assertEquals(frames, Standardizer.NONE.of(frames));
  }

  @Test
  void imagesShareOneScale() {
    // Pixels 0, 2 and 0, 4 and 3, 3: variances 1, 4 and 0, mean 5/3.
    float[] pixels = {0, 0, 3, 2, 4, 3};
    Frames frames = new ArrayFrames("images", pixels, 2, 1, 1, 3);
    float one = (float) (1 / Math.sqrt(5.0 / 3));
    assertArrayEquals(
        new float[] {-one, -2 * one, 0, one, 2 * one, 0},
        of(frames, true).of(frames).readAll(),
        1e-6f);
  }

  /** The offset goes in double, however the frames are read; rounded first, all would be alike. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e6, -1e8, 1e10})
  void offsetsFarFromZeroAreTakenOffBeforeRounding(double offset) {
    int n = 70_000;
    Random random = new Random(1);
    double[] x = new double[2 * n];
    for (int i = 0; i < x.length; i++) {
      // Multiples of 2^-16, exact in double at every offset; the second feature has offset 0.
      x[i] = Math.rint(0.01 * 65_536 * random.nextGaussian()) / 65_536 + (i % 2 == 0 ? offset : 0);
    }
    double[] mean = new double[2];
    double[] square = new double[2];
    for (int i = 0; i < x.length; i++) {
      mean[i % 2] += (x[i] - (i % 2 == 0 ? offset : 0)) / n;
    }
    float[] expected = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      double centred = x[i] - (i % 2 == 0 ? offset : 0) - mean[i % 2];
      square[i % 2] += centred * centred / n;
    }
    for (int i = 0; i < x.length; i++) {
      double centred = x[i] - (i % 2 == 0 ? offset : 0) - mean[i % 2];
      expected[i] = (float) (centred / Math.sqrt(square[i % 2]));
    }
    Path file = folder.resolve("x.npy");
    try (NpyWriter writer = NpyWriter.float64(file, n, 2)) {
      writer.write(x, 0, x.length);
    }
    try (Frames frames = NpyFrames.open(file.toString())) {
      Standardizer standardizer = of(frames, false);
      Frames view = standardizer.of(frames);
      float tolerance = Math.abs(offset) > 1e9 ? 1e-2f : 1e-4f;
      assertArrayEquals(expected, view.readAll(), tolerance);
      int[] some = {n - 1, 0, 17, 17};
      float[] gathered = new float[2 * some.length + 1];
      view.gather(some, 0, some.length, gathered, 1);
      for (int i = 0; i < 2 * some.length; i++) {
        assertEquals(expected[2 * some[i / 2] + i % 2], gathered[1 + i], tolerance);
      }
      Standardizer kept =
          Standardizer.of(
              standardizer.roundedMean(), standardizer.restOfMean(), standardizer.roundedScale());
      assertArrayEquals(standardizer.mean(), kept.mean(), "a checkpoint keeps every bit");
      assertArrayEquals(standardizer.scale(), kept.scale());
    }
  }

  /** Float32 data are standardised alike whether their file says float32 or float64. */
  @Test
  void sameValuesOfAnotherTypeGiveTheSameBits() {
    float[] x = new float[3000];
    double[] wide = new double[x.length];
    Random random = new Random(2);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (5 + random.nextGaussian());
      wide[i] = x[i];
    }
    NpyWriter.write(folder.resolve("x.npy"), x, 1000, 3);
    try (NpyWriter writer = NpyWriter.float64(folder.resolve("wide.npy"), 1000, 3)) {
      writer.write(wide, 0, wide.length);
    }
    try (Frames narrow = NpyFrames.open(folder.resolve("x.npy").toString());
        Frames same = NpyFrames.open(folder.resolve("wide.npy").toString())) {
      assertArrayEquals(of(narrow, false).of(narrow).readAll(), of(same, false).of(same).readAll());
    }
  }

  /** Checkpoints of before the rest of the mean was kept have float32 means. */
  @Test
  void aMeanWithoutItsRestIsRead() {
    Standardizer old = Standardizer.of(new float[] {1.5f}, null, new float[] {2});
    float[] found = old.of(new ArrayFrames("x", new float[] {2, 1}, 2, 1)).readAll();
    assertArrayEquals(new float[] {1, -1}, found);
  }

  @Test
  void spreadsThatFloat32CannotScaleAreNamed() {
    Frames tiny = new ArrayFrames("tiny", new float[] {0, 1, 1e-42f, 2}, 2, 2);
    String line = assertThrows(InputException.class, () -> of(tiny, false)).getMessage();
    assertTrue(line.startsWith("tiny: feature 0 spreads by 5."), line);
  }
}
