// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.Grid;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;

/**
 * Where points of equal true coordinates lie on average: a straight grid of the truth, carried
 * along by a model.
 */
final class GridLines extends AbstractXYAnnotation {
  private static final long serialVersionUID = 1;
  static final Color EQUAL_X = Color.BLACK;
  static final Color EQUAL_Y = new Color(0xFFA62B);

  private static final int LINES = 16;
  private static final int LEAST_FRAMES = 20;

  private final double[] x;
  private final double[] y;

  private GridLines(double[] x, double[] y) {
    this.x = x;
    this.y = y;
  }

  /**
   * Means of {@code carried} over the cells of the truth.
   *
   * @param truth [N][2]
   * @param carried [N][2]
   * @param grid whose rectangle is cut into {@value #LINES} x {@value #LINES} cells
   */
  static GridLines of(float[] truth, float[] carried, Grid grid) {
    Grid coarse = grid.withCells(LINES, LINES);
    double[] x = new double[coarse.size()];
    double[] y = new double[coarse.size()];
    int[] counts = new int[coarse.size()];
    for (int n = 0; n < truth.length; n += 2) {
      int cell = coarse.cell(truth[n], truth[n + 1]);
      if (cell >= 0) {
        x[cell] += carried[n];
        y[cell] += carried[n + 1];
        counts[cell]++;
      }
    }
    for (int c = 0; c < coarse.size(); c++) {
      x[c] = counts[c] >= LEAST_FRAMES ? x[c] / counts[c] : Double.NaN;
      y[c] = counts[c] >= LEAST_FRAMES ? y[c] / counts[c] : Double.NaN;
    }
    return new GridLines(x, y);
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
    Path2D equalX = new Path2D.Double();
    Path2D equalY = new Path2D.Double();
    double[] px = new double[x.length];
    double[] py = new double[x.length];
    for (int c = 0; c < x.length; c++) {
      px[c] = domain.valueToJava2D(x[c], area, plot.getDomainAxisEdge());
      py[c] = range.valueToJava2D(y[c], area, plot.getRangeAxisEdge());
    }
    for (int i = 0; i < LINES; i++) {
      line(equalX, px, py, i, LINES);
      line(equalY, px, py, i * LINES, 1);
    }
    g.setStroke(Style.stroke(0.8));
    g.setColor(EQUAL_X);
    g.draw(equalX);
    g.setColor(EQUAL_Y);
    g.draw(equalY);
  }

  /** Joins the nodes {@code first + k step}; a node without frames breaks the line. */
  private static void line(Path2D path, double[] px, double[] py, int first, int step) {
    boolean open = false;
    for (int k = 0; k < LINES; k++) {
      int c = first + k * step;
      if (Double.isNaN(px[c])) {
        open = false;
      } else if (open) {
        path.lineTo(px[c], py[c]);
      } else {
        path.moveTo(px[c], py[c]);
        open = true;
      }
    }
  }
}
