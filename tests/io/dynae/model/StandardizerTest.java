// SPDX-License-Identifier: MIT
package io.dynae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.dynae.trajectory.NpyFrames;
import io.dynae.trajectory.NpyWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Standardised frames have mean 0 and variance 1, and come back into their unit. */
class StandardizerTest {
  @TempDir private Path folder;

  @Test
  void standardisesAndPutsBack() {
    // The last feature never changes and keeps its scale.
    float[] rows = {1, 10, 7, 3, 30, 7, 1, 10, 7, 3, 30, 7};
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, rows, 4, 3);
    Standardizer standardizer;
    try (NpyFrames frames = NpyFrames.open(file.toString())) {
      standardizer = Standardizer.of(frames, false);
    }
    float[] values = NpyFrames.readAll(file);
    assertArrayEquals(rows, values);
    standardizer.apply(values, 4);
    assertArrayEquals(new float[] {-1, -1, 0, 1, 1, 0, -1, -1, 0, 1, 1, 0}, values, 1e-6f);
    standardizer.undo(values, 4);
    assertArrayEquals(rows, values, 1e-5f);
    Standardizer.NONE.undo(values, 4);
    assertArrayEquals(rows, values, 1e-5f);
  }

  @Test
  void imagesShareOneScale() {
    // Pixels 0, 2 and 0, 4 and 3, 3: variances 1, 4 and 0, mean 5/3.
    float[] pixels = {0, 0, 3, 2, 4, 3};
    Path file = folder.resolve("images.npy");
    NpyWriter.write(file, pixels, 2, 1, 1, 3);
    Standardizer standardizer;
    try (NpyFrames frames = NpyFrames.open(file.toString())) {
      standardizer = Standardizer.of(frames, true);
    }
    standardizer.apply(pixels, 2);
    float one = (float) (1 / Math.sqrt(5.0 / 3));
    assertArrayEquals(new float[] {-one, -2 * one, 0, one, 2 * one, 0}, pixels, 1e-6f);
  }
}
