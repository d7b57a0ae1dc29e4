// SPDX-License-Identifier: MIT
package io.dynae.compute.opencl;

import static org.jocl.CL.CL_DEVICE_LOCAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_COMPUTE_UNITS;
import static org.jocl.CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE;
import static org.jocl.CL.CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT;
import static org.jocl.CL.CL_MEM_READ_WRITE;
import static org.jocl.CL.CL_QUEUE_PROFILING_ENABLE;
import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clCreateCommandQueue;
import static org.jocl.CL.clCreateContext;
import static org.jocl.CL.clEnqueueFillBuffer;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clReleaseCommandQueue;
import static org.jocl.CL.clReleaseContext;

import io.dynae.compute.MemoryLimits;
import io.dynae.compute.TeamShape;
import io.dynae.compute.device.Device;
import io.dynae.compute.device.DeviceMemory;
import io.dynae.compute.device.DeviceProgram;
import io.dynae.error.DeviceException;
import java.util.List;
import java.util.OptionalDouble;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;

/** An OpenCL device through JOCL: one context, one in-order queue. */
public final class OpenClDevice implements Device {
  private static final int GPU_LANES = 32;
  private static final int GPU_GROUPS = 8;

  /**
   * PoCL hands work-groups to its threads by 32: with fewer in all, one thread would run them all.
   */
  private static final int POCL_GROUPS_A_THREAD = 32;

  private final ClInfo info;
  private final TeamShape shape;
  private final cl_context context;
  private final cl_command_queue queue;
  private final LaunchClock clock = new LaunchClock();

  /** Bytes that the device has for this program. */
  private final long memoryBytes;

  private long allocated;
  private boolean closed;

  private OpenClDevice(ClInfo info, TeamShape shape, MemoryLimits limits) {
    this.info = info;
    this.shape = shape;
    memoryBytes =
        info.hostMemory()
            ? Math.max(0, Math.min(info.memoryBytes(), limits.available() - heapToCome()))
            : info.memoryBytes();
    try {
      context = clCreateContext(null, 1, new cl_device_id[] {info.device()}, null, null, null);
      queue = createQueue();
    } catch (CLException e) {
      throw new DeviceException(
          "opencl: " + info.name() + " gives no context (" + e.getMessage() + ")", e);
    }
  }

  // clCreateCommandQueueWithProperties is OpenCL 2.0; this program asks for 1.2 alone.
  @SuppressWarnings("deprecation")
  private cl_command_queue createQueue() {
    return clCreateCommandQueue(context, info.device(), CL_QUEUE_PROFILING_ENABLE, null);
  }

  /** Names of all devices, with their memory and drivers, in the order of {@link #open}. */
  public static List<String> list() {
    return ClInfo.all().stream()
        .map(i -> "%s, %d MiB (%s)".formatted(i.name(), i.memoryBytes() >> 20, i.driver()))
        .toList();
  }

  /**
   * Opens a device.
   *
   * @param index of {@link #list}, or -1 for the first GPU, else the first device
   * @throws DeviceException when there is none of that number
   */
  public static OpenClDevice open(int index) {
    ClInfo info = choose(index);
    return new OpenClDevice(info, shapeOf(info), new MemoryLimits());
  }

  /**
   * Opens a device, which may take no more of the host's memory than {@code limits} leave.
   *
   * @param index as for {@link #open(int)}
   */
  public static OpenClDevice open(int index, MemoryLimits limits) {
    ClInfo info = choose(index);
    return new OpenClDevice(info, shapeOf(info), limits);
  }

  /**
   * Opens a device with teams of a given shape, such as a GPU's on a CPU.
   *
   * @param index as for {@link #open(int)}
   * @param shape no larger than the device's work-groups and local memory
   */
  public static OpenClDevice open(int index, TeamShape shape) {
    return new OpenClDevice(choose(index), shape, new MemoryLimits());
  }

