// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.compute.TeamShape;
import io.dynae.compute.device.Device;
import io.dynae.compute.device.DeviceMemory;
import io.dynae.compute.device.DeviceProgram;
import io.dynae.compute.team.TeamLimits;
import io.dynae.compute.text.TileLimits;
import io.dynae.error.DeviceException;
import io.dynae.op.Matrices;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * One NVIDIA GPU with one stream, in its primary context (which cuBLAS and cuRAND share).
 *
 * <p>Closing it closes what is still open on it; closing anything twice is harmless.
 */
public final class CudaDevice implements Device {
  private static final int BLOCK_SHARED =
      CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN;
  private static final int STAGING_BYTES = 4 << 20;

  /** Static shared memory of a block on every architecture; more needs an opt-in per kernel. */
  private static final int SHARED_BYTES = 48 << 10;

  /** Kept free for modules, local memory of kernels and the libraries' own buffers. */
  private static final long RESERVE_BYTES = 512L << 20;

  private final CudaGpu gpu;
  private final CUdevice device;
  private final CUcontext context = new CUcontext();
  private final CUstream stream = new CUstream();
  private final CudaCompiler compiler;
  private final HostBlock staging;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<Integer, Optional<CublasDense>> dense = new HashMap<>();
  private String lastLaunch = "no kernel yet";
  private boolean recording;
  private boolean closed;

  private CudaDevice(CudaGpu gpu, CudaCompiler compiler) {
    this.gpu = gpu;
    this.compiler = compiler;
    this.device = gpu.handle();
    CudaDriver.check(
        JCudaDriver.cuDevicePrimaryCtxRetain(context, device),
        "cuDevicePrimaryCtxRetain",
        gpu.name());
    try {
      makeCurrent();
      CudaDriver.check(
          JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
          "cuStreamCreate",
          gpu.name());
      this.staging = new HostBlock("staging block", STAGING_BYTES);
    } catch (RuntimeException e) {
      // Releasing the context's last user also releases its stream.
      JCudaDriver.cuDevicePrimaryCtxRelease(device);
      throw e;
    }
  }

  /**
   * Opens a GPU and makes its context current on the calling thread.
   *
   * @param index position in {@link CudaGpu#list()}
   * @throws DeviceException when there is no such GPU or it cannot be used
   */
  public static CudaDevice open(int index) {
    List<CudaGpu> gpus = CudaGpu.list();
    if (index < 0 || index >= gpus.size()) {
      throw new DeviceException(
          "cuda: 0 <= device < devices does not hold: device "
              + index
              + ", devices "
              + gpus.size()
              + "; choose one that nvidia-smi lists and CUDA_VISIBLE_DEVICES does not hide");
    }
    return new CudaDevice(gpus.get(index), CudaCompiler.standard());
  }

  /** What CUDA showed of this GPU when it was opened. */
  public CudaGpu gpu() {
    return gpu;
  }

  @Override
  public String name() {
    return gpu.name();
  }

  @Override
  public String backend() {
    return "cuda";
  }

  @Override
  public String driver() {
    return gpu.driver();
  }

  @Override
  public TeamShape shape() {
    return new TeamShape(1, 32, 16, SHARED_BYTES, 2 * gpu.multiprocessors());
  }

  /**
   * Clusters of 16 blocks, twice what every GPU of the architecture promises, work where a GPU
   * processing cluster has 16 multiprocessors: with more than 7 pairs in each of at most 8, one has
   * (H100, H200; not H20).
   */
  @Override
  public Optional<TeamLimits> teamLimits() {
    int block = gpu.attribute(BLOCK_SHARED);
    boolean large = gpu.major() == 9 && gpu.multiprocessors() > 8 * 14;
    int cluster = gpu.major() < 9 ? 1 : large ? 16 : 8;
    return Optional.of(new TeamLimits(gpu.multiprocessors(), block, cluster));
  }

  @Override
  public Optional<TileLimits> tileLimits() {
    return Optional.of(new TileLimits(gpu.attribute(BLOCK_SHARED), gpu.major() >= 8));
  }

  @Override
  public long largestAllocation() {
    enter("query of free memory");
    return Math.max(0, freeBytes() - Math.min(RESERVE_BYTES, gpu.memoryBytes() / 16));
  }

  @Override
  public DeviceMemory allocate(String name, long bytes) {
    return allocateCuda(name, bytes);
  }

