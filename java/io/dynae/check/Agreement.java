// SPDX-License-Identifier: MIT
package io.dynae.check;

import java.util.Arrays;

/** Compares a backend's values with those of plain Java. */
public final class Agreement {
  /** Share of rows that near-ties of a sort may exchange. */
  private static final double EXCHANGED = 1e-3;

  private Agreement() {}

  /**
   * Demands |actual - reference| <= atol + rtol |reference| for all values, finite ones alone.
   *
   * @throws MismatchException with the first index where it does not hold
   */
  public static void require(
      String what, float[] actual, float[] reference, double rtol, double atol) {
    int wrong = firstWrong(what, actual, reference, rtol, atol);
    if (wrong >= 0) {
      throw new MismatchException(
          "%s[%d]: equal to plain Java within %.2g does not hold: %.7g, %.7g"
              .formatted(
                  what,
                  wrong,
                  atol + rtol * Math.abs(reference[wrong]),
                  actual[wrong],
                  reference[wrong]));
    }
  }

  /**
   * Demands the same where equal sort keys, which rounding makes and breaks, may have exchanged
   * their partners: in any order all values of each column agree, and in place nearly all.
   *
   * @param rows values of a column
   */
  public static void requireUpToTies(
      String what, float[] actual, float[] reference, int rows, double rtol, double atol) {
    int exchanged = 0;
    for (int from = 0; from < reference.length; from += rows) {
      float[] a = Arrays.copyOfRange(actual, from, from + rows);
      float[] b = Arrays.copyOfRange(reference, from, from + rows);
      for (int i = 0; i < rows; i++) {
        exchanged += close(a[i], b[i], rtol, atol) ? 0 : 1;
      }
      Arrays.sort(a);
      Arrays.sort(b);
      require(what + " sorted, column " + from / rows, a, b, rtol, atol);
    }
    if (exchanged > EXCHANGED * reference.length + 2) {
      throw new MismatchException(
          "%s: values in other rows than with plain Java <= %g does not hold: %d of %d"
              .formatted(what, EXCHANGED, exchanged, reference.length));
    }
  }

  private static int firstWrong(
      String what, float[] actual, float[] reference, double rtol, double atol) {
    if (actual.length != reference.length) {
      throw new MismatchException(
          "%s: length of plain Java's result does not hold: %d, %d"
              .formatted(what, actual.length, reference.length));
    }
    for (int i = 0; i < actual.length; i++) {
      if (!close(actual[i], reference[i], rtol, atol)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean close(float actual, float reference, double rtol, double atol) {
    // False for a NaN on either side.
    return Math.abs((double) actual - reference) <= atol + rtol * Math.abs(reference);
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
