// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import io.dynae.error.InputException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Predicts values from latent coordinates by the mean over the k nearest points whose values are
 * known: what the latent says about a quantity, whatever the shape of the relation.
 *
 * <p>Neighbours are nearest by Euclidean distance, of equally near ones the first; every point is
 * compared with every query, so it is for tens of thousands of points. Sums are in double.
 */
public final class NearestNeighborRegression {
  private final float[] points;
  private final int dimension;
  private final double[] values;
  private final int valueDimension;
  private final int neighbors;

  /**
   * Keeps the known points, not copies.
   *
   * @param points [N, dimension] row by row, in any one unit, finite
   * @param values [N, valueDimension] row by row
   * @param neighbors k, 1 to N
   * @throws InputException for fewer points than neighbours
   */
  public NearestNeighborRegression(
      float[] points, int dimension, double[] values, int valueDimension, int neighbors) {
    int count = points.length / dimension;
    if (points.length % dimension != 0 || values.length != (long) count * valueDimension) {
      throw new IllegalArgumentException(
          "points * dimensions: %d by %d, %d by %d"
              .formatted(points.length, dimension, values.length, valueDimension));
    }
    if (neighbors < 1 || neighbors > count) {
      throw new InputException(
          "nearest neighbours: 1 <= neighbours <= known points does not hold: %d and %d; use more"
                  .formatted(neighbors, count)
              + " frames");
    }
    this.points = points;
    this.dimension = dimension;
    this.values = values;
    this.valueDimension = valueDimension;
    this.neighbors = neighbors;
  }

  /**
   * Predicts.
   *
   * @param queries [M, dimension] row by row
   * @return [M, valueDimension] row by row
   */
  public double[] predict(float[] queries) {
    int count = queries.length / dimension;
    double[] predicted = new double[count * valueDimension];
    IntStream.range(0, count).parallel().forEach(query -> predict(queries, query, predicted));
    return predicted;
  }

  private void predict(float[] queries, int query, double[] predicted) {
    double[] distances = new double[neighbors];
    int[] nearest = new int[neighbors];
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    for (int n = 0; n < points.length / dimension; n++) {
      double distance = 0;
      for (int i = 0; i < dimension; i++) {
        double step = (double) queries[query * dimension + i] - points[n * dimension + i];
        distance += step * step;
      }
      int at = neighbors;
      while (at > 0 && distance < distances[at - 1]) {
        at--;
      }
      if (at < neighbors) {
        System.arraycopy(distances, at, distances, at + 1, neighbors - at - 1);
        System.arraycopy(nearest, at, nearest, at + 1, neighbors - at - 1);
        distances[at] = distance;
        nearest[at] = n;
      }
    }
    for (int n : nearest) {
      for (int j = 0; j < valueDimension; j++) {
        predicted[query * valueDimension + j] += values[n * valueDimension + j] / neighbors;
      }
    }
  }

  /**
   * Multivariate R^2 = 1 - sum ||y - predicted||^2 / sum ||y - mean y||^2 over all rows: 1 is
   * exact, 0 is no better than the mean.
   *
   * @param actual y, [M, dimension] row by row
   * @throws InputException where y never varies
   */
  public static double rSquared(double[] predicted, double[] actual, int dimension) {
    int count = actual.length / dimension;
    double[] mean = new double[dimension];
    for (int i = 0; i < actual.length; i++) {
      mean[i % dimension] += actual[i] / count;
    }
    double residual = 0;
    double total = 0;
    for (int i = 0; i < actual.length; i++) {
      double error = actual[i] - predicted[i];
      double spread = actual[i] - mean[i % dimension];
      residual += error * error;
      total += spread * spread;
    }
    if (!(total > 0)) {
      throw new InputException(
          "R^2: a variance > 0 does not hold: %s over %d frames; give frames that differ"
              .formatted(total, count));
    }
    return 1 - residual / total;
  }
}
