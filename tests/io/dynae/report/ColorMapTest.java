// SPDX-License-Identifier: MIT
package io.dynae.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Colours measured by CIELAB, another model of the eye than the one that made them. */
class ColorMapTest {
  private static final int STEPS = 64;

  @Test
  void sequentialStepsAreLightAndEven() {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int i = 0; i < STEPS; i++) {
      double[] a = lab(ColorMap.SEQUENTIAL.rgb(i / (double) STEPS));
      double[] b = lab(ColorMap.SEQUENTIAL.rgb((i + 1) / (double) STEPS));
      assertTrue(b[0] > a[0], "lightness grows at " + i);
      double step = Math.hypot(Math.hypot(b[0] - a[0], b[1] - a[1]), b[2] - a[2]);
      least = Math.min(least, step);
      most = Math.max(most, step);
    }
    assertTrue(most < 3.5 * least, "steps from " + least + " to " + most);
    assertTrue(lab(ColorMap.SEQUENTIAL.rgb(0))[0] > 30, "black arrows show on the darkest");
  }

  @Test
  void cyclicMapClosesWithoutAJump() {
    assertEquals(ColorMap.CYCLIC.rgb(0), ColorMap.CYCLIC.rgb(1));
    for (int i = 0; i < STEPS; i++) {
      double[] a = lab(ColorMap.CYCLIC.rgb(i / (double) STEPS));
      double[] b = lab(ColorMap.CYCLIC.rgb((i + 1) / (double) STEPS));
      double step = Math.hypot(Math.hypot(b[0] - a[0], b[1] - a[1]), b[2] - a[2]);
      assertTrue(step > 1 && step < 9, "step " + i + ": " + step);
      double[] c = lab(ColorMap.CYCLIC.rgb((i + STEPS / 2) % STEPS / (double) STEPS));
      double opposite = Math.hypot(Math.hypot(c[0] - a[0], c[1] - a[1]), c[2] - a[2]);
      assertTrue(opposite > 35, "opposite angles differ at " + i + ": " + opposite);
    }
  }

  @Test
  void scaleClampsAndLeavesNothingTransparentButNaN() {
    ColorScale scale = new ColorScale(ColorMap.SEQUENTIAL, 2, 4);
    assertEquals(0xFF000000 | ColorMap.SEQUENTIAL.rgb(0), scale.argb(-7));
    assertEquals(0xFF000000 | ColorMap.SEQUENTIAL.rgb(0.5), scale.argb(3));
    assertEquals(0xFF000000 | ColorMap.SEQUENTIAL.rgb(1), scale.argb(99));
    assertEquals(0, scale.argb(Double.NaN));
  }

  /** CIE 1976 L*, a*, b* under D65. */
  private static double[] lab(int rgb) {
    double r = linear(rgb >> 16 & 255);
    double g = linear(rgb >> 8 & 255);
    double b = linear(rgb & 255);
    double x = curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    double y = curve(0.2126 * r + 0.7152 * g + 0.0722 * b);
    double z = curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
  }

  private static double linear(int channel) {
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }

  private static double curve(double t) {
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
  }
}
