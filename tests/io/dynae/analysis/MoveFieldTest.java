// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MoveFieldTest {
  /**
   * x' = x + a (x - c) + noise of a known covariance, started anew so that all cells are visited.
   */
  @Test
  void momentsOfMovesRecoverDriftAndCovariance() {
    Random random = new Random(9);
    int pairs = 200_000;
    float[] points = new float[4 * pairs];
    int[] lengths = new int[pairs];
    for (int n = 0; n < pairs; n++) {
      double x = 2 * random.nextDouble() - 1;
      double y = 2 * random.nextDouble() - 1;
      double first = random.nextGaussian();
      double second = random.nextGaussian();
      points[4 * n] = (float) x;
      points[4 * n + 1] = (float) y;
      points[4 * n + 2] = (float) (x - 0.2 * x + 0.3 * first);
      points[4 * n + 3] = (float) (y - 0.1 * y + 0.1 * x + 0.2 * first + 0.1 * second);
      // Were moves to cross trajectories, each would be measured to a random place.
      lengths[n] = 2;
    }
    Grid grid = new Grid(-1, 1, 4, -1, 1, 4);
    MoveField field = MoveField.ofMoves(points, 2, 0, 1, lengths, 1, grid, 100);
    assertEquals(16, field.size());
    for (int c = 0; c < 16; c++) {
      double x = field.x()[c];
      double y = field.y()[c];
      // Four standard errors of 12,500 moves.
      assertEquals(-0.2 * x, field.driftX()[c], 0.012);
      assertEquals(-0.1 * y + 0.1 * x, field.driftY()[c], 0.009);
      // The drift's spread within a cell adds up to 0.001.
      assertEquals(0.09, field.varianceX()[c], 0.006);
      assertEquals(0.05, field.varianceY()[c], 0.004);
      assertEquals(0.06, field.covariance()[c], 0.005);
    }
  }

  @Test
  void knownDriftIsTakenWherePointsAre() {
    float[] points = {0.5f, 0.5f, 1.5f, 0.5f, 1.6f, 0.4f};
    Grid grid = new Grid(0, 2, 2, 0, 1, 1);
    int[] counts = MoveField.counts(points, 2, 0, 1, grid);
    assertArrayEquals(new int[] {1, 2}, counts);
    MoveField field =
        MoveField.of(
            (x, y, out) -> {
              out[0] = -x;
              out[1] = 3 * y;
            },
            0.5,
            grid,
            counts,
            2);
    assertArrayEquals(new double[] {1.5}, field.x());
    assertArrayEquals(new double[] {-1.5}, field.driftX());
    assertArrayEquals(new double[] {1.5}, field.driftY());
    assertArrayEquals(new double[] {0.5}, field.varianceX());
    assertArrayEquals(new double[] {0}, field.covariance());
  }
}
