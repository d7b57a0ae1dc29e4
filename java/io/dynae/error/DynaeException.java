// SPDX-License-Identifier: MIT
package io.dynae.error;

/**
 * A failure that a person can act on. Its message is one line: the broken relation, both values,
 * the file or key, and what to do. The command line prints it and exits with {@link #exitCode()}.
 */
public abstract class DynaeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DynaeException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The process's exit code: 2 bad input, 3 no such device, 4 diverged. */
  public abstract int exitCode();
}
