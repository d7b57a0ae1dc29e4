// SPDX-License-Identifier: MIT
package io.dynae.simulation;

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
 * not written. True are (x, y), observed (x, y + x^2), both float64; the noise is used in the order
 * step by step, x before y.
 */
public final class ThreeWell implements KnownSystem, Potential {
  /** Temperature, in the units of V. */
  public static final double KT = 1.85;

  /** Time of one inner step. */
  public static final double STEP = 0.001;

  /** Inner steps between two frames. */
  public static final int STEPS_PER_FRAME = 5;

  /** Frames before the first one written. */
  public static final int BURN_IN_FRAMES = 10_000;

  @Override
  public String name() {
    return "three-well";
  }

  @Override
  public int dimension() {
    return 2;
  }

  @Override
  public int[] frameShape() {
    return new int[] {2};
  }

  @Override
  public boolean images() {
    return false;
  }

  @Override
  public int usualFrames() {
    return 200_000;
  }

  @Override
  public Motion start(NoiseSource noise) {
    return new Langevin(this, KT, STEP, STEPS_PER_FRAME, noise, -1, 0).after(BURN_IN_FRAMES);
  }

  @Override
  public void observe(double[] states, int at, long seed, int frame, double[] out) {
    double x = states[at];
    out[0] = x;
    out[1] = states[at + 1] + x * x;
  }

  @Override
  public double value(double... z) {
    return potential(z[0], z[1]);
  }

  @Override
  public void force(double[] z, double[] out) {
    force(z[0], z[1], out);
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
}
