// SPDX-License-Identifier: MIT
package io.dynae.check;

/** A backend's result is not that of plain Java: nothing is timed then. */
public final class MismatchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MismatchException(String message) {
    super(message);
  }
}
