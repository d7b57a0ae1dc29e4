// SPDX-License-Identifier: MIT
package io.dynae.simulation.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RoomTest {
  private static double[] draw(Solid solid, double hue, double size, double angle, int side) {
    double[] out = new double[3 * side * side];
    new Room(solid, hue, size, angle).draw(side, out);
    return out;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0, 0",
    "0.16666666666666666, 1, 1, 0",
    "0.3333333333333333, 0, 1, 0",
    "0.5, 0, 1, 1",
    "0.6666666666666666, 0, 0, 1",
    "0.8333333333333334, 1, 0, 1",
    "1, 1, 0, 0",
    "0.08333333333333333, 1, 0.5, 0"
  })
  void huesAreThoseOfTheColorCircle(double hue, double red, double green, double blue) {
    assertArrayEquals(new double[] {red, green, blue}, Room.hsv(hue, 1, 1), 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void pixelsAreTheMeansOfAMuchFinerPicture(Solid solid) {
    int fine = 12;
    double[] coarse = draw(solid, 0.4, 0.9, 0.3, 64);
    double[] large = draw(solid, 0.4, 0.9, 0.3, 64 * fine);
    double total = 0;
    double worst = 0;
    for (int k = 0; k < 3; k++) {
      for (int row = 0; row < 64; row++) {
        for (int column = 0; column < 64; column++) {
          double mean = 0;
          for (int i = 0; i < fine * fine; i++) {
            int y = row * fine + i / fine;
            int x = column * fine + i % fine;
            mean += large[(k * 64 * fine + y) * 64 * fine + x] / (fine * fine);
          }
          double off = Math.abs(mean - coarse[(k * 64 + row) * 64 + column]);
          total += off / (3 * 64 * 64);
          worst = Math.max(worst, off);
        }
      }
    }
    // 16 rays leave an edge uncertain by an eighth of its contrast at most.
    assertTrue(worst < 0.125, "worst " + worst);
    assertTrue(total < 0.001, "mean " + total);
  }

  @ParameterizedTest
  @EnumSource
  void aLargerSolidHidesMoreOfTheRoom(Solid solid) {
    double before = 0;
    for (double size = 0.3; size < 1.35; size += 0.05) {
      double[] frame = draw(solid, 0.5, size, 0.1, 64);
      double seen = 0;
      for (int i = 0; i < 64 * 64; i++) {
        // The solid alone is much more red than green.
        seen += frame[i] > 2.2 * frame[64 * 64 + i] ? 1 : 0;
      }
      assertTrue(seen > before, "size " + size);
      before = seen;
    }
  }

  @Test
  void brightnessIsBetweenBlackAndWhite() {
    for (Solid solid : Solid.values()) {
      for (double value : draw(solid, 0.84, 1.35, -0.65, 48)) {
        assertTrue(value > 0.05 && value <= 1, "value " + value);
      }
    }
  }

  /** Rays from (0, -5, 1) along y at a size of 1, by hand. */
  @ParameterizedTest
  @CsvSource({
    "CUBE, 0, 4.2, -1",
    "SPHERE, 0, 4, -1",
    "SPHERE, 0.6, 4.2, -0.8",
    "CYLINDER, 0.48, 4.36, -0.8",
    "CAPSULE, 0.36, 4.52, -0.8",
  })
  void raysEnterWhereTheyShould(Solid solid, double x, double t, double normalY) {
    double[] normal = new double[4];
    double found = solid.hit(new double[] {x, -5, 1}, new double[] {1e-12, 1, 1e-12}, 1, normal);
    assertEquals(t, found, 1e-9);
    assertEquals(normalY, normal[1], 1e-9);
    double miss = solid.hit(new double[] {1.01, -5, 1}, new double[] {1e-12, 1, 1e-12}, 1, normal);
    assertEquals(Double.POSITIVE_INFINITY, miss);
  }

  @ParameterizedTest
  @CsvSource({"CUBE, 8.4", "SPHERE, 8", "CYLINDER, 8.3", "CAPSULE, 7.8"})
  void raysFromAboveMeetTheTop(Solid solid, double t) {
    double[] normal = new double[4];
    double found = solid.hit(new double[] {0, 0, 10}, new double[] {1e-12, 1e-12, -1}, 1, normal);
    assertEquals(t, found, 1e-9);
    assertArrayEquals(new double[] {0, 0, 1}, Arrays.copyOf(normal, 3), 1e-9);
  }
}
