// SPDX-License-Identifier: MIT
package io.dynae.testing;

import io.dynae.compute.device.DeviceMemory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Device memory that is a file of 4-byte elements, little endian. */
final class FileMemory implements DeviceMemory {
  private final Path file;
  private final long bytes;

  /** Creates the file, zeroed. */
  FileMemory(Path file, long bytes) {
    this.file = file;
    this.bytes = bytes;
    open(
        opened -> {
          // Nothing of an earlier file of that name stays.
          opened.setLength(0);
          opened.setLength(bytes);
        });
  }

  /** Where it lies. */
  String path() {
    return file.toString();
  }

  private interface Use {
    void on(RandomAccessFile opened) throws IOException;
  }

  private void open(Use use) {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      use.on(opened);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long bytes() {
    return bytes;
  }

  private void write(long at, ByteBuffer values) {
    if (4 * at + values.capacity() > bytes) {
      throw new IndexOutOfBoundsException("beyond the end of " + file);
    }
    open(
        opened -> {
          opened.seek(4 * at);
          opened.write(values.array());
        });
  }

  private ByteBuffer read(long at, int n) {
    ByteBuffer values = buffer(n);
    open(
        opened -> {
          opened.seek(4 * at);
          opened.readFully(values.array());
        });
    return values;
  }

  private static ByteBuffer buffer(int n) {
    return ByteBuffer.allocate(4 * n).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void write(long at, float[] values, int from, int n) {
    ByteBuffer buffer = buffer(n);
    buffer.asFloatBuffer().put(values, from, n);
    write(at, buffer);
  }

  @Override
  public void write(long at, int[] values, int from, int n) {
    ByteBuffer buffer = buffer(n);
    buffer.asIntBuffer().put(values, from, n);
    write(at, buffer);
  }

  @Override
  public void read(long at, float[] values, int from, int n) {
    read(at, n).asFloatBuffer().get(values, from, n);
  }

  @Override
  public void read(long at, int[] values, int from, int n) {
    read(at, n).asIntBuffer().get(values, from, n);
  }

  @Override
  public void close() {}
}
