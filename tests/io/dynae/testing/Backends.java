// SPDX-License-Identifier: MIT
package io.dynae.testing;

import io.dynae.compute.Backend;
import io.dynae.compute.cuda.CudaDevice;
import io.dynae.compute.device.DeviceBackend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.compute.opencl.OpenClDevice;
import io.dynae.error.DeviceException;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The backends of contract tests. One that is missing aborts its tests, with the reason, which is
 * counted as not run; one that DYNAE_REQUIRE names must be there.
 */
public enum Backends {
  JAVA("java", JavaBackend::new),
  JAVA_ONE_THREAD("java", () -> new JavaBackend(1)),
  OPENCL("opencl", () -> new DeviceBackend(OpenClDevice.open(-1), false)),
  OPENCL_PHASES("opencl", () -> new DeviceBackend(OpenClDevice.open(-1), true)),
  CUDA("cuda", () -> new DeviceBackend(CudaDevice.open(0), false)),
  CUDA_PHASES("cuda", () -> new DeviceBackend(CudaDevice.open(0), true));

  private final String backend;
  private final Supplier<Backend> opener;

  Backends(String backend, Supplier<Backend> opener) {
    this.backend = backend;
    this.opener = opener;
  }

  /** The name that {@code --backend} takes. */
  public String backend() {
    return backend;
  }

  /** Opens it, or aborts the test; fails when it is required. */
  public Backend open() {
    return openOrAbort(backend, opener);
  }

  /** Opens a backend that DYNAE_REQUIRE calls {@code name}, or aborts the test. */
  public static <T> T openOrAbort(String name, Supplier<T> opener) {
    try {
      return opener.get();
    } catch (DeviceException e) {
      String required = System.getenv().getOrDefault("DYNAE_REQUIRE", "");
      if (Arrays.asList(required.split("[, ]+")).contains(name)) {
        throw e;
      }
      Assumptions.abort(name + ": not run (" + e.getMessage() + ")");
      throw e;
    }
  }

  /** All that are not the oracle. */
  public static Stream<Backends> others() {
    return Arrays.stream(values()).filter(b -> b != JAVA);
  }
}
