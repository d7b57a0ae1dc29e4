// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import java.util.Arrays;

/**
 * Overdamped Langevin dynamics with friction 1, dz = -grad V(z) dt + sqrt(2 kT) dW, by Euler and
 * Maruyama: z += step F(z) + sqrt(2 kT step) n. Uses the noise step by step, the first coordinate
 * before the second.
 */
final class Langevin implements Motion {
  private final Potential potential;
  private final double kT;
  private final double step;
  private final double width;
  private final int stepsPerFrame;
  private final double[] mirrors;
  private final NoiseSource noise;
  private final double[] z;
  private final double[] force;

  /**
   * @param step time of one step; {@code stepsPerFrame} of them make one lag
   * @param start z at the start; its length is the dimension
   */
  Langevin(
      Potential potential,
      double kT,
      double step,
      int stepsPerFrame,
      NoiseSource noise,
      double... start) {
    this(potential, kT, step, stepsPerFrame, noise, unlimited(start.length), start);
  }

  private Langevin(
      Potential potential,
      double kT,
      double step,
      int stepsPerFrame,
      NoiseSource noise,
      double[] mirrors,
      double... start) {
    this.potential = potential;
    this.kT = kT;
    this.step = step;
    this.width = Math.sqrt(2 * kT * step);
    this.stepsPerFrame = stepsPerFrame;
    this.noise = noise;
    this.mirrors = mirrors;
    z = start.clone();
    force = new double[start.length];
  }

  /** The same motion with mirrors at -limit and limit of coordinate {@code index}. */
  Langevin reflectedAt(int index, double limit) {
    double[] limits = mirrors.clone();
    limits[index] = limit;
    return new Langevin(potential, kT, step, stepsPerFrame, noise, limits, z);
  }

  @Override
  public int stateSize() {
    return z.length;
  }

  @Override
  public void advance(int frames, double[] rows) {
    int d = z.length;
    double[] draws = new double[d * stepsPerFrame * frames];
    noise.fill(draws);
    int used = 0;
    for (int frame = 0; frame < frames; frame++) {
      System.arraycopy(z, 0, rows, frame * d, d);
      for (int s = 0; s < stepsPerFrame; s++) {
        potential.force(z, force);
        for (int i = 0; i < d; i++) {
          z[i] = reflect(z[i] + (step * force[i] + width * draws[used++]), mirrors[i]);
        }
      }
    }
  }

  /** {@code z} after as many reflections at -limit and limit as bring it between them. */
  static double reflect(double z, double limit) {
    double inside = z;
    while (Math.abs(inside) > limit) {
      inside = Math.copySign(2 * limit, inside) - inside;
    }
    return inside;
  }

  private static double[] unlimited(int n) {
    double[] limits = new double[n];
    Arrays.fill(limits, Double.POSITIVE_INFINITY);
    return limits;
  }
}
