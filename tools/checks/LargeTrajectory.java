// SPDX-License-Identifier: MIT

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/**
 * Writes a float32 trajectory of any size, [frames][features]: two coordinates in a double well and
 * a harmonic one, each feature a fixed mixture of both. Arguments: file, frames, features.
 */
public final class LargeTrajectory {
  private static final double STEP = 0.05;

  private LargeTrajectory() {}

  /** Writes the file. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    int frames = Integer.parseInt(arguments[1]);
    int features = Integer.parseInt(arguments[2]);
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      out.write(header(frames, features));
      writeFrames(out, frames, features);
    }
  }

  private static ByteBuffer header(int frames, int features) {
    String text =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }".formatted(frames, features);
    ByteBuffer header = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    header.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
    header.put((text + " ".repeat(117 - text.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
    return header.flip();
  }

  private static void writeFrames(FileChannel out, int frames, int features) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    int rows = Math.max(1, (1 << 20) / features);
    ByteBuffer buffer = ByteBuffer.allocate(4 * rows * features).order(ByteOrder.LITTLE_ENDIAN);
    double[] cosines = new double[features];
    double[] sines = new double[features];
    for (int i = 0; i < features; i++) {
      cosines[i] = Math.cos(2 * Math.PI * i / features);
      sines[i] = Math.sin(2 * Math.PI * i / features);
    }
    double x = 1;
    double y = 0;
    for (int frame = 0; frame < frames; frame++) {
      // One step of an overdamped walk; uniform noise of variance 2 STEP is enough here.
      double width = Math.sqrt(24 * STEP);
      x += STEP * (x - x * x * x / 4) + width * (random.nextDouble() - 0.5);
      y += -STEP * y + width * (random.nextDouble() - 0.5);
      for (int i = 0; i < features; i++) {
        buffer.putFloat((float) (x * cosines[i] + y * sines[i]));
      }
      if (!buffer.hasRemaining() || frame + 1 == frames) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
        buffer.clear();
      }
    }
  }
}
