// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import io.dynae.model.Checkpoint;
import io.dynae.model.Networks;
import io.dynae.op.Activation;
import io.dynae.op.DenseLayer;
import java.util.Arrays;
import java.util.List;

/**
 * Force f(z) and diagonal diffusion M(z) = exp(m(z)) of a trained model's Langevin prior, in double
 * precision from the running average of its weights.
 *
 * <p>Units: latents in one lag's diffusion lengths, f in kT per length, M in squared lengths per
 * lag; over one lag the mean move is M f plus the slope of M, its variance 2 M.
 */
public final class PriorFields {
  /** For slopes by central differences, of nets that are smooth over one diffusion length. */
  private static final double SLOPE_STEP = 1e-4;

  private final Networks networks;
  private final float[] parameters;
  private final int latent;

  private PriorFields(Checkpoint model, Networks networks) {
    this.networks = networks;
    parameters = model.average;
    latent = model.shape.latent();
  }

  /** The fields of a model, or null of one that has no force net. */
  public static PriorFields of(Checkpoint model) {
    Networks networks = new Networks(model.shape);
    return networks.force().isEmpty() ? null : new PriorFields(model, networks);
  }

  /** d. */
  public int latent() {
    return latent;
  }

  /** f(z), [d]. */
  public double[] force(double... z) {
    return output(networks.force(), z);
  }

  /** Whether the model learns its diffusion too, so that its latent has the prior's scale. */
  public boolean learnsDiffusion() {
    return !networks.logDiffusion().isEmpty();
  }

  /** M(z), the diagonal [d]; 1/2, moves of variance 1, where the model learns none (SDE-VAE). */
  public double[] diffusion(double... z) {
    double[] diffusion = new double[latent];
    if (!learnsDiffusion()) {
      Arrays.fill(diffusion, 0.5);
      return diffusion;
    }
    double[] log = output(networks.logDiffusion(), z);
    for (int i = 0; i < latent; i++) {
      diffusion[i] = Math.exp(log[i]);
    }
    return diffusion;
  }

  /** Mean move of one lag, [d]: M f plus the slope of M, or f where the model learns no M. */
  public double[] drift(double... z) {
    double[] drift = force(z);
    if (!learnsDiffusion()) {
      return drift;
    }
    double[] diffusion = diffusion(z);
    double[] near = z.clone();
    for (int i = 0; i < latent; i++) {
      near[i] = z[i] + SLOPE_STEP;
      double above = diffusion(near)[i];
      near[i] = z[i] - SLOPE_STEP;
      double below = diffusion(near)[i];
      near[i] = z[i];
      drift[i] = diffusion[i] * drift[i] + (above - below) / (2 * SLOPE_STEP);
    }
    return drift;
  }

  private double[] output(List<DenseLayer> layers, double[] z) {
    double[] in = z;
    for (DenseLayer layer : layers) {
      double[] out = new double[layer.outputs()];
      int bias = layer.offset() + layer.inputs() * layer.outputs();
      for (int j = 0; j < out.length; j++) {
        double sum = parameters[bias + j];
        for (int k = 0; k < in.length; k++) {
          sum += parameters[layer.offset() + k * layer.outputs() + j] * in[k];
        }
        out[j] = layer.activation() == Activation.LINEAR ? sum : Math.tanh(sum);
      }
      in = out;
    }
    return in;
  }
}
