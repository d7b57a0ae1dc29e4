// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.error.DeviceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/**
 * What CUDA shows of a GPU before it is opened.
 *
 * @param index position among the devices CUDA shows; CUDA_VISIBLE_DEVICES hides and reorders
 * @param name product name
 * @param memoryBytes memory in total
 * @param major first number of the compute capability: 9 for sm_90
 * @param minor second number of the compute capability
 * @param multiprocessors streaming multiprocessors
 * @param driver version of the driver's API: "CUDA 13.0"
 */
public record CudaGpu(
    int index,
    String name,
    long memoryBytes,
    int major,
    int minor,
    int multiprocessors,
    String driver) {
  /** Whether an NVIDIA driver is installed on this machine, working or not. */
  public static boolean driverInstalled() {
    return CudaDriver.installed();
  }

  /**
   * The GPUs that CUDA shows, in its order; none is opened.
   *
   * @throws DeviceException when there is no driver or no GPU, with the reason and what to do
   */
  public static List<CudaGpu> list() {
    CudaDriver.initialise();
    int[] count = new int[1];
    CudaDriver.check(JCudaDriver.cuDeviceGetCount(count), "cuDeviceGetCount", "the driver");
    int[] version = new int[1];
    CudaDriver.check(JCudaDriver.cuDriverGetVersion(version), "cuDriverGetVersion", "the driver");
    String driver = "CUDA " + version[0] / 1000 + "." + version[0] % 1000 / 10;
    List<CudaGpu> gpus = new ArrayList<>();
    for (int index = 0; index < count[0]; index++) {
      gpus.add(query(index, driver));
    }
    return gpus;
  }

  private static CudaGpu query(int index, String driver) {
    CUdevice device = handle(index);
    String about = "device " + index;
    byte[] name = new byte[256];
    CudaDriver.check(
        JCudaDriver.cuDeviceGetName(name, name.length, device), "cuDeviceGetName", about);
    long[] memory = new long[1];
    CudaDriver.check(JCudaDriver.cuDeviceTotalMem(memory, device), "cuDeviceTotalMem", about);
    return new CudaGpu(
        index,
        new String(name, StandardCharsets.UTF_8).replace("\0", "").strip(),
        memory[0],
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, about),
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, about),
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, about),
        driver);
  }

  /** The architecture's name for compilers: "sm_90". */
  public String architecture() {
    return "sm_" + major + minor;
  }

  /** One of {@link CUdevice_attribute}. */
  int attribute(int which) {
    return attribute(handle(), which, name);
  }

  CUdevice handle() {
    return handle(index);
  }

  private static CUdevice handle(int index) {
    CUdevice device = new CUdevice();
    CudaDriver.check(JCudaDriver.cuDeviceGet(device, index), "cuDeviceGet", "device " + index);
    return device;
  }

  private static int attribute(CUdevice device, int which, String about) {
    int[] value = new int[1];
    CudaDriver.check(
        JCudaDriver.cuDeviceGetAttribute(value, which, device), "cuDeviceGetAttribute", about);
    return value[0];
  }
}
