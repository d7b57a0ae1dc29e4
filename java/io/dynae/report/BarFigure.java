// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.ui.RectangleEdge;

/**
 * Means with standard deviations of several models on several systems, under a logarithmic axis.
 */
public final class BarFigure extends Figure {
  private static final double HEIGHT = 150;
  private static final double LEGEND = 16;

  private final String label;
  private final List<String> systems;
  private final List<String> models;
  private final double[][] means;
  private final double[][] deviations;

  /**
   * @param label of the axis, with the unit
   * @param systems groups along the first axis, at least one
   * @param models bars of a group, at least one
   * @param means [systems][models], more than 0, NaN for none
   * @param deviations [systems][models], at least 0, NaN for none
   */
  public BarFigure(
      String label,
      List<String> systems,
      List<String> models,
      double[][] means,
      double[][] deviations) {
    super(Style.DOUBLE_COLUMN * Style.MM, HEIGHT + LEGEND + 24);
    this.label = label;
    this.systems = List.copyOf(systems);
    this.models = List.copyOf(models);
    this.means = means;
    this.deviations = deviations;
  }

  @Override
  public String caption() {
    return "Means over seeds; lines: one standard deviation up and down. The axis is logarithmic.";
  }

  @Override
  void draw(Graphics2D g) {
    Rectangle2D data = new Rectangle2D.Double(44, LEGEND, width() - 44 - 6, HEIGHT);
    NumberAxis none = Axis.linear(null, 0, systems.size());
    none.setVisible(false);
    NumberAxis axis = axis();
    new Panel("", "", none, axis).withGridLines().draw(g, data);
    double group = data.getWidth() / systems.size();
    double bar = 0.8 * group / models.size();
    for (int s = 0; s < systems.size(); s++) {
      double left = data.getX() + s * group;
      double text = Panel.width(g, systems.get(s), Style.LABELS);
      g.setColor(Style.INK);
      Panel.text(g, systems.get(s), Style.LABELS, left + (group - text) / 2, data.getMaxY() + 12);
      for (int m = 0; m < models.size(); m++) {
        bar(g, data, axis, left + 0.1 * group + m * bar, bar, s, m);
      }
    }
    legend(g, data);
  }

  private NumberAxis axis() {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int s = 0; s < means.length; s++) {
      for (int m = 0; m < means[s].length; m++) {
        double mean = means[s][m];
        if (mean > 0) {
          double spread = deviations[s][m] >= 0 ? deviations[s][m] : 0;
          least = Math.min(least, mean - spread > 0.2 * mean ? mean - spread : 0.5 * mean);
          most = Math.max(most, mean + spread);
        }
      }
    }
    return most == 0 ? Axis.logarithmic(label, -1, 1) : Axis.logarithmicAround(label, least, most);
  }

  private void bar(
      Graphics2D g, Rectangle2D data, NumberAxis axis, double x, double width, int s, int m) {
    double mean = means[s][m];
    if (!(mean > 0)) {
      return;
    }
    double top = axis.valueToJava2D(Math.log10(mean), data, RectangleEdge.LEFT);
    Color color = Style.SERIES.get(m % Style.SERIES.size());
    g.setColor(color);
    g.fill(new Rectangle2D.Double(x + 0.5, top, width - 1, data.getMaxY() - top));
    if (deviations[s][m] > 0) {
      double low = Math.log10(Math.max(Double.MIN_NORMAL, mean - deviations[s][m]));
      double bottom = axis.getRange().getLowerBound();
      double y0 = axis.valueToJava2D(Math.max(bottom, low), data, RectangleEdge.LEFT);
      double high = Math.log10(mean + deviations[s][m]);
      double y1 = axis.valueToJava2D(high, data, RectangleEdge.LEFT);
      double middle = x + width / 2;
      g.setColor(Style.INK);
      g.setStroke(Style.stroke(0.8));
      g.draw(new Line2D.Double(middle, y0, middle, y1));
      if (low > bottom) {
        g.draw(new Line2D.Double(middle - 2, y0, middle + 2, y0));
      }
      g.draw(new Line2D.Double(middle - 2, y1, middle + 2, y1));
    }
  }

  private void legend(Graphics2D g, Rectangle2D data) {
    double x = data.getX();
    for (int m = 0; m < models.size(); m++) {
      g.setColor(Style.SERIES.get(m % Style.SERIES.size()));
      g.fill(new Rectangle2D.Double(x, 4, 8, 8));
      g.setColor(Style.INK);
      x = Panel.text(g, models.get(m), Style.LABELS, x + 11, 11) + 14;
    }
  }
}
