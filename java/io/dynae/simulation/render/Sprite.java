// SPDX-License-Identifier: MIT
package io.dynae.simulation.render;

import java.util.Arrays;

/**
 * A flat shape of half width 1 about its centre of mass, drawn upright: white on black.
 *
 * <p>A shape is what its spans are: the intervals of x that lie inside at each height. Drawing adds
 * up thin horizontal slices, each by its exact overlap with the pixels, so a moved sprite changes
 * every pixel smoothly.
 */
public enum Sprite {
  /** Sides of 1.7. */
  SQUARE(-0.85, 0.85, 4 * 0.85 * 0.85) {
    @Override
    int spans(double y, double[] out) {
      out[0] = -0.85;
      out[1] = 0.85;
      return 1;
    }
  },

  /** Half axes of 1 and 0.6. */
  ELLIPSE(-0.6, 0.6, 0.6 * Math.PI) {
    @Override
    int spans(double y, double[] out) {
      double x = Math.sqrt(Math.max(0, 1 - y * y / 0.36));
      out[0] = -x;
      out[1] = x;
      return 1;
    }
  },

  /** A square on its tip with half discs on both upper sides. */
  HEART(
      Heart.RISE - Heart.LOBE - Heart.RADIUS,
      Heart.RISE + Heart.TIP,
      Heart.SIDE * Heart.SIDE + Math.PI * Heart.RADIUS * Heart.RADIUS) {
    @Override
    int spans(double y, double[] out) {
      double height = Heart.RISE - y;
      double square = Heart.TIP - Math.abs(height);
      double up = height - Heart.LOBE;
      double disc = Math.sqrt(Math.max(0, Heart.RADIUS * Heart.RADIUS - up * up));
      // Below the square's middle the discs lie within it.
      double outer = disc > 0 ? Math.max(Heart.LOBE + disc, square) : square;
      double notch = disc > 0 ? Heart.LOBE - disc : 0;
      if (square >= notch || notch <= 0) {
        out[0] = -outer;
        out[1] = outer;
        return 1;
      }
      out[0] = -outer;
      out[1] = -notch;
      out[2] = notch;
      out[3] = outer;
      return 2;
    }
  };

  /** Measures of the heart: its half width, LOBE + RADIUS, is 1. */
  private static final class Heart {
    static final double SIDE = 1 / (Math.sqrt(0.125) + 0.5);
    static final double RADIUS = SIDE / 2;

    /** Half diagonal of the square. */
    static final double TIP = SIDE / Math.sqrt(2);

    /** A disc's centre is at (+-LOBE, LOBE) from the square's, y upwards. */
    static final double LOBE = SIDE / Math.sqrt(8);

    /** Centre of mass above the square's: half discs have theirs 4 r / (3 pi) from the side. */
    static final double RISE =
        Math.PI
            * RADIUS
            * RADIUS
            * (LOBE + 4 * RADIUS / (3 * Math.PI) / Math.sqrt(2))
            / (SIDE * SIDE + Math.PI * RADIUS * RADIUS);
  }

  private static final int SLICES = 256;

  private final double top;
  private final double bottom;
  private final double area;

  Sprite(double top, double bottom, double area) {
    this.top = top;
    this.bottom = bottom;
    this.area = area;
  }

  /** Area at half width 1. */
  public double area() {
    return area;
  }

  /**
   * Writes the intervals of x inside the shape at height {@code y}, downwards, as pairs from left
   * to right, and returns how many.
   */
  abstract int spans(double y, double[] out);

  /**
   * Draws the share of each pixel that the sprite covers; what is off the picture is cut.
   *
   * @param x centre of mass in pixels from the left edge
   * @param y and from the top
   * @param halfWidth in pixels
   * @param side pixels of a row and of a column
   * @param out receives [side, side]
   */
  public void draw(double x, double y, double halfWidth, int side, double[] out) {
    Arrays.fill(out, 0, side * side, 0);
    double[] spans = new double[4];
    double slice = (bottom - top) / SLICES;
    for (int i = 0; i < SLICES; i++) {
      int n = spans(top + (i + 0.5) * slice, spans);
      double upper = y + halfWidth * (top + i * slice);
      double lower = upper + halfWidth * slice;
      for (int row = Math.max(0, (int) Math.floor(upper)); row < side && row < lower; row++) {
        double share = Math.min(lower, row + 1) - Math.max(upper, row);
        for (int k = 0; k < n && share > 0; k++) {
          double left = x + halfWidth * spans[2 * k];
          double right = x + halfWidth * spans[2 * k + 1];
          addSpan(left, right, share, side, out, row * side);
        }
      }
    }
  }

  private static void addSpan(
      double left, double right, double share, int side, double[] out, int row) {
    int last = Math.min(side - 1, (int) Math.floor(right));
    for (int column = Math.max(0, (int) Math.floor(left)); column <= last; column++) {
      double covered = Math.min(right, column + 1) - Math.max(left, column);
      out[row + column] += share * covered;
    }
  }
}
