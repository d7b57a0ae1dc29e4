// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.compute.device.DeviceMemory;
import java.nio.ByteBuffer;
import java.util.Objects;
import jcuda.driver.CUDA_MEMCPY2D;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUmemorytype;
import jcuda.driver.JCudaDriver;

/** Memory of one CUDA device; copies go through the device's page-locked staging block. */
final class CudaMemory implements DeviceMemory {
  /** Shows the address, which {@link CUdeviceptr} keeps from its users. */
  private static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }

  private final CudaDevice device;
  private final String name;
  private final long bytes;
  private final Address pointer = new Address();
  private boolean closed;

  /** Allocates zeroed memory; the context is current. */
  CudaMemory(CudaDevice device, String name, long bytes) {
    this.device = device;
    this.name = name;
    this.bytes = bytes;
    device.checkAllocation(JCudaDriver.cuMemAlloc(pointer, bytes), name, bytes);
    int cleared = JCudaDriver.cuMemsetD8Async(pointer, (byte) 0, bytes, device.stream());
    if (cleared != 0) {
      CudaDriver.warn(JCudaDriver.cuMemFree(pointer), "cuMemFree", label());
      CudaDriver.check(cleared, "cuMemsetD8Async", label());
    }
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void write(long at, float[] values, int from, int n) {
    Objects.checkFromIndexSize(from, n, values.length);
    upload(
        at,
        Float.BYTES,
        n,
        (staged, done, k) -> staged.asFloatBuffer().put(values, from + done, k));
  }

  @Override
  public void write(long at, int[] values, int from, int n) {
    Objects.checkFromIndexSize(from, n, values.length);
    upload(
        at,
        Integer.BYTES,
        n,
        (staged, done, k) -> staged.asIntBuffer().put(values, from + done, k));
  }

  @Override
  public void read(long at, float[] values, int from, int n) {
    Objects.checkFromIndexSize(from, n, values.length);
    download(
        at,
        Float.BYTES,
        n,
        (staged, done, k) -> staged.asFloatBuffer().get(values, from + done, k));
  }

  @Override
  public void read(long at, int[] values, int from, int n) {
    Objects.checkFromIndexSize(from, n, values.length);
    download(
        at,
        Integer.BYTES,
        n,
        (staged, done, k) -> staged.asIntBuffer().get(values, from + done, k));
  }

  @Override
  public void writeRows(long at, long stride, int[] values, int n) {
    if (!hasPitch(stride)) {
      DeviceMemory.super.writeRows(at, stride, values, n);
      return;
    }
    HostBlock staging = readyRows(at, stride, n, values.length / n);
    eachRows(
        staging,
        values.length / n,
        n,
        (first, rows) -> {
          staging.bytes().asIntBuffer().put(values, first * n, rows * n);
          CUDA_MEMCPY2D copy = rows(n, rows);
          copy.srcMemoryType = CUmemorytype.CU_MEMORYTYPE_HOST;
          copy.srcHost = staging.pointer();
          copy.srcPitch = (long) n * Integer.BYTES;
          copy.dstMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE;
          copy.dstDevice = pointer.withByteOffset((at + first * stride) * Integer.BYTES);
          copy.dstPitch = stride * Integer.BYTES;
          run(copy);
        });
  }

  @Override
  public void readRows(long at, long stride, float[] values, int n) {
    if (!hasPitch(stride)) {
      DeviceMemory.super.readRows(at, stride, values, n);
      return;
    }
    HostBlock staging = readyRows(at, stride, n, values.length / n);
    eachRows(
        staging,
        values.length / n,
        n,
        (first, rows) -> {
          CUDA_MEMCPY2D copy = rows(n, rows);
          copy.srcMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE;
          copy.srcDevice = pointer.withByteOffset((at + first * stride) * Float.BYTES);
          copy.srcPitch = stride * Float.BYTES;
          copy.dstMemoryType = CUmemorytype.CU_MEMORYTYPE_HOST;
          copy.dstHost = staging.pointer();
          copy.dstPitch = (long) n * Float.BYTES;
          run(copy);
          staging.bytes().asFloatBuffer().get(values, first * n, rows * n);
        });
  }

  /** Whether a copy can name the distance between rows: it goes up to 2^31 - 1 bytes. */
  private static boolean hasPitch(long stride) {
    return stride * Integer.BYTES <= Integer.MAX_VALUE;
  }

  /** Copies {@code rows} rows, the first of which is row {@code first}. */
  private interface Rows {
    void copy(int first, int rows);
  }

  /** Goes through {@code rows} rows of {@code n} elements, as many at once as fit the staging. */
  private static void eachRows(HostBlock staging, int rows, int n, Rows copy) {
    int most = staging.bytes().capacity() / Integer.BYTES / n;
    if (most == 0) {
      throw new IllegalArgumentException(
          "row of " + n + " elements <= staging of " + staging.bytes().capacity() + " bytes");
    }
    for (int first = 0; first < rows; first += most) {
      copy.copy(first, Math.min(most, rows - first));
    }
  }

  private HostBlock readyRows(long at, long stride, int n, int rows) {
    ready(at, Integer.BYTES, n);
    return ready(at + (rows - 1) * stride, Integer.BYTES, n);
  }

  private static CUDA_MEMCPY2D rows(int n, int rows) {
    CUDA_MEMCPY2D copy = new CUDA_MEMCPY2D();
    copy.WidthInBytes = (long) n * Integer.BYTES;
    copy.Height = rows;
    return copy;
  }

  private void run(CUDA_MEMCPY2D copy) {
    device.checkQueue(
        JCudaDriver.cuMemcpy2DAsync(copy, device.stream()), "cuMemcpy2DAsync", label());
    device.synchronise(label());
  }

  /**
   * Waits for the queue and copies the first {@code n} doubles of this memory to {@code values}.
   */
  void read(double[] values, int n) {
    Objects.checkFromIndexSize(0, n, values.length);
    download(0, Double.BYTES, n, (staged, done, k) -> staged.asDoubleBuffer().get(values, done, k));
  }

  /** Moves {@code count} elements, of which {@code done} are through, over the staging block. */
  private interface Chunk {
    void move(ByteBuffer staged, int done, int count);
  }

  private void upload(long at, int size, int n, Chunk chunk) {
    HostBlock staging = ready(at, size, n);
    int capacity = staging.bytes().capacity() / size;
    for (int done = 0; done < n; done += capacity) {
      int count = Math.min(capacity, n - done);
      chunk.move(staging.bytes(), done, count);
      int result =
          JCudaDriver.cuMemcpyHtoDAsync(
              pointer.withByteOffset((at + done) * size),
              staging.pointer(),
              (long) count * size,
              device.stream());
      device.checkQueue(result, "cuMemcpyHtoDAsync", label());
      device.synchronise(label());
    }
  }

  private void download(long at, int size, int n, Chunk chunk) {
    HostBlock staging = ready(at, size, n);
    int capacity = staging.bytes().capacity() / size;
    for (int done = 0; done < n; done += capacity) {
      int count = Math.min(capacity, n - done);
      int result =
          JCudaDriver.cuMemcpyDtoHAsync(
              staging.pointer(),
              pointer.withByteOffset((at + done) * size),
              (long) count * size,
              device.stream());
      device.checkQueue(result, "cuMemcpyDtoHAsync", label());
      device.synchronise(label());
      chunk.move(staging.bytes(), done, count);
    }
  }

  private HostBlock ready(long at, int size, int n) {
    checkOpen();
    if (at < 0 || at > bytes / size - n) {
      throw new IndexOutOfBoundsException(
          label() + ": elements " + at + " to " + (at + n) + " are not in 0 to " + bytes / size);
    }
    device.enter("copy of " + label());
    return device.staging();
  }

  /** Device pointer to element {@code at} of 4 bytes. */
  CUdeviceptr at(long at) {
    checkOpen();
    return pointer.withByteOffset(at * Float.BYTES);
  }

  /** The address as a kernel sees it. */
  long address() {
    checkOpen();
    return pointer.value();
  }

  CudaDevice device() {
    return device;
  }

  String label() {
    return "buffer " + name;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(label() + " is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      device.enter("close of " + label());
      closed = true;
      device.forget(this);
      CudaDriver.warn(JCudaDriver.cuMemFree(pointer), "cuMemFree", label());
    }
  }
}
