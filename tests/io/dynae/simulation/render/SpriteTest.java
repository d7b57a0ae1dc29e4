// SPDX-License-Identifier: MIT
package io.dynae.simulation.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpriteTest {
  private static final int SIDE = 64;

  private static double[] draw(Sprite sprite, double x, double y, double halfWidth) {
    double[] out = new double[SIDE * SIDE];
    Arrays.fill(out, 7);
    sprite.draw(x, y, halfWidth, SIDE, out);
    return out;
  }

  /** Sum, mean x, mean y of a picture. */
  private static double[] moments(double[] picture) {
    double[] m = new double[3];
    for (int i = 0; i < picture.length; i++) {
      m[0] += picture[i];
      m[1] += picture[i] * (i % SIDE + 0.5);
      m[2] += picture[i] * (Math.floorDiv(i, SIDE) + 0.5);
    }
    return new double[] {m[0], m[1] / m[0], m[2] / m[0]};
  }

  @ParameterizedTest
  @EnumSource
  void centerOfMassIsThePosition(Sprite sprite) {
    for (int i = 0; i < 40; i++) {
      double x = 30 + 0.173 * i;
      double y = 33 - 0.119 * i;
      double[] m = moments(draw(sprite, x, y, 9));
      // A straight edge through a pixel is off by at most an eighth of its width: an eighth of a
      // pixel times the 18 rows, over at least 150 pixels of area, for the square.
      assertEquals(x, m[1], 0.02);
      assertEquals(y, m[2], 0.02);
    }
  }

  @ParameterizedTest
  @EnumSource
  void areaGrowsWithTheSquareOfTheSize(Sprite sprite) {
    for (double halfWidth : new double[] {3.7, 5.01, 9, 14.3}) {
      double area = moments(draw(sprite, 32.3, 31.6, halfWidth))[0];
      // 256 slices of a round edge: a part in 10^4.
      assertEquals(sprite.area(), area / (halfWidth * halfWidth), 5e-4 * sprite.area());
    }
  }

  @ParameterizedTest
  @EnumSource
  void areaIsThatOfItsPoints(Sprite sprite) {
    double[] spans = new double[4];
    double sum = 0;
    int n = 20_000;
    for (int i = 0; i < n; i++) {
      double y = -1.5 + 3 * (i + 0.5) / n;
      if (inside(sprite, y)) {
        int count = sprite.spans(y, spans);
        for (int k = 0; k < count; k++) {
          assertTrue(spans[2 * k] <= spans[2 * k + 1]);
          sum += (spans[2 * k + 1] - spans[2 * k]) * 3 / n;
        }
      }
    }
    assertEquals(sprite.area(), sum, 1e-3);
  }

  /** The heights of each shape, from its description. */
  private static boolean inside(Sprite sprite, double y) {
    double side = 1 / (Math.sqrt(0.125) + 0.5);
    double tip = side / Math.sqrt(2);
    // The heart's own centre of mass, by its two parts.
    double discs = Math.PI * side * side / 4;
    double out = side / Math.sqrt(8) + 4 * side / 2 / (3 * Math.PI) / Math.sqrt(2);
    double rise = discs * out / (side * side + discs);
    return switch (sprite) {
      case SQUARE -> Math.abs(y) < 0.85;
      case ELLIPSE -> Math.abs(y) < 0.6;
      case HEART -> y < rise + tip && y > rise - side / Math.sqrt(8) - side / 2;
    };
  }

  @ParameterizedTest
  @EnumSource
  void coverageIsAShareThatGrowsWithTheSprite(Sprite sprite) {
    double[] before = draw(sprite, 31.27, 32.61, 5);
    for (double halfWidth = 5.05; halfWidth < 12; halfWidth += 0.05) {
      double[] now = draw(sprite, 31.27, 32.61, halfWidth);
      for (int i = 0; i < now.length; i++) {
        assertTrue(now[i] >= before[i] - 0.01 && now[i] <= 1 + 1e-12, "pixel " + i);
      }
      before = now;
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEdgePixelFollowsASmallMove(Sprite sprite) {
    int right = 32 * SIDE + 40;
    double last = -1;
    for (double x = 26; x <= 44; x += 0.01) {
      double[] now = draw(sprite, x, 32.5, 9);
      if (x <= 35) {
        assertTrue(now[right] >= last, "at " + x);
      }
      if (last >= 0) {
        // One row of a straight edge changes by the move itself, a slanted or round one by less
        // than three times as much.
        assertEquals(last, now[right], 0.031);
      }
      last = now[right];
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOffThePictureIsCut(Sprite sprite) {
    double[] corner = draw(sprite, 0, 0, 9);
    double[] whole = draw(sprite, 32, 32, 9);
    for (int y = 0; y < 20; y++) {
      for (int x = 0; x < 20; x++) {
        assertEquals(whole[(y + 32) * SIDE + x + 32], corner[y * SIDE + x], 1e-12);
      }
    }
    assertEquals(0, moments(draw(sprite, 200, -90, 9))[0]);
  }
}
