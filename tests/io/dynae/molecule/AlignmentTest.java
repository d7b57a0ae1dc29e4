// SPDX-License-Identifier: MIT
package io.dynae.molecule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.ArrayFrames;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.npy.NpyFrames;
import io.dynae.trajectory.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlignmentTest {
  private static final int ATOMS = 10;

  @TempDir Path folder;

  private static double[] molecule(Random random) {
    double[] x = new double[3 * ATOMS];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextGaussian();
    }
    Superposition.center(x);
    return x;
  }

  /** Turned by a random quaternion, and moved. */
  private static double[] moved(double[] x, Random random) {
    double[] q = new double[4];
    double norm = 0;
    for (int i = 0; i < 4; i++) {
      q[i] = random.nextGaussian();
      norm += q[i] * q[i];
    }
    for (int i = 0; i < 4; i++) {
      q[i] /= Math.sqrt(norm);
    }
    double[][] r = {
      {
        1 - 2 * (q[2] * q[2] + q[3] * q[3]),
        2 * (q[1] * q[2] - q[0] * q[3]),
        2 * (q[1] * q[3] + q[0] * q[2])
      },
      {
        2 * (q[1] * q[2] + q[0] * q[3]),
        1 - 2 * (q[1] * q[1] + q[3] * q[3]),
        2 * (q[2] * q[3] - q[0] * q[1])
      },
      {
        2 * (q[1] * q[3] - q[0] * q[2]),
        2 * (q[2] * q[3] + q[0] * q[1]),
        1 - 2 * (q[1] * q[1] + q[2] * q[2])
      }
    };
    double[] shift = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int atom = i - i % 3;
      double[] row = r[i % 3];
      out[i] = row[0] * x[atom] + row[1] * x[atom + 1] + row[2] * x[atom + 2] + shift[i % 3];
    }
    return out;
  }

  @Test
  void turnedAndMovedCopiesComeBack() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      double[] x = molecule(random);
      double[] copy = moved(x, random);
      assertTrue(new Superposition(x).align(copy));
      assertArrayEquals(x, copy, 1e-12);
    }
  }

  @Test
  void flatMoleculesComeBackToo() {
    Random random = new Random(2);
    double[] x = molecule(random);
    for (int i = 2; i < x.length; i += 3) {
      x[i] = 0;
    }
    double[] copy = moved(x, random);
    assertTrue(new Superposition(x).align(copy));
    assertArrayEquals(x, copy, 1e-12);
  }

  @Test
  void aMirrorImageIsTurnedNotReflected() {
    Random random = new Random(3);
    double[] x = molecule(random);
    double[] mirror = x.clone();
    for (int i = 0; i < x.length; i += 3) {
      mirror[i] = -mirror[i];
    }
    double volume = volume(mirror);
    double[] aligned = mirror.clone();
    assertTrue(new Superposition(x).align(aligned));
    assertEquals(volume, volume(aligned), 1e-12);
    // No other rotation is closer.
    double best = distance(x, aligned);
    for (int i = 0; i < 2000; i++) {
      double[] other = moved(mirror, random);
      Superposition.center(other);
      assertTrue(distance(x, other) >= best - 1e-12);
    }
  }

  private static double volume(double[] x) {
    double[] a = Arrays.copyOfRange(x, 0, 3);
    double[] b = Arrays.copyOfRange(x, 3, 6);
    double[] c = Arrays.copyOfRange(x, 6, 9);
    return a[0] * (b[1] * c[2] - b[2] * c[1])
        + a[1] * (b[2] * c[0] - b[0] * c[2])
        + a[2] * (b[0] * c[1] - b[1] * c[0]);
  }

  private static double distance(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - y[i]) * (x[i] - y[i]);
    }
    return sum;
  }

  /** Deformed copies of one molecule, turned and moved. */
  private static Frames trajectory(int frames) {
    Random random = new Random(4);
    double[] x = molecule(random);
    float[] values = new float[frames * x.length];
    for (int frame = 0; frame < frames; frame++) {
      double[] bent = x.clone();
      for (int i = 0; i < x.length; i++) {
        bent[i] += 0.1 * random.nextGaussian();
      }
      double[] row = moved(bent, random);
      for (int i = 0; i < x.length; i++) {
        values[frame * x.length + i] = (float) row[i];
      }
    }
    return new ArrayFrames("raw", values, frames, ATOMS, 3);
  }

  private static float[] read(Path file) {
    try (Frames frames = NpyFrames.open(file.toString())) {
      float[] all = new float[(int) frames.count() * frames.features()];
      frames.read(0, (int) frames.count(), all, 0);
      return all;
    }
  }

  @Test
  void theMeanIsTheMeanOfWhatIsSuperposedOntoIt() {
    Alignment.Output files = Alignment.ontoMean(trajectory(300)).write(List.of(), folder);
    float[] aligned = read(files.aligned());
    float[] reference = read(files.reference());
    for (int i = 0; i < 3 * ATOMS; i++) {
      double mean = 0;
      for (int frame = 0; frame < 300; frame++) {
        mean += aligned[frame * 3 * ATOMS + i] / 300.0;
      }
      assertEquals(reference[i], mean, 1e-6);
    }
    assertFalse(Files.exists(files.dihedrals()));
  }

  /** Raw coordinates lose their offset in double, so where the molecule lies changes nothing. */
  @Test
  void moleculesFarFromZeroAreWhatTheyAreNearIt() throws IOException {
    float[] near = trajectory(100).readAll();
    Path file = folder.resolve("far.npy");
    try (NpyWriter writer = NpyWriter.float64(file, 100, ATOMS, 3)) {
      for (float value : near) {
        writer.write(new double[] {1e6 + value}, 0, 1);
      }
    }
    Alignment.Output expected =
        Alignment.ontoMean(trajectory(100)).write(Alignment.ALANINE_DIPEPTIDE, folder);
    Path other = Files.createDirectory(folder.resolve("far"));
    try (Frames far = NpyFrames.open(file.toString())) {
      Alignment.Output found = Alignment.ontoMean(far).write(Alignment.ALANINE_DIPEPTIDE, other);
      assertArrayEquals(read(expected.aligned()), read(found.aligned()), 1e-6f);
      assertArrayEquals(read(expected.dihedrals()), read(found.dihedrals()), 1e-6f);
    }
  }

  @Test
  void alignedFramesTellTheirReference() throws IOException {
    Frames raw = trajectory(100);
    Alignment.Output onto = Alignment.ontoFrame(raw, 17).write(List.of(), folder);
    Path other = Files.createDirectory(folder.resolve("like"));
    try (Frames aligned = NpyFrames.open(onto.aligned().toString())) {
      Alignment.Output like = Alignment.like(raw, aligned).write(List.of(), other);
      assertArrayEquals(read(onto.aligned()), read(like.aligned()), 2e-6f);
    }
    String line = assertThrows(InputException.class, () -> Alignment.like(raw, raw)).getMessage();
    assertTrue(line.contains("frames superposed onto one reference does not hold"), line);
  }

  @Test
  void theWrittenReferenceDoesTheSameAgain() throws IOException {
    Frames raw = trajectory(50);
    Alignment.Output first = Alignment.ontoMean(raw).write(List.of(), folder);
    Path other = Files.createDirectory(folder.resolve("again"));
    try (Frames reference = NpyFrames.open(first.reference().toString())) {
      Alignment.Output again =
          Alignment.onto(raw, reference).write(Alignment.ALANINE_DIPEPTIDE, other);
      assertArrayEquals(read(first.aligned()), read(again.aligned()));
      assertEquals(100, read(again.dihedrals()).length);
    }
  }

  @Test
  void badFramesLeaveNothing() throws IOException {
    float[] line = new float[2 * 9];
    for (int i = 0; i < 3; i++) {
      line[3 * i] = i * i;
      line[9 + 3 * i] = i;
      line[3 * i + 1] = i;
    }
    Frames frames = new ArrayFrames("raw", line, 2, 9);
    String refusal =
        assertThrows(
                InputException.class, () -> Alignment.ontoFrame(frames, 0).write(List.of(), folder))
            .getMessage();
    assertEquals(
        "raw: frame 1: atoms not on a line does not hold: no rotation is the best one", refusal);
    line[13] = Float.NaN;
    assertThrows(
        InputException.class, () -> Alignment.ontoFrame(frames, 0).write(List.of(), folder));
    assertThrows(
        InputException.class,
        () -> Alignment.ontoFrame(frames, 0).write(Alignment.ALANINE_DIPEPTIDE, folder));
    assertThrows(InputException.class, () -> Alignment.ontoFrame(frames, 2));
    Frames none = new ArrayFrames("none", new float[0], 0, 10, 3);
    String empty = assertThrows(InputException.class, () -> Alignment.ontoMean(none)).getMessage();
    assertTrue(empty.startsWith("none: frames >= 1 does not hold: 0, shape [0, 10, 3];"), empty);
    assertThrows(
        InputException.class, () -> Alignment.ontoMean(new ArrayFrames("raw", line, 9, 2)));
    try (var files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  /** Real molecular dynamics, where it is at hand: the folder DYNAE_DATA, else ../shared/data. */
  @Test
  void alanineDipeptideAsItIsShared() {
    String data = System.getenv().getOrDefault("DYNAE_DATA", "../shared/data");
    Path raw = Path.of(data, "ala2_heavy_raw_5k.npy");
    Assumptions.assumeTrue(Files.exists(raw), "not run: no " + raw);
    try (Frames frames = NpyFrames.open(raw.toString());
        Frames aligned = NpyFrames.open(Path.of(data, "ala2_heavy_aligned.npy").toString());
        Frames angles = NpyFrames.open(Path.of(data, "ala2_dihedrals.npy").toString())) {
      int n = (int) frames.count();
      Alignment alignment = Alignment.like(frames, aligned);
      Alignment.Output files = alignment.write(alignment.usualDihedrals(), folder);
      float[] expected = new float[n * 30];
      aligned.read(0, n, expected, 0);
      // Coordinates of 0.4 nm have an ulp of 3e-8 nm.
      assertArrayEquals(expected, read(files.aligned()), 6e-8f);
      float[] dihedrals = new float[n * 2];
      angles.read(0, n, dihedrals, 0);
      assertArrayEquals(dihedrals, read(files.dihedrals()), 1e-6f);
    }
  }
}
