// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import io.dynae.error.InputException;
import io.dynae.file.IoFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * One array of an npz archive: where its bytes are in the file, and how they are packed.
 *
 * @param name the array's name, without {@code .npy}
 * @param method 0 stored, 8 deflated
 * @param crc CRC-32 of the unpacked bytes
 * @param packed bytes in the file, all of which are there
 * @param size unpacked bytes, at least 0
 * @param at offset of the first (packed) byte in the file
 */
record NpzEntry(String name, int method, long crc, long packed, long size, long at) {
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int BLOCK = 1 << 20;

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
    // An array x.npy is in the archive as x.npy.npy, and the entry x.npy goes before it.
    for (String key : List.of(name, name + ".npy")) {
      for (NpzEntry entry : entries) {
        if (key.equals(entry.name + ".npy")) {
          return entry;
        }
      }
    }
    throw new InputException(file + ": has no array " + name + "; it has: " + names);
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
   * Reads a stored array once, in blocks, so that its size takes no memory.
   *
   * @throws InputException where the bytes are not those that were saved
   */
  void requireChecksum(FileChannel file, String source) throws IOException {
    CRC32 check = new CRC32();
    ByteBuffer block = ByteBuffer.allocateDirect((int) Math.min(BLOCK, Math.max(1, packed)));
    for (long done = 0; done < packed; ) {
      block.clear().limit((int) Math.min(block.capacity(), packed - done));
      int n = file.read(block, at + done);
      if (n < 0) {
        throw IoFailure.shorter(source, at + packed, file.size(), null);
      }
      check.update(block.flip());
      done += n;
    }
    requireSame(packed, check.getValue(), source);
  }

  /**
   * Refuses {@code found} bytes of another number or checksum than the archive's directory says.
   */
  void requireSame(long found, long crcFound, String source) {
    if (found != size || crcFound != crc) {
      throw new InputException(
          String.format(
              "%s: is damaged: expected %d bytes with CRC %08x, found %d with %08x; copy or save"
                  + " it again",
              source, size, crc, found, crcFound));
    }
  }
}
