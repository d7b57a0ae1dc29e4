// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import org.junit.jupiter.api.Test;

/** Nearest neighbours against closed forms. */
class NearestNeighborRegressionTest {
  private static final int COUNT = 360;

  /** COUNT points on a circle of radius 2, at whole steps plus {@code offset} of one. */
  private static float[] circle(double offset) {
    float[] points = new float[2 * COUNT];
    for (int n = 0; n < COUNT; n++) {
      points[2 * n] = (float) (2 * Math.cos(angle(n + offset)));
      points[2 * n + 1] = (float) (2 * Math.sin(angle(n + offset)));
    }
    return points;
  }

  private static double[] directions(double offset) {
    double[] values = new double[2 * COUNT];
    for (int n = 0; n < COUNT; n++) {
      values[2 * n] = Math.cos(angle(n + offset));
      values[2 * n + 1] = Math.sin(angle(n + offset));
    }
    return values;
  }

  private static double angle(double step) {
    return 2 * Math.PI * step / COUNT;
  }

  /** The mean of 2m + 1 neighbouring unit vectors is s times the middle one. */
  @Test
  void onACircleItShrinksByTheDirichletKernel() {
    int neighbors = 61;
    NearestNeighborRegression regression =
        new NearestNeighborRegression(circle(0), 2, directions(0), 2, neighbors);
    // Off the points by a little, so that no two are equally far.
    double[] predicted = regression.predict(circle(0.1));
    double step = Math.PI / COUNT;
    double shrink = Math.sin(neighbors * step) / (neighbors * Math.sin(step));
    double[] expected = directions(0);
    for (int i = 0; i < expected.length; i++) {
      expected[i] *= shrink;
    }
    assertArrayEquals(expected, predicted, 1e-12);
    double r2 = NearestNeighborRegression.rSquared(predicted, directions(0), 2);
    assertEquals(1 - (1 - shrink) * (1 - shrink), r2, 1e-12);
  }

  @Test
  void allNeighborsGiveTheMeanAndNoRSquared() {
    NearestNeighborRegression regression =
        new NearestNeighborRegression(circle(0), 2, directions(0), 2, COUNT);
    double[] predicted = regression.predict(circle(0));
    assertArrayEquals(new double[2 * COUNT], predicted, 1e-13);
    assertEquals(0, NearestNeighborRegression.rSquared(predicted, directions(0), 2), 1e-12);
  }

  @Test
  void ofEquallyNearPointsTheFirstCounts() {
    float[] points = {1, -1, 1, 3};
    double[] values = {10, 20, 40, 80};
    NearestNeighborRegression one = new NearestNeighborRegression(points, 1, values, 1, 1);
    assertArrayEquals(new double[] {10, 80}, one.predict(new float[] {0, 2.5f}));
    NearestNeighborRegression two = new NearestNeighborRegression(points, 1, values, 1, 2);
    assertArrayEquals(new double[] {15, 25}, two.predict(new float[] {0, 2}));
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    InputException few =
        assertThrows(
            InputException.class,
            () -> new NearestNeighborRegression(new float[3], 1, new double[3], 1, 4));
    assertTrue(few.getMessage().contains("4 and 3"), few.getMessage());
    double[] constant = {1, 1};
    assertThrows(
        InputException.class, () -> NearestNeighborRegression.rSquared(new double[2], constant, 1));
  }
}
