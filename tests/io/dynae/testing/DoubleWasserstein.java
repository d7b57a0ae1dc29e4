// SPDX-License-Identifier: MIT
package io.dynae.testing;

import java.util.Arrays;

/** Squared sliced Wasserstein distance in double precision, by sorting every projection. */
public final class DoubleWasserstein {
  private final int dims;
  private final float[] directions;

  /** Directions are [L][d]. */
  public DoubleWasserstein(int dims, float[] directions) {
    this.dims = dims;
    this.directions = directions;
  }

  private int projections() {
    return directions.length / dims;
  }

  private double[] project(double[] set, int p) {
    double[] keys = new double[set.length / dims];
    for (int n = 0; n < keys.length; n++) {
      for (int i = 0; i < dims; i++) {
        keys[n] += set[n * dims + i] * directions[p * dims + i];
      }
    }
    return keys;
  }

  /** Mean over projections and ranks of the squared difference of sorted projections. */
  public double distance(double[] q, double[] r) {
    double sum = 0;
    for (int p = 0; p < projections(); p++) {
      double[] a = project(q, p);
      double[] b = project(r, p);
      Arrays.sort(a);
      Arrays.sort(b);
      for (int n = 0; n < a.length; n++) {
        sum += (a[n] - b[n]) * (a[n] - b[n]);
      }
    }
    return sum * dims / (projections() * (double) q.length);
  }

  /** Its gradient with respect to q, [N][d]; equal keys keep their order. */
  public double[] gradient(double[] q, double[] r) {
    double[] gradient = new double[q.length];
    for (int p = 0; p < projections(); p++) {
      double[] a = project(q, p);
      double[] b = project(r, p);
      Arrays.sort(b);
      Integer[] order = new Integer[a.length];
      Arrays.setAll(order, n -> n);
      Arrays.sort(order, (m, n) -> Double.compare(a[m], a[n]));
      for (int n = 0; n < a.length; n++) {
        double gap = 2 * (a[order[n]] - b[n]) * dims / (projections() * (double) q.length);
        for (int i = 0; i < dims; i++) {
          gradient[order[n] * dims + i] += gap * directions[p * dims + i];
        }
      }
    }
    return gradient;
  }
}
