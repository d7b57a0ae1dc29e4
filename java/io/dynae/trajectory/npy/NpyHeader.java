// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import io.dynae.error.InputException;
import io.dynae.file.IoFailure;
import io.dynae.trajectory.FileKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the head of an npy array says, versions 1 to 3.
 *
 * <p>Bytes: magic {@code 93 'NUMPY'}, major and minor version, length of the text (2 bytes in
 * version 1, else 4, little-endian), the text (see {@link HeaderParser}), the data.
 */
final class NpyHeader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_TEXT = 1 << 20;

  private final NpyType type;
  private final ByteOrder order;
  private final boolean fortran;
  private final long[] shape;
  private final int dataOffset;

  private NpyHeader(HeaderParser parsed, String source, int dataOffset) {
    type = NpyType.of(parsed.descr(), source).inArrayOf(parsed.shape().length);
    order = NpyType.order(parsed.descr());
    fortran = parsed.fortran();
    shape = parsed.shape();
    this.dataOffset = dataOffset;
  }

  /**
   * Reads the header of the array in bytes {@code [start, start + length)} of {@code file}.
   *
   * @throws InputException where the bytes are not a whole array of a supported type
   */
  static NpyHeader read(FileChannel file, long start, long length, String source)
      throws IOException {
    byte[] head = bytes(file, start, (int) Math.min(12, length));
    if (head.length < 8 || !Arrays.equals(head, 0, 6, MAGIC, 0, 6)) {
      throw notNpy(bytes(file, start, (int) Math.min(FileKind.HEAD, length)), source);
    }
    int version = head[6];
    if (version < 1 || version > 3) {
      throw new InputException(
          source + ": npy version 1, 2 or 3 does not hold: found " + (version & 0xff));
    }
    int textAt = version == 1 ? 10 : 12;
    if (head.length < textAt) {
      throw truncated(source, textAt, length);
    }
    ByteBuffer lengths = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    long textLength =
        version == 1
            ? Short.toUnsignedInt(lengths.getShort(8))
            : Integer.toUnsignedLong(lengths.getInt(8));
    if (textLength > LONGEST_TEXT) {
      throw new InputException(
          source
              + ": bad npy header: length <= "
              + LONGEST_TEXT
              + " bytes does not hold: "
              + textLength);
    }
    if (textAt + textLength > length) {
      throw truncated(source, textAt + textLength, length);
    }
    byte[] text = bytes(file, start + textAt, (int) textLength);
    if (text.length < textLength) {
      throw IoFailure.shorter(source, start + length, file.size(), null);
    }
    HeaderParser parsed =
        new HeaderParser(
            new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1),
            source);
    NpyHeader header = new NpyHeader(parsed, source, textAt + (int) textLength);
    header.requireLength(length, source);
    return header;
  }

  NpyType type() {
    return type;
  }

  ByteOrder order() {
    return order;
  }

  /** Whether the first index runs fastest. */
  boolean fortran() {
    return fortran;
  }

  long[] shape() {
    return shape.clone();
  }

  /** Bytes before the data. */
  int dataOffset() {
    return dataOffset;
  }

  /** Bytes of the data. */
  long dataBytes() {
    long bytes = type.size();
    for (long length : shape) {
      bytes = Math.multiplyExact(bytes, length);
    }
    return bytes;
  }

  private void requireLength(long length, String source) {
    long expected;
    try {
      expected = Math.addExact(dataOffset, dataBytes());
    } catch (ArithmeticException e) {
      throw new InputException(
          source + ": shape " + Arrays.toString(shape) + " holds more than 2^63 bytes", e);
    }
    if (length < expected) {
      throw truncated(source, expected, length);
    }
    if (length > expected) {
      throw new InputException(
          source
              + ": has bytes after its array: expected "
              + expected
              + " bytes, found "
              + length
              + "; save one array a file");
    }
  }

  private static InputException notNpy(byte[] head, String source) {
    return new InputException(
        source
            + ": is not an npy array: it does not start with the bytes 93 'NUMPY'; "
            + FileKind.advice(head, source));
  }

  private static InputException truncated(String source, long expected, long actual) {
    return new InputException(
        source
            + ": is truncated: expected "
            + expected
            + " bytes, found "
            + actual
            + "; copy or save it again");
  }

  /** At most {@code n} bytes, fewer where the file ends. */
  static byte[] bytes(FileChannel file, long at, int n) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(n);
    while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) >= 0) {}
    return Arrays.copyOf(buffer.array(), buffer.position());
  }
}
