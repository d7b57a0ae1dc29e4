// SPDX-License-Identifier: MIT
package io.dynae.op.convolution;

import io.dynae.op.ConvLayer;
import java.util.Arrays;

/** Which pixels of the other map a pixel is joined with, and by which weights. */
final class ConvTaps {
  private final ConvLayer layer;
  private final int[] pixels;
  private final int[] weights;
  private int count;

  ConvTaps(ConvLayer layer) {
    this.layer = layer;
    pixels = new int[layer.taps()];
    weights = new int[layer.taps()];
  }

  /** Taps found. */
  int count() {
    return count;
  }

  /** Pixel of the other map at tap {@code t}. */
  int pixel(int t) {
    return pixels[t];
  }

  /** Number ky * kernel + kx of the weight at tap {@code t}. */
  int weight(int t) {
    return weights[t];
  }

  /** Finds the big pixels of a small one. */
  void ofSmall(int pixel) {
    count = 0;
    for (int tap = 0; tap < layer.taps(); tap++) {
      int other = bigPixel(pixel, tap);
      if (other >= 0) {
        add(other, tap);
      }
    }
  }

  /** Finds the small pixels of a big one. */
  void ofBig(int pixel) {
    count = 0;
    int bigWidth = layer.width() * layer.stride();
    for (int tap = 0; tap < layer.taps(); tap++) {
      int y = pixel / bigWidth + layer.pad() - tap / layer.kernel();
      int x = pixel % bigWidth + layer.pad() - tap % layer.kernel();
      if (y % layer.stride() == 0 && x % layer.stride() == 0) {
        int smallY = y / layer.stride();
        int smallX = x / layer.stride();
        if (y >= 0 && x >= 0 && smallY < layer.height() && smallX < layer.width()) {
          add(smallY * layer.width() + smallX, tap);
        }
      }
    }
  }

  /** Big pixel of a small one at a tap, or -1 beyond the edge. */
  int bigPixel(int pixel, int tap) {
    int bigHeight = layer.height() * layer.stride();
    int bigWidth = layer.width() * layer.stride();
    int y = pixel / layer.width() * layer.stride() - layer.pad() + tap / layer.kernel();
    int x = pixel % layer.width() * layer.stride() - layer.pad() + tap % layer.kernel();
    return y < 0 || x < 0 || y >= bigHeight || x >= bigWidth ? -1 : y * bigWidth + x;
  }

  private void add(int pixel, int weight) {
    pixels[count] = pixel;
    weights[count] = weight;
    count++;
  }

  /**
   * Pairs of pixels that a weight joins in a row of the small map: small, big, small, big, ...
   *
   * @param y row of the small map
   * @param tap ky * kernel + kx
   */
  static int[] pairs(ConvLayer layer, int y, int tap) {
    ConvTaps taps = new ConvTaps(layer);
    int[] pairs = new int[2 * layer.width()];
    int n = 0;
    for (int pixel = y * layer.width(); pixel < (y + 1) * layer.width(); pixel++) {
      int other = taps.bigPixel(pixel, tap);
      if (other >= 0) {
        pairs[n++] = pixel;
        pairs[n++] = other;
      }
    }
    return Arrays.copyOf(pairs, n);
  }
}
