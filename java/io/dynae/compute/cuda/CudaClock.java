// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Two events around what a stream does in between: the GPU's own time of it. */
final class CudaClock implements AutoCloseable {
  private static final String ABOUT = "clock";
  private static final double MICROS_PER_MILLI = 1e3;

  private final CUevent began = new CUevent();
  private final CUevent ended = new CUevent();

  CudaClock() {
    create(began);
    try {
      create(ended);
    } catch (RuntimeException e) {
      JCudaDriver.cuEventDestroy(began);
      throw e;
    }
  }

  private static void create(CUevent event) {
    CudaDriver.check(
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT), "cuEventCreate", ABOUT);
  }

  void start(CUstream stream) {
    CudaDriver.check(JCudaDriver.cuEventRecord(began, stream), "cuEventRecord", ABOUT);
  }

  void stop(CUstream stream) {
    CudaDriver.check(JCudaDriver.cuEventRecord(ended, stream), "cuEventRecord", ABOUT);
  }

  /** Microseconds between start and stop, which the stream has passed. */
  double micros() {
    float[] millis = new float[1];
    CudaDriver.check(
        JCudaDriver.cuEventElapsedTime(millis, began, ended), "cuEventElapsedTime", ABOUT);
    return millis[0] * MICROS_PER_MILLI;
  }

  @Override
  public void close() {
    CudaDriver.warn(JCudaDriver.cuEventDestroy(began), "cuEventDestroy", ABOUT);
    CudaDriver.warn(JCudaDriver.cuEventDestroy(ended), "cuEventDestroy", ABOUT);
  }
}
