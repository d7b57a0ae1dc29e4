// SPDX-License-Identifier: MIT
package io.dynae.report;

/**
 * Colours by value, computed in Oklab (Ottosson 2020, public domain), where distance is close to
 * what the eye tells apart.
 */
enum ColorMap {
  /**
   * Violet to yellow in equal steps of lightness, from 0.42 to 0.97: light enough for black arrows
   * everywhere, ordered also in grey print.
   */
  SEQUENTIAL {
    @Override
    int rgb(double t) {
      double lightness = 0.42 + 0.55 * t;
      // Chroma is largest where sRGB has the hue's strongest colours.
      double chroma = 0.085 + 0.055 * Math.sin(Math.PI * Math.min(1, 1.15 * t));
      return oklch(lightness, chroma, Math.toRadians(295 - 190 * t));
    }
  },

  /**
   * All hues once around; lightness falls and rises once too, so that opposite angles differ for
   * those who see few hues.
   */
  CYCLIC {
    @Override
    int rgb(double t) {
      double angle = 2 * Math.PI * t;
      return oklch(0.66 + 0.14 * Math.cos(angle), 0.115, angle + Math.toRadians(90));
    }
  };

  /** Colour 0xRRGGBB of {@code t} in 0 to 1. */
  abstract int rgb(double t);

  /** Chroma is lowered where sRGB lacks the colour. */
  private static int oklch(double lightness, double chroma, double hue) {
    for (double c = chroma; c > 0; c -= 0.002) {
      double[] linear = linear(lightness, c * Math.cos(hue), c * Math.sin(hue));
      if (inside(linear)) {
        return pack(linear);
      }
    }
    return pack(linear(lightness, 0, 0));
  }

  private static double[] linear(double lightness, double a, double b) {
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return new double[] {
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    };
  }

  private static double cube(double x) {
    return x * x * x;
  }

  private static boolean inside(double[] linear) {
    for (double channel : linear) {
      if (channel < 0 || channel > 1) {
        return false;
      }
    }
    return true;
  }

  private static int pack(double[] linear) {
    int rgb = 0;
    for (double channel : linear) {
      double c = Math.max(0, Math.min(1, channel));
      double gamma = c <= 0.0031308 ? 12.92 * c : 1.055 * Math.pow(c, 1 / 2.4) - 0.055;
      rgb = rgb << 8 | (int) Math.round(255 * gamma);
    }
    return rgb;
  }
}
