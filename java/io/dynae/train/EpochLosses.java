// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.model.ModelKind;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Mean losses over the steps of an epoch.
 *
 * @param representation reconstruction + beta * regularization
 * @param reconstruction summed squared error, both frames of a pair added up
 * @param regularization squared sliced Wasserstein distance, of DynAE in squared one-lag diffusion
 *     lengths, or Kullback-Leibler divergence
 * @param prior negative log-likelihood of the moves; empty for models whose prior has no loss of
 *     its own
 */
public record EpochLosses(
    double representation, double reconstruction, double regularization, OptionalDouble prior) {
  /** From sums over {@code steps} steps. */
  static EpochLosses mean(ModelKind kind, double[] sums, int steps, double beta) {
    int n = Math.max(1, steps);
    double reconstruction = sums[0] / n;
    double regularization = sums[1] / n;
    return new EpochLosses(
        reconstruction + beta * regularization,
        reconstruction,
        regularization,
        kind.binned() ? OptionalDouble.of(sums[2] / n) : OptionalDouble.empty());
  }

  boolean isFinite() {
    return Double.isFinite(representation + prior.orElse(0));
  }

  /** A line for people. */
  @Override
  public String toString() {
    String text =
        String.format(
            Locale.ROOT,
            "loss %.4f rec %.4f reg %.4f",
            representation,
            reconstruction,
            regularization);
    return prior.isPresent()
        ? text + String.format(Locale.ROOT, " prior %.4f", prior.getAsDouble())
        : text;
  }
}
