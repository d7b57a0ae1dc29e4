// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.FreeEnergy;
import io.dynae.analysis.Grid;
import io.dynae.analysis.PriorFields;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** A one-dimensional latent: free energy, and its prior's force and diffusion where it has one. */
public final class ProfileFigure extends Figure {
  private static final int CELLS = 60;
  private static final double SIDE = 112;
  private static final double GAP = 12;

  private final List<Panel> panels = new ArrayList<>();

  /**
   * @param latent [N]
   * @param label of the latent, with its unit
   * @param prior of one dimension, or null
   */
  public ProfileFigure(float[] latent, String label, PriorFields prior) {
    super((prior == null ? 1 : 3) * (Panel.LEFT + SIDE + GAP), Panel.TOP + SIDE + Panel.BOTTOM);
    double[] range = Grid.range(latent, 1, 0);
    double margin = range[1] > range[0] ? 0 : 1;
    FreeEnergy energy = FreeEnergy.line(latent, 1, 0, range[0] - margin, range[1] + margin, CELLS);
    Grid grid = energy.grid();
    double[] force = new double[CELLS];
    double[] diffusion = new double[CELLS];
    for (int c = 0; c < CELLS; c++) {
      boolean visited = prior != null && !Double.isNaN(energy.values()[c]);
      force[c] = visited ? prior.force(grid.x(c))[0] : Double.NaN;
      diffusion[c] = visited ? prior.diffusion(grid.x(c))[0] : Double.NaN;
    }
    add(label, grid, "free energy", "F (kT)", energy.values());
    if (prior != null) {
      add(label, grid, "force", "f (kT / length)", force);
      add(label, grid, "diffusion", "M (length² / lag)", diffusion);
    }
  }

  private void add(String xLabel, Grid grid, String title, String label, double[] values) {
    XYSeries series = new XYSeries(title);
    double least = 0;
    double most = 0;
    for (int c = 0; c < values.length; c++) {
      // A value that is missing breaks the line.
      series.add(grid.x(c), Double.isNaN(values[c]) ? null : (Double) values[c]);
      least = Math.min(least, Double.isNaN(values[c]) ? 0 : values[c]);
      most = Math.max(most, Double.isNaN(values[c]) ? 0 : values[c]);
    }
    double margin = most > least ? 0.06 * (most - least) : 1;
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    renderer.setSeriesPaint(0, Style.SERIES.get(0));
    renderer.setSeriesStroke(0, Style.LINE);
    panels.add(
        new Panel(
                LandscapeFigure.letter(panels.size()),
                title,
                Axis.linear(xLabel, grid.xMin(), grid.xMax()),
                Axis.linear(label, least - margin, most + margin))
            .withGridLines()
            .add(new XYSeriesCollection(series), renderer));
  }

  @Override
  public String caption() {
    return "Free energy (kT, least value 0) along the latent coordinate, and force and diffusion as"
        + " the prior learned them, where frames are.";
  }

  @Override
  void draw(Graphics2D g) {
    for (int i = 0; i < panels.size(); i++) {
      double x = Panel.LEFT + i * (SIDE + Panel.LEFT + GAP);
      panels.get(i).draw(g, new Rectangle2D.Double(x, Panel.TOP, SIDE, SIDE));
    }
  }
}
