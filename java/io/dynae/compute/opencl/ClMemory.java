// SPDX-License-Identifier: MIT
package io.dynae.compute.opencl;

import static org.jocl.CL.clEnqueueReadBuffer;
import static org.jocl.CL.clEnqueueWriteBuffer;
import static org.jocl.CL.clReleaseMemObject;

import io.dynae.compute.device.DeviceMemory;
import io.dynae.error.DeviceException;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/** An OpenCL buffer; copies block until they are done. */
final class ClMemory implements DeviceMemory {
  private static final int ELEMENT = 4;

  private final cl_command_queue queue;
  private final cl_mem memory;
  private final String name;
  private final long bytes;
  private final Runnable released;
  private boolean closed;

  /**
   * @param released told when the buffer is given back
   */
  ClMemory(cl_command_queue queue, cl_mem memory, String name, long bytes, Runnable released) {
    this.released = released;
    this.queue = queue;
    this.memory = memory;
    this.name = name;
    this.bytes = bytes;
  }

  cl_mem handle() {
    return memory;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void write(long at, float[] values, int from, int n) {
    write(at, Pointer.to(values), from, n);
  }

  @Override
  public void write(long at, int[] values, int from, int n) {
    write(at, Pointer.to(values), from, n);
  }

  @Override
  public void read(long at, float[] values, int from, int n) {
    read(at, Pointer.to(values), from, n);
  }

  @Override
  public void read(long at, int[] values, int from, int n) {
    read(at, Pointer.to(values), from, n);
  }

  private void write(long at, Pointer host, int from, int n) {
    if (n == 0) {
      return;
    }
    Pointer source = host.withByteOffset((long) ELEMENT * from);
    try {
      clEnqueueWriteBuffer(
          queue, memory, true, ELEMENT * at, (long) ELEMENT * n, source, 0, null, null);
    } catch (CLException e) {
      throw failed("write", at, n, e);
    }
  }

  private void read(long at, Pointer host, int from, int n) {
    if (n == 0) {
      return;
    }
    Pointer destination = host.withByteOffset((long) ELEMENT * from);
    try {
      clEnqueueReadBuffer(
          queue, memory, true, ELEMENT * at, (long) ELEMENT * n, destination, 0, null, null);
    } catch (CLException e) {
      throw failed("read", at, n, e);
    }
  }

  private DeviceException failed(String verb, long at, int n, CLException e) {
    return new DeviceException(
        "opencl: %s of elements %d to %d of buffer '%s' with %d failed (%s)"
            .formatted(verb, at, at + n, name, bytes / ELEMENT, e.getMessage()),
        e);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      clReleaseMemObject(memory);
      released.run();
    }
  }
}
