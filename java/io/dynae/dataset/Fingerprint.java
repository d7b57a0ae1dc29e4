// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import io.dynae.trajectory.Bytes;
import io.dynae.trajectory.StackedFrames;
import java.util.zip.CRC32;

/**
 * Tells data from other data without reading all of them, so that a run does not go on with frames
 * that it did not begin with.
 */
public final class Fingerprint {
  private static final int FRAMES = 64;

  private static final String BYTES = ", bytes as numbers";

  private Fingerprint() {}

  /**
   * Sizes and a checksum of the trajectories: of their lengths, and of {@value #FRAMES} frames
   * spread evenly over them all, the first and the last among them.
   *
   * @param rounded whether the checksum is of values rounded to float32; far from zero those of
   *     different data are the same
   * @return one line, such as {@code 2 trajectories, 100000 frames of 256, crc 0f3a9b21}; it says
   *     where unsigned bytes are read as numbers
   */
  public static String of(StackedFrames frames, boolean rounded) {
    CRC32 crc = new CRC32();
    int[] lengths = frames.lengths();
    for (int length : lengths) {
      add(crc, length);
    }
    float[] frame = new float[frames.features()];
    double[] whole = new double[rounded ? 0 : frames.features()];
    long last = frames.count() - 1;
    for (int i = 0; i < FRAMES && last >= 0; i++) {
      int number = (int) (last * i / (FRAMES - 1));
      frames.read(number, 1, frame, 0);
      for (float value : frame) {
        add(crc, Float.floatToIntBits(value));
      }
      if (!rounded) {
        frames.readDoubles(number, 1, whole, 0);
        for (double value : whole) {
          add(crc, Float.floatToIntBits((float) (value - (float) value)));
        }
      }
    }
    return "%d trajectories, %d frames of %d, crc %08x"
            .formatted(lengths.length, frames.count(), frames.features(), crc.getValue())
        + (frames.bytes() == Bytes.NUMBERS ? BYTES : "");
  }

  /**
   * Whether a fingerprint is of trajectories of unsigned bytes that are read as numbers.
   *
   * @param fingerprint one, which targets' may follow after a semicolon, or null
   */
  public static boolean tellsBytes(String fingerprint) {
    return fingerprint != null && fingerprint.split(";", 2)[0].contains(BYTES);
  }

  private static void add(CRC32 crc, int word) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      crc.update(word >>> shift);
    }
  }
}
