// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlca.npy.Npy;

class ThreeWellTest {
  private static final int FRAMES = 1_000_000;
  private static final int BLOCKS = 50;

  @TempDir static Path folder;

  private static double[] truth;
  private static double[] observed;

  @BeforeAll
  static void simulate() {
    Simulation.Output files =
        Simulation.run(new ThreeWell(), FRAMES, new PhiloxNoise(4), 4, folder.resolve("run"));
    assertEquals(folder.resolve("run/true.npy"), files.truth());
    assertArrayEquals(new int[] {FRAMES, 2}, Npy.read(files.truth().toFile()).shape());
    truth = Npy.read(files.truth().toFile()).asDoubleArray().data();
    observed = Npy.read(files.observed().toFile()).asDoubleArray().data();
  }

  @Test
  void potentialHasItsWellsAndHill() {
    // By hand at (0, 0), where the two lower wells give the same and y - 1/3 is -1/3.
    double e = Math.E;
    double expected = 3 * Math.pow(e, -1 / 9.0) - 3 * Math.pow(e, -25 / 9.0) - 10 / e + 0.2 / 81;
    assertEquals(expected, ThreeWell.potential(0, 0), 1e-14);
    assertEquals(ThreeWell.potential(0.7, 0.4), ThreeWell.potential(-0.7, 0.4), 1e-15);
  }

  @Test
  void forceIsMinusTheSlopeOfThePotential() {
    double h = 1e-5;
    double[] force = new double[2];
    for (double x = -2; x <= 2; x += 0.37) {
      for (double y = -2; y <= 3; y += 0.41) {
        ThreeWell.force(x, y, force);
        double slopeX = ThreeWell.potential(x + h, y) - ThreeWell.potential(x - h, y);
        double slopeY = ThreeWell.potential(x, y + h) - ThreeWell.potential(x, y - h);
        // Truncation is h^2 V'''/6 < 1e-8, rounding 1e-16 |V| / h < 1e-9.
        assertEquals(-slopeX / (2 * h), force[0], 2e-8);
        assertEquals(-slopeY / (2 * h), force[1], 2e-8);
      }
    }
  }

  @Test
  void bytesDependOnTheSeedAlone() throws IOException {
    Simulation.Output again =
        Simulation.run(new ThreeWell(), 3000, new PhiloxNoise(4), 4, folder.resolve("again"));
    Simulation.Output other =
        Simulation.run(new ThreeWell(), 3000, new PhiloxNoise(5), 5, folder.resolve("other"));
    Simulation.Output first =
        Simulation.run(new ThreeWell(), 3000, new PhiloxNoise(4), 4, folder.resolve("first"));
    assertArrayEquals(Files.readAllBytes(first.truth()), Files.readAllBytes(again.truth()));
    assertArrayEquals(Files.readAllBytes(first.observed()), Files.readAllBytes(again.observed()));
    assertFalse(
        Arrays.equals(Files.readAllBytes(first.truth()), Files.readAllBytes(other.truth())));
    // A shorter run is the start of a longer one, whatever the chunks.
    double[] start = Npy.read(first.truth().toFile()).asDoubleArray().data();
    assertArrayEquals(Arrays.copyOf(truth, 6000), start);
  }

  @Test
  void observedIsTheExactWarp() {
    for (int i = 0; i < FRAMES; i++) {
      double x = truth[2 * i];
      assertEquals(x, observed[2 * i]);
      assertEquals(truth[2 * i + 1] + x * x, observed[2 * i + 1]);
    }
  }

  @Test
  void incrementsHaveTheVarianceOfTheNoise() {
    double expected = 2 * ThreeWell.KT * ThreeWell.STEP * ThreeWell.STEPS_PER_FRAME;
    assertEquals(0.0185, expected, 1e-15);
    double[] force = new double[2];
    int n = FRAMES - 1;
    for (int k = 0; k < 2; k++) {
      double squares = 0;
      double forces = 0;
      for (int i = 0; i < n; i++) {
        ThreeWell.force(truth[2 * i], truth[2 * i + 1], force);
        double noise = truth[2 * i + 2 + k] - truth[2 * i + k] - 0.005 * force[k];
        squares += noise * noise;
        forces += force[k] * force[k];
      }
      // Noise of an early inner step shrinks by 1 - V'' dt in each later one: to first order the
      // variance is 1 - 4 V'' dt times that of the noise, and by parts mean V'' = mean F^2 / kT.
      double curvature = forces / n / ThreeWell.KT;
      double shrunk = expected * (1 - 4 * ThreeWell.STEP * curvature);
      // Five standard errors sqrt(2 / n) of a variance, and the next order, 10 (V'' dt)^2, at
      // V'' <= 10.
      assertEquals(1, squares / n / shrunk, 5 * Math.sqrt(2.0 / n) + 0.001);
    }
  }

  @Test
  void statesAreThoseOfBoltzmann() {
    assertMean((x, y) -> x < 0 ? 1 : 0);
    assertMean((x, y) -> y > 0.9 ? 1 : 0);
    assertMean((x, y) -> Math.hypot(x - 1, y) < 0.5 ? 1 : 0);
    assertMean((x, y) -> Math.hypot(x, y - 1.0 / 3) < 0.3 ? 1 : 0);
    assertMean(ThreeWell::potential);
    assertMean((x, y) -> x * x);
    assertMean((x, y) -> y);
  }

  /** Compares the run's mean of {@code f} with that of exp(-V / kT) on a grid. */
  private static void assertMean(DoubleBinaryOperator f) {
    double weight = 0;
    double exact = 0;
    for (double x = -3.495; x < 3.5; x += 0.01) {
      for (double y = -3.495; y < 4; y += 0.01) {
        double boltzmann = Math.exp(-ThreeWell.potential(x, y) / ThreeWell.KT);
        weight += boltzmann;
        exact += boltzmann * f.applyAsDouble(x, y);
      }
    }
    exact /= weight;
    // Blocks of 100 time units are independent: their spread gives the error of the mean.
    int length = FRAMES / BLOCKS;
    double sum = 0;
    double squares = 0;
    for (int block = 0; block < BLOCKS; block++) {
      double mean = 0;
      for (int i = block * length; i < (block + 1) * length; i++) {
        mean += f.applyAsDouble(truth[2 * i], truth[2 * i + 1]) / length;
      }
      sum += mean;
      squares += mean * mean;
    }
    double mean = sum / BLOCKS;
    double error = Math.sqrt((squares / BLOCKS - mean * mean) / (BLOCKS - 1));
    assertTrue(error > 0 && error < 0.1, "standard error " + error);
    assertEquals(exact, mean, 4 * error);
  }

  @Test
  void noFramesAreRefused() {
    String line =
        assertThrows(
                InputException.class,
                () ->
                    Simulation.run(
                        new ThreeWell(), 0, new PhiloxNoise(1), 1, folder.resolve("none")))
            .getMessage();
    assertEquals("simulate: frames >= 1 does not hold: 0", line);
    assertFalse(Files.exists(folder.resolve("none")));
  }

  @Test
  void failureInTheNoiseLeavesNoFile() throws IOException {
    Path out = folder.resolve("failed");
    int[] calls = {0};
    NoiseSource failing =
        draws -> {
          if (calls[0]++ > 11) {
            throw new InputException("no more noise");
          }
        };
    assertThrows(
        InputException.class, () -> Simulation.run(new ThreeWell(), 100_000, failing, 0, out));
    try (var files = Files.list(out)) {
      assertEquals(0, files.count());
    }
  }
}
