// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.error.DeviceException;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** The GPU of a test that needs one. */
final class Gpu {
  private Gpu() {}

  /** The first GPU; without one the test is aborted, or fails where DYNAE_REQUIRE names cuda. */
  static CudaDevice open() {
    try {
      return CudaDevice.open(0);
    } catch (DeviceException e) {
      String required = System.getenv().getOrDefault("DYNAE_REQUIRE", "");
      if (Arrays.asList(required.split("[, ]+")).contains("cuda")) {
        throw e;
      }
      return Assumptions.abort("not run: " + e.getMessage());
    }
  }
}
