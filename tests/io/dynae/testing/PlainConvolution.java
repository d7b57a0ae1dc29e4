// SPDX-License-Identifier: MIT
package io.dynae.testing;

import java.util.function.DoubleUnaryOperator;

/**
 * A 4x4 convolution with stride 2 and pad 1 as its definition says, in double: small maps
 * [image][small][height][width], big maps [image][big][2 height][2 width], weights
 * [small][big][4][4].
 */
public record PlainConvolution(int small, int big, int height, int width) {
  /** What is done for each pair of values that a weight joins. */
  private interface Joint {
    void join(int small, int big, int weight);
  }

  private void each(int images, Joint joint) {
    for (int n = 0; n < images * small * height * width; n++) {
      int x = n % width;
      int y = n / width % height;
      int s = n / (width * height) % small;
      int image = n / (width * height * small);
      for (int w = 0; w < big * 16; w++) {
        int bigY = 2 * y - 1 + w / 4 % 4;
        int bigX = 2 * x - 1 + w % 4;
        if (bigY >= 0 && bigY < 2 * height && bigX >= 0 && bigX < 2 * width) {
          int at = ((image * big + w / 16) * 2 * height + bigY) * 2 * width + bigX;
          joint.join(n, at, s * big * 16 + w);
        }
      }
    }
  }

  public int smallFeatures() {
    return small * height * width;
  }

  public int bigFeatures() {
    return 4 * big * height * width;
  }

  /** Sums over the big map for each value of the small one. */
  public double[] down(float[] from, float[] weights, int images) {
    double[] sums = new double[images * smallFeatures()];
    each(images, (s, b, w) -> sums[s] += (double) weights[w] * from[b]);
    return sums;
  }

  /** Sums over the small map for each value of the big one. */
  public double[] up(float[] from, float[] weights, int images) {
    double[] sums = new double[images * bigFeatures()];
    each(images, (s, b, w) -> sums[b] += (double) weights[w] * from[s]);
    return sums;
  }

  /** Sums over images and pixels for each weight. */
  public double[] gradient(float[] smallMap, float[] bigMap, int images) {
    double[] sums = new double[small * big * 16];
    each(images, (s, b, w) -> sums[w] += (double) smallMap[s] * bigMap[b]);
    return sums;
  }

  /** Sums over images and pixels of each of {@code channels}. */
  public static double[] channelSums(float[] map, int channels, int pixels) {
    double[] sums = new double[channels];
    for (int i = 0; i < map.length; i++) {
      sums[i / pixels % channels] += map[i];
    }
    return sums;
  }

  /** activation(sum + bias of the channel), each. */
  public static float[] ended(
      double[] sums, float[] biases, int pixels, DoubleUnaryOperator activation) {
    float[] values = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      values[i] = (float) activation.applyAsDouble(sums[i] + biases[i / pixels % biases.length]);
    }
    return values;
  }

  /** sum times the slope at the kept output, each. */
  public static float[] sloped(double[] sums, float[] kept, DoubleUnaryOperator slope) {
    float[] values = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      values[i] = (float) (sums[i] * slope.applyAsDouble(kept[i]));
    }
    return values;
  }
}
