// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * A convolution or transposed convolution and where its parameters lie.
 *
 * <p>Both join a small map of S channels x h x w with a big one of G channels x (h stride) x (w
 * stride): big pixel (stride y - pad + ky, stride x - pad + kx) and small pixel (y, x) by weight
 * W[s][g][ky][kx]. A convolution goes from big to small, a transposed one from small to big, and
 * their input gradients the other way; so three device functions serve both. Features are (channel
 * * height + y) * width + x.
 *
 * @param name such as {@code encoder.0}
 * @param transposed whether the small map goes in
 * @param small S, channels of the small map
 * @param height h of the small map
 * @param width w of the small map
 * @param big G, channels of the big map
 * @param kernel 4, with stride 2 and pad 1, or 1, with stride 1 and no pad
 * @param activation of the output
 * @param offset of W [G][kernel * kernel][S], then one bias an output channel, in the parameters
 */
public record ConvLayer(
    String name,
    boolean transposed,
    int small,
    int height,
    int width,
    int big,
    int kernel,
    Activation activation,
    int offset)
    implements Layer {
  /** Refuses kernels that the device functions do not know. */
  public ConvLayer {
    if (kernel != 4 && kernel != 1) {
      throw new IllegalArgumentException("kernel of " + name + " is 4 or 1: " + kernel);
    }
  }

  /** Pixels of the big map from one small pixel to the next. */
  public int stride() {
    return kernel == 4 ? 2 : 1;
  }

  /** Pixels that the kernel reaches over the big map's edge. */
  public int pad() {
    return kernel == 4 ? 1 : 0;
  }

  /** Weights of a pair of channels. */
  public int taps() {
    return kernel * kernel;
  }

  public int smallPixels() {
    return height * width;
  }

  public int bigPixels() {
    return smallPixels() * stride() * stride();
  }

  /** Features of the small map. */
  public int smallFeatures() {
    return small * smallPixels();
  }

  /** Features of the big map. */
  public int bigFeatures() {
    return big * bigPixels();
  }

  @Override
  public int inputs() {
    return transposed ? smallFeatures() : bigFeatures();
  }

  @Override
  public int outputs() {
    return transposed ? bigFeatures() : smallFeatures();
  }

  /** [S][G][kernel][kernel]: [out][in] of a convolution, [in][out] of a transposed one. */
  @Override
  public int[] weightShape() {
    return new int[] {small, big, kernel, kernel};
  }

  @Override
  public int weightAt(int i) {
    int perSmall = big * taps();
    return offset + i % perSmall * small + i / perSmall;
  }

  @Override
  public int biases() {
    return transposed ? big : small;
  }

  @Override
  public int bias() {
    return offset + big * taps() * small;
  }

  /** Also for a transposed convolution the second dimension of the weights, as PyTorch counts. */
  @Override
  public int fanIn() {
    return big * taps();
  }

  /** Multiply-adds of an image, those at the edges included. */
  public long multiplyAdds() {
    return (long) smallFeatures() * big * taps();
  }
}
