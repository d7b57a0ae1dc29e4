// SPDX-License-Identifier: MIT
package io.dynae.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.compute.Backend;
import io.dynae.distance.SetSort;
import io.dynae.distance.SlicedWasserstein;
import java.util.Random;

/**
 * Sliced Wasserstein distances of random sets, for one backend after the other.
 *
 * @param sets K
 * @param samples N
 * @param dims d
 * @param projections L
 */
public record WassersteinCase(int sets, int samples, int dims, int projections) {
  /** Share of the largest gradient that keys within rounding of each other may exchange. */
  private static final double EXCHANGED = 2e-3;

  /** Set k of first (even) or second (odd) sets: normal, the second wider and shifted. */
  public float[] set(int k, int which) {
    Random random = new Random(1000L * k + which);
    float[] values = new float[samples * dims];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * (1 + 0.5 * which) + 0.3 * which);
    }
    return values;
  }

  /** Unit directions, [L][d]. */
  public float[] directions() {
    Random random = new Random(7);
    float[] unit = new float[projections * dims];
    for (int p = 0; p < projections; p++) {
      double square = 0;
      double[] n = new double[dims];
      for (int i = 0; i < dims; i++) {
        n[i] = random.nextGaussian();
        square += n[i] * n[i];
      }
      for (int i = 0; i < dims; i++) {
        unit[p * dims + i] = (float) (n[i] / Math.sqrt(square));
      }
    }
    return unit;
  }

  /** Prepared with all sets and directions, ready to run. */
  public SlicedWasserstein prepare(Backend backend, boolean gradient, SetSort sort) {
    SlicedWasserstein.Options options = new SlicedWasserstein.Options(false, gradient, sort);
    SlicedWasserstein distance =
        new SlicedWasserstein(backend, sets, samples, dims, projections, options);
    for (int k = 0; k < sets; k++) {
      distance.sets(k, set(k, 0), set(k, 1));
    }
    distance.directions(directions());
    return distance;
  }

  /** Computes with and without gradients and compares with double precision. */
  public void check(Backend backend, SetSort sort) {
    check(backend, true, sort);
    check(backend, false, sort);
  }

  /** Computes and compares with double precision. */
  public void check(Backend backend, boolean gradient, SetSort sort) {
    DoubleWasserstein truth = new DoubleWasserstein(dims, directions());
    try (SlicedWasserstein distance = prepare(backend, gradient, sort)) {
      distance.run(0);
      for (int k = 0; k < sets; k++) {
        String what = "%s %s set %d".formatted(sort, this, k);
        double[] q = doubles(set(k, 0));
        double[] r = doubles(set(k, 1));
        double expected = truth.distance(q, r);
        assertEquals(expected, distance.squaredDistance(k), 1e-5 * expected, what);
        if (gradient) {
          float[] reference = floats(truth.gradient(q, r));
          double atol = EXCHANGED * ArrayCheck.largest(reference);
          ArrayCheck.close(what, distance.gradient(k), reference, 1e-4, atol);
        }
      }
    }
  }

  /** Widens. */
  public static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }
}
