// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.awt.Graphics2D;

/** One drawing with a size on paper. */
public abstract class Figure {
  private final double width;
  private final double height;

  /**
   * @param width on paper, points
   * @param height on paper, points
   */
  Figure(double width, double height) {
    this.width = width;
    this.height = height;
  }

  /** Width on paper, points (1/72 inch). */
  public final double width() {
    return width;
  }

  /** Height on paper, points. */
  public final double height() {
    return height;
  }

  /** What a reader has to know to read the figure: sentences below it. */
  public abstract String caption();

  /** Draws with the origin at the top left, in points. */
  abstract void draw(Graphics2D g);
}
