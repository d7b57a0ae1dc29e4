// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.ToDoubleFunction;

/** Means of a run against those of exp(-V / kT), summed over a grid. */
final class Boltzmann {
  private static final int BLOCKS = 50;

  private final Potential potential;
  private final double kT;
  private final double[] low;
  private final double[] high;
  private final int cells;
  private final double[] rows;

  /**
   * @param low and {@code high} hold all that counts of the distribution
   * @param cells of the grid in each dimension
   * @param rows the run, [frames, dimension]
   */
  Boltzmann(
      Potential potential, double kT, double[] low, double[] high, int cells, double... rows) {
    this.potential = potential;
    this.kT = kT;
    this.low = low;
    this.high = high;
    this.cells = cells;
    this.rows = rows;
  }

  /**
   * Asserts that the run's mean of {@code f} is the exact one, within four standard errors from
   * independent blocks and {@code bias} for the time step.
   */
  void assertMean(ToDoubleFunction<double[]> f, double bias) {
    double[] z = new double[low.length];
    double[] sums = new double[2];
    sum(0, z, f, sums);
    double exact = sums[1] / sums[0];
    int d = low.length;
    int length = rows.length / d / BLOCKS;
    double sum = 0;
    double squares = 0;
    for (int block = 0; block < BLOCKS; block++) {
      double mean = 0;
      for (int i = block * length; i < (block + 1) * length; i++) {
        System.arraycopy(rows, i * d, z, 0, d);
        mean += f.applyAsDouble(z) / length;
      }
      sum += mean;
      squares += mean * mean;
    }
    double mean = sum / BLOCKS;
    double error = Math.sqrt((squares / BLOCKS - mean * mean) / (BLOCKS - 1));
    assertTrue(error > 0, "standard error " + error);
    assertEquals(exact, mean, 4 * error + bias);
  }

  private void sum(int dimension, double[] z, ToDoubleFunction<double[]> f, double[] sums) {
    if (dimension == low.length) {
      double weight = Math.exp(-potential.value(z) / kT);
      sums[0] += weight;
      sums[1] += weight * f.applyAsDouble(z);
      return;
    }
    for (int i = 0; i < cells; i++) {
      z[dimension] = low[dimension] + (i + 0.5) / cells * (high[dimension] - low[dimension]);
      sum(dimension + 1, z, f, sums);
    }
  }
}
