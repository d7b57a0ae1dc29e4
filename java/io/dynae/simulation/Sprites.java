// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import io.dynae.simulation.render.Sprite;

/**
 * A white sprite on black that moves, and in three dimensions also changes its size.
 *
 * <pre>
 * dz = -grad V(z) dt + sqrt(2) dW,   V in kT: Gaussian wells between walls, see {@link Wells}
 * centre of mass   x = (0.5 + 0.21 z_1 / 14) pixels from the left, y = (0.5 + 0.21 z_2 / 14) pixels from the top
 * half width       0.22 pixels, or (0.18 + 0.06 z_3 / 14) pixels
 * </pre>
 *
 * <p>Time is in lags and z in one-lag diffusion lengths: the diffusion is 1, integrated in {@value
 * #STEPS_PER_FRAME} steps a lag. {@code true.npy} is z, within about +-16; with 64 pixels one unit
 * is 0.96 pixels of position and 0.27 of half width. In two dimensions three wells of 2.4 to 2.7
 * kT, unequal and in no symmetric order, in three dimensions four of 2.7 to 3 kT. The run starts in
 * the middle and leaves out its first {@value #BURN_IN_FRAMES} frames. Frames are [1, pixels,
 * pixels], anti-aliased.
 */
public final class Sprites implements KnownSystem {
  /** Inner steps between two frames. */
  public static final int STEPS_PER_FRAME = 10;

  /** Frames before the first one written. */
  public static final int BURN_IN_FRAMES = 5000;

  /** z of u = 1, where the walls are. */
  static final double SCALE = 14;

  private static final double REACH = 0.21;

  /** So wide that most frames overlap: what has no pixel in common has no distance either. */
  private static final double HALF_WIDTH = 0.22;

  private static final double GROWING_HALF_WIDTH = 0.18;
  private static final double GROWTH = 0.06;

  private static final Wells PLANE =
      new Wells(SCALE, 1, 1)
          .with(2.7, 0.3, -0.55, -0.5)
          .with(2.4, 0.3, 0.6, -0.3)
          .with(2.5, 0.3, -0.1, 0.6);

  private static final Wells SPACE =
      new Wells(SCALE, 1, 1, 1)
          .with(3, 0.35, -0.5, -0.45, -0.3)
          .with(2.7, 0.35, 0.6, -0.35, 0.45)
          .with(2.9, 0.35, -0.1, 0.6, 0.1)
          .with(2.8, 0.35, 0.5, 0.5, -0.55);

  private final int dimension;
  private final Sprite sprite;
  private final int pixels;

  /**
   * @param dimension 2, position, or 3, position and size
   * @param pixels width and height of a frame
   */
  public Sprites(int dimension, Sprite sprite, int pixels) {
    this.dimension = dimension;
    this.sprite = sprite;
    this.pixels = pixels;
  }

  @Override
  public String name() {
    return "dsprites-" + dimension;
  }

  @Override
  public int dimension() {
    return dimension;
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

  /** V(z). */
  public Potential potential() {
    return dimension == 2 ? PLANE : SPACE;
  }

  @Override
  public Motion start(NoiseSource noise) {
    double step = 1.0 / STEPS_PER_FRAME;
    return new Langevin(potential(), 1, step, STEPS_PER_FRAME, noise, new double[dimension])
        .after(BURN_IN_FRAMES);
  }

  @Override
  public void observe(double[] states, int at, long seed, int frame, double[] out) {
    double x = pixels * (0.5 + REACH * states[at] / SCALE);
    double y = pixels * (0.5 + REACH * states[at + 1] / SCALE);
    double halfWidth =
        dimension == 2 ? HALF_WIDTH : GROWING_HALF_WIDTH + GROWTH * states[at + 2] / SCALE;
    sprite.draw(x, y, pixels * halfWidth, pixels, out);
  }
}
