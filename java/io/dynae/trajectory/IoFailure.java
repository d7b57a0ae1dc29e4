// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import io.dynae.error.InputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns a failed file operation into the one line that a person reads. */
final class IoFailure {
  private IoFailure() {}

  /** A line such as {@code x.npy: cannot be read: no such file or folder; check the path}. */
  static InputException of(String file, String failed, IOException cause) {
    return new InputException(file + ": " + failed + ": " + reason(cause), cause);
  }

  private static String reason(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "no such file or folder; check the path";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied; change its permissions, or name another place";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "a file of that name is there; give another name";
    }
    if (cause instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
