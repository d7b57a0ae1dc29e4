// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import io.dynae.simulation.render.Photons;

/**
 * A fluorescent molecule that diffuses in a trap under a microscope, and changes its shape.
 *
 * <pre>
 * dz = -grad V(z) dt + sqrt(2) dW,   V = (z_1 / 14)^10 + (z_2 / 14)^10 + 0.1 (z_3^2 + z_4^2) in kT
 * centre     x = (0.5 + 0.26 z_1 / 14) pixels from the left, y = (0.5 + 0.26 z_2 / 14) pixels from the top
 * covariance C = s^2 exp(E),   E = 0.12 (z_3, z_4; z_4, -z_3),   s = 0.07 pixels
 * mean photons of the pixel at p = 8 + 140 exp(-(p - c)' C^-1 (p - c) / 2),   counts are Poisson
 * </pre>
 *
 * <p>A trap of flat bottom and steep walls, Brownian motion without drift within. Time is in lags
 * and z in one-lag diffusion lengths: the diffusion is 1, integrated in {@value #STEPS_PER_FRAME}
 * steps a lag. {@code true.npy} is the position (z_1, z_2) alone, within about +-16 and 1.2 pixels
 * a unit with 64 pixels. The shape stays hidden: an ellipse of constant area whose stretch and
 * direction fluctuate about a disc, relaxation time 5 lags, the longer axis 1.4 times the shorter
 * one on average. The first {@value #BURN_IN_FRAMES} frames are left out. Frames are [1, pixels,
 * pixels], one byte a pixel: its count of photons, of which at most one in 10^15 would be above 255
 * and is cut.
 */
public final class Dna implements KnownSystem, Potential {
  /** Inner steps between two frames. */
  public static final int STEPS_PER_FRAME = 10;

  /** Frames before the first one written. */
  public static final int BURN_IN_FRAMES = 5000;

  /** Mean photons of a pixel without the molecule. */
  public static final double BACKGROUND = 8;

  /** Mean photons that the molecule adds at its centre. */
  public static final double PEAK = 140;

  /** z where the trap costs 1 kT. */
  static final double SCALE = 14;

  private static final double REACH = 0.26;
  private static final double WIDTH = 0.07;
  private static final double STRETCH = 0.12;
  private static final double STIFFNESS = 0.2;

  private final int pixels;

  /**
   * @param pixels width and height of a frame
   */
  public Dna(int pixels) {
    this.pixels = pixels;
  }

  @Override
  public String name() {
    return "dna";
  }

  @Override
  public int dimension() {
    return 2;
  }

  @Override
  public int[] frameShape() {
    return new int[] {1, pixels, pixels};
  }

  @Override
  public boolean images() {
    return true;
  }

  @Override
  public int usualFrames() {
    return 100_000;
  }

  @Override
  public Motion start(NoiseSource noise) {
    double step = 1.0 / STEPS_PER_FRAME;
    return new Langevin(this, 1, step, STEPS_PER_FRAME, noise, 0, 0, 0, 0).after(BURN_IN_FRAMES);
  }

  @Override
  public double value(double... z) {
    return Math.pow(z[0] / SCALE, 10)
        + Math.pow(z[1] / SCALE, 10)
        + STIFFNESS / 2 * (z[2] * z[2] + z[3] * z[3]);
  }

  @Override
  public void force(double[] z, double[] out) {
    for (int i = 0; i < 2; i++) {
      double u = z[i] / SCALE;
      out[i] = -10 / SCALE * u * u * u * u * u * u * u * u * u;
      out[i + 2] = -STIFFNESS * z[i + 2];
    }
  }

  @Override
  public void observe(double[] states, int at, long seed, int frame, double[] out) {
    expose(states, at, out);
    Photons.draw(seed, frame, out);
    for (int i = 0; i < out.length; i++) {
      out[i] /= 255;
    }
  }

  /** Writes the mean photons of every pixel. */
  void expose(double[] states, int at, double[] out) {
    double x = pixels * (0.5 + REACH * states[at] / SCALE);
    double y = pixels * (0.5 + REACH * states[at + 1] / SCALE);
    double s = pixels * WIDTH;
    // exp(-E) = cosh(e) - sinh(e) E / e for E traceless and symmetric, with e^2 = -det E.
    double stretch = STRETCH * Math.hypot(states[at + 2], states[at + 3]);
    double cosh = Math.cosh(stretch) / (s * s);
    double sinh = stretch > 0 ? STRETCH * Math.sinh(stretch) / stretch / (s * s) : 0;
    double xx = cosh - sinh * states[at + 2];
    double yy = cosh + sinh * states[at + 2];
    double xy = -sinh * states[at + 3];
    for (int row = 0; row < pixels; row++) {
      double dy = row + 0.5 - y;
      for (int column = 0; column < pixels; column++) {
        double dx = column + 0.5 - x;
        double square = xx * dx * dx + 2 * xy * dx * dy + yy * dy * dy;
        out[row * pixels + column] = BACKGROUND + PEAK * Math.exp(-square / 2);
      }
    }
  }
}
