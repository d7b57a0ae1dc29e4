// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import io.dynae.error.InputException;
import io.dynae.error.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * One array of an npz archive: where its bytes are in the file, and how they are packed.
 *
 * @param name the array's name, without {@code .npy}
 * @param method 0 stored, 8 deflated
 * @param crc CRC-32 of the unpacked bytes
 * @param size unpacked bytes
 * @param at offset of the first (packed) byte in the file
 */
record NpzEntry(String name, int method, long crc, long size, long at) {
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  /**
   * The array {@code name} of {@code entries}, or the only one where {@code name} is null.
   *
   * @throws InputException where there is no such array, or no name and not exactly one
   */
  static NpzEntry choose(List<NpzEntry> entries, String name, String file) {
    String names = entries.stream().map(NpzEntry::name).collect(Collectors.joining(", "));
    if (name == null) {
      if (entries.size() != 1) {
        throw new InputException(
            file
                + ": holds one array does not hold: "
                + entries.size()
                + (entries.isEmpty() ? " arrays" : " arrays (" + names + "); name one as " + file)
                + (entries.isEmpty() ? "" : ":" + entries.get(0).name));
      }
      return entries.get(0);
    }
    return entries.stream()
        .filter(entry -> entry.name.equals(name) || name.equals(entry.name + ".npy"))
        .findFirst()
        .orElseThrow(
            () -> new InputException(file + ": has no array " + name + "; it has: " + names));
  }

  /** Whether the array's bytes are in the archive as they are. */
  boolean stored(String source) {
    if (method != STORED && method != DEFLATED) {
      throw new InputException(
          source
              + ": compression method 0 (stored) or 8 (deflated) does not hold: "
              + method
              + "; save it with numpy.savez");
    }
    return method == STORED;
  }

  /**
   * Unpacks into a temporary file that vanishes when its channel is closed and its mappings are
   * gone, or at once where the system can do that (Linux), so that a killed run leaves nothing.
   *
   * @throws InputException where the bytes are damaged or the temporary folder is full
   */
  FileChannel inflate(FileChannel file, String source) throws IOException {
    Path path = temporary(source);
    FileChannel unpacked =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      file.position(at);
      long crcFound = copy(Channels.newInputStream(file), unpacked, path.getParent(), source);
      if (unpacked.size() != size || crcFound != crc) {
        throw new InputException(
            String.format(
                "%s: is damaged: expected %d bytes with CRC %08x, found %d with %08x; copy or save"
                    + " it again",
                source, size, crc, unpacked.size(), crcFound));
      }
      return unpacked;
    } catch (IOException | RuntimeException e) {
      unpacked.close();
      throw e;
    }
  }

  private static Path temporary(String source) {
    try {
      return Files.createTempFile("dynae", ".npy");
    } catch (IOException e) {
      throw new InputException(
          "%s: a temporary folder to unpack it into does not hold: %s (%s); set TMPDIR"
              .formatted(source, System.getProperty("java.io.tmpdir"), IoReason.of(e)),
          e);
    }
  }

  private long copy(InputStream packed, FileChannel unpacked, Path folder, String source)
      throws IOException {
    CRC32 check = new CRC32();
    byte[] block = new byte[1 << 16];
    Inflater inflater = new Inflater(true);
    try (InputStream stream = new InflaterInputStream(packed, inflater, block.length)) {
      long written = 0;
      // One byte more than expected is enough to know that the archive is damaged.
      for (int n; written <= size && (n = stream.read(block)) >= 0; written += n) {
        check.update(block, 0, n);
        ByteBuffer bytes = ByteBuffer.wrap(block, 0, n);
        try {
          while (bytes.hasRemaining()) {
            unpacked.write(bytes);
          }
        } catch (IOException e) {
          throw IoFailure.of(source, "cannot be unpacked into " + folder, e);
        }
      }
      return check.getValue();
    } finally {
      inflater.end();
    }
  }
}
