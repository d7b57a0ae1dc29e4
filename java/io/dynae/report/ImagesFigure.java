// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.Grid;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.jfree.chart.annotations.XYLineAnnotation;

/**
 * A model of images: originals above their reconstructions, what the decoder makes of points along
 * each latent coordinate, and latents against the true coordinates.
 */
public final class ImagesFigure extends Figure {
  private static final double WIDTH = Style.DOUBLE_COLUMN * Style.MM;
  private static final double NAMES = 72;
  private static final double MOST_CELL = 44;
  private static final double MOST_SIDE = 118;
  private static final double GAP = 2;
  private static final int MOST_POINTS = 5000;

  /**
   * A latent coordinate against the true one that it is aligned with.
   *
   * @param name of the coordinate, with its unit
   * @param truth [N]
   * @param latent aligned latent in the truth's unit, [N]
   */
  public record Scatter(String name, float[] truth, float[] latent) {}

  private final List<ImageRow> pairs;
  private final List<ImageRow> traversals;
  private final List<Scatter> scatters;
  private final double black;
  private final double white;

  /**
   * @param originals frames
   * @param reconstructions of the same frames
   * @param traversals decoded points along each latent coordinate, maybe none
   * @param scatters one for each true coordinate, up to four, maybe none
   */
  public ImagesFigure(
      ImageRow originals,
      ImageRow reconstructions,
      List<ImageRow> traversals,
      List<Scatter> scatters) {
    super(WIDTH, height(originals, traversals, scatters.size()));
    this.pairs = List.of(originals, reconstructions);
    this.traversals = List.copyOf(traversals);
    this.scatters = List.copyOf(scatters);
    double[] range = Grid.range(originals.pixels(), 1, 0);
    black = range[0];
    white = range[1] > range[0] ? range[1] : range[0] + 1;
  }

  private static double cell(ImageRow originals, List<ImageRow> traversals) {
    int most = traversals.stream().mapToInt(ImageRow::count).max().orElse(1);
    int columns = Math.max(most, originals.count());
    return Math.min(MOST_CELL, (WIDTH - NAMES) / columns - GAP);
  }

  private static double side(int scatters) {
    return Math.min(MOST_SIDE, (WIDTH - 4) / Math.max(1, scatters) - Panel.LEFT - 8);
  }

  private static double blockHeight(double cell, int rows) {
    return rows == 0 ? 0 : Panel.TOP + rows * (cell + GAP) + 4;
  }

  private static double height(ImageRow originals, List<ImageRow> traversals, int scatters) {
    double cell = cell(originals, traversals);
    return blockHeight(cell, 2)
        + blockHeight(cell, traversals.size())
        + (scatters == 0 ? 0 : Panel.TOP + side(scatters) + Panel.BOTTOM);
  }

  @Override
  public String caption() {
    return "(a) Frames and their reconstructions."
        + (traversals.isEmpty()
            ? ""
            : " (b) Decoded points along each latent coordinate, the others fixed.")
        + (scatters.isEmpty()
            ? ""
            : " Last row: latent coordinates laid onto the true ones by the best rotation or"
                + " reflection, scale and shift, against the true ones; line: identity.");
  }

  @Override
  void draw(Graphics2D g) {
    double cell = cell(pairs.get(0), traversals);
    double y = block(g, LandscapeFigure.letter(0), "reconstruction", pairs, cell, 0);
    int letter = 1;
    if (!traversals.isEmpty()) {
      y = block(g, LandscapeFigure.letter(letter++), "along the latent", traversals, cell, y);
    }
    double side = side(scatters.size());
    for (int i = 0; i < scatters.size(); i++) {
      double x = Panel.LEFT + i * (side + Panel.LEFT + 8);
      panel(LandscapeFigure.letter(letter + i), scatters.get(i))
          .draw(g, new Rectangle2D.Double(x, y + Panel.TOP, side, side));
    }
  }

  /** Draws rows of images and returns where they end. */
  private double block(
      Graphics2D g, String letter, String title, List<ImageRow> rows, double cell, double top) {
    g.setColor(Style.INK);
    double x = Panel.text(g, letter, Style.LETTERS, 2, top + Panel.TOP - 6);
    Panel.text(g, title, Style.LABELS, x + 3, top + Panel.TOP - 6);
    double y = top + Panel.TOP;
    for (ImageRow row : rows) {
      g.setColor(Style.INK);
      Panel.text(g, row.label(), Style.LABELS, 2, y + cell / 2 + 3);
      for (int n = 0; n < row.count(); n++) {
        int factor = Math.max(1, 192 / Math.max(row.height(), row.width()));
        BufferedImage image = row.image(n, black, white, factor);
        AffineTransform place = AffineTransform.getTranslateInstance(NAMES + n * (cell + GAP), y);
        double scale = cell / Math.max(image.getWidth(), image.getHeight());
        place.scale(scale, scale);
        g.drawImage(image, place, null);
      }
      y += cell + GAP;
    }
    return y + 4;
  }

  private static Panel panel(String letter, Scatter scatter) {
    int frames = scatter.truth().length;
    int step = Math.max(1, (frames - 1) / MOST_POINTS + 1);
    int count = (frames - 1) / step + 1;
    float[] points = new float[2 * count];
    for (int n = 0; n < count; n++) {
      points[2 * n] = scatter.truth()[n * step];
      points[2 * n + 1] = scatter.latent()[n * step];
    }
    double[] x = Grid.range(points, 2, 0);
    double[] y = Grid.range(points, 2, 1);
    double least = Math.min(x[0], y[0]);
    double most = Math.max(x[1], y[1]);
    double margin = most > least ? 0.04 * (most - least) : 1;
    Grid grid = new Grid(least - margin, most + margin, 1, least - margin, most + margin, 1);
    double[] values = new double[count];
    Arrays.fill(values, 0.25);
    XYLineAnnotation identity =
        new XYLineAnnotation(
            grid.xMin(), grid.yMin(), grid.xMax(), grid.yMax(), Style.LINE, Style.SERIES.get(1));
    return new Panel(
            letter,
            "",
            Axis.linear("true " + scatter.name(), grid.xMin(), grid.xMax()),
            Axis.linear("latent, aligned", grid.yMin(), grid.yMax()))
        .add(Raster.points(grid, points, values, new ColorScale(ColorMap.SEQUENTIAL, 0, 1), 0.012))
        .add(identity);
  }
}
