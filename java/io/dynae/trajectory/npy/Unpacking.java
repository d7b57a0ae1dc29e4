// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import io.dynae.error.InputException;
import io.dynae.file.IoFailure;
import io.dynae.file.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks a deflated array of an npz archive into a temporary file. */
final class Unpacking {
  private static final int BLOCK = 1 << 16;

  private final NpzEntry entry;
  private final FileChannel archive;
  private final String source;

  private Unpacking(NpzEntry entry, FileChannel archive, String source) {
    this.entry = entry;
    this.archive = archive;
    this.source = source;
  }

  /**
   * The unpacked bytes of {@code entry}, in a file that vanishes when its channel is closed and its
   * mappings are gone, or at once where the system can do that (Linux), so that a killed run leaves
   * nothing.
   *
   * @throws InputException where the bytes are damaged, or more than the temporary folder takes
   */
  static FileChannel inflate(NpzEntry entry, FileChannel archive, String source)
      throws IOException {
    Unpacking unpacking = new Unpacking(entry, archive, source);
    Path path = unpacking.temporary();
    FileChannel unpacked =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      unpacking.copy(unpacked, path.getParent());
      return unpacked;
    } catch (IOException | RuntimeException e) {
      unpacked.close();
      throw e;
    }
  }

  private Path temporary() {
    String folder = System.getProperty("java.io.tmpdir");
    requireSpace(folder);
    try {
      return Files.createTempFile("dynae", ".npy");
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be unpacked into the temporary folder %s: %s; set TMPDIR"
              .formatted(source, folder, IoReason.of(e)),
          e);
    }
  }

  /** An archive of a few MB can unpack to a thousand times as many: not a byte of it is written. */
  private void requireSpace(String folder) {
    long free;
    try {
      free = Files.getFileStore(Path.of(folder)).getUsableSpace();
    } catch (IOException e) {
      // What is wrong with the folder is said by the file that is made in it.
      return;
    }
    if (entry.size() > free) {
      throw new InputException(
          "%s: unpacks to more than there is space in the temporary folder %s: %d bytes, %d free;"
                  .formatted(source, folder, entry.size(), free)
              + " set TMPDIR to a larger one, or save it with numpy.savez");
    }
  }

  private void copy(FileChannel unpacked, Path folder) throws IOException {
    CRC32 check = new CRC32();
    ByteBuffer in = ByteBuffer.allocate(BLOCK);
    ByteBuffer out = ByteBuffer.allocate(BLOCK);
    Inflater inflater = new Inflater(true);
    try {
      long read = 0;
      long written = 0;
      // One byte more than expected is enough to know that the archive is damaged.
      while (!inflater.finished() && written <= entry.size()) {
        if (inflater.needsInput() && read < entry.packed()) {
          read += fill(in.clear(), read);
          inflater.setInput(in);
        }
        int n = inflater.inflate(out.clear());
        if (n == 0
            && !inflater.finished()
            && (inflater.needsDictionary() || read == entry.packed())) {
          break;
        }
        check.update(out.flip());
        write(out.rewind(), unpacked, folder);
        written += n;
      }
      entry.requireSame(written, check.getValue(), source);
    } catch (DataFormatException e) {
      throw new InputException(
          source + ": is damaged: " + e.getMessage() + "; copy or save it again", e);
    } finally {
      inflater.end();
    }
  }

  private int fill(ByteBuffer in, long read) throws IOException {
    in.limit((int) Math.min(in.capacity(), entry.packed() - read));
    int n = archive.read(in, entry.at() + read);
    if (n < 0) {
      throw IoFailure.shorter(source, entry.at() + entry.packed(), archive.size(), null);
    }
    in.flip();
    return n;
  }

  private void write(ByteBuffer bytes, FileChannel unpacked, Path folder) {
    try {
      while (bytes.hasRemaining()) {
        unpacked.write(bytes);
      }
    } catch (IOException e) {
      throw IoFailure.of(source, "cannot be unpacked into " + folder, e);
    }
  }
}
