// SPDX-License-Identifier: MIT
package io.dynae.config;

import java.math.BigDecimal;
import java.math.BigInteger;

/** An interval of numbers, either end of which may be absent or excluded. */
record Range(BigDecimal low, boolean lowIncluded, BigDecimal high, boolean highIncluded) {
  static Range closed(long low, long high) {
    return new Range(BigDecimal.valueOf(low), true, BigDecimal.valueOf(high), true);
  }

  static Range closed(double low, double high) {
    return new Range(BigDecimal.valueOf(low), true, BigDecimal.valueOf(high), true);
  }

  static Range above(double low) {
    return new Range(BigDecimal.valueOf(low), false, null, false);
  }

  static Range atLeast(double low) {
    return new Range(BigDecimal.valueOf(low), true, null, false);
  }

  /** Low end excluded, high end as said. */
  static Range between(double low, double high, boolean highIncluded) {
    return new Range(BigDecimal.valueOf(low), false, BigDecimal.valueOf(high), highIncluded);
  }

  /** Low end included, high end excluded. */
  static Range closedOpen(double low, double high) {
    return new Range(BigDecimal.valueOf(low), true, BigDecimal.valueOf(high), false);
  }

  boolean holds(BigDecimal value) {
    return (low == null || value.compareTo(low) >= (lowIncluded ? 0 : 1))
        && (high == null || value.compareTo(high) <= (highIncluded ? 0 : -1));
  }

  /** Whether a number that was rounded to float32 has not become an end that is excluded. */
  boolean keepsOut(float rounded) {
    return (low == null || lowIncluded || rounded > low.floatValue())
        && (high == null || highIncluded || rounded < high.floatValue());
  }

  /** The relation with {@code name} in it: {@code 1 <= name <= 32} or {@code name > 0}. */
  String relation(String name) {
    if (high == null) {
      return name + (lowIncluded ? " >= " : " > ") + plain(low);
    }
    return plain(low)
        + (lowIncluded ? " <= " : " < ")
        + name
        + (highIncluded ? " <= " : " < ")
        + plain(high);
  }

  private static String plain(BigDecimal bound) {
    BigInteger whole = bound.toBigInteger();
    return new BigDecimal(whole).compareTo(bound) == 0
        ? whole.toString()
        : bound.stripTrailingZeros().toString();
  }
}
