// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.npy.NpyBytes;
import io.dynae.trajectory.npy.NpyFrames;
import io.dynae.trajectory.npy.NpyWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One pass over frames against what each number is by definition. */
class FrameSurveyTest {
  @TempDir private Path folder;

  private Frames float64(double[] values, int features) {
    Path file = folder.resolve("x" + values.length + ".npy");
    int frames = values.length / features;
    try (NpyWriter writer = NpyWriter.float64(file, frames, features)) {
      writer.write(values, 0, values.length);
    }
    return NpyFrames.open(file.toString());
  }

  @Test
  void momentsAreThoseOfTwoPasses() {
    int n = 40_001;
    double[] x = new double[3 * n];
    Random random = new Random(1);
    for (int i = 0; i < x.length; i++) {
      x[i] = 1e7 * (i % 3) + random.nextGaussian();
    }
    try (Frames frames = float64(x, 3)) {
      FrameSurvey survey = FrameSurvey.of(frames, true);
      double squares = 0;
      double variances = 0;
      for (int f = 0; f < 3; f++) {
        double mean = 0;
        for (int i = f; i < x.length; i += 3) {
          mean += (x[i] - 1e7 * f) / n;
        }
        double variance = 0;
        for (int i = f; i < x.length; i += 3) {
          variance += Math.pow(x[i] - 1e7 * f - mean, 2) / n;
        }
        assertEquals(1e7 * f + mean, survey.mean(f), 1e-8);
        assertEquals(variance, survey.variance(f), 1e-8);
        squares += Math.pow(1e7 * f + mean, 2) + variance;
        variances += variance;
      }
      assertEquals(squares, survey.meanSquare(), 1e-12 * squares);
      assertEquals(variances, survey.totalVariance(), 1e-6);
      assertEquals(0, survey.constant().length);
      assertEquals(Map.of(), survey.copies());
      assertEquals(0, survey.repeats());
    }
  }

  @Test
  void constantAndRepeatedFeaturesAreFound() {
    // Of x: itself, a constant, a copy, the negative, a copy but for one frame, another constant.
    int n = 30_000;
    float[] rows = new float[6 * n];
    for (int i = 0; i < n; i++) {
      float x = i % 3 == 0 ? 0f : (float) Math.sin(i);
      float[] row = {x, 3, x == 0 ? -0f : x, -x, i == n - 1 ? 2 : x, 3};
      System.arraycopy(row, 0, rows, 6 * i, 6);
    }
    FrameSurvey survey = FrameSurvey.of(new ArrayFrames("a", rows, n, 6), true);
    assertArrayEquals(new int[] {1, 5}, survey.constant());
    assertArrayEquals(new int[] {1, 5}, survey.constantAsFloat());
    assertEquals(Map.of(2, 0), survey.copies());
    assertArrayEquals(new int[0], survey.rounded());
    FrameSurvey images = FrameSurvey.of(new ArrayFrames("a", rows, n, 6), false);
    assertEquals(Map.of(), images.copies());
  }

  /**
   * Chunks hold 65536 / 40000 = 1 frame and 65536 / 2 frames: repeats reach from one to the next.
   */
  @Test
  void repeatedFramesAreCounted() {
    float[] wide = new float[4 * 40_000];
    wide[3 * 40_000 + 39_999] = 1;
    assertEquals(2, FrameSurvey.of(new ArrayFrames("a", wide, 4, 40_000), false).repeats());
    float[] pairs = new float[2 * 70_000];
    for (int i = 0; i < 70_000; i++) {
      pairs[2 * i] = i / 2;
    }
    assertEquals(35_000, FrameSurvey.of(new ArrayFrames("a", pairs, 70_000, 2), false).repeats());
  }

  /** At 1e6 neighbouring floats are 1/16 apart; values that are floats lose nothing there. */
  @Test
  void roundingIsMeasured() {
    int n = 1000;
    double[] x = new double[4 * n];
    Random random = new Random(3);
    for (int i = 0; i < n; i++) {
      x[4 * i] = 1e6 + 0.01 * random.nextGaussian();
      x[4 * i + 1] = 1e6 + 10 * random.nextGaussian();
      x[4 * i + 2] = 1e6 + random.nextInt(2);
      x[4 * i + 3] = 1e9;
    }
    try (Frames frames = float64(x, 4)) {
      FrameSurvey survey = FrameSurvey.of(frames, false);
      assertArrayEquals(new int[] {0}, survey.rounded());
      assertArrayEquals(new int[] {3}, survey.constant());
    }
  }

  /** Integers of 8 bytes far from zero lose their spread as float32 alone. */
  @Test
  void longIntegersKeepTheirSpread() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(8 * 1000).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 1000; i++) {
      data.putLong((1L << 50) + i);
    }
    byte[] bytes = NpyBytes.of("<i8", false, "(1000, 1)", data.array());
    try (Frames frames = NpyBytes.open(folder, bytes, 30)) {
      FrameSurvey survey = FrameSurvey.of(frames, false);
      assertEquals(0x1p50 + 499.5, survey.mean(0));
      // Of 0 .. n-1: (n^2 - 1) / 12.
      assertEquals((1000.0 * 1000 - 1) / 12, survey.variance(0), 1e-6);
      assertArrayEquals(new int[] {0}, survey.rounded());
      assertArrayEquals(new int[] {0}, survey.constantAsFloat());
    }
  }

  @Test
  void theFirstBadValueIsNamed() {
    float[] values = new float[600_000];
    values[70_001] = Float.NaN;
    values[70_000] = Float.POSITIVE_INFINITY;
    Frames frames = new ArrayFrames("a", values, 200_000, 3);
    String line =
        assertThrows(InputException.class, () -> FrameSurvey.of(frames, true)).getMessage();
    assertTrue(line.startsWith("a: frame 23333, feature 1: finite value"), line);
    assertTrue(line.contains("Infinity"), line);
    double[] wide = {1, 3.5e38};
    try (Frames large = float64(wide, 1)) {
      line = assertThrows(InputException.class, () -> FrameSurvey.of(large, true)).getMessage();
      assertTrue(line.contains("3.5E38 is infinite as float32"), line);
    }
  }

  @Test
  void theFarthestValueIsNamedWithItsFrame() {
    float[] values = {1, 2, -9, 4, 5, 100, 7, 8};
    FrameSurvey survey = FrameSurvey.of(new ArrayFrames("a", values, 4, 2), false);
    double[] zero = new double[2];
    assertEquals("100.0 (a: frame 2, feature 1)", survey.farthest(zero, new double[] {1, 1}));
    assertEquals("-9.0 (a: frame 1, feature 0)", survey.farthest(zero, new double[] {1, 0.01}));
    assertEquals(
        "7.0 (a: frame 3, feature 0)",
        survey.farthest(new double[] {-9, 100}, new double[] {1, 0.01}));
  }
}