  CudaMemory allocateCuda(String name, long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "buffer " + name + ": bytes >= 1 does not hold: bytes " + bytes);
    }
    enter("allocation of buffer " + name);
    requireFree(name, bytes);
    CudaMemory memory = new CudaMemory(this, name, bytes);
    own(memory);
    return memory;
  }

  @Override
  public DeviceProgram compile(String name, String text) {
    enter("compilation of program " + name);
    byte[] image = compiler.compile(name, text, gpu.architecture());
    enter("load of program " + name);
    CudaProgram program = new CudaProgram(this, name, image);
    own(program);
    return program;
  }

  /**
   * Captures the launches into a CUDA graph. Only launches are allowed inside: allocations, copies,
   * waits and closes end in an {@link IllegalStateException}. The memory and programs they use must
   * stay open as long as the recording is replayed.
   */
  @Override
  public Recording record(Runnable launches) {
    enter("recording");
    recording = true;
    CudaRecording result;
    try {
      result = new CudaRecording(this, launches);
    } finally {
      recording = false;
    }
    own(result);
    return result;
  }

  /** cuBLAS on the arena, where it is there; opened once for all arenas of one block size. */
  @Override
  public Optional<Matrices> matrices(DeviceMemory arena, int rowsPerBlock) {
    return dense
        .computeIfAbsent(rowsPerBlock, rows -> CublasDense.tryOpen(this, rows))
        .map(found -> new ArenaMatrices(found, arena));
  }

  @Override
  public OptionalDouble time(Runnable launches) {
    enter("timing");
    try (CudaClock clock = new CudaClock()) {
      clock.start(stream);
      launches.run();
      clock.stop(stream);
      finish();
      return OptionalDouble.of(clock.micros());
    }
  }

  @Override
  public void finish() {
    enter("wait");
    synchronise("the queue");
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    enter("close of the device");
    CudaDriver.warn(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize", name());
    while (!open.isEmpty()) {
      closeQuietly(open.peekLast());
    }
    staging.close();
    CudaDriver.warn(JCudaDriver.cuStreamDestroy(stream), "cuStreamDestroy", name());
    CudaDriver.warn(
        JCudaDriver.cuDevicePrimaryCtxRelease(device), "cuDevicePrimaryCtxRelease", name());
    closed = true;
  }

  private void closeQuietly(AutoCloseable last) {
    try {
      last.close();
    } catch (Exception e) {
      throw new IllegalStateException("cuda: " + last + " cannot be closed", e);
    } finally {
      open.remove(last);
    }
  }

  CUstream stream() {
    return stream;
  }

  HostBlock staging() {
    return staging;
  }

  boolean recording() {
    return recording;
  }

  /** Starts an operation that is not a launch: the device is open, current and not recording. */
  void enter(String operation) {
    enterLaunch(operation);
    if (recording) {
      throw new IllegalStateException(
          "cuda: " + operation + " is not possible inside a recording: only launches are");
    }
  }

  /** Starts a launch: the device is open and current. */
  void enterLaunch(String operation) {
    if (closed) {
      throw new IllegalStateException("cuda: " + operation + " after the device was closed");
    }
    makeCurrent();
  }

  private void makeCurrent() {
    CudaDriver.check(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent", gpu.name());
  }

  /** Remembers what runs now: a kernel's own failure shows only at a later call. */
  void launched(String kernel) {
    lastLaunch = kernel;
  }

  void synchronise(String about) {
    checkQueue(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize", about);
  }

  /** Like {@link CudaDriver#check}, for calls that also report failures of earlier launches. */
  void checkQueue(int result, String call, String about) {
    if (result != CUresult.CUDA_SUCCESS) {
      CudaDriver.check(result, call, about + " (last launch: " + lastLaunch + ")");
    }
  }

  /** Says before an allocation that it cannot succeed. */
  private void requireFree(String name, long bytes) {
    long free = freeBytes();
    if (bytes > free) {
      throw outOfMemory(name, bytes, free);
    }
  }

  private DeviceException outOfMemory(String name, long bytes, long free) {
    return new DeviceException(
        ("cuda: buffer %s: needed <= free does not hold: needed %d bytes, free %d bytes of %d on"
                + " %s; use a lower batch_size, fewer models at once, or a GPU with more free memory")
            .formatted(name, bytes, free, gpu.memoryBytes(), gpu.name()));
  }

  void checkAllocation(int result, String name, long bytes) {
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      // Free memory may lie in pieces, or another program may just have taken it.
      throw outOfMemory(name, bytes, freeBytes());
    }
    checkQueue(result, "cuMemAlloc", "buffer " + name);
  }

  private long freeBytes() {
    long[] free = new long[1];
    long[] total = new long[1];
    CudaDriver.check(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo", gpu.name());
    return free[0];
  }

  /** Closes {@code resource} with this device unless it is forgotten first. */
  void own(AutoCloseable resource) {
    open.addLast(resource);
  }

  void forget(AutoCloseable resource) {
    open.removeLastOccurrence(resource);
  }
}
