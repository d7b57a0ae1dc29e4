// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import io.dynae.error.InputException;

/**
 * Equal cells over a rectangle of two coordinates; values on it are arrays [rows][columns], the
 * first row at {@code yMin}.
 *
 * @param xMin left edge, in the unit of the first coordinate
 * @param xMax right edge, more than {@code xMin}
 * @param columns cells along x, at least 1
 * @param yMin lower edge, in the unit of the second coordinate
 * @param yMax upper edge, more than {@code yMin}
 * @param rows cells along y, at least 1
 */
public record Grid(double xMin, double xMax, int columns, double yMin, double yMax, int rows) {
  public Grid {
    if (!(xMin < xMax) || !(yMin < yMax) || columns < 1 || rows < 1) {
      throw new InputException(
          "grid: a rectangle with cells does not hold: x %s to %s in %d, y %s to %s in %d"
              .formatted(xMin, xMax, columns, yMin, yMax, rows));
    }
  }

  /**
   * The smallest square grid around points, a {@code margin} of their range wider on each side, so
   * that both coordinates have one scale.
   *
   * @param points [N][d] row by row, N at least 1
   * @param cells along each side
   * @throws InputException for points that do not move at all, or are not finite
   */
  public static Grid square(float[] points, int d, int i, int j, double margin, int cells) {
    double[] x = range(points, d, i);
    double[] y = range(points, d, j);
    double half = Math.max(x[1] - x[0], y[1] - y[0]) * (0.5 + margin);
    if (!(half > 0) || Double.isInfinite(half)) {
      throw new InputException(
          ("points to draw: coordinates that differ and are finite does not hold: %s to %s and %s to"
                  + " %s; frames of the data that are all alike have such latents: give other data;"
                  + " latents of other frames have collapsed: train anew, with another seed, beta or"
                  + " learning_rate")
              .formatted(x[0], x[1], y[0], y[1]));
    }
    double cx = (x[0] + x[1]) / 2;
    double cy = (y[0] + y[1]) / 2;
    return new Grid(cx - half, cx + half, cells, cy - half, cy + half, cells);
  }

  /** Least and largest value of column {@code axis} of points [N][d]. */
  public static double[] range(float[] points, int d, int axis) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int n = axis; n < points.length; n += d) {
      least = Math.min(least, points[n]);
      most = Math.max(most, points[n]);
    }
    return new double[] {least, most};
  }

  /** The same rectangle in other cells. */
  public Grid withCells(int newColumns, int newRows) {
    return new Grid(xMin, xMax, newColumns, yMin, yMax, newRows);
  }

  /** Cells. */
  public int size() {
    return columns * rows;
  }

  public double cellWidth() {
    return (xMax - xMin) / columns;
  }

  public double cellHeight() {
    return (yMax - yMin) / rows;
  }

  /** First coordinate of the centre of a column. */
  public double x(int column) {
    return xMin + (column + 0.5) * cellWidth();
  }

  /** Second coordinate of the centre of a row. */
  public double y(int row) {
    return yMin + (row + 0.5) * cellHeight();
  }

  /**
   * The cell of a point, row * columns + column; -1 outside. The upper edges belong to the grid.
   */
  public int cell(double x, double y) {
    if (!(x >= xMin && x <= xMax && y >= yMin && y <= yMax)) {
      return -1;
    }
    int column = Math.min(columns - 1, (int) ((x - xMin) / cellWidth()));
    int row = Math.min(rows - 1, (int) ((y - yMin) / cellHeight()));
    return row * columns + column;
  }
}
