// SPDX-License-Identifier: MIT
package io.dynae.molecule;

import io.dynae.error.InputException;
import java.util.Arrays;

/**
 * The angle between the planes (a, b, c) and (b, c, d) of four atoms, counted from 0.
 *
 * <p>In (-pi, pi]; 0 where a and d eclipse each other seen along b to c, positive where d is turned
 * clockwise from a (IUPAC).
 */
public record Dihedral(int a, int b, int c, int d) {
  /**
   * Reads {@code a,b,c,d}.
   *
   * @throws InputException unless these are four different whole numbers, 0 or above
   */
  public static Dihedral parse(String text) {
    if (!text.matches("\\d{1,6}(,\\d{1,6}){3}")) {
      throw new InputException(
          "dihedral: four atoms a,b,c,d does not hold: '%s'; give them as in 1,3,4,6"
              .formatted(text));
    }
    int[] atoms = Arrays.stream(text.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    if (Arrays.stream(atoms).distinct().count() < 4) {
      throw new InputException("dihedral: four different atoms does not hold: '" + text + "'");
    }
    return new Dihedral(atoms[0], atoms[1], atoms[2], atoms[3]);
  }

  /** The highest number of an atom. */
  int last() {
    return Math.max(Math.max(a, b), Math.max(c, d));
  }

  /**
   * The angle in radians, or NaN where three successive atoms are on a line.
   *
   * @param x [atoms, 3]
   */
  public double angle(double[] x) {
    double[] back = difference(x, a, b);
    double[] axis = difference(x, c, b);
    double[] ahead = difference(x, d, c);
    double[] first = cross(back, axis);
    double[] second = cross(ahead, axis);
    double length = Math.sqrt(dot(axis, axis));
    double cos = dot(first, second);
    double sin = dot(cross(first, second), axis) / length;
    double planes = Math.sqrt(dot(first, first) * dot(second, second));
    // Relative to the bonds: 1e-9 rad off a line is as good as on it.
    double bonds = length * length * Math.sqrt(dot(back, back) * dot(ahead, ahead));
    return planes > 1e-9 * bonds ? Math.atan2(sin, cos) : Double.NaN;
  }

  @Override
  public String toString() {
    return a + "," + b + "," + c + "," + d;
  }

  private static double[] difference(double[] x, int to, int from) {
    return new double[] {
      x[3 * to] - x[3 * from], x[3 * to + 1] - x[3 * from + 1], x[3 * to + 2] - x[3 * from + 2]
    };
  }

  private static double[] cross(double[] p, double[] q) {
    return new double[] {
      p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]
    };
  }

  private static double dot(double[] p, double[] q) {
    return p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
  }
}
