// SPDX-License-Identifier: MIT
package io.dynae.file;

import io.dynae.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * Tells a file from what it becomes when somebody writes to it or puts another in its place.
 *
 * @param size bytes; -1 for a file that is not there
 * @param key device and inode, where the system has them
 */
public record FileStamp(String file, long size, FileTime modified, Object key) {
  public static FileStamp of(String file) {
    try {
      BasicFileAttributes found = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
      return new FileStamp(file, found.size(), found.lastModifiedTime(), found.fileKey());
    } catch (IOException | InvalidPathException e) {
      // Opening it says why.
      return new FileStamp(file, -1, null, null);
    }
  }

  /**
   * Refuses the file where it has changed since.
   *
   * @throws InputException naming what is different
   */
  public void requireSame() {
    FileStamp now = of(file);
    if (equals(now)) {
      return;
    }
    if (now.size >= 0 && now.size < size) {
      throw IoFailure.shorter(file, size, now.size, null);
    }
    String change =
        now.size < 0
            ? "it is gone"
            : now.size != size
                ? "its size was %d bytes and is %d".formatted(size, now.size)
                : !Objects.equals(now.key, key)
                    ? "another file has taken its name"
                    : "it was written at %s, before that at %s".formatted(now.modified, modified);
    throw new InputException(
        file
            + ": changed while it was in use: "
            + change
            + "; --resume where its values are the same, else put the old file back or begin anew");
  }
}
