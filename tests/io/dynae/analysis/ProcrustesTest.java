// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dynae.error.InputException;
import io.dynae.testing.ArrayCheck;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProcrustesTest {
  private static final int FRAMES = 500;

  /** A reflected, rotated, scaled and shifted copy of the truth is laid onto it exactly. */
  @Test
  void movedCopyIsLaidOntoTheTruth() {
    float[] truth = truth();
    float[] latent = new float[truth.length];
    double c = Math.cos(0.7);
    double s = Math.sin(0.7);
    for (int n = 0; n < FRAMES; n++) {
      double x = truth[2 * n];
      double y = -truth[2 * n + 1];
      latent[2 * n] = (float) (5 * (c * x - s * y) - 3);
      latent[2 * n + 1] = (float) (5 * (s * x + c * y) + 40);
    }
    Procrustes fit = Procrustes.atBestScale(latent, truth, 2);
    assertEquals(0.2, fit.scale(), 1e-6);
    ArrayCheck.close("aligned", fit.apply(latent), truth, 1e-5, 1e-5);
    float[] half = Procrustes.of(latent, truth, 2, 0.1).apply(latent);
    double meanX = 0;
    for (int n = 0; n < FRAMES; n++) {
      meanX += truth[2 * n] / (double) FRAMES;
    }
    assertEquals((truth[0] + meanX) / 2, half[0], 1e-5, "half the size about the mean");
  }

  /** The error that is left after aligning is the one that Isometry measures. */
  @Test
  void whatIsLeftIsTheIsometryError() {
    Random random = new Random(4);
    float[] truth = truth();
    float[] latent = new float[truth.length];
    for (int i = 0; i < latent.length; i++) {
      latent[i] = (float) (3 * truth[i] * truth[i] + random.nextGaussian());
    }
    int[] lengths = {FRAMES};
    Isometry isometry = Isometry.of(latent, 2, truth, 2, lengths, 1);
    double sigma = Procrustes.diffusionLength(truth, 2, lengths, 1);
    assertEquals(
        isometry.lz(), error(Procrustes.of(latent, truth, 2, sigma).apply(latent), truth), 1e-4);
    double atScale = isometry.fvuAtScale() * error(truth, null);
    assertEquals(
        atScale, error(Procrustes.atBestScale(latent, truth, 2).apply(latent), truth), 1e-4);
  }

  /** Mean squared distance; from the mean for null. */
  private static double error(float[] a, float[] b) {
    double[] mean = new double[2];
    for (int i = 0; i < a.length; i++) {
      mean[i % 2] += a[i] / (double) FRAMES;
    }
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = a[i] - (b == null ? mean[i % 2] : b[i]);
      sum += difference * difference / FRAMES;
    }
    return sum;
  }

  private static float[] truth() {
    Random random = new Random(2);
    float[] truth = new float[2 * FRAMES];
    for (int i = 2; i < truth.length; i++) {
      truth[i] = (float) (0.9 * truth[i - 2] + random.nextGaussian() * (1 + i % 2));
    }
    return truth;
  }

  @Test
  void otherLengthsAreRefused() {
    assertThrows(InputException.class, () -> Procrustes.of(new float[4], new float[6], 2, 1));
  }
}
