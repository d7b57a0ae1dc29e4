// SPDX-License-Identifier: MIT
package io.dynae.train;

/**
 * Mean losses over the steps of an epoch.
 *
 * @param representation reconstruction + beta * regularization
 * @param reconstruction summed squared error of both frames
 * @param regularization squared sliced Wasserstein distance, in squared one-lag diffusion lengths
 * @param prior negative log-likelihood of the moves
 */
public record EpochLosses(
    double representation, double reconstruction, double regularization, double prior) {
  /** From sums over {@code steps} steps. */
  static EpochLosses mean(double[] sums, int steps, double beta) {
    int n = Math.max(1, steps);
    double reconstruction = sums[0] / n;
    double regularization = sums[1] / n;
    return new EpochLosses(
        reconstruction + beta * regularization, reconstruction, regularization, sums[2] / n);
  }
}
