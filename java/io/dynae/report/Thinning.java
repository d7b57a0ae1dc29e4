// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.util.stream.IntStream;

/**
 * Which points of a long curve are drawn: of each of so many equal stretches the first that is
 * lowest and the first that is highest, and the curve's ends. That is finer than print.
 */
final class Thinning {
  /** Two dots of 1/300 inch to a stretch, of a panel of some 400 dots, and room for more. */
  private static final int STRETCHES = 300;

  private Thinning() {}

  /** Whether points are left out. */
  static boolean applies(double... values) {
    return values.length > 2 * STRETCHES;
  }

  /** Indices to draw, ascending; all where there are few. NaN is drawn only in place of nothing. */
  static int[] drawn(double... values) {
    int n = values.length;
    if (!applies(values)) {
      return IntStream.range(0, n).toArray();
    }
    IntStream.Builder drawn = IntStream.builder().add(0).add(n - 1);
    for (int s = 0; s < STRETCHES; s++) {
      int from = (int) ((long) s * n / STRETCHES);
      int to = (int) ((s + 1L) * n / STRETCHES);
      int low = from;
      int high = from;
      for (int i = from; i < to; i++) {
        low = values[i] < values[low] || Double.isNaN(values[low]) ? i : low;
        high = values[i] > values[high] || Double.isNaN(values[high]) ? i : high;
      }
      drawn.add(low).add(high);
    }
    return drawn.build().sorted().distinct().toArray();
  }
}
