// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.error.DeviceException;
import java.util.Optional;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver API's first call, and its return codes as errors. */
final class CudaDriver {
  private static final Logger LOG = LoggerFactory.getLogger(CudaDriver.class);

  private CudaDriver() {}

  /** Whether the driver's library is installed, whatever state it is in. */
  static boolean installed() {
    return !load().orElse("").endsWith(NativeLibraries.NOT_FOUND);
  }

  private static Optional<String> load() {
    return NativeLibraries.load("JCudaDriver", () -> JCudaDriver.setExceptionsEnabled(false));
  }

  /** Loads the driver library and initialises it; a {@link DeviceException} says why it cannot. */
  static void initialise() {
    Optional<String> missing = load();
    if (missing.isPresent()) {
      throw new DeviceException(
          "cuda: the NVIDIA driver cannot be loaded: "
              + missing.get()
              + "; install the NVIDIA driver (nvidia-smi shows it), or choose backend opencl or"
              + " java");
    }
    int result = JCudaDriver.cuInit(0);
    if (result != CUresult.CUDA_SUCCESS) {
      throw new DeviceException(
          "cuda: cuInit failed: "
              + describe(result)
              + "; check nvidia-smi and CUDA_VISIBLE_DEVICES, or choose backend opencl or java");
    }
  }

  /** Throws when {@code result} is not success; {@code about} names what the call worked on. */
  static void check(int result, String call, String about) {
    if (result != CUresult.CUDA_SUCCESS) {
      throw new DeviceException("cuda: " + call + " of " + about + " failed: " + describe(result));
    }
  }

  /**
   * Reports a failed release without throwing: after a kernel has faulted every release fails, and
   * the first error must stay the visible one.
   */
  static void warn(int result, String call, String about) {
    if (result != CUresult.CUDA_SUCCESS) {
      LOG.warn("cuda: {} of {} failed: {}", call, about, describe(result));
    }
  }

  /** The code's name and meaning: "CUDA_ERROR_NO_DEVICE (no CUDA-capable device is detected)". */
  static String describe(int result) {
    String[] name = new String[1];
    String[] meaning = new String[1];
    JCudaDriver.cuGetErrorName(result, name);
    JCudaDriver.cuGetErrorString(result, meaning);
    String known = name[0] != null ? name[0] : "code " + result;
    return meaning[0] != null ? known + " (" + meaning[0] + ")" : known;
  }
}
