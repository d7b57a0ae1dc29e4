// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.simulation.render.Solid;
import io.dynae.simulation.render.Sprite;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The factors of the systems that are pictures: their diffusion, their distribution, their walls.
 */
class LangevinTest {
  private static final int FRAMES = 300_000;

  static Stream<KnownSystem> pictures() {
    return Stream.of(
        new Sprites(2, Sprite.HEART, 64),
        new Sprites(3, Sprite.HEART, 64),
        new Shapes3d(Solid.CUBE, 64),
        new Dna(64));
  }

  private static Potential potential(KnownSystem system) {
    if (system instanceof Sprites sprites) {
      return sprites.potential();
    }
    return system instanceof Shapes3d shapes ? shapes.potential() : (Dna) system;
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void forceIsMinusTheSlopeOfThePotential(KnownSystem system) {
    Potential potential = potential(system);
    int d = system.start(new PhiloxNoise(0)).stateSize();
    double[] force = new double[d];
    double h = 1e-4;
    for (int point = 0; point < 50; point++) {
      double[] z = new double[d];
      for (int i = 0; i < d; i++) {
        z[i] = 15 * Math.sin(point + 2.3 * i);
      }
      potential.force(z, force);
      for (int i = 0; i < d; i++) {
        double[] ahead = z.clone();
        double[] behind = z.clone();
        ahead[i] += h;
        behind[i] -= h;
        double slope = (potential.value(ahead) - potential.value(behind)) / (2 * h);
        assertEquals(-slope, force[i], 1e-7);
      }
    }
  }

  /**
   * For a stationary reversible process of diffusion D half the mean squared move over a time t is
   * D t - int_0^t (t - s) mean F(0) F(s) ds. With t = 1 and the correlation of the force linear in
   * between, that is D - mean F(0)^2 / 3 - mean F(0) F(1) / 6.
   */
  @ParameterizedTest
  @MethodSource("pictures")
  void diffusionIsOneInAllDirections(KnownSystem system) {
    Motion motion = system.start(new PhiloxNoise(5));
    int size = motion.stateSize();
    double[] rows = new double[size * FRAMES];
    motion.advance(FRAMES, rows);
    Potential potential = potential(system);
    double[] before = new double[size];
    double[] force = new double[size];
    double[] diffusion = new double[size];
    double[] moves = new double[size];
    int n = FRAMES - 1;
    potential.force(Arrays.copyOf(rows, size), before);
    for (int t = 0; t < n; t++) {
      potential.force(Arrays.copyOfRange(rows, (t + 1) * size, (t + 2) * size), force);
      for (int i = 0; i < size; i++) {
        double move = rows[(t + 1) * size + i] - rows[t * size + i];
        moves[i] += move * move / 2 / n;
        diffusion[i] +=
            (move * move / 2 + before[i] * before[i] / 3 + before[i] * force[i] / 6) / n;
        before[i] = force[i];
      }
    }
    double[] seen = Arrays.copyOf(moves, system.dimension());
    for (int i = 0; i < seen.length; i++) {
      boolean mirrored = system instanceof Shapes3d && i == 0;
      // Four standard errors, 0.006 for the time step and the next order, and for mirrors, which
      // shorten the moves of frames within one length of them, at most their share.
      double limit = 4 * Math.sqrt(2.0 / FRAMES) + 0.006 + (mirrored ? 0.03 : 0);
      assertEquals(1, diffusion[i], limit, "coordinate " + i);
    }
    // What the isometry error sees are the moves themselves: alike within 4%, 2% in length.
    double most = Arrays.stream(seen).max().orElseThrow();
    assertEquals(1, Arrays.stream(seen).min().orElseThrow() / most, 0.04);
    assertEquals(1, most, 0.06);
  }

  @Test
  void spritesAreThoseOfBoltzmann() {
    Sprites system = new Sprites(2, Sprite.HEART, 64);
    double[] rows = new double[2 * FRAMES];
    system.start(new PhiloxNoise(6)).advance(FRAMES, rows);
    Boltzmann exact =
        new Boltzmann(
            system.potential(), 1, new double[] {-20, -20}, new double[] {20, 20}, 400, rows);
    exact.assertMean(z -> Math.hypot(z[0] + 7.7, z[1] + 7) < 4 ? 1 : 0, 0.002);
    exact.assertMean(z -> Math.hypot(z[0] - 8.4, z[1] + 4.2) < 4 ? 1 : 0, 0.002);
    exact.assertMean(z -> Math.hypot(z[0] + 1.4, z[1] - 8.4) < 4 ? 1 : 0, 0.002);
    exact.assertMean(z -> Math.abs(z[0]) > 14 ? 1 : 0, 0.002);
  }

  @Test
  void hueAndTheOtherFactorsAreThoseOfBoltzmannBetweenTheMirrors() {
    Shapes3d system = new Shapes3d(Solid.CUBE, 64);
    double[] rows = new double[3 * FRAMES];
    system.start(new PhiloxNoise(7)).advance(FRAMES, rows);
    double most = 0;
    for (int i = 0; i < rows.length; i += 3) {
      most = Math.max(most, Math.abs(rows[i]));
    }
    assertTrue(most <= 14 && most > 13.9, "largest " + most);
    Boltzmann exact =
        new Boltzmann(
            system.potential(),
            1,
            new double[] {-14, -20, -20},
            new double[] {14, 20, 20},
            80,
            rows);
    exact.assertMean(z -> Math.abs(z[0]) > 12.6 ? 1 : 0, 0.002);
    exact.assertMean(z -> z[0] < -4.9 ? 1 : 0, 0.002);
    exact.assertMean(z -> z[1] > 3.5 ? 1 : 0, 0.002);
    exact.assertMean(z -> z[2] > 2.8 ? 1 : 0, 0.002);
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "14, 14", "15, 13", "-14.5, -13.5", "43, -13", "-57, -1", "56, 0"})
  void mirrorsFoldTheLine(double z, double expected) {
    assertEquals(expected, Langevin.reflect(z, 14), 1e-12);
  }
}
