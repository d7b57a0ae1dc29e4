// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import java.nio.ByteBuffer;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * Page-locked host memory. Asynchronous copies from it follow the stream's order exactly, which
 * copies from a Java array do not promise.
 */
final class HostBlock implements AutoCloseable {
  /** Shows the address, which {@link Pointer} keeps from its users. */
  private static final class Address extends Pointer {
    long value() {
      return getNativePointer();
    }
  }

  private final Address pointer = new Address();
  private final ByteBuffer bytes;
  private final String name;
  private boolean closed;

  HostBlock(String name, int size) {
    this.name = name;
    CudaDriver.check(JCudaDriver.cuMemAllocHost(pointer, size), "cuMemAllocHost", name);
    this.bytes = pointer.getByteBuffer();
  }

  Pointer pointer() {
    return pointer;
  }

  long address() {
    return pointer.value();
  }

  /** The memory in native byte order; position and limit belong to the caller. */
  ByteBuffer bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      CudaDriver.warn(JCudaDriver.cuMemFreeHost(pointer), "cuMemFreeHost", name);
    }
  }
}
