// SPDX-License-Identifier: MIT
package io.dynae.testing;

import io.dynae.model.Networks;
import io.dynae.op.Activation;
import io.dynae.op.ConvLayer;
import io.dynae.op.Layer;
import java.util.Arrays;
import java.util.List;

/**
 * The losses of a DynAE step in double precision, straight from their equations: the independent
 * truth of gradient checks. The slope of the log-diffusion comes from tangents run through the net.
 */
public final class DoubleDynAe {
  private final Networks networks;
  private final float[] frames;
  private final float[] targets;
  private final float[] noise;
  private final float[] theta;
  private final int batch;
  private final int projections;
  private final double beta;
  private final int inputs;
  private final int outputs;
  private final int d;

  /**
   * @param frames [2 B][D], targets [2 B][D_out], noise [B][d], theta [d][padded]
   */
  public DoubleDynAe(
      Networks networks,
      float[] frames,
      float[] targets,
      float[] noise,
      float[] theta,
      int batch,
      int projections,
      double beta) {
    this.networks = networks;
    this.frames = frames;
    this.targets = targets;
    this.noise = noise;
    this.theta = theta;
    this.batch = batch;
    this.projections = projections;
    this.beta = beta;
    inputs = frames.length / (2 * batch);
    outputs = targets.length / (2 * batch);
    d = noise.length / batch;
  }

  /** The same values in double. */
  public static double[] doubles(float[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return out;
  }

  /** Output of a net, and its derivative along {@code tangent} where that is not null. */
  static double[][] net(List<? extends Layer> layers, double[] p, double[] x, double[] tangent) {
    double[] h = x;
    double[] t = tangent;
    for (Layer layer : layers) {
      boolean convolutional = layer instanceof ConvLayer;
      double[] next = convolutional ? convolve((ConvLayer) layer, p, h) : affine(layer, p, h, true);
      double[] slope = t == null ? null : affine(layer, p, t, false);
      boolean tanh = layer.activation() == Activation.TANH;
      for (int j = 0; j < next.length; j++) {
        double v = next[j];
        next[j] = tanh ? Math.tanh(v) : layer.activation() == Activation.RELU ? Math.max(0, v) : v;
        if (slope != null) {
          slope[j] = tanh ? (1 - next[j] * next[j]) * slope[j] : slope[j];
        }
      }
      h = next;
      t = slope;
    }
    return new double[][] {h, t};
  }

  private static double[] affine(Layer layer, double[] p, double[] x, boolean bias) {
    double[] y = new double[layer.outputs()];
    for (int j = 0; j < y.length; j++) {
      y[j] = bias ? p[layer.bias() + j] : 0;
      for (int k = 0; k < x.length; k++) {
        y[j] += p[layer.weightAt(j * x.length + k)] * x[k];
      }
    }
    return y;
  }

  /** A convolution or transposed one by its definition. */
  private static double[] convolve(ConvLayer layer, double[] p, double[] in) {
    double[] out = new double[layer.outputs()];
    for (int j = 0; j < out.length; j++) {
      out[j] = p[layer.bias() + j / (out.length / layer.biases())];
    }
    PlainConvolution plain =
        new PlainConvolution(
            layer.small(), layer.big(), layer.height(), layer.width(), layer.kernel());
    plain.each(
        1,
        (s, b, w) -> {
          double weight = p[layer.weightAt(w)];
          if (layer.transposed()) {
            out[b] += weight * in[s];
          } else {
            out[s] += weight * in[b];
          }
        });
    return out;
  }

  private double[] frame(int row) {
    return doubles(Arrays.copyOfRange(frames, row * inputs, (row + 1) * inputs));
  }

  /** Latents of all rows, [2 B][d]. */
  public double[] latents(double[] p) {
    double[] z = new double[2 * batch * d];
    for (int row = 0; row < 2 * batch; row++) {
      System.arraycopy(net(networks.encoder(), p, frame(row), null)[0], 0, z, row * d, d);
    }
    return z;
  }

  private double[] latent(double[] z, int row) {
    return Arrays.copyOfRange(z, row * d, (row + 1) * d);
  }

  /** L_rec. */
  public double reconstruction(double[] p) {
    double[] z = latents(p);
    double sum = 0;
    for (int row = 0; row < 2 * batch; row++) {
      double[] y = net(networks.decoder(), p, latent(z, row), null)[0];
      for (int f = 0; f < outputs; f++) {
        double e = y[f] - targets[row * outputs + f];
        sum += e * e / batch;
      }
    }
    return sum;
  }

  /** Moves of the prior with unit diffusion, [B][d]; no gradient runs through them. */
  public double[] priorMoves(double[] p) {
    double[] z = latents(p);
    double[] moves = new double[batch * d];
    for (int row = 0; row < batch; row++) {
      double[] f = net(networks.force(), p, latent(z, row), null)[0];
      for (int i = 0; i < d; i++) {
        moves[row * d + i] = f[i] + Math.sqrt(2) * noise[row * d + i];
      }
    }
    return moves;
  }

  /** L_reg against given prior moves. */
  public double wasserstein(double[] p, double[] priorMoves) {
    double[] z = latents(p);
    int padded = theta.length / d;
    double sum = 0;
    for (int l = 0; l < projections; l++) {
      double[] a = new double[batch];
      double[] b = new double[batch];
      for (int row = 0; row < batch; row++) {
        for (int i = 0; i < d; i++) {
          double direction = theta[i * padded + l];
          a[row] += direction * (z[(batch + row) * d + i] - z[row * d + i]);
          b[row] += direction * priorMoves[row * d + i];
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

  /** L_rep = L_rec + beta L_reg. */
  public double total(double[] p, double[] priorMoves) {
    return reconstruction(p) + beta * wasserstein(p, priorMoves);
  }

  /** L_prior at given latents. */
  public double prior(double[] p, double[] z) {
    double sum = 0;
    for (int row = 0; row < batch; row++) {
      double[] z0 = latent(z, row);
      double[] f = net(networks.force(), p, z0, null)[0];
      for (int i = 0; i < d; i++) {
        double[] axis = new double[d];
        axis[i] = 1;
        double[][] m = net(networks.logDiffusion(), p, z0, axis);
        double diffusion = Math.exp(m[0][i]);
        double q = z[(batch + row) * d + i] - z0[i];
        double e = q - diffusion * (f[i] + m[1][i]);
        sum += 0.5 * (m[0][i] + e * e / (2 * diffusion)) / batch;
      }
    }
    return sum;
  }
}
