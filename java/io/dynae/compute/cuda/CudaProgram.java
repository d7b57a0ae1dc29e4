// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.compute.device.DeviceProgram;
import io.dynae.compute.text.LaunchShape;
import io.dynae.error.DeviceException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;

/**
 * A module and its kernels. The arguments of a launch are packed into one fixed block of host
 * memory, so a launch creates no objects.
 */
final class CudaProgram implements DeviceProgram {
  /** Most arguments of a kernel. */
  static final int MAX_ARGUMENTS = 64;

  private static final int LOG_BYTES = 1 << 16;

  /** A kernel with the limits the compiler gave it. */
  private record Kernel(CUfunction function, String label, int maxThreads, int cluster) {}

  private final CudaDevice device;
  private final String name;
  private final CUmodule module = new CUmodule();
  private final Map<String, Kernel> kernels = new HashMap<>();

  /** Shared memory of a launch that each kernel may have, in bytes. */
  private final Map<String, Integer> allowed = new HashMap<>();

  /** {@value #MAX_ARGUMENTS} addresses, then the {@value #MAX_ARGUMENTS} values they point at. */
  private final HostBlock arguments;

  private boolean closed;

  /** Loads a cubin, or PTX that the driver compiles; the context is current. */
  CudaProgram(CudaDevice device, String name, byte[] image) {
    this.device = device;
    this.name = name;
    load(image);
    try {
      this.arguments =
          new HostBlock("argument block of program " + name, 2 * Long.BYTES * MAX_ARGUMENTS);
    } catch (RuntimeException e) {
      JCudaDriver.cuModuleUnload(module);
      throw e;
    }
    for (int i = 0; i < MAX_ARGUMENTS; i++) {
      arguments.bytes().putLong(Long.BYTES * i, arguments.address() + valueAt(i));
    }
  }

