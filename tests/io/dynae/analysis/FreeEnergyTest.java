// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FreeEnergyTest {
  /** Frames of a harmonic well have F = x^2/2 + y^2/(2 s^2) up to the least value's noise. */
  @Test
  void harmonicWellIsAParabola() {
    Random random = new Random(3);
    int frames = 400_000;
    double s = 0.5;
    float[] points = new float[3 * frames];
    for (int n = 0; n < frames; n++) {
      points[3 * n] = (float) (s * random.nextGaussian());
      points[3 * n + 1] = 7;
      points[3 * n + 2] = (float) random.nextGaussian();
    }
    Grid grid = new Grid(-2, 2, 20, -1, 1, 21);
    FreeEnergy energy = FreeEnergy.of(points, 3, 2, 0, grid, 0);
    assertEquals(0, Arrays.stream(energy.values()).min().getAsDouble());
    double center = energy.values()[10 * 20 + 10] - parabola(grid, 10 * 20 + 10, s);
    for (int c = 0; c < grid.size(); c++) {
      double expected = parabola(grid, c, s);
      // Four standard deviations of log(count), and the curvature within a cell.
      double count = frames * grid.cellWidth() * grid.cellHeight() / (2 * Math.PI * s);
      double noise = 4 / Math.sqrt(count * Math.exp(-expected)) + 4 / Math.sqrt(count);
      assertEquals(expected, energy.values()[c] - center, noise + 0.02, "cell " + c);
    }
  }

  private static double parabola(Grid grid, int cell, double s) {
    double x = grid.x(cell % grid.columns());
    double y = grid.y(cell / grid.columns()) / s;
    return (x * x + y * y) / 2;
  }

  @Test
  void countsGiveExactLogarithmsAndUnvisitedCellsHaveNone() {
    float[] points = {0.5f, 0.5f, 0.4f, 0.6f, 1.5f, 0.5f, 9, 9, 2, 2};
    FreeEnergy energy = FreeEnergy.of(points, 2, 0, 1, new Grid(0, 2, 2, 0, 2, 2), 0);
    // The point (2, 2) lies on the upper edges, which belong to the grid; (9, 9) lies outside.
    assertEquals(0, energy.values()[0]);
    assertEquals(Math.log(2), energy.values()[1], 1e-12);
    assertTrue(Double.isNaN(energy.values()[2]));
    assertEquals(Math.log(2), energy.values()[3], 1e-12);
    assertEquals(Math.log(2), energy.highest(), 1e-12);
  }

  @Test
  void smoothingSpreadsCountsByAGaussian() {
    float[] points = new float[2 * (100 + 3)];
    Arrays.fill(points, 10.5f);
    for (int k = 0; k < 3; k++) {
      points[200 + 2 * k] = 11.5f + k;
    }
    Grid grid = new Grid(0, 21, 21, 0, 21, 21);
    double[] values = FreeEnergy.of(points, 2, 0, 1, grid, 1).values();
    double[] weights = new double[7];
    double sum = 0;
    for (int k = -3; k <= 3; k++) {
      weights[k + 3] = Math.exp(-k * k / 2.0);
      sum += weights[k + 3];
    }
    double here = 100 * weights[3] + weights[2] + weights[1] + weights[0];
    double next = 100 * weights[4] + weights[3] + weights[2] + weights[1];
    assertEquals(Math.log(here / next), values[10 * 21 + 11], 1e-12, "sum " + sum);
    assertTrue(Double.isNaN(values[10 * 21 + 9]), "no frame visits it");
  }

  @Test
  void gridWithoutPointsIsRefused() {
    InputException e =
        assertThrows(
            InputException.class,
            () -> FreeEnergy.of(new float[] {5, 5}, 2, 0, 1, new Grid(0, 1, 2, 0, 1, 2), 0));
    assertTrue(e.getMessage().contains("0 of 1"), e.getMessage());
  }

  @Test
  void squareGridHasOneScaleAndHoldsAllPoints() {
    float[] points = {0, 0, 4, 1};
    Grid grid = Grid.square(points, 2, 0, 1, 0.25, 8);
    assertEquals(grid.cellWidth(), grid.cellHeight());
    assertEquals(-1, grid.xMin());
    assertEquals(5, grid.xMax());
    assertEquals(0.5, (grid.yMin() + grid.yMax()) / 2);
    assertThrows(InputException.class, () -> Grid.square(new float[] {1, 2, 1, 2}, 2, 0, 1, 0, 8));
    assertThrows(
        InputException.class, () -> Grid.square(new float[] {1, 2, 1, Float.NaN}, 2, 0, 1, 0, 8));
  }
}
