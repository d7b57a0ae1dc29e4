// SPDX-License-Identifier: MIT
package io.dynae.compute.opencl;

import static org.jocl.CL.CL_PROGRAM_BUILD_LOG;
import static org.jocl.CL.clBuildProgram;
import static org.jocl.CL.clCreateKernel;
import static org.jocl.CL.clCreateProgramWithSource;
import static org.jocl.CL.clEnqueueNDRangeKernel;
import static org.jocl.CL.clGetProgramBuildInfo;
import static org.jocl.CL.clReleaseKernel;
import static org.jocl.CL.clReleaseProgram;
import static org.jocl.CL.clSetKernelArg;

import io.dynae.compute.device.DeviceProgram;
import io.dynae.error.DeviceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/** A program built by the OpenCL driver; PoCL keeps its own cache of compiled programs on disk. */
final class ClProgram implements DeviceProgram {
  private final cl_command_queue queue;
  private final LaunchClock clock;
  private final cl_program program;
  private final String name;
  private final Map<String, cl_kernel> kernels = new HashMap<>();
  private final Set<String> launched = new HashSet<>();
  private final long[] global = new long[1];
  private final long[] local = new long[1];
  private final int[] number = new int[1];

  private ClProgram(cl_command_queue queue, LaunchClock clock, cl_program program, String name) {
    this.queue = queue;
    this.clock = clock;
    this.program = program;
    this.name = name;
  }

  static ClProgram build(
      cl_context context,
      cl_device_id device,
      cl_command_queue queue,
      LaunchClock clock,
      String name,
      String text) {
    KernelCache.requireSpace();
    cl_program program = clCreateProgramWithSource(context, 1, new String[] {text}, null, null);
    try {
      clBuildProgram(program, 1, new cl_device_id[] {device}, "-cl-std=CL1.2", null, null);
    } catch (CLException e) {
      throw new DeviceException(
          "opencl: program '%s' does not compile: %s; its text, and all of the compiler's log, are in"
                  .formatted(name, firstLine(log(program, device)))
              + " "
              + dump(name, text + "\n/*\n" + log(program, device) + "\n*/\n"),
          e);
    }
    KernelCache.mayHaveChanged();
    return new ClProgram(queue, clock, program, name);
  }

  private static String firstLine(String log) {
    return log.lines().findFirst().orElse("without a log");
  }

  private static String log(cl_program program, cl_device_id device) {
    long[] size = new long[1];
    clGetProgramBuildInfo(program, device, CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    clGetProgramBuildInfo(
        program, device, CL_PROGRAM_BUILD_LOG, bytes.length, Pointer.to(bytes), null);
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }

  private static String dump(String name, String text) {
    try {
      Path file = Files.createTempFile("dynae-" + name + "-", ".cl");
      Files.writeString(file, text);
      return file.toString();
    } catch (IOException e) {
      return "no file (" + e.getMessage() + ")";
    }
  }

  @Override
  public void launch(String kernel, int groups, int groupSize, Object... arguments) {
    cl_kernel handle = kernels.computeIfAbsent(kernel, k -> clCreateKernel(program, k, null));
    try {
      for (int i = 0; i < arguments.length; i++) {
        if (arguments[i] instanceof ClMemory memory) {
          clSetKernelArg(handle, i, Sizeof.cl_mem, Pointer.to(memory.handle()));
        } else {
          number[0] = (Integer) arguments[i];
          clSetKernelArg(handle, i, Sizeof.cl_int, Pointer.to(number));
        }
      }
      global[0] = (long) groups * groupSize;
      local[0] = groupSize;
      clEnqueueNDRangeKernel(queue, handle, 1, null, global, local, 0, null, clock.next());
      // PoCL compiles a kernel anew for another size of groups.
      if (launched.add(kernel + " " + groupSize)) {
        KernelCache.mayHaveChanged();
      }
    } catch (CLException e) {
      throw new DeviceException(
          "opencl: kernel '%s' of program '%s' with %d groups of %d does not start (%s)"
              .formatted(kernel, name, groups, groupSize, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    kernels.values().forEach(kernel -> clReleaseKernel(kernel));
    kernels.clear();
    clReleaseProgram(program);
  }
}
