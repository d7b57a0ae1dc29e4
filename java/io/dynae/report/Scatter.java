// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.Grid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jfree.chart.annotations.XYLineAnnotation;

/**
 * A latent coordinate against the true one that it is aligned with.
 *
 * @param name of the true coordinate, with its unit
 * @param truth [N]
 * @param latent aligned latent in the truth's unit, [N]
 */
public record Scatter(String name, float[] truth, float[] latent) {
  private static final int MOST_POINTS = 5000;

  /**
   * One for each coordinate.
   *
   * @param names of the true coordinates
   * @param truth [N][d]
   * @param aligned [N][d]
   */
  public static List<Scatter> of(List<String> names, float[] truth, float[] aligned) {
    List<Scatter> scatters = new ArrayList<>();
    int d = names.size();
    for (int i = 0; i < d; i++) {
      float[] x = new float[truth.length / d];
      float[] y = new float[x.length];
      for (int n = 0; n < x.length; n++) {
        x[n] = truth[n * d + i];
        y[n] = aligned[n * d + i];
      }
      scatters.add(new Scatter(names.get(i), x, y));
    }
    return scatters;
  }

  /** Its panel: points, and the identity as a line. */
  Panel panel(String letter) {
    int frames = truth.length;
    int step = Math.max(1, (frames - 1) / MOST_POINTS + 1);
    int count = (frames - 1) / step + 1;
    float[] points = new float[2 * count];
    for (int n = 0; n < count; n++) {
      points[2 * n] = truth[n * step];
      points[2 * n + 1] = latent[n * step];
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
            Axis.linear("true " + name, grid.xMin(), grid.xMax()),
            Axis.linear("latent, aligned", grid.yMin(), grid.yMax()))
        .add(Raster.points(grid, points, values, new ColorScale(ColorMap.SEQUENTIAL, 0, 1), 0.012))
        .add(identity);
  }
}
