// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class CurandNoiseTest {
  @Test
  void aMissingLibraryIsToldInOneLine() {
    Optional<String> missing = CurandNoise.missing();
    Assumptions.assumeTrue(missing.isPresent(), "not run: cuRAND is here");
    assertEquals(1, missing.get().lines().count(), missing.get());
  }

  @Test
  void aSeedIsOneNormalSequenceHoweverItIsCut() {
    try (CudaDevice device = Gpu.open()) {
      int n = 600_001;
      double[] whole = new double[n];
      open(device, 7).fill(whole);
      double[] parts = new double[n];
      CurandNoise again = open(device, 7);
      for (int done = 0, size = 1; done < n; size = 3 * size + 2) {
        double[] part = new double[Math.min(size, n - done)];
        again.fill(part);
        System.arraycopy(part, 0, parts, done, part.length);
        done += part.length;
      }
      assertArrayEquals(whole, parts);
      double[] moments = new double[5];
      for (double value : whole) {
        for (int k = 1; k <= 4; k++) {
          moments[k] += Math.pow(value, k) / n;
        }
      }
      // Five standard errors of each moment's mean.
      double error = 5 / Math.sqrt(n);
      assertEquals(0, moments[1], error);
      assertEquals(1, moments[2], error * Math.sqrt(2));
      assertEquals(0, moments[3], error * Math.sqrt(15));
      assertEquals(3, moments[4], error * Math.sqrt(96));
      double[] other = new double[1];
      open(device, 8).fill(other);
      assertNotEquals(whole[0], other[0]);
    }
  }

  private static CurandNoise open(CudaDevice device, long seed) {
    return CurandNoise.tryOpen(device, seed)
        .orElseGet(() -> Assumptions.abort("not run: no cuRAND"));
  }
}
