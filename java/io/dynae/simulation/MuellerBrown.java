// SPDX-License-Identifier: MIT
package io.dynae.simulation;

/**
 * Overdamped Langevin dynamics in the potential of Mueller and Brown (Theor. Chim. Acta 53, 75,
 * 1979), seen through a swirl.
 *
 * <pre>
 * V(x, y) = sum_k A_k exp(a_k (x - X_k)^2 + b_k (x - X_k)(y - Y_k) + c_k (y - Y_k)^2)
 *   A = (-200, -100, -170, 15)   X = (1, 0, -0.5, -1)   Y = (0, 0.5, 1.5, 1)
 *   a = (-1, -1, -6.5, 0.7)      b = (0, 0, 11, 0.6)    c = (-10, -10, -6.5, 0.7)
 * dX = -grad V(X) dt + sqrt(2 kT) dW
 * observed = X - c turned by 0.8 |X - c| rad, c = (-0.2, 0.7)
 * </pre>
 *
 * <p>Energies in the usual units of V, friction 1, {@value #KT} = kT, Euler and Maruyama in steps
 * of {@value #STEP}, {@value #STEPS_PER_FRAME} steps a lag: a lag's noise has the variance 2 kT lag
 * = 0.0096, sigma = 0.069. From the minima at -146.7, -108.2 and -80.8 the saddles at -40.7 and
 * -72.2 are 3.5, 1.2 and 0.3 kT up. The run starts at the lowest minimum and leaves out its first
 * {@value #BURN_IN_FRAMES} frames. 98% of the frames lie within 40 x 32 sigma. Both files are
 * float64.
 */
public final class MuellerBrown implements KnownSystem, Potential {
  /** Temperature, in the units of V. */
  public static final double KT = 30;

  /** Time of one inner step. */
  public static final double STEP = 1e-5;

  /** Inner steps between two frames. */
  public static final int STEPS_PER_FRAME = 16;

  /** Frames before the first one written. */
  public static final int BURN_IN_FRAMES = 10_000;

  private static final double[] AMPLITUDE = {-200, -100, -170, 15};
  private static final double[] XX = {-1, -1, -6.5, 0.7};
  private static final double[] XY = {0, 0, 11, 0.6};
  private static final double[] YY = {-10, -10, -6.5, 0.7};
  private static final double[] X = {1, 0, -0.5, -1};
  private static final double[] Y = {0, 0.5, 1.5, 1};

  private static final double SWIRL_X = -0.2;
  private static final double SWIRL_Y = 0.7;
  private static final double SWIRL = 0.8;

  @Override
  public String name() {
    return "mueller-brown";
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
    return new Langevin(this, KT, STEP, STEPS_PER_FRAME, noise, -0.558, 1.442)
        .after(BURN_IN_FRAMES);
  }

  @Override
  public void observe(double[] states, int at, long seed, int frame, double[] out) {
    double x = states[at] - SWIRL_X;
    double y = states[at + 1] - SWIRL_Y;
    double angle = SWIRL * Math.hypot(x, y);
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    out[0] = cos * x - sin * y;
    out[1] = sin * x + cos * y;
  }

  @Override
  public double value(double... z) {
    double sum = 0;
    for (int k = 0; k < AMPLITUDE.length; k++) {
      sum += term(k, z[0] - X[k], z[1] - Y[k]);
    }
    return sum;
  }

  @Override
  public void force(double[] z, double[] out) {
    out[0] = 0;
    out[1] = 0;
    for (int k = 0; k < AMPLITUDE.length; k++) {
      double x = z[0] - X[k];
      double y = z[1] - Y[k];
      double term = term(k, x, y);
      out[0] -= term * (2 * XX[k] * x + XY[k] * y);
      out[1] -= term * (XY[k] * x + 2 * YY[k] * y);
    }
  }

  private static double term(int k, double x, double y) {
    return AMPLITUDE[k] * Math.exp(XX[k] * x * x + XY[k] * x * y + YY[k] * y * y);
  }
}
