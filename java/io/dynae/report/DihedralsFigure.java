// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.FreeEnergy;
import io.dynae.analysis.Grid;
import io.dynae.analysis.MoveField;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * Two dihedral angles and what a two-dimensional latent makes of them: free energy over the angles,
 * over the latent with its fields, and the latent coloured by each angle.
 */
public final class DihedralsFigure extends Figure {
  /** Label of a latent's first coordinate, in the unit that training gives it. */
  public static final String LATENT_X = "z₁ (diffusion lengths)";

  /** Label of its second one. */
  public static final String LATENT_Y = "z₂ (diffusion lengths)";

  private static final int CELLS = 72;
  private static final int MOST_POINTS = 30_000;
  private static final double WIDTH = 130 * Style.MM;
  private static final double SIDE = (WIDTH - ColorBar.WIDTH - ColorBar.RIGHT - 8) / 2 - Panel.LEFT;
  private static final ColorScale ANGLES = new ColorScale(ColorMap.CYCLIC, -180, 180);

  private final Panel[] panels;
  private final ColorScale colors;
  private final Landscape landscape;

  /**
   * @param dihedrals (phi, psi) in radians, [N][2]
   * @param latent [N][2], in one-lag diffusion lengths
   * @param field force and diffusion on the latent, or null
   */
  public DihedralsFigure(float[] dihedrals, float[] latent, MoveField field) {
    super(WIDTH, 2 * (SIDE + Panel.TOP + Panel.BOTTOM));
    int frames = dihedrals.length / 2;
    float[] degrees = new float[dihedrals.length];
    for (int n = 0; n < degrees.length; n++) {
      double turns = dihedrals[n] / (2 * Math.PI);
      degrees[n] = (float) (360 * (turns - Math.floor(turns + 0.5)));
    }
    Grid angles = new Grid(-180, 180, CELLS, -180, 180, CELLS);
    Grid grid = Grid.square(latent, 2, 0, 1, 0.04, CELLS);
    FreeEnergy ramachandran = FreeEnergy.of(degrees, 2, 0, 1, angles, 0);
    FreeEnergy energy = FreeEnergy.of(latent, 2, 0, 1, grid, 0);
    colors = LandscapeFigure.scale(List.of(ramachandran, energy));
    Panel map =
        new Panel("(a)", "molecule", Axis.degrees("φ (degrees)"), Axis.degrees("ψ (degrees)"))
            .add(Raster.cells(angles, ramachandran.values(), colors));
    landscape = new Landscape("latent", LATENT_X, LATENT_Y, energy, field);
    int step = Math.max(1, (frames - 1) / MOST_POINTS + 1);
    panels =
        new Panel[] {
          map,
          LandscapeFigure.panel("(b)", landscape, colors),
          colored("(c)", "latent by φ", grid, latent, degrees, 0, step),
          colored("(d)", "latent by ψ", grid, latent, degrees, 1, step)
        };
  }

  private static Panel colored(
      String letter, String title, Grid grid, float[] latent, float[] degrees, int of, int step) {
    int frames = (latent.length / 2 - 1) / step + 1;
    float[] points = new float[2 * frames];
    double[] values = new double[frames];
    for (int n = 0; n < frames; n++) {
      points[2 * n] = latent[2 * n * step];
      points[2 * n + 1] = latent[2 * n * step + 1];
      values[n] = degrees[2 * n * step + of];
    }
    return new Panel(
            letter,
            title,
            Axis.linear(LATENT_X, grid.xMin(), grid.xMax()),
            Axis.linear(LATENT_Y, grid.yMin(), grid.yMax()))
        .add(Raster.points(grid, points, values, ANGLES, 0.008));
  }

  @Override
  public String caption() {
    return "Colour of (a), (b): free energy (kT, least value 0; white: no frame) over the dihedral"
        + " angles and over the latent coordinates."
        + (landscape.field() == null ? "" : LandscapeFigure.marksCaption("(b)", landscape))
        + " (c), (d) Frames in latent coordinates, coloured by each angle.";
  }

  @Override
  void draw(Graphics2D g) {
    for (int i = 0; i < panels.length; i++) {
      double x = Panel.LEFT + i % 2 * (SIDE + Panel.LEFT);
      double y = Panel.TOP + i / 2 * (SIDE + Panel.TOP + Panel.BOTTOM);
      panels[i].draw(g, new Rectangle2D.Double(x, y, SIDE, SIDE));
    }
    double bar = 2 * (SIDE + Panel.LEFT) + 8;
    ColorBar.freeEnergy(colors).draw(g, bar, Panel.TOP, SIDE);
    ColorBar.degrees(ANGLES, "φ, ψ (degrees)")
        .draw(g, bar, 2 * Panel.TOP + SIDE + Panel.BOTTOM, SIDE);
  }
}
