// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.report.SimulationPicture;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.npy.NpyFrames;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What all systems have in common. */
class SimulationTest {
  @TempDir static Path folder;

  static Stream<String> systems() {
    return Systems.names().stream();
  }

  private static KnownSystem system(String name) {
    KnownSystem plain = Systems.of(name, Map.of());
    return plain.images() ? Systems.of(name, Map.of("pixels", "16")) : plain;
  }

  private static Simulation.Output run(String name, int frames, long seed, String to) {
    Path out = folder.resolve(name).resolve(to);
    return Simulation.run(system(name), frames, new PhiloxNoise(seed), seed, out);
  }

  @ParameterizedTest
  @MethodSource("systems")
  void bytesDependOnTheSeedAlone(String name) throws Exception {
    // More frames than a chunk of them.
    int frames = 2500;
    Simulation.Output first = run(name, frames, 4, "first");
    ForkJoinPool one = new ForkJoinPool(1);
    Simulation.Output again = one.submit(() -> run(name, frames, 4, "again")).get();
    one.shutdown();
    Simulation.Output other = run(name, frames, 5, "other");
    Simulation.Output part = run(name, 2100, 4, "part");
    List<Path> firsts = List.of(first.truth(), first.observed());
    List<Path> agains = List.of(again.truth(), again.observed());
    List<Path> others = List.of(other.truth(), other.observed());
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(Files.readAllBytes(firsts.get(i)), Files.readAllBytes(agains.get(i)));
      assertFalse(
          Arrays.equals(Files.readAllBytes(firsts.get(i)), Files.readAllBytes(others.get(i))));
    }
    for (boolean truth : new boolean[] {true, false}) {
      float[] whole = values(truth ? first.truth() : first.observed());
      float[] start = values(truth ? part.truth() : part.observed());
      assertArrayEquals(start, Arrays.copyOf(whole, start.length));
    }
  }

  private static float[] values(Path file) {
    try (Frames frames = NpyFrames.open(file.toString())) {
      float[] all = new float[(int) frames.count() * frames.features()];
      frames.read(0, (int) frames.count(), all, 0);
      return all;
    }
  }

  @ParameterizedTest
  @MethodSource("systems")
  void filesHaveTheStatedShapes(String name) {
    KnownSystem system = system(name);
    assertEquals(name, system.name());
    Simulation.Output files = run(name, 20, 1, "shapes");
    try (Frames truth = NpyFrames.open(files.truth().toString());
        Frames observed = NpyFrames.open(files.observed().toString())) {
      assertArrayEquals(new int[] {20, system.dimension()}, truth.shape());
      int[] shape = observed.shape();
      assertEquals(20, shape[0]);
      assertArrayEquals(system.frameShape(), Arrays.copyOfRange(shape, 1, shape.length));
    }
  }

  @Test
  void picturesShowSixteenFramesAsTheyAre() throws IOException {
    Simulation.Output files = run("shapes3d", 31, 1, "picture");
    Path target = folder.resolve("frames.png");
    SimulationPicture.write(true, files, target);
    BufferedImage picture = ImageIO.read(target.toFile());
    // Pixels of small images are squares of several dots: 4 x 4 of 16 x 16 images.
    assertEquals(8 * 66 - 2, picture.getWidth());
    assertEquals(2 * 66 - 2, picture.getHeight());
    float[] frames = values(files.observed());
    // Picture 9 of 0 to 15 is the second of the lower row: frame 18 of 0 to 30.
    for (int k = 0; k < 3; k++) {
      float brightness = frames[18 * 3 * 256 + k * 256 + 5 * 16 + 6];
      for (int dot = 0; dot < 4; dot++) {
        int rgb = picture.getRGB(66 + 4 * 6 + dot, 66 + 4 * 5 + 3 - dot);
        assertEquals(Math.round(255 * brightness), (rgb >> (16 - 8 * k)) & 255);
      }
    }
  }

  @Test
  void brightnessBecomesTheNearestByte() {
    Simulation.Output files = run("dsprites-3", 50, 3, "bytes");
    float[] truth = values(files.truth());
    float[] seen = values(files.observed());
    KnownSystem system = system("dsprites-3");
    double[] exact = new double[256];
    double[] state = new double[3];
    for (int frame = 0; frame < 50; frame++) {
      for (int i = 0; i < 3; i++) {
        state[i] = truth[3 * frame + i];
      }
      system.observe(state, 0, 3, frame, exact);
      for (int i = 0; i < 256; i++) {
        assertEquals(exact[i], seen[256 * frame + i], 0.5 / 255 + 1e-5);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dsprites-2, pixels, 20, 'one of 16, 32, 48, 64 does not hold: ''20'''",
    "dsprites-2, sprite, star, 'one of square, ellipse, heart does not hold: ''star'''",
    "shapes3d, shape, cone, 'one of cube, sphere, cylinder, capsule'",
    "shapes3d, sprite, heart, '--sprite is not for shapes3d, which has --pixels, --shape'",
    "three-well, pixels, 64, 'not for three-well, which has no option of its own'",
  })
  void otherOptionsAreRefused(String name, String option, String value, String words) {
    String line =
        assertThrows(InputException.class, () -> Systems.of(name, Map.of(option, value)))
            .getMessage();
    assertTrue(line.contains(words), line);
  }
}
