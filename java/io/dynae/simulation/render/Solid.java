// SPDX-License-Identifier: MIT
package io.dynae.simulation.render;

/**
 * A solid of half size s that stands on the floor z = 0 about the z axis.
 *
 * <p>A ray is o + t d with t > 0 and d of any length; it starts outside.
 */
public enum Solid {
  /** Edges of 1.6 s. */
  CUBE {
    @Override
    double hit(double[] o, double[] d, double size, double[] normal) {
      double half = 0.8 * size;
      double near = 0;
      double far = Double.POSITIVE_INFINITY;
      int face = -1;
      for (int i = 0; i < 3; i++) {
        double center = i == 2 ? half : 0;
        double inverse = 1 / d[i];
        double a = (center - half - o[i]) * inverse;
        double b = (center + half - o[i]) * inverse;
        double entry = Math.min(a, b);
        if (entry > near) {
          near = entry;
          face = i;
        }
        far = Math.min(far, Math.max(a, b));
      }
      if (face < 0 || near >= far) {
        return MISS;
      }
      set(normal, 0, 0, 0, face);
      normal[face] = d[face] > 0 ? -1 : 1;
      return near;
    }
  },

  /** Radius s. */
  SPHERE {
    @Override
    double hit(double[] o, double[] d, double size, double[] normal) {
      return ball(o, d, size, size, normal);
    }
  },

  /** Radius 0.8 s, height 1.7 s. */
  CYLINDER {
    @Override
    double hit(double[] o, double[] d, double size, double[] normal) {
      double radius = 0.8 * size;
      double height = 1.7 * size;
      double side = tube(o, d, radius, 0, height, normal);
      if (side < MISS) {
        return side;
      }
      double t = (height - o[2]) / d[2];
      double x = o[0] + t * d[0];
      double y = o[1] + t * d[1];
      if (!(t > 0) || x * x + y * y > radius * radius) {
        return MISS;
      }
      set(normal, 0, 0, 1, 1);
      return t;
    }
  },

  /** Radius 0.6 s, height 2.2 s: a cylinder between two half balls. */
  CAPSULE {
    @Override
    double hit(double[] o, double[] d, double size, double[] normal) {
      double radius = 0.6 * size;
      double height = 2.2 * size;
      double side = tube(o, d, radius, radius, height - radius, normal);
      if (side < MISS) {
        return side;
      }
      double top = ball(o, d, radius, height - radius, normal);
      return top < MISS ? top : ball(o, d, radius, radius, normal);
    }
  };

  /** No hit. */
  static final double MISS = Double.POSITIVE_INFINITY;

  /**
   * Where a ray enters: the t, or {@link #MISS}.
   *
   * @param normal receives the unit normal there, and the number of the face, 0 to 2, which changes
   *     only at edges
   */
  abstract double hit(double[] o, double[] d, double size, double[] normal);

  /** A ball about (0, 0, center). */
  private static double ball(
      double[] o, double[] d, double radius, double center, double[] normal) {
    double z = o[2] - center;
    double a = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    double b = o[0] * d[0] + o[1] * d[1] + z * d[2];
    double c = o[0] * o[0] + o[1] * o[1] + z * z - radius * radius;
    double root = b * b - a * c;
    if (root < 0 || b > 0) {
      return MISS;
    }
    double t = (-b - Math.sqrt(root)) / a;
    set(normal, (o[0] + t * d[0]) / radius, (o[1] + t * d[1]) / radius, (z + t * d[2]) / radius, 0);
    return t;
  }

  /** The mantle of a cylinder between two heights. */
  private static double tube(
      double[] o, double[] d, double radius, double low, double high, double[] normal) {
    double a = d[0] * d[0] + d[1] * d[1];
    double b = o[0] * d[0] + o[1] * d[1];
    double c = o[0] * o[0] + o[1] * o[1] - radius * radius;
    double root = b * b - a * c;
    if (root < 0 || b > 0) {
      return MISS;
    }
    double t = (-b - Math.sqrt(root)) / a;
    double z = o[2] + t * d[2];
    if (z < low || z > high) {
      return MISS;
    }
    set(normal, (o[0] + t * d[0]) / radius, (o[1] + t * d[1]) / radius, 0, 0);
    return t;
  }

  private static void set(double[] normal, double x, double y, double z, double face) {
    normal[0] = x;
    normal[1] = y;
    normal[2] = z;
    normal[3] = face;
  }
}
