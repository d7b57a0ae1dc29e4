// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.annotations.XYAnnotation;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYItemRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYDataset;

/**
 * One pair of axes with a letter and a title, drawn into a rectangle that its data fill exactly.
 */
final class Panel {
  /** Room for ticks and label left of the data, points. */
  static final double LEFT = 33;

  /** Room below the data. */
  static final double BOTTOM = 25;

  /** Room above the data, for letter and title. */
  static final double TOP = 17;

  private static final double FAR = 1000;

  private final XYPlot plot;
  private final String letter;
  private final String title;

  /**
   * @param letter such as {@code (a)}, or empty
   * @param title may be empty
   */
  Panel(String letter, String title, ValueAxis x, ValueAxis y) {
    this.letter = letter;
    this.title = title;
    plot = new XYPlot(null, x, y, null);
    plot.setInsets(RectangleInsets.ZERO_INSETS);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlinePaint(Style.INK);
    plot.setOutlineStroke(Style.FRAME);
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinesVisible(false);
  }

  Panel add(XYAnnotation annotation) {
    plot.addAnnotation(annotation);
    return this;
  }

  Panel add(XYDataset data, XYItemRenderer renderer) {
    int index = plot.getDataset(0) == null ? 0 : plot.getDatasetCount();
    plot.setDataset(index, data);
    plot.setRenderer(index, renderer);
    return this;
  }

  /** Faint lines at the ticks of the second axis. */
  Panel withGridLines() {
    plot.setRangeGridlinesVisible(true);
    plot.setRangeGridlinePaint(Style.FAINT);
    plot.setRangeGridlineStroke(Style.THIN);
    return this;
  }

  /** Puts the second axis on the right. */
  Panel withAxisOnTheRight() {
    plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_RIGHT);
    return this;
  }

  /**
   * Draws.
   *
   * @param data where the data go; axes, letter and title lie outside
   */
  void draw(Graphics2D g, Rectangle2D data) {
    AxisSpace space = new AxisSpace();
    space.setLeft(FAR);
    space.setRight(FAR);
    space.setBottom(FAR);
    space.setTop(FAR);
    plot.setFixedDomainAxisSpace(space);
    plot.setFixedRangeAxisSpace(space);
    Rectangle2D around =
        new Rectangle2D.Double(
            data.getX() - FAR,
            data.getY() - FAR,
            data.getWidth() + 2 * FAR,
            data.getHeight() + 2 * FAR);
    plot.draw(g, around, null, null, null);
    g.setColor(Style.INK);
    double baseline = data.getY() - 6;
    double letterWidth = letter.isEmpty() ? 0 : width(g, letter, Style.LETTERS) + 3;
    text(g, letter, Style.LETTERS, data.getX() - letterWidth, baseline);
    text(g, title, Style.LABELS, data.getX(), baseline);
  }

  /** Draws and returns where it ends. */
  static double text(Graphics2D g, String text, Font font, double x, double baseline) {
    if (text.isEmpty()) {
      return x;
    }
    g.setFont(font);
    g.drawString(text, (float) x, (float) baseline);
    return x + width(g, text, font);
  }

  /** Width of a text, points. */
  static double width(Graphics2D g, String text, Font font) {
    return font.getStringBounds(text, g.getFontRenderContext()).getWidth();
  }
}
