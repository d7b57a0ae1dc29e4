// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import io.dynae.simulation.render.Room;
import io.dynae.simulation.render.Solid;

/**
 * A room with one object, of which the hue of the walls, the size of the object and the angle of
 * view change.
 *
 * <pre>
 * dz = -grad V(z) dt + sqrt(2) dW,   V in kT: Gaussian wells between walls, see {@link Wells}
 * hue of the walls  0.2 (1 + z_1 / 14)      a share of the circle of colours: red, yellow, green
 * size              0.85 + 0.36 z_2 / 14    half size of the object, lengths as in {@link Room}
 * angle of view     30 z_3 / 14 degrees     round the object
 * </pre>
 *
 * <p>Hue has mirrors at z_1 = -14 and 14, hues 0 and 0.4: the rest of the circle is left out, as
 * the two ends would else look alike and no straight coordinate could tell them apart. Time is in
 * lags and z in one-lag diffusion lengths: the diffusion is 1, integrated in {@value
 * #STEPS_PER_FRAME} steps a lag. {@code true.npy} is z, size and angle within about +-16. Four
 * unequal wells of 2.7 to 3 kT; the run starts in the middle and leaves out its first {@value
 * #BURN_IN_FRAMES} frames. Hues of floor and object are fixed, its shape is an option. Frames are
 * [3, pixels, pixels], red, green and blue, anti-aliased.
 */
public final class Shapes3d implements KnownSystem {
  /** Inner steps between two frames. */
  public static final int STEPS_PER_FRAME = 10;

  /** Frames before the first one written. */
  public static final int BURN_IN_FRAMES = 5000;

  /** z of u = 1: the mirrors of hue, the walls of size and angle. */
  static final double SCALE = 14;

  private static final double HUE = 0.2;
  private static final double SIZE = 0.85;
  private static final double GROWTH = 0.36;
  private static final double ANGLE = Math.toRadians(30);

  private static final Wells POTENTIAL =
      new Wells(SCALE, 0, 1, 1)
          .with(2.9, 0.35, -0.6, 0.5, -0.4)
          .with(2.7, 0.35, 0.55, 0.5, 0.45)
          .with(3, 0.35, 0.1, -0.55, -0.1)
          .with(2.8, 0.35, -0.5, -0.2, 0.65);

  private final Solid solid;
  private final int pixels;

  /**
   * @param pixels width and height of a frame
   */
  public Shapes3d(Solid solid, int pixels) {
    this.solid = solid;
    this.pixels = pixels;
  }

  @Override
  public String name() {
    return "shapes3d";
  }

  @Override
  public int dimension() {
    return 3;
  }

  @Override
  public int[] frameShape() {
    return new int[] {3, pixels, pixels};
  }

  @Override
  public boolean images() {
    return true;
  }

  @Override
  public int usualFrames() {
    return 100_000;
  }

  /** V(z). */
  public Potential potential() {
    return POTENTIAL;
  }

  @Override
  public Motion start(NoiseSource noise) {
    double step = 1.0 / STEPS_PER_FRAME;
    return new Langevin(POTENTIAL, 1, step, STEPS_PER_FRAME, noise, 0, 0, 0)
        .reflectedAt(0, SCALE)
        .after(BURN_IN_FRAMES);
  }

  @Override
  public void observe(double[] states, int at, long seed, int frame, double[] out) {
    double hue = HUE * (1 + states[at] / SCALE);
    double size = SIZE + GROWTH * states[at + 1] / SCALE;
    double angle = ANGLE * states[at + 2] / SCALE;
    new Room(solid, hue, size, angle).draw(pixels, out);
  }
}
