// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.error.InputException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.GraphicsEnvironment;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What all figures share: sizes on paper, fonts, lines and colours. One drawing unit is a point,
 * 1/72 inch on paper, so a font of size 7 prints at 7 points.
 */
final class Style {
  static {
    // Without a display, and with a Java that has no windows.
    System.setProperty("java.awt.headless", "true");
  }

  /** Points of a millimetre. */
  static final double MM = 72 / 25.4;

  /** Width of one column of a two-column paper, mm. */
  static final double SINGLE_COLUMN = 85;

  /** Width of both columns, mm. */
  static final double DOUBLE_COLUMN = 175;

  /** Pixels an inch of a PNG. */
  static final int DPI = 300;

  /** Widths in which DejaVu Sans is set: what else a reader of an SVG may have for it. */
  static final String SVG_FAMILIES = "DejaVu Sans, Verdana, sans-serif";

  private static final String FAMILY = family();

  static final Font TICKS = new Font(FAMILY, Font.PLAIN, 7);
  static final Font LABELS = new Font(FAMILY, Font.PLAIN, 8);
  static final Font LETTERS = new Font(FAMILY, Font.BOLD, 8);

  static final Color INK = new Color(0x222222);
  static final Color FAINT = new Color(0xD0D0D0);
  static final BasicStroke FRAME = stroke(0.6);
  static final BasicStroke THIN = stroke(0.5);
  static final BasicStroke LINE = stroke(1.1);

  /** Colours of series that the colour-blind tell apart (Okabe and Ito). */
  static final List<Color> SERIES =
      List.of(
          new Color(0x0072B2),
          new Color(0xD55E00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0xE69F00),
          new Color(0x56B4E9),
          new Color(0x000000));

  private Style() {}

  static BasicStroke stroke(double width) {
    return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  /** Numbers with a true minus sign, at most nine digits after the point. */
  static NumberFormat numbers() {
    DecimalFormatSymbols symbols = new DecimalFormatSymbols(Locale.ROOT);
    symbols.setMinusSign('\u2212');
    return new DecimalFormat("0.#########", symbols);
  }

  private static String family() {
    List<String> families;
    try {
      families =
          Arrays.asList(
              GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames());
    } catch (RuntimeException | Error e) {
      throw noFonts(e);
    }
    if (families.isEmpty()) {
      throw noFonts(null);
    }
    return families.contains("DejaVu Sans") ? "DejaVu Sans" : Font.SANS_SERIF;
  }

  /** Java fails with whatever its font code stumbles over where there are no fonts. */
  private static InputException noFonts(Throwable cause) {
    return new InputException(
        "figures: a font on this machine does not hold: none found; apt-get install"
            + " libfreetype6 fontconfig-config fonts-dejavu-core",
        cause);
  }
}
