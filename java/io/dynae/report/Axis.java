// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.ui.RectangleInsets;

/** Axes in the house's style. */
final class Axis {
  private Axis() {}

  /** A linear axis; a null label leaves it out. */
  static NumberAxis linear(String label, double min, double max) {
    NumberAxis axis = new NumberAxis(label);
    axis.setRange(min, max);
    axis.setTickUnit(new NumberTickUnit(step(max - min), Style.numbers()));
    style(axis);
    return axis;
  }

  /** 1, 2 or 5 times a power of ten, for three to five ticks. */
  private static double step(double range) {
    double rough = range / 5;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  /** A linear axis with a tick at each multiple of {@code step}. */
  static NumberAxis linear(String label, double min, double max, double step) {
    NumberAxis axis = linear(label, min, max);
    axis.setTickUnit(new NumberTickUnit(step, Style.numbers()));
    return axis;
  }

  /** Degrees from -180 to 180, ticks every 90. */
  static NumberAxis degrees(String label) {
    return linear(label, -180, 180, 90);
  }

  /**
   * A logarithmic axis: data on it are logarithms to base 10, ticks are at powers of ten and show
   * the values themselves.
   *
   * @param min logarithm of its lower end
   * @param max logarithm of its upper end
   */
  static NumberAxis logarithmic(String label, double min, double max) {
    NumberAxis axis = linear(label, min, max, 1);
    axis.setTickUnit(new NumberTickUnit(1, new PowersOfTen(Style.numbers())));
    return axis;
  }

  /** From the power of ten below values to that above, at least one apart, as logarithms. */
  static NumberAxis logarithmicAround(String label, double least, double most) {
    double low = Math.floor(Math.log10(least));
    return logarithmic(label, low, Math.max(low + 1, Math.ceil(Math.log10(most))));
  }

  /** Shows 10^x for x. */
  private static final class PowersOfTen extends NumberFormat {
    private static final long serialVersionUID = 1;

    private final NumberFormat values;

    PowersOfTen(NumberFormat values) {
      this.values = values;
    }

    @Override
    public StringBuffer format(double number, StringBuffer to, FieldPosition position) {
      return values.format(Math.pow(10, Math.round(number)), to, position);
    }

    @Override
    public StringBuffer format(long number, StringBuffer to, FieldPosition position) {
      return format((double) number, to, position);
    }

    @Override
    public Number parse(String text, ParsePosition position) {
      throw new UnsupportedOperationException("ticks are only written");
    }
  }

  private static void style(ValueAxis axis) {
    axis.setTickLabelFont(Style.TICKS);
    axis.setLabelFont(Style.LABELS);
    axis.setTickLabelPaint(Style.INK);
    axis.setLabelPaint(Style.INK);
    axis.setAxisLineVisible(false);
    axis.setTickMarkPaint(Style.INK);
    axis.setTickMarkStroke(Style.THIN);
    axis.setTickMarkOutsideLength(2.5f);
    axis.setMinorTickMarksVisible(false);
    axis.setTickLabelInsets(new RectangleInsets(1, 1.5, 1, 1.5));
    axis.setLabelInsets(new RectangleInsets(1, 1, 1, 1));
  }
}
