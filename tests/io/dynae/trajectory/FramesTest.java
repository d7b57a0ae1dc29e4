// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.npy.NpyBytes;
import io.dynae.trajectory.npy.NpyWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays, joined and strided trajectories. */
class FramesTest {
  @TempDir Path folder;

  /** Frames of two features: (start, -start), (start + 1, -start - 1), ... */
  private static Frames ramp(String source, int start, int n) {
    float[] values = new float[2 * n];
    for (int i = 0; i < n; i++) {
      values[2 * i] = start + i;
      values[2 * i + 1] = -start - i;
    }
    return new ArrayFrames(source, values, n, 2);
  }

  private static void assertRamp(Frames frames, int n, int step) {
    assertEquals(n, frames.count());
    assertEquals(2, frames.features());
    assertArrayEquals(new int[] {n, 2}, frames.shape());
    float[] found = NpyBytes.all(frames);
    for (int i = 0; i < n; i++) {
      assertEquals(i * step, found[2 * i]);
      assertEquals(-i * step, found[2 * i + 1]);
    }
    assertThrows(IndexOutOfBoundsException.class, () -> frames.read(n, 1, new float[2], 0));
    assertThrows(
        IndexOutOfBoundsException.class, () -> frames.gather(new int[] {n}, 0, 1, found, 0));
    assertThrows(
        IndexOutOfBoundsException.class, () -> frames.gather(new int[] {-1}, 0, 1, found, 0));
  }

  @Test
  void arrays() {
    assertRamp(ramp("a", 0, 9), 9, 1);
    assertThrows(IllegalArgumentException.class, () -> new ArrayFrames("a", new float[5], 2, 2));
  }

  @Test
  void stackedFramesAreEndToEnd() {
    try (StackedFrames one = new StackedFrames(List.of(ramp("a", 0, 5)))) {
      assertRamp(one, 5, 1);
    }
    List<Frames> parts =
        List.of(
            ramp("a", 0, 3), ramp("b", 3, 0), ramp("c", 3, 1), ramp("d", 4, 6), ramp("e", 10, 0));
    try (StackedFrames frames = new StackedFrames(parts)) {
      assertRamp(frames, 10, 1);
      assertArrayEquals(new int[] {3, 0, 1, 6, 0}, frames.lengths());
      assertEquals("a, b, c, d, e", frames.source());
      assertEquals("a: frame 2", frames.locate(2));
      assertEquals("c: frame 0", frames.locate(3));
      assertEquals("d: frame 5", frames.locate(9));
    }
  }

  @Test
  void stridedFramesKeepEveryFew() {
    for (int stride = 1; stride <= 12; stride++) {
      try (Frames frames = new StridedFrames(ramp("a", 0, 10), stride)) {
        assertRamp(frames, (10 + stride - 1) / stride, stride);
      }
    }
    Frames huge = new StridedFrames(ramp("a", 0, 10), Integer.MAX_VALUE);
    assertRamp(huge, 1, 1);
    assertEquals("a: frame 6", new StridedFrames(ramp("a", 0, 10), 3).locate(2));
    String line =
        assertThrows(InputException.class, () -> new StridedFrames(ramp("a", 0, 10), 0))
            .getMessage();
    assertEquals("a: stride >= 1 does not hold: 0; 1 keeps every frame", line);
  }

  @Test
  void differentFeaturesAreRefused() {
    Frames two = ramp("a", 0, 3);
    Frames three = new ArrayFrames("b", new float[6], 2, 3);
    String line =
        assertThrows(InputException.class, () -> new StackedFrames(List.of(two, three)))
            .getMessage();
    assertTrue(line.startsWith("a and b: equal features do not hold: 2 and 3; "), line);
    Frames image = new ArrayFrames("c", new float[12], 2, 2, 3);
    Frames turned = new ArrayFrames("d", new float[12], 2, 3, 2);
    line =
        assertThrows(InputException.class, () -> new StackedFrames(List.of(image, turned)))
            .getMessage();
    assertTrue(line.startsWith("c and d: equal shapes of a frame do not hold: [2, 3] and [3, 2]"));
  }

  @Test
  void oneDimensionJoinsOneColumn() {
    Frames flat = new ArrayFrames("a", new float[] {1, 2}, 2);
    Frames column = new ArrayFrames("b", new float[] {3}, 1, 1);
    try (Frames frames = new StackedFrames(List.of(flat, column))) {
      assertArrayEquals(new float[] {1, 2, 3}, NpyBytes.all(frames));
      assertArrayEquals(new int[] {3}, frames.shape());
    }
  }

  @Test
  void openJoinsFiles() {
    Path a = folder.resolve("a.npy");
    Path b = folder.resolve("b.npy");
    NpyWriter.write(a, new float[] {0, 0, 1, -1}, 2, 2);
    NpyWriter.write(b, new float[] {2, -2}, 1, 2);
    try (StackedFrames frames = StackedFrames.open(List.of(a.toString(), b.toString()))) {
      assertRamp(frames, 3, 1);
      assertEquals(b + ": frame 0", frames.locate(2));
    }
    assertThrows(InputException.class, () -> StackedFrames.open(List.of(a.toString(), a + "x")));
  }
}
