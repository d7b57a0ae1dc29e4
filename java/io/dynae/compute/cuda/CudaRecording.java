// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.compute.device.Device;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** Launches captured from the device's stream into an executable graph. */
final class CudaRecording implements Device.Recording {
  private static final String ABOUT = "recording";

  private final CudaDevice device;
  private final CUgraphExec graph = new CUgraphExec();
  private boolean closed;

  CudaRecording(CudaDevice device, Runnable launches) {
    this.device = device;
    CudaDriver.check(
        JCudaDriver.cuStreamBeginCapture(
            device.stream(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "cuStreamBeginCapture",
        ABOUT);
    CUgraph captured = new CUgraph();
    try {
      launches.run();
    } catch (RuntimeException | Error e) {
      // The capture must end even so, or the stream stays unusable.
      if (JCudaDriver.cuStreamEndCapture(device.stream(), captured) == 0) {
        JCudaDriver.cuGraphDestroy(captured);
      }
      throw e;
    }
    int ended = JCudaDriver.cuStreamEndCapture(device.stream(), captured);
    CudaDriver.check(ended, "cuStreamEndCapture", ABOUT);
    int instantiated = JCudaDriver.cuGraphInstantiate(graph, captured, 0);
    CudaDriver.warn(JCudaDriver.cuGraphDestroy(captured), "cuGraphDestroy", ABOUT);
    CudaDriver.check(instantiated, "cuGraphInstantiate", ABOUT);
  }

  @Override
  public void replay() {
    if (closed) {
      throw new IllegalStateException("the recording is closed");
    }
    device.enter("replay");
    device.checkQueue(JCudaDriver.cuGraphLaunch(graph, device.stream()), "cuGraphLaunch", ABOUT);
    device.launched("a recording");
  }

  @Override
  public void close() {
    if (!closed) {
      device.enter("close of a recording");
      closed = true;
      device.forget(this);
      CudaDriver.warn(JCudaDriver.cuGraphExecDestroy(graph), "cuGraphExecDestroy", ABOUT);
    }
  }
}
