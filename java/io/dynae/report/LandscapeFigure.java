// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.FreeEnergy;
import io.dynae.analysis.Grid;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Free energies side by side under one colour scale, each with its force and diffusion. */
public final class LandscapeFigure extends Figure {
  /** Free energies above have the last colour: few frames, much noise. */
  private static final double HIGHEST = 8;

  private final List<Landscape> landscapes;
  private final ColorScale colors;

  /**
   * @param landscapes one to four; each panel has equal aspect, so grids should be square
   */
  public LandscapeFigure(List<Landscape> landscapes) {
    super(width(landscapes.size()), side(landscapes.size()) + Panel.TOP + Panel.BOTTOM);
    this.landscapes = List.copyOf(landscapes);
    colors = scale(landscapes.stream().map(Landscape::energy).toList());
  }

  /** One scale for maps that are to be compared, from 0 to the highest but {@value #HIGHEST}. */
  static ColorScale scale(List<FreeEnergy> energies) {
    double most = energies.stream().mapToDouble(FreeEnergy::highest).max().orElse(1);
    return new ColorScale(ColorMap.SEQUENTIAL, 0, most > 0 ? Math.min(HIGHEST, most) : 1);
  }

  private static double width(int panels) {
    double[] millimetres = {Style.SINGLE_COLUMN, 125, Style.DOUBLE_COLUMN, Style.DOUBLE_COLUMN};
    return millimetres[panels - 1] * Style.MM;
  }

  private static double side(int panels) {
    double room = width(panels) - ColorBar.WIDTH - ColorBar.RIGHT - 8;
    return room / panels - Panel.LEFT;
  }

  @Override
  public String caption() {
    StringBuilder text =
        new StringBuilder("Colour: free energy (kT, least value 0; white: no frame).");
    for (int i = 0; i < landscapes.size(); i++) {
      if (landscapes.get(i).field() != null) {
        text.append(marksCaption(letter(i), landscapes.get(i)));
      }
    }
    return text.toString();
  }

  /** What arrows and ellipses are, with how much larger they are drawn. */
  static String marksCaption(String letter, Landscape landscape) {
    return String.format(
        Locale.ROOT,
        " %s Arrows: drift of one lag, drawn %.3g times as long; ellipses: standard deviation of one"
            + " lag's noise, drawn %.3g times as large.",
        letter,
        arrowFactor(landscape),
        ellipseFactor(landscape));
  }

  @Override
  void draw(Graphics2D g) {
    double side = side(landscapes.size());
    for (int i = 0; i < landscapes.size(); i++) {
      double x = Panel.LEFT + i * (side + Panel.LEFT);
      panel(letter(i), landscapes.get(i), colors)
          .draw(g, new Rectangle2D.Double(x, Panel.TOP, side, side));
    }
    double bar = landscapes.size() * (side + Panel.LEFT) + 8;
    ColorBar.freeEnergy(colors).draw(g, bar, Panel.TOP, side);
  }

  /** (a), (b), and so on. */
  static String letter(int i) {
    return "(" + (char) ('a' + i) + ")";
  }

  /** One map with its field. */
  static Panel panel(String letter, Landscape landscape, ColorScale colors) {
    Grid grid = landscape.energy().grid();
    Panel panel =
        new Panel(
                letter,
                landscape.title(),
                Axis.linear(landscape.xLabel(), grid.xMin(), grid.xMax()),
                Axis.linear(landscape.yLabel(), grid.yMin(), grid.yMax()))
            .add(Raster.cells(grid, landscape.energy().values(), colors));
    if (landscape.field() != null) {
      panel.add(marks(landscape));
    }
    return panel;
  }

  /** Sizes by the distance between the field's places, so that marks do not run into each other. */
  private static FieldMarks marks(Landscape landscape) {
    return new FieldMarks(landscape.field(), arrowFactor(landscape), ellipseFactor(landscape));
  }

  private static double arrowFactor(Landscape landscape) {
    double spacing = spacing(landscape.field().x(), landscape.energy().grid());
    return FieldMarks.factor(
        landscape.field().driftX(), landscape.field().driftY(), 0.95 * spacing);
  }

  private static double ellipseFactor(Landscape landscape) {
    double spacing = spacing(landscape.field().x(), landscape.energy().grid());
    return FieldMarks.ellipseFactor(landscape.field(), 0.26 * spacing);
  }

  /** Least distance between two columns of places. */
  private static double spacing(double[] x, Grid grid) {
    double[] sorted = x.clone();
    Arrays.sort(sorted);
    double least = grid.xMax() - grid.xMin();
    for (int i = 1; i < sorted.length; i++) {
      double gap = sorted[i] - sorted[i - 1];
      least = gap > 1e-9 * (grid.xMax() - grid.xMin()) ? Math.min(least, gap) : least;
    }
    return least;
  }
}
