// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import io.dynae.trajectory.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Npy files put together byte by byte, as the format's description says. */
public final class NpyBytes {
  private NpyBytes() {}

  /** Header of {@code version} around {@code text}, unpadded, and {@code data}. */
  public static byte[] of(int version, String text, byte[] data) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int lengthBytes = version == 1 ? 2 : 4;
    ByteBuffer all =
        ByteBuffer.allocate(8 + lengthBytes + utf8.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    all.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    all.put((byte) version).put((byte) 0);
    if (version == 1) {
      all.putShort((short) utf8.length);
    } else {
      all.putInt(utf8.length);
    }
    return all.put(utf8).put(data).array();
  }

  /** Version 1 with the dictionary that numpy writes. */
  public static byte[] of(String descr, boolean fortran, String shape, byte[] data) {
    return of(1, text(descr, fortran, shape), data);
  }

  static String text(String descr, boolean fortran, String shape) {
    return "{'descr': '"
        + descr
        + "', 'fortran_order': "
        + (fortran ? "True" : "False")
        + ", 'shape': "
        + shape
        + ", }\n";
  }

  /** Opens a file of these bytes with segments of 8 bytes or as the program does. */
  public static NpyFrames open(Path folder, byte[] bytes, int segmentBits) throws IOException {
    Path file = Files.createTempFile(folder, "x", ".npy");
    return NpyFrames.open(Files.write(file, bytes).toString(), segmentBits);
  }

  /** All values, after checking that every way of reading gives the same ones. */
  public static float[] all(Frames frames) {
    int count = (int) frames.count();
    int features = frames.features();
    float[] read = new float[count * features];
    frames.read(0, count, read, 0);
    double[] exact = new double[count * features + 1];
    frames.readDoubles(0, count, exact, 1);
    float[] gathered = new float[count * features + 1];
    int[] backwards = new int[count + 2];
    for (int i = 0; i < count; i++) {
      backwards[i + 1] = count - 1 - i;
    }
    frames.gather(backwards, 1, count, gathered, 1);
    for (int frame = 0; frame < count; frame++) {
      for (int feature = 0; feature < features; feature++) {
        float expected = read[frame * features + feature];
        int backward = 1 + (count - 1 - frame) * features + feature;
        if (Float.compare(expected, gathered[backward]) != 0
            || Float.compare(expected, (float) frames.value(frame, feature)) != 0
            || Double.compare(exact[1 + frame * features + feature], frames.value(frame, feature))
                != 0) {
          throw new AssertionError("frame " + frame + " feature " + feature + " reads differ");
        }
      }
    }
    return read;
  }
}
