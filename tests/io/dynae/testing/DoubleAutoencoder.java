// SPDX-License-Identifier: MIT
package io.dynae.testing;

import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.model.Networks;
import io.dynae.op.Layer;
import java.util.Arrays;
import java.util.List;

/**
 * The losses of beta-VAE, SWAE and SDE-VAE in double precision, straight from their equations
 * (method section 5): the independent truth of gradient checks.
 *
 * @param frames [rows][D], of pairs those at t and then those at t + lag
 * @param targets [rows][D_out]
 * @param noise of a variational encoder, or samples of SWAE's prior, [rows][d]
 * @param theta [d][padded], empty without a sliced Wasserstein distance
 */
public record DoubleAutoencoder(
    ModelShape shape,
    Networks networks,
    float[] frames,
    float[] targets,
    float[] noise,
    float[] theta,
    int batch,
    int projections,
    double nu) {
  /** Squared errors of all rows over the batch. */
  public double reconstruction(double[] p) {
    double sum = 0;
    int d = shape.latent();
    for (int row = 0; row < shape.kind().frames() * batch; row++) {
      double[] code = code(p, row);
      double[] z = Arrays.copyOf(code, d);
      for (int i = 0; shape.kind().variational() && i < d; i++) {
        z[i] += Math.exp(code[d + i] / 2) * noise[row * d + i];
      }
      double[] y = net(networks.decoder(), p, z);
      for (int f = 0; f < y.length; f++) {
        double e = y[f] - targets[row * y.length + f];
        sum += e * e / batch;
      }
    }
    return sum;
  }

  /** What beta weighs. */
  public double regularization(double[] p) {
    if (shape.kind() == ModelKind.SWAE) {
      return wasserstein(p);
    }
    double sum = 0;
    for (int row = 0; row < batch; row++) {
      sum += (shape.kind() == ModelKind.BETA_VAE ? gaussian(p, row) : langevin(p, row)) / batch;
    }
    return sum;
  }

  private double gaussian(double[] p, int row) {
    double[] code = code(p, row);
    int d = shape.latent();
    double sum = 0;
    for (int i = 0; i < d; i++) {
      sum += 1 + code[d + i] - code[i] * code[i] - Math.exp(code[d + i]);
    }
    return -sum / 2;
  }

  private double langevin(double[] p, int row) {
    int d = shape.latent();
    double[] first = code(p, row);
    double[] second = code(p, batch + row);
    double[] f = net(networks.force(), p, Arrays.copyOf(first, d));
    double logVariance = -Math.log(nu);
    double sum = 0;
    for (int i = 0; i < d; i++) {
      double variance = Math.exp(first[d + i]);
      double e = second[i] - first[i] - f[i];
      sum += 1 + first[d + i] + 1 + second[d + i] - logVariance;
      sum -= (first[i] * first[i] + variance) / Math.exp(logVariance);
      sum -= variance + Math.exp(second[d + i]) + e * e;
    }
    return -sum / 2;
  }

  private double wasserstein(double[] p) {
    int d = shape.latent();
    int padded = theta.length / d;
    double[][] z = new double[batch][];
    for (int row = 0; row < batch; row++) {
      z[row] = code(p, row);
    }
    double sum = 0;
    for (int l = 0; l < projections; l++) {
      double[] a = new double[batch];
      double[] b = new double[batch];
      for (int row = 0; row < batch; row++) {
        for (int i = 0; i < d; i++) {
          a[row] += theta[i * padded + l] * z[row][i];
          b[row] += (double) theta[i * padded + l] * noise[row * d + i];
        }
      }
      Arrays.sort(a);
      Arrays.sort(b);
      for (int n = 0; n < batch; n++) {
        sum += (a[n] - b[n]) * (a[n] - b[n]);
      }
    }
    return sum / (projections * (double) batch);
  }

  private double[] code(double[] p, int row) {
    int inputs = shape.inputs();
    float[] x = Arrays.copyOfRange(frames, row * inputs, (row + 1) * inputs);
    return net(networks.encoder(), p, DoubleDynAe.doubles(x));
  }

  private static double[] net(List<? extends Layer> layers, double[] p, double[] x) {
    return DoubleDynAe.net(layers, p, x, null)[0];
  }
}
