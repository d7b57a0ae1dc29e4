// SPDX-License-Identifier: MIT
package io.dynae.error;

/** A loss was not finite; the last good checkpoint is kept. */
public final class DivergedException extends DynaeException {
  private static final long serialVersionUID = 1;

  public DivergedException(String message) {
    super(message, null);
  }

  public DivergedException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitCode() {
    return 4;
  }
}
