// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Gaussian wells between soft walls, in kT: with u = z / scale,
 *
 * <pre>
 * V(z) = -sum_k depth_k exp(-|u - center_k|^2 / (2 width_k^2)) + sum_i w_i u_i^10
 * </pre>
 *
 * <p>A wall of w_i = 1 is flat in the middle, 1 kT at |u_i| = 1 and 6 kT at 1.2; w_i is 0 where
 * mirrors stand instead.
 */
final class Wells implements Potential {
  private final double scale;
  private final double[] walls;
  private final List<Well> wells;

  /** Walls alone: z of u = 1, and w_i of every dimension. */
  Wells(double scale, double... walls) {
    this(scale, List.of(), walls);
  }

  private Wells(double scale, List<Well> wells, double... walls) {
    this.scale = scale;
    this.walls = walls.clone();
    this.wells = wells;
  }

  /**
   * These and one well more.
   *
   * @param depth in kT
   * @param width standard deviation in u
   * @param center in u, one number a dimension
   */
  Wells with(double depth, double width, double... center) {
    List<Well> more = new ArrayList<>(wells);
    more.add(new Well(depth, width, center));
    return new Wells(scale, List.copyOf(more), walls);
  }

  @Override
  public double value(double... z) {
    double energy = 0;
    for (int i = 0; i < z.length; i++) {
      energy += walls[i] * Math.pow(z[i] / scale, 10);
    }
    for (Well well : wells) {
      energy += well.energy(z, scale);
    }
    return energy;
  }

  @Override
  public void force(double[] z, double[] out) {
    for (int i = 0; i < z.length; i++) {
      double u = z[i] / scale;
      double u3 = u * u * u;
      out[i] = -10 * walls[i] / scale * u3 * u3 * u3;
    }
    for (Well well : wells) {
      double slope = well.energy(z, scale) / (well.width * well.width * scale);
      for (int i = 0; i < z.length; i++) {
        out[i] += slope * (z[i] / scale - well.center[i]);
      }
    }
  }

  private static final class Well {
    private final double depth;
    private final double width;
    private final double[] center;

    Well(double depth, double width, double... center) {
      this.depth = depth;
      this.width = width;
      this.center = center.clone();
    }

    private double energy(double[] z, double scale) {
      double squares = 0;
      for (int i = 0; i < z.length; i++) {
        double away = z[i] / scale - center[i];
        squares += away * away;
      }
      return -depth * Math.exp(-squares / (2 * width * width));
    }
  }
}
