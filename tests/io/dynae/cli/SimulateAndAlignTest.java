// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.simulation.Systems;
import io.dynae.testing.Dynae;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.npy.NpyFrames;
import io.dynae.trajectory.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two commands that make data, as a user gives them. */
class SimulateAndAlignTest {
  @TempDir Path folder;

  @Test
  void simulateTakesTheOptionsOfASystem() throws IOException {
    Dynae.Result result =
        Dynae.run(
            folder,
            "simulate shapes3d --frames 40 --seed 3 --pixels 32 --shape sphere --out room"
                .split(" "));
    assertEquals(0, result.code(), result.stderr());
    assertEquals("", result.stderr());
    try (Frames frames = NpyFrames.open(folder.resolve("room/observed.npy").toString())) {
      assertArrayEquals(new int[] {40, 3, 32, 32}, frames.shape());
    }
    assertTrue(Files.size(folder.resolve("room/frames.png")) > 1000);
  }

  @Test
  void helpNamesEverySystem() {
    String help = Dynae.run(folder, "simulate", "--help").stdout();
    for (String name : Systems.names()) {
      assertTrue(help.contains(name), name);
    }
  }

  @Test
  void alignWritesWhatItNames() {
    float[] butane = {0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, -1, 0};
    NpyWriter.write(folder.resolve("raw.npy"), butane, 2, 4, 3);
    Dynae.Result plain = Dynae.run(folder, "align", "raw.npy", "--reference", "0", "--out", "a");
    assertEquals(0, plain.code(), plain.stderr());
    assertEquals(
        List.of(Path.of("a", "aligned.npy").toString(), Path.of("a", "reference.npy").toString()),
        plain.stdout().lines().toList());
    assertFalse(Files.exists(folder.resolve("a/dihedrals.npy")));
    Dynae.Result measured =
        Dynae.run(
            folder,
            "align raw.npy --reference a/reference.npy --dihedral 0,1,2,3 --dihedral 3,2,1,0 --out b"
                .split(" "));
    assertEquals(0, measured.code(), measured.stderr());
    try (Frames angles = NpyFrames.open(folder.resolve("b/dihedrals.npy").toString())) {
      float[] found = new float[4];
      angles.read(0, 2, found, 0);
      double right = Math.PI / 2;
      assertEquals(right, Math.abs(found[0]), 1e-6);
      assertEquals(found[0], found[1], 1e-6);
      assertEquals(Math.PI, Math.abs(found[2]), 1e-6);
    }
  }
}
