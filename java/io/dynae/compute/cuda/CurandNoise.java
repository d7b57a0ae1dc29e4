// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.error.DeviceException;
import java.util.Optional;
import jcuda.jcurand.JCurand;
import jcuda.jcurand.curandGenerator;
import jcuda.jcurand.curandOrdering;
import jcuda.jcurand.curandRngType;
import jcuda.jcurand.curandStatus;
import jcuda.runtime.cudaStream_t;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Standard normal numbers from cuRAND's Philox4x32-10, in double precision.
 *
 * <p>One seed gives one sequence; how it is cut into calls of {@link #fill} does not change it. The
 * ordering is the one that cuRAND keeps across releases. The numbers are not those of {@code
 * io.dynae.random}.
 */
public final class CurandNoise implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CurandNoise.class);

  /** Numbers made at once; even, because Box-Muller makes pairs. */
  private static final int CHUNK = 1 << 18;

  private final CudaDevice device;
  private final curandGenerator generator = new curandGenerator();
  private final CudaMemory made;
  private final double[] chunk = new double[CHUNK];
  private int used = CHUNK;
  private boolean closed;

  private CurandNoise(CudaDevice device, long seed) {
    this.device = device;
    device.enter("creation of a cuRAND generator");
    check(
        JCurand.curandCreateGenerator(generator, curandRngType.CURAND_RNG_PSEUDO_PHILOX4_32_10),
        "curandCreateGenerator");
    CudaMemory own = null;
    try {
      own = device.allocateCuda("cuRAND chunk", (long) CHUNK * Double.BYTES);
      check(
          JCurand.curandSetStream(generator, new cudaStream_t(device.stream())), "curandSetStream");
      check(
          JCurand.curandSetGeneratorOrdering(
              generator, curandOrdering.CURAND_ORDERING_PSEUDO_LEGACY),
          "curandSetGeneratorOrdering");
      check(
          JCurand.curandSetPseudoRandomGeneratorSeed(generator, seed),
          "curandSetPseudoRandomGeneratorSeed");
    } catch (RuntimeException e) {
      JCurand.curandDestroyGenerator(generator);
      if (own != null) {
        own.close();
      }
      throw e;
    }
    this.made = own;
    device.own(this);
  }

  /**
   * Opens a generator on a device.
   *
   * @return empty when the library is not there; the log then has the reason
   * @throws DeviceException when the library is there and fails
   */
  public static Optional<CurandNoise> tryOpen(CudaDevice device, long seed) {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      LOG.warn(
          "cuda: cuRAND is not used: {}; install the CUDA libraries for noise made on the GPU",
          missing.get());
      return Optional.empty();
    }
    return Optional.of(new CurandNoise(device, seed));
  }

  /** Why cuRAND cannot be used here, or empty. */
  static Optional<String> missing() {
    return NativeLibraries.load("JCurand", () -> JCurand.setExceptionsEnabled(false));
  }

  /** Fills {@code out} with the next numbers of the sequence: mean 0, variance 1. */
  public void fill(double[] out) {
    if (closed) {
      throw new IllegalStateException("cuRAND is closed");
    }
    for (int done = 0; done < out.length; ) {
      if (used == CHUNK) {
        makeChunk();
      }
      int count = Math.min(CHUNK - used, out.length - done);
      System.arraycopy(chunk, used, out, done, count);
      used += count;
      done += count;
    }
  }

  private void makeChunk() {
    device.enter("random numbers");
    check(
        JCurand.curandGenerateNormalDouble(generator, made.at(0), CHUNK, 0, 1),
        "curandGenerateNormalDouble");
    device.launched("curandGenerateNormalDouble");
    made.read(chunk, CHUNK);
    used = 0;
  }

  private void check(int status, String call) {
    if (status != curandStatus.CURAND_STATUS_SUCCESS) {
      throw new DeviceException(
          "cuda: " + call + " on " + device.name() + " failed: " + curandStatus.stringFor(status));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      device.enter("close of cuRAND");
      closed = true;
      device.forget(this);
      int status = JCurand.curandDestroyGenerator(generator);
      if (status != curandStatus.CURAND_STATUS_SUCCESS) {
        LOG.warn("cuda: curandDestroyGenerator failed: {}", curandStatus.stringFor(status));
      }
      made.close();
    }
  }
}
