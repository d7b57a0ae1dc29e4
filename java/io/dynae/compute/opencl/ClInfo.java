// SPDX-License-Identifier: MIT
package io.dynae.compute.opencl;

import static org.jocl.CL.CL_DEVICE_GLOBAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_HOST_UNIFIED_MEMORY;
import static org.jocl.CL.CL_DEVICE_NAME;
import static org.jocl.CL.CL_DEVICE_TYPE;
import static org.jocl.CL.CL_DEVICE_TYPE_ALL;
import static org.jocl.CL.CL_DEVICE_TYPE_CPU;
import static org.jocl.CL.CL_DRIVER_VERSION;
import static org.jocl.CL.CL_PLATFORM_NAME;
import static org.jocl.CL.clGetDeviceIDs;
import static org.jocl.CL.clGetDeviceInfo;
import static org.jocl.CL.clGetPlatformIDs;
import static org.jocl.CL.clGetPlatformInfo;

import io.dynae.compute.OwnLibraries;
import io.dynae.error.DeviceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * One OpenCL device and what the backend asks about it.
 *
 * @param cpu whether it is a processor, on which one work-item with wide vectors makes a team
 */
record ClInfo(
    cl_platform_id platform, cl_device_id device, String name, String driver, boolean cpu) {
  /** JOCL's, under the name that its class {@code CL} asks for. */
  private static final String LIBRARY = OwnLibraries.ofPlatform("JOCL_2_0_6");

  private static final String GET_ONE =
      "install an OpenCL driver, on Debian: apt-get install pocl-opencl-icd ocl-icd-libopencl1";

  /** All devices of all platforms; never empty. */
  static List<ClInfo> all() {
    List<ClInfo> found = new ArrayList<>();
    try {
      KernelCache.verify();
      OwnLibraries.loadBy(LIBRARY, () -> CL.setExceptionsEnabled(true));
      int[] n = new int[1];
      clGetPlatformIDs(0, null, n);
      cl_platform_id[] platforms = new cl_platform_id[n[0]];
      clGetPlatformIDs(n[0], platforms, null);
      for (cl_platform_id platform : platforms) {
        addDevices(platform, found);
      }
    } catch (LinkageError | CLException e) {
      throw new DeviceException(
          "opencl: no OpenCL loader or platform (" + firstLine(e) + "); " + GET_ONE, e);
    }
    if (found.isEmpty()) {
      throw new DeviceException("opencl: 0 devices on all platforms; " + GET_ONE);
    }
    return found;
  }

  private static void addDevices(cl_platform_id platform, List<ClInfo> found) {
    cl_device_id[] devices;
    try {
      int[] n = new int[1];
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, n);
      devices = new cl_device_id[n[0]];
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, n[0], devices, null);
    } catch (CLException e) {
      // A platform without devices answers with an error, not with zero.
      return;
    }
    String platformName = platformText(platform, CL_PLATFORM_NAME);
    for (cl_device_id device : devices) {
      boolean cpu = (number(device, CL_DEVICE_TYPE) & CL_DEVICE_TYPE_CPU) != 0;
      String driver = platformName + " " + text(device, CL_DRIVER_VERSION);
      found.add(new ClInfo(platform, device, text(device, CL_DEVICE_NAME), driver, cpu));
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }

  private static String platformText(cl_platform_id platform, int key) {
    long[] size = new long[1];
    clGetPlatformInfo(platform, key, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    clGetPlatformInfo(platform, key, bytes.length, Pointer.to(bytes), null);
    return trimmed(bytes);
  }

  /** Whether its memory is that of the host: processors, and GPUs on the same chip. */
  boolean hostMemory() {
    return cpu || number(device, CL_DEVICE_HOST_UNIFIED_MEMORY) != 0;
  }

  /** Memory in total. */
  long memoryBytes() {
    return number(device, CL_DEVICE_GLOBAL_MEM_SIZE);
  }

  static String text(cl_device_id device, int key) {
    long[] size = new long[1];
    clGetDeviceInfo(device, key, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    clGetDeviceInfo(device, key, bytes.length, Pointer.to(bytes), null);
    return trimmed(bytes);
  }

  /** A number of 4 or 8 bytes. */
  static long number(cl_device_id device, int key) {
    long[] value = new long[1];
    long[] size = new long[1];
    clGetDeviceInfo(device, key, Sizeof.cl_long, Pointer.to(value), size);
    return size[0] == Sizeof.cl_int ? value[0] & 0xffffffffL : value[0];
  }

  private static String trimmed(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).replace("\0", "").strip();
  }
}
