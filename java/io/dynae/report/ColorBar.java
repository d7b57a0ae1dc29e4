// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.Grid;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.axis.NumberAxis;

/** The key of a colour scale: an upright bar with an axis on its right. */
final class ColorBar {
  /** Width of the bar itself, points. */
  static final double WIDTH = 8;

  /** Room for its ticks and label on the right. */
  static final double RIGHT = 37;

  private static final int STEPS = 256;

  private final ColorScale colors;
  private final NumberAxis axis;

  ColorBar(ColorScale colors, NumberAxis axis) {
    this.colors = colors;
    this.axis = axis;
    // Read upwards, as the label of an axis on the left is.
    axis.setLabelAngle(Math.PI);
  }

  /** Of free energies from 0 to the scale's end. */
  static ColorBar freeEnergy(ColorScale colors) {
    return new ColorBar(colors, Axis.linear("free energy (kT)", colors.min(), colors.max()));
  }

  /** Of angles, all around. */
  static ColorBar degrees(ColorScale colors, String label) {
    return new ColorBar(colors, Axis.degrees(label));
  }

  /** Draws the bar {@link #WIDTH} wide at {@code x}. */
  void draw(Graphics2D g, double x, double y, double height) {
    Grid grid = new Grid(0, 1, 1, colors.min(), colors.max(), STEPS);
    double[] values = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      values[i] = grid.y(i);
    }
    NumberAxis none = Axis.linear(null, 0, 1);
    none.setVisible(false);
    new Panel("", "", none, axis)
        .withAxisOnTheRight()
        .add(Raster.strip(grid, values, colors))
        .draw(g, new Rectangle2D.Double(x, y, WIDTH, height));
  }
}
