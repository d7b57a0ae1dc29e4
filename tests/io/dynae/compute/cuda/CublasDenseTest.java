// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dynae.compute.device.DeviceMemory;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class CublasDenseTest {
  private static final int ROWS = 32;
  private static final int BLOCKS = 3;
  private static final int INPUTS = 65;
  private static final int OUTPUTS = 130;

  @Test
  void aMissingLibraryIsToldInOneLine() {
    Optional<String> missing = CublasDense.missing();
    Assumptions.assumeTrue(missing.isPresent(), "not run: cuBLAS is here");
    assertEquals(1, missing.get().lines().count(), missing.get());
  }

  @Test
  void agreesWithDoublePrecisionSums() {
    try (CudaDevice device = Gpu.open()) {
      CublasDense dense =
          CublasDense.tryOpen(device, 32).orElseGet(() -> Assumptions.abort("not run: no cuBLAS"));
      float[] x = random(1, BLOCKS * INPUTS * ROWS);
      float[] w = random(2, INPUTS * OUTPUTS);
      float[] dy = random(3, BLOCKS * OUTPUTS * ROWS);
      FloatSlice atX = upload(device, x);
      FloatSlice atW = upload(device, w);
      FloatSlice atDy = upload(device, dy);
      FloatSlice atY = upload(device, new float[dy.length]);
      FloatSlice atDx = upload(device, new float[x.length]);
      FloatSlice atDw = upload(device, random(4, w.length));
      dense.forward(atX, atW, atY, BLOCKS, INPUTS, OUTPUTS);
      dense.inputGradient(atDy, atW, atDx, BLOCKS, INPUTS, OUTPUTS);
      dense.weightGradient(atX, atDy, atDw, BLOCKS, INPUTS, OUTPUTS);

      double[] y = new double[dy.length];
      double[] dx = new double[x.length];
      double[] dw = new double[w.length];
      for (int b = 0; b < BLOCKS; b++) {
        for (int r = 0; r < ROWS; r++) {
          for (int k = 0; k < INPUTS; k++) {
            for (int n = 0; n < OUTPUTS; n++) {
              int i = (b * INPUTS + k) * ROWS + r;
              int j = (b * OUTPUTS + n) * ROWS + r;
              y[j] += (double) x[i] * w[k * OUTPUTS + n];
              dx[i] += (double) dy[j] * w[k * OUTPUTS + n];
              dw[k * OUTPUTS + n] += (double) x[i] * dy[j];
            }
          }
        }
      }
      // Single precision: 130 terms below 1 each; TF32 would be off by 1e-2.
      assertArrayEquals(y, download(atY, y.length), 2e-5);
      assertArrayEquals(dx, download(atDx, dx.length), 2e-5);
      assertArrayEquals(dw, download(atDw, dw.length), 2e-5);
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> dense.forward(atX, atW, atY, BLOCKS + 1, INPUTS, OUTPUTS));
      dense.close();
      dense.close();
    }
  }

  private static float[] random(long seed, int n) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  /** At an odd offset, as in an arena. */
  private static FloatSlice upload(CudaDevice device, float[] values) {
    DeviceMemory memory = device.allocate("values", 4L * (values.length + 3));
    memory.write(3, values, 0, values.length);
    return new FloatSlice(memory, 3);
  }

  private static double[] download(FloatSlice slice, int n) {
    float[] values = new float[n];
    slice.memory().read(slice.at(), values, 0, n);
    double[] wide = new double[n];
    for (int i = 0; i < n; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
