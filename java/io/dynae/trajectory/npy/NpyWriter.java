// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import io.dynae.error.InputException;
import io.dynae.file.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Streams one array into an npy file: version 1, little-endian, C order, the data at byte 64 k.
 *
 * <p>{@link #close} gives the file its name once every value is there. Closed earlier, it leaves
 * nothing behind and throws {@link IllegalStateException}, as does a value too many or of another
 * type than the file's.
 */
public final class NpyWriter implements AutoCloseable {
  private final Path target;
  private final NpyType type;
  private final long total;
  private final AtomicFile file;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private long written;
  private boolean failed;

  private NpyWriter(Path target, NpyType type, long... shape) {
    this.target = target;
    this.type = type;
    total = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    file = AtomicFile.create(target);
    buffer.put(header(type, shape));
  }

  /**
   * Starts a float32 array of {@code shape}, frames first.
   *
   * @throws InputException where the target cannot be written
   */
  public static NpyWriter float32(Path target, long... shape) {
    return new NpyWriter(target, NpyType.F4, shape);
  }

  /** Starts a float64 array; see {@link #float32}. */
  public static NpyWriter float64(Path target, long... shape) {
    return new NpyWriter(target, NpyType.F8, shape);
  }

  /** Starts an int32 array; see {@link #float32}. */
  public static NpyWriter int32(Path target, long... shape) {
    return new NpyWriter(target, NpyType.I4, shape);
  }

  /** Starts an array of unsigned bytes; see {@link #float32}. */
  public static NpyWriter uint8(Path target, long... shape) {
    return new NpyWriter(target, NpyType.U1, shape);
  }

  /**
   * Writes a whole float32 array.
   *
   * @param values the product of {@code shape} numbers, the last dimension fastest
   * @throws InputException where the target cannot be written
   */
  public static void write(Path target, float[] values, int... shape) {
    try (NpyWriter writer = float32(target, Arrays.stream(shape).asLongStream().toArray())) {
      writer.write(values, 0, values.length);
    }
  }

  /** Appends {@code values[from .. from+n)} to a float32 array. */
  public void write(float[] values, int from, int n) {
    expect(NpyType.F4, n);
    for (int i = from; i < from + n; i++) {
      buffer.putFloat(values[i]);
      flushIfFull();
    }
  }

  /** Appends {@code values[from .. from+n)} to a float64 array. */
  public void write(double[] values, int from, int n) {
    expect(NpyType.F8, n);
    for (int i = from; i < from + n; i++) {
      buffer.putDouble(values[i]);
      flushIfFull();
    }
  }

  /** Appends {@code values[from .. from+n)} to an int32 array. */
  public void write(int[] values, int from, int n) {
    expect(NpyType.I4, n);
    for (int i = from; i < from + n; i++) {
      buffer.putInt(values[i]);
      flushIfFull();
    }
  }

  /** Appends {@code values[from .. from+n)} to an array of unsigned bytes. */
  public void write(byte[] values, int from, int n) {
    expect(NpyType.U1, n);
    for (int done = 0; done < n; ) {
      int fitting = Math.min(n - done, buffer.remaining());
      buffer.put(values, from + done, fitting);
      done += fitting;
      flushIfFull();
    }
  }

  /**
   * Gives the complete file its name, or deletes an incomplete one.
   *
   * @throws InputException where the target cannot be written
   */
  @Override
  public void close() {
    try (file) {
      if (failed) {
        // The error is on its way already, and what is in the file is not complete.
        return;
      }
      if (written != total) {
        throw new IllegalStateException(
            target + ": has " + total + " values; closed after " + written);
      }
      flush();
      file.commit();
    }
  }

  /** The bytes before the data: magic, version, length of the text, the text. */
  static byte[] header(NpyType type, long... shape) {
    String lengths =
        Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String text =
        String.format(
            "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }",
            type.littleEndian(), lengths, shape.length == 1 ? "," : "");
    int unpadded = 10 + text.length() + 1;
    int length = (unpadded + 63) / 64 * 64;
    ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    header.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    header.putShort((short) (length - 10));
    header.put((text + " ".repeat(length - unpadded) + "\n").getBytes(StandardCharsets.US_ASCII));
    return header.array();
  }

  private void expect(NpyType given, int n) {
    if (given != type || n > total - written) {
      throw new IllegalStateException(
          target
              + ": expects "
              + (total - written)
              + " more of "
              + type
              + "; got "
              + n
              + " of "
              + given);
    }
    written += n;
  }

  private void flushIfFull() {
    if (!buffer.hasRemaining()) {
      flush();
    }
  }

  private void flush() {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        file.channel().write(buffer);
      }
    } catch (IOException e) {
      failed = true;
      throw file.unwritable(e);
    }
    buffer.clear();
  }
}
