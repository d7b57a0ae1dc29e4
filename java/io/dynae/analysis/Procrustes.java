// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import io.dynae.error.InputException;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Latents laid onto the truth: y = a Q z + b with the orthogonal Q (rotation or reflection) that
 * leaves the least mean squared error (Kabsch without the determinant correction, Eq. 8), the scale
 * a and the shift b, which puts mean on mean.
 */
public final class Procrustes {
  private final double[] rotation;
  private final double[] latentMean;
  private final double[] truthMean;
  private final double scale;
  private final int d;

  private Procrustes(
      double[] rotation, double[] latentMean, double[] truthMean, double scale, int d) {
    this.rotation = rotation;
    this.latentMean = latentMean;
    this.truthMean = truthMean;
    this.scale = scale;
    this.d = d;
  }

  /** At the best scale, for latents whose scale is arbitrary. */
  public static Procrustes atBestScale(float[] latent, float[] truth, int d) {
    return of(latent, truth, d, Double.NaN);
  }

  /**
   * At a given scale, such as the truth's diffusion length.
   *
   * @param latent [N][d]
   * @param truth [N][d]
   * @param scale truth units per latent unit; NaN for the best one
   * @throws InputException for different numbers of values
   */
  public static Procrustes of(float[] latent, float[] truth, int d, double scale) {
    if (latent.length != truth.length || latent.length == 0) {
      throw new InputException(
          "truth: values of truth = values of the latent trajectory does not hold: %d, %d; pass the truth of the same frames"
              .formatted(truth.length, latent.length));
    }
    double[] latentMean = mean(latent, d);
    double[] truthMean = mean(truth, d);
    DMatrixRMaj cross = new DMatrixRMaj(d, d);
    double variance = 0;
    for (int n = 0; n < latent.length; n += d) {
      for (int i = 0; i < d; i++) {
        double z = latent[n + i] - latentMean[i];
        variance += z * z;
        for (int j = 0; j < d; j++) {
          cross.add(i, j, (truth[n + i] - truthMean[i]) * (latent[n + j] - latentMean[j]));
        }
      }
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(d, d, true, true, true);
    if (!svd.decompose(cross)) {
      throw new InputException(
          "truth: a cross-covariance with singular values does not hold; look for huge values");
    }
    DMatrixRMaj rotation = new DMatrixRMaj(d, d);
    CommonOps_DDRM.mult(svd.getU(null, false), svd.getV(null, true), rotation);
    double nuclear = 0;
    for (int i = 0; i < d; i++) {
      nuclear += svd.getSingularValues()[i];
    }
    double best = variance > 0 ? nuclear / variance : 0;
    return new Procrustes(
        rotation.getData(), latentMean, truthMean, Double.isNaN(scale) ? best : scale, d);
  }

  /**
   * The one-lag diffusion length of a truth, sqrt(mean squared increment / 2), over frames and
   * dimensions: the truth's units in one of a DynAE's latent.
   *
   * @param lengths frames of each trajectory
   * @throws InputException for a truth that never moves
   */
  public static double diffusionLength(float[] truth, int d, int[] lengths, int lag) {
    return Isometry.sigma(i -> truth[i], d, lengths, lag);
  }

  /** a. */
  public double scale() {
    return scale;
  }

  /** Latents [N][d] in the truth's frame and unit. */
  public float[] apply(float[] latent) {
    float[] out = new float[latent.length];
    for (int n = 0; n < latent.length; n += d) {
      for (int i = 0; i < d; i++) {
        double sum = 0;
        for (int j = 0; j < d; j++) {
          sum += rotation[i * d + j] * (latent[n + j] - latentMean[j]);
        }
        out[n + i] = (float) (truthMean[i] + scale * sum);
      }
    }
    return out;
  }

  private static double[] mean(float[] values, int d) {
    double[] mean = new double[d];
    for (int n = 0; n < values.length; n++) {
      mean[n % d] += values[n];
    }
    for (int i = 0; i < d; i++) {
      mean[i] /= values.length / d;
    }
    return mean;
  }
}
