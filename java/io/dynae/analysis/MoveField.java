// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import java.util.Arrays;

/**
 * How two coordinates move over one lag, by place: drift and covariance of the noise, in the
 * coordinates' units.
 *
 * <p>Of dz = (M f + dM/dz) dt + sqrt(2 M) dW the drift of one lag is M f + dM/dz and the covariance
 * 2 M; in units of the diffusion length, where M = 1, the drift is the force in kT per length.
 *
 * @param x first coordinates of the places, [n]
 * @param y second ones
 * @param driftX mean move, or force times the squared diffusion length, [n]
 * @param driftY its second component
 * @param varianceX of the noise
 * @param varianceY of the noise
 * @param covariance of the noise's two components
 */
public record MoveField(
    double[] x,
    double[] y,
    double[] driftX,
    double[] driftY,
    double[] varianceX,
    double[] varianceY,
    double[] covariance) {

  /** A drift (out[0], out[1]) by place. */
  @FunctionalInterface
  public interface Drift {
    /** Writes the drift at (x, y). */
    void at(double x, double y, double[] out);
  }

  private static MoveField empty(int n) {
    return new MoveField(
        new double[n],
        new double[n],
        new double[n],
        new double[n],
        new double[n],
        new double[n],
        new double[n]);
  }

  /** Places. */
  public int size() {
    return x.length;
  }

  /**
   * A known drift with constant diffusion at the centres of those cells that enough points visit.
   *
   * @param variance of one lag's noise, along both coordinates
   * @param counts points in each cell of {@code grid}, see {@link #counts}
   * @param least points that a cell needs
   */
  public static MoveField of(Drift drift, double variance, Grid grid, int[] counts, int least) {
    MoveField field = empty(grid.size());
    double[] out = new double[2];
    int n = 0;
    for (int c = 0; c < grid.size(); c++) {
      if (counts[c] >= least) {
        field.x[n] = grid.x(c % grid.columns());
        field.y[n] = grid.y(c / grid.columns());
        drift.at(field.x[n], field.y[n], out);
        field.driftX[n] = out[0];
        field.driftY[n] = out[1];
        field.varianceX[n] = variance;
        field.varianceY[n] = variance;
        n++;
      }
    }
    return field.first(n);
  }

  /**
   * Drift and diffusion of a prior, along latents {@code i} and {@code j}. For d = 2 at the cells'
   * centres; for more dimensions the mean over a cell's points, as the other latents differ there.
   *
   * @param points latents [N][d]
   */
  public static MoveField ofPrior(
      PriorFields prior, float[] points, int i, int j, Grid grid, int least) {
    int d = prior.latent();
    int[] counts = counts(points, d, i, j, grid);
    boolean centres = d == 2;
    double[][] sums = new double[4][grid.size()];
    for (int n = 0; n < points.length && !centres; n += d) {
      int c = grid.cell(points[n + i], points[n + j]);
      if (c >= 0 && counts[c] >= least) {
        double[] z = new double[d];
        for (int k = 0; k < d; k++) {
          z[k] = points[n + k];
        }
        add(sums, c, prior, z, i, j, 1.0 / counts[c]);
      }
    }
    MoveField field = empty(grid.size());
    int n = 0;
    for (int c = 0; c < grid.size(); c++) {
      if (counts[c] >= least) {
        field.x[n] = grid.x(c % grid.columns());
        field.y[n] = grid.y(c / grid.columns());
        if (centres) {
          double[] z = new double[2];
          z[i] = field.x[n];
          z[j] = field.y[n];
          add(sums, c, prior, z, i, j, 1);
        }
        field.driftX[n] = sums[0][c];
        field.driftY[n] = sums[1][c];
        field.varianceX[n] = sums[2][c];
        field.varianceY[n] = sums[3][c];
        n++;
      }
    }
    return field.first(n);
  }

  private static void add(
      double[][] sums, int c, PriorFields prior, double[] z, int i, int j, double weight) {
    double[] drift = prior.drift(z);
    double[] diffusion = prior.diffusion(z);
    sums[0][c] += weight * drift[i];
    sums[1][c] += weight * drift[j];
    sums[2][c] += weight * 2 * diffusion[i];
    sums[3][c] += weight * 2 * diffusion[j];
  }

  /**
   * Drift and covariance as conditional moments of the moves from each cell over one lag.
   *
   * @param points [N][d], trajectories end to end
   * @param lengths frames of each trajectory; no move crosses from one into the next
   * @param lag frames, at least 1
   * @param least moves that a cell needs
   */
  public static MoveField ofMoves(
      float[] points, int d, int i, int j, int[] lengths, int lag, Grid grid, int least) {
    double[][] sums = new double[5][grid.size()];
    int[] counts = new int[grid.size()];
    int start = 0;
    for (int length : lengths) {
      for (int n = start; n < start + length - lag; n++) {
        int c = grid.cell(points[n * d + i], points[n * d + j]);
        if (c >= 0) {
          double dx = points[(n + lag) * d + i] - (double) points[n * d + i];
          double dy = points[(n + lag) * d + j] - (double) points[n * d + j];
          counts[c]++;
          sums[0][c] += dx;
          sums[1][c] += dy;
          sums[2][c] += dx * dx;
          sums[3][c] += dy * dy;
          sums[4][c] += dx * dy;
        }
      }
      start += length;
    }
    MoveField field = empty(grid.size());
    int n = 0;
    for (int c = 0; c < grid.size(); c++) {
      if (counts[c] >= Math.max(2, least)) {
        field.x[n] = grid.x(c % grid.columns());
        field.y[n] = grid.y(c / grid.columns());
        double mx = sums[0][c] / counts[c];
        double my = sums[1][c] / counts[c];
        field.driftX[n] = mx;
        field.driftY[n] = my;
        field.varianceX[n] = sums[2][c] / counts[c] - mx * mx;
        field.varianceY[n] = sums[3][c] / counts[c] - my * my;
        field.covariance[n] = sums[4][c] / counts[c] - mx * my;
        n++;
      }
    }
    return field.first(n);
  }

  /** Points [N][d] in each cell by columns {@code i} and {@code j}. */
  public static int[] counts(float[] points, int d, int i, int j, Grid grid) {
    int[] counts = new int[grid.size()];
    for (int n = 0; n < points.length; n += d) {
      int c = grid.cell(points[n + i], points[n + j]);
      if (c >= 0) {
        counts[c]++;
      }
    }
    return counts;
  }

  private MoveField first(int n) {
    return new MoveField(
        Arrays.copyOf(x, n),
        Arrays.copyOf(y, n),
        Arrays.copyOf(driftX, n),
        Arrays.copyOf(driftY, n),
        Arrays.copyOf(varianceX, n),
        Arrays.copyOf(varianceY, n),
        Arrays.copyOf(covariance, n));
  }
}
