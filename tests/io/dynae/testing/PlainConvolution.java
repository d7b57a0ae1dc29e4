// SPDX-License-Identifier: MIT
package io.dynae.testing;

import java.util.function.DoubleUnaryOperator;

/**
 * A convolution as its definition says, in double, 4x4 with stride 2 and pad 1 or 1x1: small maps
 * [image][small][height][width], big maps [image][big][stride height][stride width], weights
 * [small][big][kernel][kernel].
 */
public record PlainConvolution(int small, int big, int height, int width, int kernel) {
  /** What is done for each pair of values that a weight joins. */
  interface Joint {
    void join(int small, int big, int weight);
  }

  private int stride() {
    return kernel == 4 ? 2 : 1;
  }

  /**
   * Every weight joins small pixel (y, x) and big pixel (stride y - pad + ky, stride x - pad + kx)
   * where that exists.
   */
  void each(int images, Joint joint) {
    int stride = stride();
    int pad = kernel == 4 ? 1 : 0;
    int taps = kernel * kernel;
    for (int n = 0; n < images * small * height * width; n++) {
      int x = n % width;
      int y = n / width % height;
      int s = n / (width * height) % small;
      int image = n / (width * height * small);
      for (int w = 0; w < big * taps; w++) {
        int bigY = stride * y - pad + w / kernel % kernel;
        int bigX = stride * x - pad + w % kernel;
        if (bigY >= 0 && bigY < stride * height && bigX >= 0 && bigX < stride * width) {
          int at = ((image * big + w / taps) * stride * height + bigY) * stride * width + bigX;
          joint.join(n, at, s * big * taps + w);
        }
      }
    }
  }

  public int smallFeatures() {
    return small * height * width;
  }

  public int bigFeatures() {
    return big * stride() * height * stride() * width;
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
    double[] sums = new double[small * big * kernel * kernel];
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
