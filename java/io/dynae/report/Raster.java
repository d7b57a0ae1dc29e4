// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.Grid;
import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;

/**
 * An image over a rectangle of a panel. Maps and clouds of points are drawn as images, also in an
 * SVG, where thousands of cells as shapes would weigh megabytes.
 */
final class Raster extends AbstractXYAnnotation {
  private static final long serialVersionUID = 1;

  /** Pixels that an image's side has at least, enough for a panel of 60 mm at 300 dpi. */
  private static final int LEAST_PIXELS = 700;

  private final transient BufferedImage image;
  private final Grid grid;

  private Raster(BufferedImage image, Grid grid) {
    this.image = image;
    this.grid = grid;
  }

  /** Cells of a grid as blocks of pixels, which viewers then do not blur. */
  static Raster cells(Grid grid, double[] values, ColorScale colors) {
    int factor = Math.max(1, (LEAST_PIXELS - 1) / Math.min(grid.columns(), grid.rows()) + 1);
    BufferedImage image =
        new BufferedImage(
            grid.columns() * factor, grid.rows() * factor, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < image.getHeight(); y++) {
      int row = grid.rows() - 1 - y / factor;
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, colors.argb(values[row * grid.columns() + x / factor]));
      }
    }
    return new Raster(image, grid);
  }

  /**
   * Round points in the colours of their values, later ones over earlier ones.
   *
   * @param points [N][2]
   * @param values [N]
   * @param share the points' diameter as a share of the panel's width
   */
  static Raster points(
      Grid grid, float[] points, double[] values, ColorScale colors, double share) {
    int side = 2 * LEAST_PIXELS;
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
    int reach = Math.max(1, (int) Math.round(share * side / 2));
    for (int n = 0; n < values.length; n++) {
      double px = (points[2 * n] - grid.xMin()) / (grid.xMax() - grid.xMin()) * side;
      double py = (grid.yMax() - points[2 * n + 1]) / (grid.yMax() - grid.yMin()) * side;
      disc(image, (int) Math.floor(px), (int) Math.floor(py), reach, colors.argb(values[n]));
    }
    return new Raster(halved(image), grid);
  }

  private static void disc(BufferedImage image, int cx, int cy, int reach, int argb) {
    for (int y = Math.max(0, cy - reach); y <= Math.min(image.getHeight() - 1, cy + reach); y++) {
      for (int x = Math.max(0, cx - reach); x <= Math.min(image.getWidth() - 1, cx + reach); x++) {
        if ((x - cx) * (x - cx) + (y - cy) * (y - cy) <= reach * reach) {
          image.setRGB(x, y, argb);
        }
      }
    }
  }

  /** Half the size, four pixels a pixel: smooth edges. */
  private static BufferedImage halved(BufferedImage image) {
    BufferedImage half =
        new BufferedImage(image.getWidth() / 2, image.getHeight() / 2, BufferedImage.TYPE_INT_ARGB);
    Graphics2D g = half.createGraphics();
    g.setComposite(AlphaComposite.Src);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.drawImage(image, 0, 0, half.getWidth(), half.getHeight(), null);
    g.dispose();
    return half;
  }

  /** Values of a single column, a pixel each. */
  static Raster strip(Grid grid, double[] values, ColorScale colors) {
    BufferedImage image = new BufferedImage(1, grid.rows(), BufferedImage.TYPE_INT_ARGB);
    for (int row = 0; row < grid.rows(); row++) {
      image.setRGB(0, grid.rows() - 1 - row, colors.argb(values[row]));
    }
    return new Raster(image, grid);
  }

  /** An image as it is, over a rectangle. */
  static Raster of(BufferedImage image, Grid rectangle) {
    return new Raster(image, rectangle);
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
    double x0 = domain.valueToJava2D(grid.xMin(), area, plot.getDomainAxisEdge());
    double x1 = domain.valueToJava2D(grid.xMax(), area, plot.getDomainAxisEdge());
    double y0 = range.valueToJava2D(grid.yMax(), area, plot.getRangeAxisEdge());
    double y1 = range.valueToJava2D(grid.yMin(), area, plot.getRangeAxisEdge());
    AffineTransform place = AffineTransform.getTranslateInstance(x0, y0);
    place.scale((x1 - x0) / image.getWidth(), (y1 - y0) / image.getHeight());
    g.drawImage(image, place, null);
  }
}
