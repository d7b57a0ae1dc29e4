// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.FreeEnergy;
import io.dynae.analysis.Grid;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Latents of several models laid onto the truth: free energies, and what each makes of a straight
 * grid over the true coordinates.
 */
public final class AlignedModelsFigure extends Figure {
  private static final int CELLS = 70;
  private static final int MOST_COLUMNS = 3;

  private final List<Panel> panels = new ArrayList<>();
  private final ColorScale colors;
  private final double side;
  private final boolean bestScale;
  private final String xLabel;
  private final String yLabel;

  /**
   * @param truth true coordinates [N][2]
   * @param xLabel first one with its unit
   * @param yLabel second one
   * @param models one or more, of the same N frames
   */
  public AlignedModelsFigure(
      float[] truth, String xLabel, String yLabel, List<AlignedModel> models) {
    super(width(models.size() + 1), height(models.size() + 1));
    this.xLabel = xLabel;
    this.yLabel = yLabel;
    side = side(models.size() + 1);
    bestScale = models.stream().anyMatch(AlignedModel::bestScale);
    Grid grid = grid(truth, models);
    List<FreeEnergy> energies = new ArrayList<>();
    energies.add(FreeEnergy.of(truth, 2, 0, 1, grid, 0));
    for (AlignedModel model : models) {
      energies.add(FreeEnergy.of(model.aligned(), 2, 0, 1, grid, 0));
    }
    colors = LandscapeFigure.scale(energies);
    for (int i = 0; i < energies.size(); i++) {
      AlignedModel model = i == 0 ? null : models.get(i - 1);
      Panel panel =
          new Panel(
              LandscapeFigure.letter(i),
              model == null ? "truth" : title(model),
              Axis.linear(xLabel, grid.xMin(), grid.xMax()),
              Axis.linear(yLabel, grid.yMin(), grid.yMax()));
      panel.add(Raster.cells(grid, energies.get(i).values(), colors));
      panel.add(GridLines.of(truth, model == null ? truth : model.aligned(), grid));
      panels.add(panel);
    }
  }

  /** Around the truth and all but the outermost 0.2% of each model. */
  private static Grid grid(float[] truth, List<AlignedModel> models) {
    float[] corners = Arrays.copyOf(truth, truth.length + 4 * models.size());
    int at = truth.length;
    for (AlignedModel model : models) {
      for (double share : new double[] {0.001, 0.999}) {
        corners[at++] = quantile(model.aligned(), 0, share);
        corners[at++] = quantile(model.aligned(), 1, share);
      }
    }
    return Grid.square(corners, 2, 0, 1, 0.04, CELLS);
  }

  private static float quantile(float[] points, int axis, double share) {
    float[] values = new float[points.length / 2];
    for (int n = 0; n < values.length; n++) {
      values[n] = points[2 * n + axis];
    }
    Arrays.sort(values);
    return values[(int) (share * (values.length - 1))];
  }

  private static String title(AlignedModel model) {
    double percent = 100 * model.fvu();
    String form = percent < 10 ? "%s: FVU %.2f%%" : "%s: FVU %.0f%%";
    return String.format(Locale.ROOT, form, model.name(), percent);
  }

  private static int columns(int panels) {
    return Math.min(panels, MOST_COLUMNS);
  }

  private static int rows(int panels) {
    return (panels + MOST_COLUMNS - 1) / MOST_COLUMNS;
  }

  private static double width(int panels) {
    return (columns(panels) == 2 ? 125 : Style.DOUBLE_COLUMN) * Style.MM;
  }

  private static double side(int panels) {
    double room = width(panels) - ColorBar.WIDTH - ColorBar.RIGHT - 8;
    return room / columns(panels) - Panel.LEFT;
  }

  private static double height(int panels) {
    return rows(panels) * (side(panels) + Panel.TOP + Panel.BOTTOM);
  }

  @Override
  public String caption() {
    return "Latent coordinates laid onto the true ones by the best rotation or reflection and shift"
        + (bestScale
            ? ", and where a model's latent has no scale of its own by the best scale"
            : "")
        + ". Colour: free energy (kT, least value 0; white: no frame). Lines: where a straight grid"
        + " over the true coordinates goes on average, black for equal x, orange for equal y. FVU:"
        + " fraction of the true coordinates' variance that is not explained.";
  }

  @Override
  void draw(Graphics2D g) {
    for (int i = 0; i < panels.size(); i++) {
      double x = Panel.LEFT + i % MOST_COLUMNS * (side + Panel.LEFT);
      double y = Panel.TOP + i / MOST_COLUMNS * (side + Panel.TOP + Panel.BOTTOM);
      panels.get(i).draw(g, new Rectangle2D.Double(x, y, side, side));
    }
    double bar = columns(panels.size()) * (side + Panel.LEFT) + 8;
    ColorBar.freeEnergy(colors).draw(g, bar, Panel.TOP, side);
    if (panels.size() > MOST_COLUMNS && panels.size() % MOST_COLUMNS != 0) {
      double x = Panel.LEFT + panels.size() % MOST_COLUMNS * (side + Panel.LEFT);
      double y = Panel.TOP + (rows(panels.size()) - 1) * (side + Panel.TOP + Panel.BOTTOM) + 8;
      key(g, GridLines.EQUAL_X, "equal true " + xLabel, x, y);
      key(g, GridLines.EQUAL_Y, "equal true " + yLabel, x, y + 12);
    }
  }

  private static void key(Graphics2D g, Color color, String text, double x, double y) {
    g.setColor(color);
    g.setStroke(Style.LINE);
    g.draw(new Line2D.Double(x, y, x + 16, y));
    g.setColor(Style.INK);
    Panel.text(g, text, Style.LABELS, x + 20, y + 3);
  }
}
