// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.error.InputException;
import java.util.Arrays;

/**
 * Frames that are images: features are (channel * height + y) * width + x.
 *
 * @param channels C, at least 1
 * @param height H, a multiple of {@value #GRANULE}
 * @param width W, a multiple of {@value #GRANULE}
 */
public record ImageShape(int channels, int height, int width) {
  /** Pixels that become one in the smallest map: four layers of stride 2. */
  public static final int GRANULE = 16;

  /** Channels that images of photographs and drawings have at most; maps are larger. */
  private static final int MOST_CHANNELS = 4;

  /**
   * The image shape of frames.
   *
   * @param frames lengths of all dimensions, frames first: [N, C, H, W], or [N, H, W] for a channel
   * @param source for messages
   * @throws InputException when frames are no images, or of a size that the nets cannot halve
   */
  public static ImageShape of(int[] frames, String source) {
    if (frames.length != 3 && frames.length != 4) {
      throw new InputException(
          ("%s: dimensions of images = 4, [N, C, H, W], or 3, [N, H, W], does not hold: %d; reshape"
                  + " them, or set encoder_type = fc_encoder and decoder_type = fc_decoder")
              .formatted(source, frames.length));
    }
    int height = frames[frames.length - 2];
    int width = frames[frames.length - 1];
    if (frames.length == 4 && width <= MOST_CHANNELS && frames[1] > MOST_CHANNELS) {
      throw new InputException(
          ("%s: channels before height and width, [N, C, H, W], does not hold: %s looks like"
                  + " [N, H, W, C]; save numpy.transpose(x, (0, 3, 1, 2))")
              .formatted(source, Arrays.toString(frames)));
    }
    if (height % GRANULE != 0 || width % GRANULE != 0) {
      throw new InputException(
          ("%s: height and width are multiples of %d does not hold: %d x %d; pad or rescale the"
                  + " images")
              .formatted(source, GRANULE, height, width));
    }
    return new ImageShape(frames.length == 4 ? frames[1] : 1, height, width);
  }

  /** A line for people: 3 x 64 x 64. */
  @Override
  public String toString() {
    return channels + " x " + height + " x " + width;
  }

  /** Features of a frame. */
  public int features() {
    return channels * height * width;
  }

  /** Pixels of the smallest map. */
  int smallestPixels() {
    return height / GRANULE * (width / GRANULE);
  }
}
