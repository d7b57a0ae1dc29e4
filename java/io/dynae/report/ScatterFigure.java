// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Aligned latent coordinates against the true ones, one panel each. */
public final class ScatterFigure extends Figure {
  private static final double MOST_SIDE = 118;
  private static final double GAP = 8;

  private final List<Scatter> scatters;

  /**
   * @param scatters one to four; the first four of more are drawn
   */
  public ScatterFigure(List<Scatter> scatters) {
    super(width(panels(scatters)), Panel.TOP + side(panels(scatters)) + Panel.BOTTOM);
    this.scatters = List.copyOf(scatters.subList(0, panels(scatters)));
  }

  private static int panels(List<Scatter> scatters) {
    return Math.min(4, scatters.size());
  }

  private static double width(int panels) {
    return panels * (Panel.LEFT + side(panels) + GAP);
  }

  /** Side of each of several panels over two columns. */
  static double side(int panels) {
    double room = Style.DOUBLE_COLUMN * Style.MM / Math.max(1, panels);
    return Math.floor(Math.min(MOST_SIDE, room - Panel.LEFT - GAP));
  }

  @Override
  public String caption() {
    return "Latent coordinates laid onto the true ones by the best rotation or reflection, shift and"
        + " scale, against the true ones. Line: identity.";
  }

  @Override
  void draw(Graphics2D g) {
    double side = side(scatters.size());
    for (int i = 0; i < scatters.size(); i++) {
      double x = Panel.LEFT + i * (side + Panel.LEFT + GAP);
      scatters
          .get(i)
          .panel(LandscapeFigure.letter(i))
          .draw(g, new Rectangle2D.Double(x, Panel.TOP, side, side));
    }
  }
}
