// SPDX-License-Identifier: MIT
package io.dynae.config;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One number in a range: a {@code Long} or a {@code Double}. The text may be a list, {@code [2]}:
 * one value is taken, several are what {@link SweepConfig} combines.
 *
 * @param listed published files write the value as a list, and so do we
 */
record NumberType(boolean whole, boolean listed, Range range) implements ValueType {
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,30}");
  private static final Pattern REAL =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");

  static NumberType integer(Range range) {
    return new NumberType(true, false, range);
  }

  static NumberType integers(Range range) {
    return new NumberType(true, true, range);
  }

  static NumberType real(Range range) {
    return new NumberType(false, false, range);
  }

  static NumberType reals(Range range) {
    return new NumberType(false, true, range);
  }

  @Override
  public String label() {
    String word = whole ? "integer" : "real";
    return listed ? "[" + word + "]" : word;
  }

  @Override
  public String rule(String key) {
    return range.relation(key);
  }

  @Override
  public Object parse(String key, String text) {
    String item = only(key, text);
    if (!(whole ? WHOLE : REAL).matcher(item).matches()) {
      throw new IllegalArgumentException(
          key
              + " is "
              + (whole ? "an integer" : "a number")
              + " does not hold: "
              + (item.isEmpty() ? "nothing" : item.replace("\n", " "))
              + "; write "
              + rule(key));
    }
    BigDecimal value = new BigDecimal(item);
    boolean finite = whole || Double.isFinite(value.doubleValue());
    if (!finite || !range.holds(value)) {
      throw new IllegalArgumentException(
          rule(key)
              + " does not hold: "
              + item
              + "; choose a "
              + (finite ? "value in this range" : "smaller number"));
    }
    if (!whole) {
      requireFloat(key, item, value);
    }
    return whole ? (Object) value.longValueExact() : (Object) value.doubleValue();
  }

  /** Models are trained in float32, where a number must be what it is in the file. */
  private void requireFloat(String key, String item, BigDecimal value) {
    float single = value.floatValue();
    boolean kept = value.signum() == 0 || Math.abs(single) >= Float.MIN_NORMAL;
    if (!kept || !Float.isFinite(single) || !range.keepsOut(single)) {
      String what = kept ? Float.toString(single) : "too small to tell from 0";
      throw new IllegalArgumentException(
          "%s is %s in float32, which models are trained in; choose a number %s that float32 has"
              .formatted(item, what, rule(key)));
    }
  }

  /** The texts between the brackets of a list, or the text itself where there are none. */
  static List<String> items(String text) {
    if (!text.startsWith("[") || !text.endsWith("]") || text.length() < 2) {
      return List.of(text);
    }
    String inside = text.substring(1, text.length() - 1);
    return Arrays.stream(inside.split(",", -1)).map(String::strip).toList();
  }

  private static String only(String key, String text) {
    List<String> items = items(text);
    if (items.size() > 1) {
      throw new IllegalArgumentException(
          "`train` trains one model: one value of "
              + key
              + " does not hold: "
              + items.size()
              + " values "
              + text.replace("\n", " ")
              + "; pass --set "
              + key
              + "="
              + items.get(0)
              + " to choose one, or train them all with `sweep`");
    }
    return items.get(0);
  }

  @Override
  public String write(Object value) {
    return listed ? "[" + bare(value) + "]" : bare(value);
  }

  /** The number alone, in its shortest form. */
  String bare(Object value) {
    return whole ? value.toString() : shortest(BigDecimal.valueOf((Double) value));
  }

  private static String shortest(BigDecimal value) {
    BigDecimal digits = value.stripTrailingZeros();
    boolean plain = digits.scale() <= 0 && digits.scale() > -10;
    return plain ? digits.toPlainString() : digits.toString();
  }
}
