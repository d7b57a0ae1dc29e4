// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.npy.NpyFrames;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiniteCheckTest {
  @TempDir Path folder;

  private static String refusal(Frames frames) {
    return assertThrows(InputException.class, () -> FiniteCheck.require(frames)).getMessage();
  }

  @Test
  void finiteValuesPass() {
    float[] values = {0, -0f, Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 1};
    assertDoesNotThrow(() -> FiniteCheck.require(new ArrayFrames("a", values, 3, 2)));
    assertDoesNotThrow(() -> FiniteCheck.require(new ArrayFrames("a", new float[0], 0, 2)));
  }

  @Test
  void theFirstBadValueIsNamed() {
    // Chunks hold 65536 / 3 frames: bad values on both sides of a border and in the last chunk.
    for (int bad : new int[] {0, 65_534, 65_535, 65_536, 199_999 * 3 + 1}) {
      float[] values = new float[600_000];
      values[bad] = Float.NaN;
      values[599_999] = Float.NEGATIVE_INFINITY;
      assertEquals(
          "a: frame "
              + bad / 3
              + ", feature "
              + bad % 3
              + ": finite value does not hold: NaN; remove or repair the frame",
          refusal(new ArrayFrames("a", values, 200_000, 3)));
    }
  }

  @Test
  void frameLargerThanAChunk() {
    float[] values = new float[3 * 70_000];
    values[70_000 + 69_999] = Float.POSITIVE_INFINITY;
    String line = refusal(new ArrayFrames("a", values, 3, 70_000));
    assertTrue(line.startsWith("a: frame 1, feature 69999: finite value does not hold: Infinity;"));
  }

  @Test
  void valuesTooLargeForFloat32() {
    Path file = folder.resolve("x.npy");
    try (NpyWriter writer = NpyWriter.float64(file, 2, 2)) {
      writer.write(new double[] {1, 3.4e38, 3.5e38, Double.NaN}, 0, 4);
    }
    try (Frames frames = NpyFrames.open(file.toString())) {
      String line = refusal(frames);
      assertTrue(
          line.startsWith(
              file
                  + ": frame 1, feature 0: finite value does not hold: 3.5E38 is infinite as"
                  + " float32;"),
          line);
    }
  }

  @Test
  void theFrameIsThatOfItsOwnFile() {
    float[] bad = new float[40];
    bad[12] = Float.NaN;
    Frames good = new ArrayFrames("good", new float[100], 100);
    Frames strided = new StridedFrames(new ArrayFrames("bad", bad, 40), 4);
    String line = refusal(new StackedFrames(List.of(good, strided)));
    assertTrue(line.startsWith("bad: frame 12, feature 0"), line);
  }
}