  private void load(byte[] image) {
    // PTX is a C string; the zero after a cubin is outside of it.
    ByteBuffer text = ByteBuffer.allocateDirect(image.length + 1);
    text.put(image);
    JITOptions options = new JITOptions();
    options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
    options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, new byte[LOG_BYTES]);
    int result = JCudaDriver.cuModuleLoadDataJIT(module, Pointer.to(text.rewind()), options);
    if (result != CUresult.CUDA_SUCCESS) {
      String log = CompilerLog.oneLine(options.getString(CUjit_option.CU_JIT_ERROR_LOG_BUFFER));
      throw new DeviceException(
          "program "
              + name
              + ": cuModuleLoadDataEx failed: "
              + CudaDriver.describe(result)
              + (log.isEmpty() ? "" : "; log: " + log)
              + "; if the driver is older than the compiler, update it; if the cache is damaged,"
              + " delete it");
    }
  }

  @Override
  public void launch(String kernel, int groups, int groupSize, Object... values) {
    launchTeams(kernel, new LaunchShape(groups, 1, groupSize, 0, false, 0), values);
  }

  @Override
  public void launchTeams(String kernel, LaunchShape shape, Object... values) {
    if (closed) {
      throw new IllegalStateException("program " + name + " is closed");
    }
    device.enterLaunch("launch of " + kernel);
    Kernel found = kernels.get(kernel);
    if (found == null) {
      found = find(kernel);
      kernels.put(kernel, found);
    }
    checkShape(found, shape.groups(), shape.groupSize());
    allowShared(found, shape.sharedBytes());
    pack(found, values);
    String call = shape.cooperative() ? "cuLaunchCooperativeKernel" : "cuLaunchKernel";
    device.checkQueue(queue(found.function(), shape), call, found.label());
    device.launched(found.label());
  }

  private int queue(CUfunction function, LaunchShape shape) {
    int groups = shape.groups();
    int size = shape.groupSize();
    int shared = shape.sharedBytes();
    Pointer values = arguments.pointer();
    return shape.cooperative()
        ? JCudaDriver.cuLaunchCooperativeKernel(
            function, groups, 1, 1, size, 1, 1, shared, device.stream(), values)
        : JCudaDriver.cuLaunchKernel(
            function, groups, 1, 1, size, 1, 1, shared, device.stream(), values, null);
  }

  /** More shared memory than every GPU has must be allowed, once a kernel. */
  private void allowShared(Kernel kernel, int bytes) {
    if (bytes <= allowed.getOrDefault(kernel.label(), 0)) {
      return;
    }
    CudaDriver.check(
        JCudaDriver.cuFuncSetAttribute(
            kernel.function(),
            CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
            bytes),
        "cuFuncSetAttribute",
        kernel.label());
    allowed.put(kernel.label(), bytes);
  }

  private Kernel find(String kernel) {
    String label = "kernel " + kernel + " of program " + name;
    if (!device.recording()) {
      return look(kernel, label);
    }
    // A lazily loaded kernel is loaded now, which a capture forbids unless this thread relaxes it.
    int[] mode = {CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED};
    CudaDriver.check(
        JCudaDriver.cuThreadExchangeStreamCaptureMode(mode),
        "cuThreadExchangeStreamCaptureMode",
        label);
    try {
      return look(kernel, label);
    } finally {
      CudaDriver.check(
          JCudaDriver.cuThreadExchangeStreamCaptureMode(mode),
          "cuThreadExchangeStreamCaptureMode",
          label);
    }
  }

  private Kernel look(String kernel, String label) {
    CUfunction function = new CUfunction();
    CudaDriver.check(
        JCudaDriver.cuModuleGetFunction(function, module, kernel), "cuModuleGetFunction", label);
    int threads =
        attribute(function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, label);
    int cluster = 1;
    if (device.gpu().major() >= 9) {
      int width = CUfunction_attribute.CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH;
      cluster = Math.max(1, attribute(function, width, label));
    }
    if (cluster > 8) {
      CudaDriver.check(
          JCudaDriver.cuFuncSetAttribute(
              function,
              CUfunction_attribute.CU_FUNC_ATTRIBUTE_NON_PORTABLE_CLUSTER_SIZE_ALLOWED,
              1),
          "cuFuncSetAttribute",
          label);
    }
    return new Kernel(function, label, threads, cluster);
  }

  private static int attribute(CUfunction function, int which, String label) {
    int[] value = new int[1];
    CudaDriver.check(
        JCudaDriver.cuFuncGetAttribute(value, which, function), "cuFuncGetAttribute", label);
    return value[0];
  }

  private static void checkShape(Kernel kernel, int groups, int groupSize) {
    if (groupSize < 1 || groupSize > kernel.maxThreads()) {
      throw new DeviceException(
          kernel.label()
              + ": 1 <= threads <= limit does not hold: threads "
              + groupSize
              + ", limit "
              + kernel.maxThreads()
              + " from its launch bounds and registers; compile it for this team shape");
    }
    if (groups < 1 || groups % kernel.cluster() != 0) {
      throw new DeviceException(
          kernel.label()
              + ": blocks = positive multiple of cluster does not hold: blocks "
              + groups
              + ", cluster "
              + kernel.cluster()
              + "; launch whole clusters");
    }
  }

  private void pack(Kernel kernel, Object[] values) {
    if (values.length > MAX_ARGUMENTS) {
      throw new IllegalArgumentException(
          kernel.label() + ": " + values.length + " arguments, at most " + MAX_ARGUMENTS);
    }
    ByteBuffer block = arguments.bytes();
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value instanceof CudaMemory memory && memory.device() == device) {
        block.putLong(valueAt(i), memory.address());
      } else if (value instanceof Integer number) {
        block.putInt(valueAt(i), number);
      } else {
        throw new IllegalArgumentException(
            kernel.label()
                + ": argument "
                + i
                + " is no memory of this device and no int: "
                + value);
      }
    }
    // The driver reads as many values as the kernel has: a forgotten one must not be an old one.
    for (int i = values.length; i < MAX_ARGUMENTS; i++) {
      block.putLong(valueAt(i), 0);
    }
  }

  private static int valueAt(int argument) {
    return Long.BYTES * (MAX_ARGUMENTS + argument);
  }

  @Override
  public void close() {
    if (!closed) {
      device.enter("close of program " + name);
      closed = true;
      device.forget(this);
      arguments.close();
      CudaDriver.warn(JCudaDriver.cuModuleUnload(module), "cuModuleUnload", "program " + name);
    }
  }

  @Override
  public String toString() {
    return "program " + name + " with kernels " + Arrays.toString(kernels.keySet().toArray());
  }
}
