// SPDX-License-Identifier: MIT
package io.dynae.error;

/** Bad usage or bad input: an option, a configuration key or a file's content. */
public final class InputException extends DynaeException {
  private static final long serialVersionUID = 1;

  public InputException(String message) {
    super(message, null);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitCode() {
    return 2;
  }
}
