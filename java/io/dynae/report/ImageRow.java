// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.error.InputException;
import java.awt.image.BufferedImage;

/**
 * Small images side by side.
 *
 * @param label what they are
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param height pixels
 * @param width pixels
 * @param pixels [n][channels][height][width]
 */
public record ImageRow(String label, int channels, int height, int width, float[] pixels) {
  public ImageRow {
    if ((channels != 1 && channels != 3)
        || height < 1
        || width < 1
        || pixels.length == 0
        || pixels.length % (channels * height * width) != 0) {
      throw new InputException(
          "%s: images of 1 or 3 channels does not hold: %d values as %d x %d x %d"
              .formatted(label, pixels.length, channels, height, width));
    }
  }

  /** Images. */
  int count() {
    return pixels.length / (channels * height * width);
  }

  /**
   * One image.
   *
   * @param black value of black
   * @param white value of white, more than {@code black}
   * @param factor pixels a pixel, so that viewers do not blur it
   */
  BufferedImage image(int n, double black, double white, int factor) {
    BufferedImage image =
        new BufferedImage(width * factor, height * factor, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height * factor; y++) {
      for (int x = 0; x < width * factor; x++) {
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
          int channel = channels == 1 ? 0 : c;
          int at = ((n * channels + channel) * height + y / factor) * width + x / factor;
          double share = Math.max(0, Math.min(1, (pixels[at] - black) / (white - black)));
          rgb = rgb << 8 | (int) Math.round(255 * share);
        }
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }
}
