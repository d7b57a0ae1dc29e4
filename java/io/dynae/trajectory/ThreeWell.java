// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import io.dynae.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Overdamped Langevin dynamics in the three-well potential of Metzner, Schuette and Vanden-Eijnden
 * (J. Chem. Phys. 125, 084110, 2006), seen through a curved coordinate.
 *
 * <pre>
 * V(x, y) = 3 exp(-x^2 - (y - 1/3)^2) - 3 exp(-x^2 - (y - 5/3)^2)
 *         - 5 exp(-(x - 1)^2 - y^2) - 5 exp(-(x + 1)^2 - y^2) + 0.2 x^4 + 0.2 (y - 1/3)^4
 * dX = -grad V(X) dt + sqrt(2 kT) dW
 * </pre>
 *
 * <p>Friction 1, {@value #KT} = kT, by Euler and Maruyama in steps of {@value #STEP}, {@value
 * #STEPS_PER_FRAME} steps between frames. One frame thus moves each coordinate by 0.005 times the
 * force, plus noise of the constant variance 2 kT 0.005 = 0.0185. The run starts at (-1, 0), by the
 * left minimum, and its first {@value #BURN_IN_FRAMES} frames (50 time units, many crossings) are
 * not written.
 */
public final class ThreeWell {
  /** Temperature, in the units of V. */
  public static final double KT = 1.85;

  /** Time of one inner step. */
  public static final double STEP = 0.001;

  /** Inner steps between two frames. */
  public static final int STEPS_PER_FRAME = 5;

  /** Frames before the first one written. */
  public static final int BURN_IN_FRAMES = 10_000;

  private static final int CHUNK_FRAMES = 2048;

  private final NoiseSource noise;
  private final double[] normals = new double[2 * STEPS_PER_FRAME * CHUNK_FRAMES];
  private final double[] force = new double[2];
  private double x = -1;
  private double y;

  private ThreeWell(NoiseSource noise) {
    this.noise = noise;
  }

  /**
   * The files of one simulation, both float64 [frames, 2].
   *
   * @param truth {@code true.npy}, rows (x, y)
   * @param observed {@code observed.npy}, rows (x, y + x^2)
   */
  public record Output(Path truth, Path observed) {}

  /**
   * Simulates {@code frames} frames and streams them into {@code folder}, which is made where it is
   * missing. Uses the noise in the order step by step, x before y.
   *
   * @throws InputException unless {@code frames >= 1}, or where the folder cannot be written
   */
  public static Output simulate(int frames, NoiseSource noise, Path folder) {
    if (frames < 1) {
      throw new InputException("simulate: frames >= 1 does not hold: " + frames);
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw IoFailure.of(folder.toString(), "cannot be made a folder", e);
    }
    ThreeWell system = new ThreeWell(noise);
    Output output = new Output(folder.resolve("true.npy"), folder.resolve("observed.npy"));
    double[] rows = new double[2 * CHUNK_FRAMES];
    for (int done = 0; done < BURN_IN_FRAMES; done += CHUNK_FRAMES) {
      system.advance(Math.min(CHUNK_FRAMES, BURN_IN_FRAMES - done), rows);
    }
    try (NpyWriter truth = NpyWriter.float64(output.truth, frames, 2);
        NpyWriter observed = NpyWriter.float64(output.observed, frames, 2)) {
      for (int done = 0; done < frames; ) {
        int n = Math.min(CHUNK_FRAMES, frames - done);
        system.advance(n, rows);
        truth.write(rows, 0, 2 * n);
        for (int i = 0; i < n; i++) {
          rows[2 * i + 1] += rows[2 * i] * rows[2 * i];
        }
        observed.write(rows, 0, 2 * n);
        done += n;
      }
    }
    return output;
  }

  /** V(x, y). */
  public static double potential(double x, double y) {
    double upper = y - 1.0 / 3;
    return 3 * bump(x, upper)
        - 3 * bump(x, y - 5.0 / 3)
        - 5 * bump(x - 1, y)
        - 5 * bump(x + 1, y)
        + 0.2 * x * x * x * x
        + 0.2 * upper * upper * upper * upper;
  }

  /** Writes -grad V(x, y) to {@code out[0]} and {@code out[1]}. */
  public static void force(double x, double y, double[] out) {
    double upper = y - 1.0 / 3;
    double hill = 6 * bump(x, upper);
    double top = -6 * bump(x, y - 5.0 / 3);
    double right = -10 * bump(x - 1, y);
    double left = -10 * bump(x + 1, y);
    out[0] = (hill + top) * x + right * (x - 1) + left * (x + 1) - 0.8 * x * x * x;
    out[1] = hill * upper + top * (y - 5.0 / 3) + (right + left) * y - 0.8 * upper * upper * upper;
  }

  private static double bump(double a, double b) {
    return Math.exp(-a * a - b * b);
  }

  /** Moves on by {@code n} frames and writes the state at each one's start. */
  private void advance(int n, double[] rows) {
    // Whole chunks of noise would waste the rest of one, and then depend on the chunk's size.
    double[] draws = n == CHUNK_FRAMES ? normals : new double[2 * STEPS_PER_FRAME * n];
    noise.fill(draws);
    double width = Math.sqrt(2 * KT * STEP);
    int used = 0;
    for (int i = 0; i < n; i++) {
      rows[2 * i] = x;
      rows[2 * i + 1] = y;
      for (int step = 0; step < STEPS_PER_FRAME; step++) {
        force(x, y, force);
        x += STEP * force[0] + width * draws[used++];
        y += STEP * force[1] + width * draws[used++];
      }
    }
  }
}
