// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
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
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of data that are allowed but hardly meant, and what is refused. */
class DataNotesTest {
  private static final int FRAMES = 1000;

  @TempDir private Path folder;

  private static DataNotes of(boolean standardized, int features, float... rows) {
    Frames frames = new ArrayFrames("x.npy", rows, rows.length / features, features);
    return DataNotes.ofInput(FrameSurvey.of(frames, true), standardized);
  }

  /** Two features: a sine of {@code size} around {@code mean}, and the like of a cosine. */
  private static float[] waves(double mean, double size) {
    float[] rows = new float[2 * FRAMES];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) (mean + size * Math.sin(i % 2 + 0.1 * i));
    }
    return rows;
  }

  private static String refusal(DataNotes notes) {
    return assertThrows(InputException.class, notes::requireUsable).getMessage();
  }

  @Test
  void ordinaryDataGiveNone() {
    for (boolean standardized : new boolean[] {false, true}) {
      DataNotes notes = of(standardized, 2, waves(3, 1));
      assertDoesNotThrow(notes::requireUsable);
      assertEquals(List.of(), notes.reading());
      assertEquals(List.of(), notes.scale());
      assertEquals(List.of(), notes.content());
    }
  }

  @Test
  void framesThatAreAllAlikeAreRefused() {
    float[] rows = {1, 2, 1, 2, 1, 2};
    String alike = "x.npy: all 3 frames are alike; give a trajectory that moves";
    assertEquals(alike, refusal(of(false, 2, rows)));
    assertEquals(alike, refusal(of(true, 2, rows)));
    rows[5] = 3;
    assertDoesNotThrow(of(false, 2, rows)::requireUsable);
  }

  @Test
  void whatNeverChangesOrRepeatsIsNamed() {
    float[] rows = new float[8 * FRAMES];
    for (int i = 0; i < FRAMES; i++) {
      float x = (float) Math.sin(i);
      System.arraycopy(new float[] {x, 1, 2, x, 3, 4, 5, 6}, 0, rows, 8 * i, 8);
    }
    assertEquals(
        List.of(
            "never changing: features 1, 2, 4, 5, 6 and 1 more of 8",
            "equal to an earlier one in every frame: feature 3 of 8; 3 equals 0"),
        of(false, 8, rows).content());
  }

  @Test
  void framesThatRepeatTheOneBeforeAreCounted() {
    float[] rows = new float[3000];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i / 2;
    }
    assertEquals(
        List.of(
            "1,500 of 3,000 frames equal the one before: was the trajectory written too often?"),
        of(false, 1, rows).content());
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i % 20 == 1 ? i - 1 : i;
    }
    assertEquals(List.of(), of(false, 1, rows).content());
  }

  /** Squares of 1e-30 vanish as float32 and those of 1e30 are infinite; scaled to 1 both do. */
  @Test
  void scalesThatFloat32CannotSquareAreRefused() {
    String small = refusal(of(false, 2, waves(0, 1e-30)));
    assertTrue(small.startsWith("x.npy: the variance of a frame is 1.00e-60, "), small);
    assertTrue(small.endsWith("less than float32 holds, 1.18e-38; set standardize = True"), small);
    String large = refusal(of(false, 2, waves(0, 1e30)));
    assertTrue(large.contains("more than float32 holds, 3.40e+38; largest value: "), large);
    assertTrue(large.contains("(x.npy: frame "), large);
    assertDoesNotThrow(of(true, 2, waves(0, 1e-30))::requireUsable);
    assertDoesNotThrow(of(true, 2, waves(0, 1e30))::requireUsable);
    for (double size : new double[] {1e-9, 1e9}) {
      DataNotes notes = of(false, 2, waves(0, size));
      assertDoesNotThrow(notes::requireUsable);
      assertEquals(1, notes.scale().size());
      assertTrue(notes.scale().get(0).endsWith("; set standardize = True"));
      assertEquals(List.of(), of(true, 2, waves(0, size)).scale());
    }
  }

  private DataNotes wide(boolean standardized, IntToDoubleFunction value) {
    Path file = folder.resolve("wide.npy");
    try (NpyWriter writer = NpyWriter.float64(file, FRAMES, 1)) {
      for (int i = 0; i < FRAMES; i++) {
        writer.write(new double[] {value.applyAsDouble(i)}, 0, 1);
      }
    }
    try (Frames frames = NpyFrames.open(file.toString())) {
      return DataNotes.ofInput(FrameSurvey.of(frames, true), standardized);
    }
  }

  @Test
  void spreadsThatRoundingTakesAreNamed() {
    IntToDoubleFunction far = i -> 1e6 + Math.sin(i);
    List<String> notes = wide(false, far).reading();
    assertEquals(1, notes.size(), notes.toString());
    assertTrue(
        notes
            .get(0)
            .matches(
                ".*wide.npy: rounding to float32 takes over 1% of the spread of feature 0: 0 spreads"
                    + " by 0.707 around 1.00000e.06; set standardize = True"),
        notes.get(0));
    assertEquals(List.of(), wide(true, far).reading());
    assertEquals(List.of(), wide(false, i -> 1e6 + 100 * Math.sin(i)).reading());
    String alike = refusal(wide(false, i -> 1e6 + 0.001 * Math.sin(i)));
    assertTrue(alike.contains("all 1000 frames are alike once rounded to float32"), alike);
    assertTrue(alike.endsWith("; set standardize = True"), alike);
    assertDoesNotThrow(wide(true, i -> 1e6 + 0.001 * Math.sin(i))::requireUsable);
  }
}
