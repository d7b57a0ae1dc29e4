// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import io.dynae.error.InputException;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * How far latent coordinates z are from the true ones up to rotation, reflection and shift (Eq. 8):
 * L_z = min over orthogonal Q and b of mean ||Q z + b - y||^2.
 *
 * <p>Truth is measured in the latent's unit, y = truth / sigma with sigma = sqrt(mean((one-lag
 * increment)^2) / 2) over frames, dimensions and trajectories, so that its diffusion is 1 per lag.
 * With centred second moments V_z, V_y and the nuclear norm s of the cross-covariance (Kabsch,
 * either determinant), L_z = V_z + V_y - 2 s; for the best scalar a instead of 1, a = s / V_z and L
 * = V_y - s^2 / V_z.
 *
 * @param lz L_z in the truth's squared unit: lzSigmaUnits * sigma^2
 * @param lzSigmaUnits L_z in units of sigma^2
 * @param fvu fraction of variance unexplained, lzSigmaUnits / V_y: 0 is exact
 * @param scale the scalar a that fits z to the truth in sigma units best; 1 where the latent has
 *     the right scale, 0 for a constant latent
 * @param fvuAtScale fvu at that scale: 0 to 1
 */
public record Isometry(
    double lz, double lzSigmaUnits, double fvu, double scale, double fvuAtScale) {

  /**
   * Compares a latent trajectory with the truth.
   *
   * @param latent [N, latentDimension] row by row
   * @param truth [N, truthDimension] row by row
   * @param trajectoryLengths frames of each trajectory; together N
   * @param lag frames of one lag, at least 1
   * @throws InputException for different dimensions or frames, a value that is not finite, or a
   *     truth that never moves over a lag
   */
  public static Isometry of(
      float[] latent,
      int latentDimension,
      float[] truth,
      int truthDimension,
      int[] trajectoryLengths,
      int lag) {
    requireFrames(latent.length, latentDimension, truth.length, truthDimension, trajectoryLengths);
    return of(i -> latent[i], i -> truth[i], latentDimension, trajectoryLengths, lag);
  }

  /** The same for a truth in double precision. */
  public static Isometry of(
      float[] latent,
      int latentDimension,
      double[] truth,
      int truthDimension,
      int[] trajectoryLengths,
      int lag) {
    requireFrames(latent.length, latentDimension, truth.length, truthDimension, trajectoryLengths);
    return of(i -> latent[i], i -> truth[i], latentDimension, trajectoryLengths, lag);
  }

  /** The same for both in double precision. */
  public static Isometry of(
      double[] latent,
      int latentDimension,
      double[] truth,
      int truthDimension,
      int[] trajectoryLengths,
      int lag) {
    requireFrames(latent.length, latentDimension, truth.length, truthDimension, trajectoryLengths);
    return of(i -> latent[i], i -> truth[i], latentDimension, trajectoryLengths, lag);
  }

  private static void requireFrames(
      int latentValues,
      int latentDimension,
      int truthValues,
      int truthDimension,
      int[] trajectoryLengths) {
    if (latentDimension != truthDimension) {
      throw new InputException(
          String.format(
              "truth: dimensions of truth = dimensions of the latent space does not hold: %d and"
                  + " %d; choose as many columns of the truth as d",
              truthDimension, latentDimension));
    }
    long frames = Arrays.stream(trajectoryLengths).asLongStream().sum();
    if (latentValues != truthValues || latentValues != frames * latentDimension) {
      throw new InputException(
          String.format(
              "truth: frames of truth = frames of the latent trajectory does not hold: %d and %d"
                  + " (%d by trajectory lengths); pass the truth of the same frames",
              truthValues / truthDimension, latentValues / latentDimension, frames));
    }
  }

  private static Isometry of(
      IntToDoubleFunction latent, IntToDoubleFunction truth, int d, int[] lengths, int lag) {
    int frames = Arrays.stream(lengths).sum();
    double sigma = sigma(truth, d, lengths, lag);
    double[] latentMean = mean("latent trajectory", latent, frames, d);
    double[] truthMean = mean("truth", truth, frames, d);
    double latentVariance = 0;
    double truthVariance = 0;
    double[] cross = new double[d * d];
    for (int n = 0; n < frames; n++) {
      for (int i = 0; i < d; i++) {
        double y = (truth.applyAsDouble(n * d + i) - truthMean[i]) / sigma;
        truthVariance += y * y / frames;
        double zi = latent.applyAsDouble(n * d + i) - latentMean[i];
        latentVariance += zi * zi / frames;
        for (int j = 0; j < d; j++) {
          double z = latent.applyAsDouble(n * d + j) - latentMean[j];
          cross[i * d + j] += y * z / frames;
        }
      }
    }
    double s = nuclearNorm(cross, d);
    // Rounding can leave a perfect match a little below zero.
    double lz = Math.max(0, latentVariance + truthVariance - 2 * s);
    double scale = latentVariance > 0 ? s / latentVariance : 0;
    double atScale = Math.max(0, truthVariance - scale * s);
    return new Isometry(lz * sigma * sigma, lz, lz / truthVariance, scale, atScale / truthVariance);
  }

  /** The one-lag diffusion length of a truth, see above. */
  static double sigma(IntToDoubleFunction truth, int d, int[] lengths, int lag) {
    double sum = 0;
    long count = 0;
    int start = 0;
    for (int length : lengths) {
      for (int i = start * d; i < (start + length - (long) lag) * d; i++) {
        double step = truth.applyAsDouble(i + lag * d) - truth.applyAsDouble(i);
        sum += step * step;
        count++;
      }
      start += length;
    }
    // NaN passes here and is reported with its frame by the means.
    if (count == 0 || sum == 0) {
      throw new InputException(
          String.format(
              "truth: a mean squared increment > 0 over one lag does not hold: %s, lag %d; use a"
                  + " truth that moves within a trajectory",
              count == 0 ? "no trajectory is longer than the lag" : "all increments are 0", lag));
    }
    return Math.sqrt(sum / count / 2);
  }

  private static double[] mean(String name, IntToDoubleFunction values, int frames, int d) {
    double[] mean = new double[d];
    for (int n = 0; n < frames; n++) {
      for (int i = 0; i < d; i++) {
        double value = values.applyAsDouble(n * d + i);
        if (!Double.isFinite(value)) {
          throw new InputException(
              String.format(
                  "%s: finite values does not hold: %s in frame %d, column %d; remove such frames",
                  name, value, n, i));
        }
        mean[i] += value / frames;
      }
    }
    return mean;
  }

  /** Sum of the singular values: the largest trace(Q C) over all orthogonal Q. */
  private static double nuclearNorm(double[] matrix, int d) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(d, d, false, false, true);
    if (!svd.decompose(DMatrixRMaj.wrap(d, d, matrix))) {
      throw new InputException(
          "truth: a cross-covariance with singular values does not hold; look for huge values");
    }
    return Arrays.stream(svd.getSingularValues(), 0, d).sum();
  }
}
