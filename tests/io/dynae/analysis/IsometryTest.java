// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import java.util.Arrays;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsometryTest {
  private static final int N = 4000;

  /** A walk whose one-lag increments have mean square 2 D exactly: sigma = sqrt(D) by hand. */
  private static double[] walk(int d, double diffusion, long seed) {
    Random random = new Random(seed);
    double step = Math.sqrt(2 * diffusion);
    double[] walk = new double[N * d];
    for (int i = d; i < walk.length; i++) {
      walk[i] = walk[i - d] + (random.nextBoolean() ? step : -step);
    }
    return walk;
  }

  /** rotation * x / unit + shift, row by row. */
  private static double[] moved(double[] x, DMatrixRMaj rotation, double unit, double shift) {
    int d = rotation.numRows;
    double[] z = new double[x.length];
    for (int n = 0; n < x.length / d; n++) {
      for (int i = 0; i < d; i++) {
        double sum = 0;
        for (int j = 0; j < d; j++) {
          sum += rotation.get(i, j) * x[n * d + j];
        }
        z[n * d + i] = sum / unit + shift * (i + 1);
      }
    }
    return z;
  }

  private static DMatrixRMaj rotation(int d, boolean reflected, long seed) {
    DMatrixRMaj q = RandomMatrices_DDRM.orthogonal(d, d, new Random(seed));
    if (CommonOps_DDRM.det(q) > 0 == reflected) {
      CommonOps_DDRM.scaleRow(-1, q, 0);
    }
    return q;
  }

  private static double variance(double[] x, int d) {
    double sum = 0;
    for (int i = 0; i < d; i++) {
      double mean = 0;
      for (int n = 0; n < N; n++) {
        mean += x[n * d + i] / N;
      }
      for (int n = 0; n < N; n++) {
        sum += (x[n * d + i] - mean) * (x[n * d + i] - mean) / N;
      }
    }
    return sum;
  }

  private static Isometry isometry(double[] z, double[] truth, int d) {
    return Isometry.of(z, d, truth, d, new int[] {N}, 1);
  }

  @ParameterizedTest
  @CsvSource({"1,false", "1,true", "2,false", "2,true", "3,true", "6,false"})
  void rotationReflectionAndShiftCostNothing(int d, boolean reflected) {
    double diffusion = 0.37;
    double[] truth = walk(d, diffusion, 5);
    double[] z = moved(truth, rotation(d, reflected, 8), Math.sqrt(diffusion), -7);
    Isometry result = isometry(z, truth, d);
    assertEquals(0, result.fvu(), 1e-12);
    assertEquals(1, result.scale(), 1e-12);
    assertEquals(0, result.fvuAtScale(), 1e-12);
  }

  @Test
  void aWrongScaleCostsItsSquareAndIsFound() {
    double diffusion = 0.25;
    double[] truth = walk(2, diffusion, 6);
    double[] z = moved(truth, rotation(2, true, 3), Math.sqrt(diffusion) * 4, 2);
    Isometry result = isometry(z, truth, 2);
    double v = variance(truth, 2);
    assertEquals(4, result.scale(), 1e-10);
    assertEquals(0, result.fvuAtScale(), 1e-12);
    assertEquals(9.0 / 16, result.fvu(), 1e-10);
    assertEquals(v * 9 / 16, result.lz(), 1e-10 * v);
    assertEquals(v / diffusion * 9 / 16, result.lzSigmaUnits(), 1e-10 * v / diffusion);
  }

  @Test
  void independentNoiseAddsItsVariance() {
    double diffusion = 2.5;
    double noise = 0.3;
    double[] truth = walk(2, diffusion, 7);
    double[] z = moved(truth, rotation(2, false, 4), Math.sqrt(diffusion), 0);
    Random random = new Random(1);
    Arrays.setAll(z, i -> z[i] + noise * random.nextGaussian());
    Isometry result = isometry(z, truth, 2);
    double expected = 2 * noise * noise;
    // 2N squares of normals: relative standard deviation sqrt(2 / 2N) = 1.6%.
    assertEquals(expected, result.lzSigmaUnits(), 5 * 0.016 * expected);
    assertEquals(result.lzSigmaUnits() * diffusion, result.lz(), 1e-9);
    assertEquals(result.lz() / variance(truth, 2), result.fvu(), 1e-9);
  }

  @Test
  void noAngleOrReflectionOfAGridDoesBetter() {
    double[] truth = walk(2, 1, 9);
    Random random = new Random(2);
    double[] z = new double[truth.length];
    Arrays.setAll(z, i -> 0.2 * truth[i] - 1.5 * truth[i ^ 1] + 5 * random.nextGaussian());
    double least = Double.POSITIVE_INFINITY;
    for (int step = 0; step < 720; step++) {
      double c = Math.cos(step * Math.PI / 360);
      double s = Math.sin(step * Math.PI / 360);
      for (int sign = -1; sign <= 1; sign += 2) {
        double[] q = {c, -s * sign, s, c * sign};
        double[] rest = moved(z, new DMatrixRMaj(2, 2, true, q), 1, 0);
        Arrays.setAll(rest, i -> rest[i] - truth[i]);
        least = Math.min(least, variance(rest, 2));
      }
    }
    double found = isometry(z, truth, 2).lz();
    assertTrue(found <= least * (1 + 1e-12), found + " > " + least);
    // A quarter of a degree from the best angle costs at most 2 s (1 - cos).
    assertEquals(least, found, 1e-4 * (variance(z, 2) + variance(truth, 2)));
  }

  @Test
  void incrementsStayInsideTrajectories() {
    // Steps of 1 inside each, a jump of 1000 between: sigma^2 = 1/2.
    double[] truth = {0, 1, 0, 1000, 1001, 1000};
    double[] z = Arrays.stream(truth).map(y -> -y * Math.sqrt(2)).toArray();
    Isometry result = Isometry.of(z, 1, truth, 1, new int[] {3, 3}, 1);
    assertEquals(1, result.scale(), 1e-12);
    // Over a lag of two frames nothing moves.
    assertThrows(InputException.class, () -> Isometry.of(z, 1, truth, 1, new int[] {3, 3}, 2));
    assertThrows(InputException.class, () -> Isometry.of(z, 1, truth, 1, new int[] {3, 3}, 3));
  }

  @Test
  void theLagSetsTheUnit() {
    double[] truth = new double[N];
    for (int n = 0; n < N; n++) {
      truth[n] = n;
    }
    // Steps of 3 over a lag of 3: sigma^2 = 9/2.
    double[] z = Arrays.stream(truth).map(y -> y / Math.sqrt(4.5)).toArray();
    assertEquals(1, Isometry.of(z, 1, truth, 1, new int[] {N}, 3).scale(), 1e-10);
  }

  @Test
  void aConstantLatentExplainsNothing() {
    Isometry result = isometry(new double[N * 2], walk(2, 1, 3), 2);
    assertEquals(1, result.fvu(), 1e-12);
    assertEquals(0, result.scale());
    assertEquals(1, result.fvuAtScale(), 1e-12);
  }

  @Test
  void floatsGiveTheSame() {
    double[] truth = walk(2, 1, 3);
    float[] z = new float[truth.length];
    float[] y = new float[truth.length];
    double[] wide = new double[truth.length];
    double[] wideTruth = new double[truth.length];
    for (int i = 0; i < z.length; i++) {
      y[i] = (float) truth[i];
      z[i] = (float) (truth[i] * 1.1 + i % 3);
      wide[i] = z[i];
      wideTruth[i] = y[i];
    }
    Isometry expected = isometry(wide, wideTruth, 2);
    assertEquals(expected, Isometry.of(z, 2, y, 2, new int[] {N}, 1));
    assertEquals(expected, Isometry.of(z, 2, wideTruth, 2, new int[] {N}, 1));
  }

  @Test
  void otherShapesAndValuesAreRefused() {
    double[] z = new double[12];
    String message = message(z, 3, 2);
    assertTrue(message.contains("does not hold: 2 and 3"), message);
    double[] longer = new double[14];
    assertThrows(InputException.class, () -> Isometry.of(z, 2, longer, 2, new int[] {6}, 1));
    assertThrows(InputException.class, () -> Isometry.of(z, 2, z, 2, new int[] {5}, 1));
    double[] broken = walk(1, 1, 1);
    broken[17] = Double.NaN;
    String place =
        assertThrows(InputException.class, () -> isometry(broken, walk(1, 1, 1), 1)).getMessage();
    assertTrue(place.contains("NaN in frame 17, column 0"), place);
    assertThrows(InputException.class, () -> isometry(walk(1, 1, 1), broken, 1));
  }

  private static String message(double[] z, int latentDimension, int truthDimension) {
    double[] truth = new double[z.length / latentDimension * truthDimension];
    int[] lengths = {z.length / latentDimension};
    return assertThrows(
            InputException.class,
            () -> Isometry.of(z, latentDimension, truth, truthDimension, lengths, 1))
        .getMessage();
  }
}
