// SPDX-License-Identifier: MIT
package io.dynae.simulation.render;

/**
 * A corner of a room with one solid on the floor, seen by a camera that goes round it.
 *
 * <p>Lengths are those of the solid's half size. The floor is z = 0, the two walls are 2.6 from the
 * solid's axis and meet behind it at a right angle; the camera is 5 away from the axis, 2.4 high,
 * and looks at (0, 0, 0.8), 50 degrees wide. Light comes from afar, over the camera's left shoulder
 * at angle 0: brightness of a surface is 0.5 + 0.5 max(0, normal . light) times its colour, and the
 * floor is darker under the solid.
 *
 * <p>A pixel is the mean of {@value #FINE} x {@value #FINE} rays where one of its neighbours sees
 * another surface, and one ray through its centre elsewhere.
 */
public final class Room {
  private static final int FINE = 4;
  private static final double WALL = 2.6;
  private static final double DISTANCE = 5;
  private static final double CAMERA_HEIGHT = 2.4;
  private static final double TARGET_HEIGHT = 0.8;
  private static final double AMBIENT = 0.5;
  private static final double HALF_WIDTH = Math.tan(Math.toRadians(25));

  /** The solid's sides are turned by so much against the corner, or a cube would hide one. */
  private static final double TURN = Math.toRadians(20);

  private static final double[] LIGHT = unit(-0.75, -0.55, 0.9);
  private static final double[] FLOOR = hsv(0.09, 0.3, 0.9);
  private static final double[] OBJECT = hsv(0.02, 0.8, 1);
  private static final double[][] WALLS = {
    {Math.cos(Math.PI / 4 + TURN), Math.sin(Math.PI / 4 + TURN)},
    {Math.cos(3 * Math.PI / 4 + TURN), Math.sin(3 * Math.PI / 4 + TURN)}
  };

  private final Solid solid;
  private final double size;
  private final double[] wallColor;
  private final double[] camera;
  private final double[] forward;
  private final double[] right;
  private final double[] up;
  private final double[] ray = new double[3];
  private final double[] normal = new double[4];
  private final double[] color = new double[3];

  /**
   * @param wallHue 0 to 1, once round the circle of colours from red over green and blue
   * @param size half size of the solid, 0.2 to 1.4
   * @param angle of the camera round the z axis, in radians, 0 facing the corner, +-0.7
   */
  public Room(Solid solid, double wallHue, double size, double angle) {
    this.solid = solid;
    this.size = size;
    wallColor = hsv(wallHue, 0.55, 1);
    double from = -Math.PI / 2 + TURN + angle;
    camera = new double[] {DISTANCE * Math.cos(from), DISTANCE * Math.sin(from), CAMERA_HEIGHT};
    forward = unit(-camera[0], -camera[1], TARGET_HEIGHT - CAMERA_HEIGHT);
    right = unit(forward[1], -forward[0], 0);
    up = cross(right, forward);
  }

  /** Draws {@code out} as [3, side, side]: red, green, blue. */
  public void draw(int side, double[] out) {
    int framed = side + 2;
    int[] surfaces = new int[framed * framed];
    for (int row = -1; row <= side; row++) {
      for (int column = -1; column <= side; column++) {
        surfaces[(row + 1) * framed + column + 1] = trace(column + 0.5, row + 0.5, side);
        if (row >= 0 && row < side && column >= 0 && column < side) {
          put(out, side, row * side + column, color);
        }
      }
    }
    double[] sum = new double[3];
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        if (!inside(surfaces, framed, (row + 1) * framed + column + 1)) {
          refine(row, column, side, sum);
          put(out, side, row * side + column, sum);
        }
      }
    }
  }

  private static boolean inside(int[] surfaces, int framed, int at) {
    int own = surfaces[at];
    for (int below = -framed; below <= framed; below += framed) {
      for (int beside = -1; beside <= 1; beside++) {
        if (surfaces[at + below + beside] != own) {
          return false;
        }
      }
    }
    return true;
  }

  private void refine(int row, int column, int side, double[] mean) {
    mean[0] = 0;
    mean[1] = 0;
    mean[2] = 0;
    for (int i = 0; i < FINE; i++) {
      for (int j = 0; j < FINE; j++) {
        trace(column + (j + 0.5) / FINE, row + (i + 0.5) / FINE, side);
        for (int k = 0; k < 3; k++) {
          mean[k] += color[k] / (FINE * FINE);
        }
      }
    }
  }

  private static void put(double[] out, int side, int pixel, double[] color) {
    for (int k = 0; k < 3; k++) {
      out[k * side * side + pixel] = color[k];
    }
  }

  /** Sets {@code color} to what is seen at a point of the picture; returns the surface's number. */
  private int trace(double x, double y, int side) {
    double a = HALF_WIDTH * (2 * x / side - 1);
    double b = HALF_WIDTH * (1 - 2 * y / side);
    for (int k = 0; k < 3; k++) {
      ray[k] = forward[k] + a * right[k] + b * up[k];
    }
    double t = solid.hit(camera, ray, size, normal);
    if (t < Solid.MISS) {
      shade(OBJECT, normal[0], normal[1], normal[2], 1);
      return 3 + (int) normal[3];
    }
    int surface = 0;
    double nearest = ray[2] < 0 ? -camera[2] / ray[2] : Double.POSITIVE_INFINITY;
    for (int wall = 0; wall < 2; wall++) {
      double speed = WALLS[wall][0] * ray[0] + WALLS[wall][1] * ray[1];
      double gap = WALL - WALLS[wall][0] * camera[0] - WALLS[wall][1] * camera[1];
      if (speed > 0 && gap / speed < nearest) {
        nearest = gap / speed;
        surface = 1 + wall;
      }
    }
    if (surface > 0) {
      shade(wallColor, -WALLS[surface - 1][0], -WALLS[surface - 1][1], 0, 1);
      return surface;
    }
    double floorX = camera[0] + nearest * ray[0];
    double floorY = camera[1] + nearest * ray[1];
    double away = (floorX * floorX + floorY * floorY) / (1.2 * size * size);
    shade(FLOOR, 0, 0, 1, 1 - 0.6 * Math.exp(-away * away));
    return 0;
  }

  private void shade(double[] base, double x, double y, double z, double dim) {
    double light = Math.max(0, x * LIGHT[0] + y * LIGHT[1] + z * LIGHT[2]);
    double brightness = dim * (AMBIENT + (1 - AMBIENT) * light);
    color[0] = base[0] * brightness;
    color[1] = base[1] * brightness;
    color[2] = base[2] * brightness;
  }

  /** Red, green and blue of a hue, a saturation and a value, each 0 to 1. */
  static double[] hsv(double hue, double saturation, double value) {
    double[] rgb = new double[3];
    for (int k = 0; k < 3; k++) {
      double sector = (hue * 6 + 5 - 2 * k) % 6;
      double pure = Math.max(0, Math.min(1, Math.min(sector, 4 - sector)));
      rgb[k] = value * (1 - saturation * pure);
    }
    return rgb;
  }

  private static double[] unit(double x, double y, double z) {
    double length = Math.sqrt(x * x + y * y + z * z);
    return new double[] {x / length, y / length, z / length};
  }

  private static double[] cross(double[] a, double[] b) {
    return new double[] {
      a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    };
  }
}
