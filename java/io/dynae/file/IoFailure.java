// SPDX-License-Identifier: MIT
package io.dynae.file;

import io.dynae.error.InputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Turns a failed file operation into the one line that a person reads. */
public final class IoFailure {
  private IoFailure() {}

  /** A line such as {@code x.npy: cannot be read: no such file or folder; check the path}. */
  public static InputException of(String file, String failed, IOException cause) {
    return new InputException(file + ": " + failed + ": " + reason(cause), cause);
  }

  /** The line for a file that is being written, or cut, by somebody else. */
  public static InputException shorter(String file, long expected, long found, Throwable cause) {
    return new InputException(
        file
            + ": became shorter while it was read: expected "
            + expected
            + " bytes, found "
            + found
            + "; wait until nothing writes it any more, and run again",
        cause);
  }

  private static String reason(IOException cause) {
    String reason = IoReason.of(cause);
    if (cause instanceof NoSuchFileException) {
      return reason + "; check the path";
    }
    if (cause instanceof AccessDeniedException) {
      return reason + "; change its permissions, or name another place";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return reason + "; give another name";
    }
    return reason;
  }
}