  private static ClInfo choose(int index) {
    List<ClInfo> all = ClInfo.all();
    if (index >= all.size()) {
      throw new DeviceException(
          "opencl: device < %d does not hold: %d; see `dynae devices`"
              .formatted(all.size(), index));
    }
    if (index >= 0) {
      return all.get(index);
    }
    return all.stream().filter(i -> !i.cpu()).findFirst().orElse(all.get(0));
  }

  private static TeamShape shapeOf(ClInfo info) {
    int units = (int) ClInfo.number(info.device(), CL_DEVICE_MAX_COMPUTE_UNITS);
    long local = ClInfo.number(info.device(), CL_DEVICE_LOCAL_MEM_SIZE);
    int localBytes = (int) Math.min(local, Integer.MAX_VALUE);
    if (!info.cpu()) {
      return new TeamShape(1, GPU_LANES, GPU_GROUPS, localBytes, 2 * units);
    }
    long width = ClInfo.number(info.device(), CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT);
    int vector = width >= 16 ? 16 : width >= 8 ? 8 : 4;
    return new TeamShape(vector, 1, 1, localBytes, POCL_GROUPS_A_THREAD * units);
  }

  @Override
  public String name() {
    return info.name();
  }

  @Override
  public String backend() {
    return "opencl";
  }

  @Override
  public String driver() {
    return info.driver();
  }

  @Override
  public TeamShape shape() {
    return shape;
  }

  @Override
  public int cores() {
    return info.cpu() ? shape.phaseGroups() / POCL_GROUPS_A_THREAD : 1;
  }

  /** What Java may yet take of the memory that it shares with the device. */
  private static long heapToCome() {
    return Runtime.getRuntime().maxMemory() - Runtime.getRuntime().totalMemory();
  }

  /** OpenCL tells no free memory: what this program took is taken off the whole. */
  @Override
  public long largestAllocation() {
    return Math.min(ClInfo.number(info.device(), CL_DEVICE_MAX_MEM_ALLOC_SIZE), freeBytes());
  }

  private long freeBytes() {
    return memoryBytes - allocated;
  }

  @Override
  public DeviceMemory allocate(String name, long bytes) {
    if (bytes > largestAllocation()) {
      throw new DeviceException(
          ("opencl: buffer '%s': needed <= free does not hold: needed %d bytes, free %d bytes of %d"
                  + " on %s, at most %d in one buffer; use a lower batch_size, fewer models at once, or"
                  + " a device with more memory")
              .formatted(name, bytes, freeBytes(), memoryBytes, info.name(), largestAllocation()));
    }
    try {
      cl_mem memory = clCreateBuffer(context, CL_MEM_READ_WRITE, bytes, null, null);
      clEnqueueFillBuffer(queue, memory, Pointer.to(new byte[1]), 1, 0, bytes, 0, null, null);
      allocated += bytes;
      return new ClMemory(queue, memory, name, bytes, () -> allocated -= bytes);
    } catch (CLException e) {
      throw new DeviceException(
          "opencl: buffer '%s' of %d bytes does not fit %s, largest %d (%s)"
              .formatted(name, bytes, info.name(), largestAllocation(), e.getMessage()),
          e);
    }
  }

  @Override
  public DeviceProgram compile(String name, String text) {
    return ClProgram.build(context, info.device(), queue, clock, name, text);
  }

  @Override
  public Recording record(Runnable launches) {
    return new Recording() {
      @Override
      public void replay() {
        launches.run();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public OptionalDouble time(Runnable launches) {
    clock.start();
    try {
      launches.run();
      finish();
      return clock.read();
    } catch (CLException e) {
      throw new DeviceException("opencl: no time of a launch (" + e.getMessage() + ")", e);
    } finally {
      clock.stop();
    }
  }

  @Override
  public void finish() {
    try {
      clFinish(queue);
      KernelCache.record();
    } catch (CLException e) {
      throw new DeviceException("opencl: clFinish failed (" + e.getMessage() + ")", e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      KernelCache.mayHaveChanged();
      KernelCache.record();
      clReleaseCommandQueue(queue);
      clReleaseContext(context);
    }
  }
}
