// SPDX-License-Identifier: MIT
package io.dynae.check;

import io.dynae.compute.Backend;
import io.dynae.distance.SlicedWasserstein;
import java.util.Arrays;
import java.util.Random;

/**
 * Sliced Wasserstein distances with a closed form: a set and the same set shifted by delta and in
 * another order. Each projection theta moves every rank by theta . delta, so the squared distance
 * is the mean of (theta . delta)^2 and every sample's gradient -2 / N mean of (theta . delta)
 * theta.
 */
final class DistanceCheck {
  private static final int DIMS = 2;
  private static final double TOLERANCE = 2e-5;

  /** Unit vectors whose coordinates are exact floats. */
  private static final float[] DIRECTIONS = {1, 0, 0, 1, 0.6f, 0.8f, -0.8f, 0.6f, -1, 0};

  private static final float[] DELTA = {0.75f, -0.5f};

  private DistanceCheck() {}

  /** Checks two pairs of sets in one launch, the second shifted the other way and twice as far. */
  static void check(Backend backend, int samples) {
    int projections = DIRECTIONS.length / DIMS;
    float[] factors = {1, -2};
    try (SlicedWasserstein distance =
        new SlicedWasserstein(backend, 2, samples, DIMS, projections, false)) {
      distance.directions(DIRECTIONS);
      for (int k = 0; k < factors.length; k++) {
        set(distance, k, samples, factors[k]);
      }
      distance.run(0);
      for (int k = 0; k < factors.length; k++) {
        compare(distance, k, samples, factors[k]);
      }
    }
  }

  private static void set(SlicedWasserstein distance, int k, int samples, float factor) {
    Random random = new Random(k + 1);
    float[] first = new float[samples * DIMS];
    float[] second = new float[samples * DIMS];
    for (int i = 0; i < first.length; i++) {
      // Multiples of 2^-10: shifted exactly, so that the closed form has no rounding of inputs.
      first[i] = Math.round(1024 * random.nextGaussian()) / 1024f;
    }
    for (int i = 0; i < samples; i++) {
      for (int d = 0; d < DIMS; d++) {
        second[(samples - 1 - i) * DIMS + d] = first[i * DIMS + d] + factor * DELTA[d];
      }
    }
    distance.sets(k, first, second);
  }

  private static void compare(SlicedWasserstein distance, int k, int samples, float factor) {
    double squared = 0;
    double[] mean = new double[DIMS];
    int projections = DIRECTIONS.length / DIMS;
    for (int p = 0; p < projections; p++) {
      double shift = 0;
      for (int d = 0; d < DIMS; d++) {
        shift += DIRECTIONS[p * DIMS + d] * (double) DELTA[d] * factor;
      }
      squared += shift * shift / projections;
      for (int d = 0; d < DIMS; d++) {
        mean[d] += shift * DIRECTIONS[p * DIMS + d] / projections;
      }
    }
    float[] found = {distance.squaredDistance(k)};
    Agreement.require("distance", found, new float[] {(float) squared}, TOLERANCE, 0);
    // Equal keys may exchange partners, which moves single gradients and leaves their sum.
    float[] gradient = distance.gradient(k);
    double[] sums = new double[DIMS];
    for (int i = 0; i < gradient.length; i++) {
      sums[i % DIMS] += gradient[i];
    }
    float[] actual = {(float) sums[0], (float) sums[1]};
    float[] expected = {(float) (-2 * mean[0]), (float) (-2 * mean[1])};
    double largest = Agreement.largest(expected);
    Agreement.require("sum of the gradient", actual, expected, 0, TOLERANCE * largest);
    float[] each = new float[gradient.length];
    Arrays.setAll(mean, d -> -2 * mean[d] / samples);
    for (int i = 0; i < each.length; i++) {
      each[i] = (float) mean[i % DIMS];
    }
    Agreement.require("gradient", gradient, each, 0, TOLERANCE * largest + 0.02 / samples);
  }
}
