// SPDX-License-Identifier: MIT
package io.dynae.error;

/** The asked device or backend is not there, or failed. */
public final class DeviceException extends DynaeException {
  private static final long serialVersionUID = 1;

  public DeviceException(String message) {
    super(message, null);
  }

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitCode() {
    return 3;
  }
}
