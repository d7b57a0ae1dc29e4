// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.Grid;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A model of images: originals above their reconstructions, what the decoder makes of points along
 * each latent coordinate, and latents against the true coordinates.
 */
public final class ImagesFigure extends Figure {
  private static final double WIDTH = Style.DOUBLE_COLUMN * Style.MM;
  private static final double NAMES = 72;
  private static final double MOST_CELL = 44;
  private static final double GAP = 2;

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

  private static double blockHeight(double cell, int rows) {
    return rows == 0 ? 0 : Panel.TOP + rows * (cell + GAP) + 4;
  }

  private static double height(ImageRow originals, List<ImageRow> traversals, int scatters) {
    double cell = cell(originals, traversals);
    return blockHeight(cell, 2)
        + blockHeight(cell, traversals.size())
        + (scatters == 0 ? 0 : Panel.TOP + ScatterFigure.side(scatters) + Panel.BOTTOM);
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
    double y = block(g, LandscapeFigure.letter(0), "frames and reconstructions", pairs, cell, 0);
    int letter = 1;
    if (!traversals.isEmpty()) {
      y = block(g, LandscapeFigure.letter(letter++), "along the latent", traversals, cell, y);
    }
    double side = ScatterFigure.side(scatters.size());
    for (int i = 0; i < scatters.size(); i++) {
      double x = Panel.LEFT + i * (side + Panel.LEFT + 8);
      scatters
          .get(i)
          .panel(LandscapeFigure.letter(letter + i))
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
}
