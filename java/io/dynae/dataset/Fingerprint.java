// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import io.dynae.trajectory.StackedFrames;
import java.util.zip.CRC32;

/**
 * Tells data from other data without reading all of them, so that a run does not go on with frames
 * that it did not begin with.
 */
public final class Fingerprint {
  private static final int FRAMES = 64;

  private Fingerprint() {}

  /**
   * Sizes and a checksum of the trajectories: of their lengths, and of {@value #FRAMES} frames
   * spread evenly over them all, the first and the last among them.
   *
   * @return one line, such as {@code 2 trajectories, 100000 frames of 256, crc 0f3a9b21}
   */
  public static String of(StackedFrames frames) {
    CRC32 crc = new CRC32();
    int[] lengths = frames.lengths();
    for (int length : lengths) {
      add(crc, length);
    }
    float[] frame = new float[frames.features()];
    long last = frames.count() - 1;
    for (int i = 0; i < FRAMES && last >= 0; i++) {
      frames.read((int) (last * i / (FRAMES - 1)), 1, frame, 0);
      for (float value : frame) {
        add(crc, Float.floatToIntBits(value));
      }
    }
    return "%d trajectories, %d frames of %d, crc %08x"
        .formatted(lengths.length, frames.count(), frames.features(), crc.getValue());
  }

  private static void add(CRC32 crc, int word) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      crc.update(word >>> shift);
    }
  }
}
