// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import io.dynae.file.IoFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The file behind a mapping. Whoever cuts it takes pages away that are mapped: a read there gives
 * anything, and an {@link InternalError} follows from whatever the thread does next. What is left
 * of the last page reads as zeros, without an error.
 */
public final class MappedFile implements AutoCloseable {
  /** Files that are open, and those that were no longer whole when they were closed. */
  private static final Set<MappedFile> OPEN = ConcurrentHashMap.newKeySet();

  private final String source;
  private final Path path;
  private final Object key;
  private final long end;

  /**
   * @param end bytes that the file has at least
   */
  public MappedFile(String source, Path path, long end) throws IOException {
    this.source = source;
    this.path = path;
    this.end = end;
    key = attributes().fileKey();
    OPEN.add(this);
  }

  /**
   * Refuses the files of this process that have lost bytes.
   *
   * @throws io.dynae.error.InputException for the first one found
   */
  public static void requireAllWhole(Throwable cause) {
    OPEN.forEach(file -> file.requireWhole(cause));
  }

  /** Forgets the file, where it is whole; throws as {@link #requireWhole} where not. */
  @Override
  public void close() {
    requireWhole(null);
    OPEN.remove(this);
  }

  /**
   * Refuses a file that has lost bytes.
   *
   * @param cause what was thrown on reading it, or null
   * @throws io.dynae.error.InputException where it is shorter than it was
   */
  public void requireWhole(Throwable cause) {
    BasicFileAttributes now;
    try {
      now = attributes();
    } catch (IOException gone) {
      // A file without a name keeps its pages.
      return;
    }
    // So does one whose name another file has taken.
    if (Objects.equals(now.fileKey(), key) && now.size() < end) {
      throw IoFailure.shorter(source, end, now.size(), cause);
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class);
  }
}
