// SPDX-License-Identifier: MIT
package io.dynae.simulation;

/**
 * Two independent Ornstein-Uhlenbeck processes, seen through a linear mix of three features: the
 * case in which everything is known in closed form.
 *
 * <pre>
 * dz_i = -k_i z_i dt + sqrt(2) dW_i,   V(z) = sum_i k_i z_i^2 / 2 in kT,   k = (1/36, 1/16)
 * z_i(t + 1) = exp(-k_i) z_i(t) + sqrt((1 - exp(-2 k_i)) / k_i) n      (exact, no time step)
 * observed = A z / 6,   A = (1, 0.5; -0.3, 2; 0.7, 0.4)
 * </pre>
 *
 * <p>Time is in lags and z in one-lag diffusion lengths: the diffusion is 1. Stationary standard
 * deviations are 6 and 4, relaxation times 1 / k_i = 36 and 16 lags, and the first frame is drawn
 * from the stationary distribution. 98% of the frames lie within 28 x 19. Both files are float64.
 */
public final class OrnsteinUhlenbeck implements KnownSystem {
  /** Relaxation rates k_i, per lag. */
  private static final double[] RATES = {1.0 / 36, 1.0 / 16};

  private static final double[][] MIX = {{1, 0.5}, {-0.3, 2}, {0.7, 0.4}};

  /** What the mix is divided by, so that features are near 1. */
  private static final double MIX_SCALE = 6;

  @Override
  public String name() {
    return "ornstein-uhlenbeck";
  }

  @Override
  public int dimension() {
    return RATES.length;
  }

  @Override
  public int[] frameShape() {
    return new int[] {MIX.length};
  }

  @Override
  public boolean images() {
    return false;
  }

  @Override
  public int usualFrames() {
    return 100_000;
  }

  @Override
  public Motion start(NoiseSource noise) {
    return new Exact(RATES, noise);
  }

  @Override
  public void observe(double[] states, int at, long seed, int frame, double[] out) {
    for (int i = 0; i < MIX.length; i++) {
      out[i] = (MIX[i][0] * states[at] + MIX[i][1] * states[at + 1]) / MIX_SCALE;
    }
  }

  /** The exact update over one lag, from a stationary start; coordinate 0 draws first. */
  static final class Exact implements Motion {
    private final NoiseSource noise;
    private final double[] decay;
    private final double[] width;
    private final double[] z;

    /**
     * @param rates k_i per lag, for diffusion 1
     */
    Exact(double[] rates, NoiseSource noise) {
      this.noise = noise;
      int d = rates.length;
      decay = new double[d];
      width = new double[d];
      z = new double[d];
      noise.fill(z);
      for (int i = 0; i < d; i++) {
        decay[i] = Math.exp(-rates[i]);
        width[i] = Math.sqrt(-Math.expm1(-2 * rates[i]) / rates[i]);
        z[i] /= Math.sqrt(rates[i]);
      }
    }

    @Override
    public int stateSize() {
      return z.length;
    }

    @Override
    public void advance(int frames, double[] rows) {
      int d = z.length;
      double[] draws = new double[frames * d];
      noise.fill(draws);
      for (int frame = 0; frame < frames; frame++) {
        for (int i = 0; i < d; i++) {
          rows[frame * d + i] = z[i];
          z[i] = decay[i] * z[i] + width[i] * draws[frame * d + i];
        }
      }
    }
  }
}
