// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import io.dynae.error.InputException;

/**
 * Free energy F = -log p of two coordinates, in kT, from counts on a grid; its least value is 0.
 *
 * <p>A cell that no frame visits has no free energy: NaN. With smoothing, counts are first spread
 * by a Gaussian, and a cell is still NaN unless a frame visits it.
 *
 * @param grid the cells
 * @param values F in kT, [rows][columns], NaN where unvisited
 */
public record FreeEnergy(Grid grid, double[] values) {
  /**
   * Counts frames.
   *
   * @param points [N][d] row by row; points outside the grid do not count
   * @param i column of the first coordinate
   * @param j column of the second one
   * @param smoothing standard deviation of the Gaussian in cells; 0 for none
   * @throws InputException when no point lies in the grid
   */
  public static FreeEnergy of(float[] points, int d, int i, int j, Grid grid, double smoothing) {
    double[] counts = new double[grid.size()];
    long inside = 0;
    for (int n = 0; n < points.length; n += d) {
      int cell = grid.cell(points[n + i], points[n + j]);
      if (cell >= 0) {
        counts[cell]++;
        inside++;
      }
    }
    if (inside == 0) {
      throw new InputException(
          "free energy: points in the grid >= 1 does not hold: 0 of %d; widen the grid"
              .formatted(points.length / d));
    }
    double[] density = smoothing > 0 ? smoothed(counts, grid, smoothing) : counts;
    return new FreeEnergy(grid, fromDensity(density, counts));
  }

  /**
   * Free energy of one coordinate.
   *
   * @param values [N] in the first coordinate's place; y of the grid is not used, rows is 1
   * @return values [columns]
   */
  public static FreeEnergy line(
      float[] values, int d, int axis, double min, double max, int cells) {
    float[] points = new float[2 * (values.length / d)];
    for (int n = 0; n < points.length / 2; n++) {
      points[2 * n] = values[n * d + axis];
    }
    return of(points, 2, 0, 1, new Grid(min, max, cells, -1, 1, 1), 0);
  }

  /** The largest finite value. */
  public double highest() {
    double highest = 0;
    for (double value : values) {
      highest = value > highest ? value : highest;
    }
    return highest;
  }

  private static double[] fromDensity(double[] density, double[] counts) {
    double most = 0;
    for (int c = 0; c < density.length; c++) {
      most = Math.max(most, counts[c] > 0 ? density[c] : 0);
    }
    double[] energy = new double[density.length];
    for (int c = 0; c < energy.length; c++) {
      energy[c] = counts[c] > 0 ? Math.log(most / density[c]) : Double.NaN;
    }
    return energy;
  }

  /** Spreads along x, then along y; what would leave the grid stays at its edge. */
  private static double[] smoothed(double[] counts, Grid grid, double sigma) {
    int reach = (int) Math.ceil(3 * sigma);
    double[] weights = new double[2 * reach + 1];
    double sum = 0;
    for (int k = -reach; k <= reach; k++) {
      weights[k + reach] = Math.exp(-0.5 * k * k / (sigma * sigma));
      sum += weights[k + reach];
    }
    double[] alongX = new double[counts.length];
    double[] both = new double[counts.length];
    for (int c = 0; c < counts.length; c++) {
      int row = c / grid.columns();
      for (int k = -reach; k <= reach; k++) {
        int column = Math.min(Math.max(c % grid.columns() + k, 0), grid.columns() - 1);
        alongX[row * grid.columns() + column] += counts[c] * weights[k + reach] / sum;
      }
    }
    for (int c = 0; c < counts.length; c++) {
      int column = c % grid.columns();
      for (int k = -reach; k <= reach; k++) {
        int row = Math.min(Math.max(c / grid.columns() + k, 0), grid.rows() - 1);
        both[row * grid.columns() + column] += alongX[c] * weights[k + reach] / sum;
      }
    }
    return both;
  }
}
