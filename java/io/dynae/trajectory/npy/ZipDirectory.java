// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import io.dynae.error.InputException;
import io.dynae.trajectory.FileKind;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the directory at the end of a zip archive, zip64 included.
 *
 * <p>{@code java.util.zip} does not tell where in the file an entry's bytes are, and a stored array
 * can be mapped in place only at that offset. Field offsets below are those of the zip format's
 * records: end (22 bytes), zip64 locator (20), zip64 end (56), entry (46), local entry (30).
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int ZIP64_LOCATOR = 0x07064b50;
  private static final int ZIP64_END = 0x06064b50;
  private static final int ENTRY = 0x02014b50;
  private static final int LOCAL_ENTRY = 0x04034b50;
  private static final long IN_ZIP64 = 0xffffffffL;
  private static final int LONGEST_COMMENT = 65535;

  /** Entries of a million arrays. */
  private static final int LONGEST_DIRECTORY = 1 << 27;

  /** Flags of an entry: encrypted, patch, strongly encrypted. */
  private static final int UNREADABLE = 0x61;

  private final FileChannel file;
  private final String source;

  private ZipDirectory(FileChannel file, String source) {
    this.file = file;
    this.source = source;
  }

  /**
   * The arrays of {@code file}, entries named {@code *.npy}, in the order of the directory. Of
   * several entries of one name the last counts, as everywhere in zip: it was added later.
   *
   * @throws InputException where the file is not a whole zip archive
   */
  static List<NpzEntry> arrays(FileChannel file, String source) throws IOException {
    ZipDirectory directory = new ZipDirectory(file, source);
    try {
      return directory.arrays();
    } catch (EOFException
        | BufferUnderflowException
        | IndexOutOfBoundsException
        | IllegalArgumentException e) {
      throw directory.damaged("an entry points outside the file", e);
    }
  }

  private List<NpzEntry> arrays() throws IOException {
    long tail = Math.min(file.size(), 22 + LONGEST_COMMENT);
    long tailAt = file.size() - tail;
    ByteBuffer end = bytes(tailAt, tail);
    int at = (int) tail - 22;
    while (at >= 0 && !isEnd(end, at)) {
      at--;
    }
    if (at < 0) {
      byte[] head = NpyHeader.bytes(file, 0, FileKind.HEAD);
      throw damaged("it has no zip directory", FileKind.advice(head, source), null);
    }
    long size = end.getInt(at + 12) & 0xffffffffL;
    long offset = end.getInt(at + 16) & 0xffffffffL;
    if (size == IN_ZIP64 || offset == IN_ZIP64 || end.getShort(at + 10) == -1) {
      long locatorAt = tailAt + at - 20;
      ByteBuffer locator = record(locatorAt, 20, ZIP64_LOCATOR);
      ByteBuffer zip64 = record(locator.getLong(8), 56, ZIP64_END);
      size = zip64.getLong(40);
      offset = zip64.getLong(48);
    }
    if (size > LONGEST_DIRECTORY) {
      throw damaged("its directory would have " + size + " bytes", null);
    }
    Map<String, NpzEntry> arrays = new LinkedHashMap<>();
    ByteBuffer entries = bytes(offset, size);
    while (entries.hasRemaining()) {
      NpzEntry entry = entry(entries);
      if (entry != null) {
        arrays.put(entry.name(), entry);
      }
    }
    return List.copyOf(arrays.values());
  }

  private static boolean isEnd(ByteBuffer tail, int at) {
    int comment = tail.capacity() - at - 22;
    return tail.getInt(at) == END && Short.toUnsignedInt(tail.getShort(at + 20)) == comment;
  }

  /** The entry at the buffer's position, which moves behind it; null where it is no array. */
  private NpzEntry entry(ByteBuffer entries) throws IOException {
    int start = entries.position();
    if (entries.getInt(start) != ENTRY) {
      throw damaged("its directory is broken", null);
    }
    int flags = entries.getShort(start + 8);
    int method = Short.toUnsignedInt(entries.getShort(start + 10));
    long crc = entries.getInt(start + 16) & 0xffffffffL;
    byte[] name = new byte[Short.toUnsignedInt(entries.getShort(start + 28))];
    int extraLength = Short.toUnsignedInt(entries.getShort(start + 30));
    int commentLength = Short.toUnsignedInt(entries.getShort(start + 32));
    entries.position(start + 46).get(name);
    ByteBuffer extra =
        entries.slice(start + 46 + name.length, extraLength).order(ByteOrder.LITTLE_ENDIAN);
    entries.position(start + 46 + name.length + extraLength + commentLength);
    // The zip64 field holds, in this order, only those values that do not fit into 32 bits.
    ByteBuffer wide = zip64(extra);
    long size = value(entries, start + 24, wide);
    long packed = value(entries, start + 20, wide);
    long offset = value(entries, start + 42, wide);
    String text = new String(name, StandardCharsets.UTF_8);
    if (!text.endsWith(".npy")) {
      return null;
    }
    if ((flags & UNREADABLE) != 0) {
      throw damaged("entry " + text + " is encrypted or a patch", null);
    }
    ByteBuffer local = record(offset, 30, LOCAL_ENTRY);
    long data =
        offset
            + 30
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    byte[] localName = bytes(offset + 30, local.getShort(26) & 0xffff).array();
    if (!Arrays.equals(name, localName)) {
      throw damaged("entry " + text + " has another name where its bytes are", null);
    }
    if (size < 0 || packed < 0 || data > file.size() - packed) {
      throw new EOFException();
    }
    return new NpzEntry(text.substring(0, text.length() - 4), method, crc, packed, size, data);
  }

  private static long value(ByteBuffer entries, int at, ByteBuffer wide) {
    long value = entries.getInt(at) & 0xffffffffL;
    return value == IN_ZIP64 ? wide.getLong() : value;
  }

  private static ByteBuffer zip64(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort();
      int length = Short.toUnsignedInt(extra.getShort());
      if (id == 1) {
        return extra;
      }
      extra.position(extra.position() + Math.min(length, extra.remaining()));
    }
    return extra;
  }

  private ByteBuffer record(long at, int length, int signature) throws IOException {
    ByteBuffer record = bytes(at, length);
    if (record.getInt(0) != signature) {
      throw damaged("its directory is broken", null);
    }
    return record;
  }

  private ByteBuffer bytes(long at, long length) throws IOException {
    if (at < 0 || length < 0 || length > Integer.MAX_VALUE - 8 || at > file.size() - length) {
      throw new EOFException();
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) >= 0) {}
    return bytes.flip();
  }

  private InputException damaged(String what, Exception cause) {
    return damaged(what, "copy or save it again", cause);
  }

  private InputException damaged(String what, String advice, Exception cause) {
    return new InputException(
        source + ": is not a whole npz archive: " + what + "; " + advice, cause);
  }
}
