// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.device.Device;
import io.dynae.compute.device.DeviceMemory;
import io.dynae.compute.device.DeviceProgram;
import io.dynae.error.DeviceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class CudaDeviceTest {
  private static final String AXPY =
      """
      extern "C" __global__ void axpy(float* y, const float* x, int factor, int n) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) y[i] += factor * x[i];
      }
      extern "C" __global__ void __launch_bounds__(64) small(int* p) { p[threadIdx.x] = 1; }
      """;

  @Test
  void withoutDriverTheErrorIsOneLineWithReasonAndRemedyEveryTime() {
    List<String> messages = new ArrayList<>();
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        CudaGpu.list();
        Assumptions.abort("not run: this machine has a GPU");
      } catch (DeviceException e) {
        messages.add(e.getMessage());
      }
    }
    String message = messages.get(0);
    assertEquals(1, message.lines().count(), message);
    assertTrue(
        message.contains("libcuda") || message.contains("CUDA_ERROR"), "no reason: " + message);
    assertTrue(message.contains("nvidia-smi"), "no remedy: " + message);
    assertEquals(message, messages.get(1));
    assertEquals(
        message, assertThrows(DeviceException.class, () -> CudaDevice.open(0)).getMessage());
  }

  @Test
  void memoryIsZeroedAndKeepsWhatIsWrittenAcrossStagingBlocks() {
    try (CudaDevice device = Gpu.open()) {
      int n = 3_000_001;
      DeviceMemory memory = device.allocate("values", 4L * n);
      float[] read = new float[n];
      memory.read(0, read, 0, n);
      assertArrayEquals(new float[n], read);
      float[] values = new float[n];
      for (int i = 0; i < n; i++) {
        values[i] = i;
      }
      memory.write(0, values, 0, n);
      memory.write(5, new int[] {0, Float.floatToRawIntBits(-1), 0}, 1, 1);
      memory.read(0, read, 0, n);
      values[5] = -1;
      assertArrayEquals(values, read);
      assertThrows(IndexOutOfBoundsException.class, () -> memory.read(1, read, 0, n));
      memory.close();
      memory.close();
      assertThrows(IllegalStateException.class, () -> memory.read(0, read, 0, 1));
    }
  }

  @Test
  void launchesRunInOrderAndAreReplayed() {
    try (CudaDevice device = Gpu.open()) {
      int n = 1000;
      DeviceProgram program = device.compile("axpy", AXPY);
      DeviceMemory x = device.allocate("x", 4L * n);
      DeviceMemory y = device.allocate("y", 4L * n);
      float[] ones = new float[n];
      Arrays.fill(ones, 1);
      x.write(0, ones, 0, n);
      program.launch("axpy", 8, 128, y, x, 2, n);
      Device.Recording recording =
          device.record(
              () -> {
                program.launch("axpy", 8, 128, y, x, 3, n);
                program.launch("axpy", 8, 128, x, y, 1, n);
              });
      float[] read = new float[n];
      y.read(0, read, 0, n);
      assertEquals(2, read[n - 1], "a recording does not run by itself");
      recording.replay();
      recording.replay();
      device.finish();
      y.read(0, read, 0, n);
      // x, y: 1, 2 -> 6, 5 -> 29, 23
      assertEquals(23, read[0]);
      assertEquals(23, read[n - 1]);
      x.read(0, read, 0, n);
      assertEquals(29, read[n - 1]);
      recording.close();
      recording.close();
      assertThrows(IllegalStateException.class, recording::replay);
    }
  }

  @Test
  void onlyLaunchesAreRecordedAndTheDeviceSurvivesAFailedRecording() {
    try (CudaDevice device = Gpu.open()) {
      DeviceMemory memory = device.allocate("values", 256);
      DeviceProgram program = device.compile("axpy", AXPY);
      assertThrows(IllegalStateException.class, () -> device.record(device::finish));
      // The kernel is first met inside the recording.
      Device.Recording first = device.record(() -> program.launch("small", 1, 64, memory));
      first.replay();
      int[] read = new int[64];
      memory.read(0, read, 0, 64);
      assertEquals(1, read[63]);
    }
  }

  @Test
  void errorsNameWhatTheyAreAbout() {
    CudaDevice device = Gpu.open();
    DeviceProgram program = device.compile("axpy", AXPY);
    DeviceMemory memory = device.allocate("values", 256);
    assertMessage("needed <= free", () -> device.allocate("huge", 1L << 50));
    assertMessage("kernel none", () -> program.launch("none", 1, 1));
    assertMessage("limit 64", () -> program.launch("small", 1, 65, memory));
    assertThrows(
        IllegalArgumentException.class, () -> program.launch("small", 1, 64, new float[1]));
    long largest = device.largestAllocation();
    assertTrue(largest > 0 && largest < device.gpu().memoryBytes());
    device.close();
    device.close();
    memory.close();
    program.close();
  }

  private static void assertMessage(String part, Runnable action) {
    DeviceException e = assertThrows(DeviceException.class, action::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }
}
