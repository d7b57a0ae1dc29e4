// SPDX-License-Identifier: MIT
package io.dynae.testing;

import static org.junit.jupiter.api.Assertions.fail;

/**
 * The one comparator of arrays: fails on a non-finite value or a length mismatch; limit = atol +
 * rtol |reference|.
 */
public final class ArrayCheck {
  /** Unit roundoff of float. */
  public static final double FLOAT_EPSILON = 0x1p-24;

  private ArrayCheck() {}

  /** Relative tolerance of a float sum of {@code additions} terms in any order. */
  public static double rtol(int additions) {
    return FLOAT_EPSILON * (4 + 2 * Math.sqrt(additions));
  }

  public static void close(
      String what, float[] actual, float[] reference, double rtol, double atol) {
    if (actual.length != reference.length) {
      fail("%s: length %d, reference has %d".formatted(what, actual.length, reference.length));
    }
    double worst = 0;
    int at = -1;
    for (int i = 0; i < actual.length; i++) {
      if (!Float.isFinite(actual[i]) || !Float.isFinite(reference[i])) {
        fail("%s[%d]: %g, reference %g".formatted(what, i, actual[i], reference[i]));
      }
      double used =
          Math.abs((double) actual[i] - reference[i]) / (atol + rtol * Math.abs(reference[i]));
      if (used > worst) {
        worst = used;
        at = i;
      }
    }
    if (worst > 1) {
      fail(
          "%s[%d]: %.9g, reference %.9g, %.0f%% of the limit (rtol %.2g, atol %.2g)"
              .formatted(what, at, actual[at], reference[at], 100 * worst, rtol, atol));
    }
  }

  /** Largest absolute value. */
  public static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
