// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.MoveField;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;

/** Arrows along a field's drift and ellipses of its noise, as shapes. */
final class FieldMarks extends AbstractXYAnnotation {
  private static final long serialVersionUID = 1;
  private static final Color ARROW = new Color(0x111111);
  private static final Color ELLIPSE = Style.SERIES.get(1);

  private final transient MoveField field;
  private final double arrowFactor;
  private final double ellipseFactor;

  /**
   * @param arrowFactor arrow's length by drift
   * @param ellipseFactor half axes by standard deviations of the noise; 0 draws none
   */
  FieldMarks(MoveField field, double arrowFactor, double ellipseFactor) {
    this.field = field;
    this.arrowFactor = arrowFactor;
    this.ellipseFactor = ellipseFactor;
  }

  /** The factor that makes arrows as long as {@code length} where nine in ten are shorter. */
  static double factor(double[] x, double[] y, double length) {
    double[] lengths = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      lengths[i] = Math.hypot(x[i], y[i]);
    }
    Arrays.sort(lengths);
    double high = lengths.length == 0 ? 0 : lengths[(int) (0.9 * (lengths.length - 1))];
    return high > 0 ? length / high : 0;
  }

  /** The factor that makes the median ellipse's half axis {@code length}. */
  static double ellipseFactor(MoveField field, double length) {
    double[] deviations = new double[field.size()];
    for (int i = 0; i < deviations.length; i++) {
      deviations[i] = Math.sqrt((field.varianceX()[i] + field.varianceY()[i]) / 2);
    }
    Arrays.sort(deviations);
    double median = deviations.length == 0 ? 0 : deviations[deviations.length / 2];
    return median > 0 ? length / median : 0;
  }

  @Override
  public void draw(
      Graphics2D g,
      XYPlot plot,
      Rectangle2D area,
      ValueAxis domain,
      ValueAxis range,
      int renderer,
      PlotRenderingInfo info) {
    double sx = area.getWidth() / domain.getRange().getLength();
    double sy = area.getHeight() / range.getRange().getLength();
    for (int i = 0; i < field.size(); i++) {
      double x = domain.valueToJava2D(field.x()[i], area, plot.getDomainAxisEdge());
      double y = range.valueToJava2D(field.y()[i], area, plot.getRangeAxisEdge());
      if (ellipseFactor > 0) {
        ellipse(g, i, x, y, sx, sy);
      }
    }
    for (int i = 0; i < field.size(); i++) {
      double x = domain.valueToJava2D(field.x()[i], area, plot.getDomainAxisEdge());
      double y = range.valueToJava2D(field.y()[i], area, plot.getRangeAxisEdge());
      double dx = arrowFactor * field.driftX()[i] * sx;
      double dy = -arrowFactor * field.driftY()[i] * sy;
      arrow(g, x, y, dx, dy);
    }
  }

  /** Half axes along the eigenvectors of the noise's covariance. */
  private void ellipse(Graphics2D g, int i, double x, double y, double sx, double sy) {
    double a = field.varianceX()[i] * sx * sx;
    double b = field.varianceY()[i] * sy * sy;
    double c = -field.covariance()[i] * sx * sy;
    double mean = (a + b) / 2;
    double root = Math.hypot((a - b) / 2, c);
    double angle = 0.5 * Math.atan2(2 * c, a - b);
    double major = ellipseFactor * Math.sqrt(Math.max(0, mean + root));
    double minor = ellipseFactor * Math.sqrt(Math.max(0, mean - root));
    AffineTransform place = AffineTransform.getTranslateInstance(x, y);
    place.rotate(angle);
    g.setStroke(Style.THIN);
    g.setColor(ELLIPSE);
    g.draw(
        place.createTransformedShape(new Ellipse2D.Double(-major, -minor, 2 * major, 2 * minor)));
  }

  private static void arrow(Graphics2D g, double x, double y, double dx, double dy) {
    double length = Math.hypot(dx, dy);
    if (length < 0.7) {
      return;
    }
    double head = Math.min(2.6, 0.6 * length);
    double ux = dx / length;
    double uy = dy / length;
    double ex = x + dx;
    double ey = y + dy;
    Path2D tip = new Path2D.Double();
    tip.moveTo(ex, ey);
    tip.lineTo(ex - head * ux - 0.42 * head * uy, ey - head * uy + 0.42 * head * ux);
    tip.lineTo(ex - head * ux + 0.42 * head * uy, ey - head * uy - 0.42 * head * ux);
    tip.closePath();
    Line2D shaft = new Line2D.Double(x, y, ex - 0.8 * head * ux, ey - 0.8 * head * uy);
    g.setColor(ARROW);
    g.setStroke(Style.stroke(0.6));
    g.draw(shaft);
    g.fill(tip);
  }
}
