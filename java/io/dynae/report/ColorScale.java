// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.awt.Color;

/**
 * Colours of a range of values.
 *
 * @param min value of the map's first colour; smaller values have it too
 * @param max value of its last one
 */
record ColorScale(ColorMap map, double min, double max) {
  /** Opaque colour of a value, 0 (transparent) for NaN. */
  int argb(double value) {
    if (Double.isNaN(value)) {
      return 0;
    }
    double t = Math.max(0, Math.min(1, (value - min) / (max - min)));
    return 0xFF000000 | map.rgb(t);
  }

  Color color(double value) {
    return new Color(argb(value), true);
  }
}
