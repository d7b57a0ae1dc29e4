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

  /** M(z), the diagonal [d]; 1 where the model learns none. */
  public double[] diffusion(double... z) {
    double[] diffusion = new double[latent];
    if (networks.logDiffusion().isEmpty()) {
      Arrays.fill(diffusion, 1);
      return diffusion;
    }
    double[] log = output(networks.logDiffusion(), z);
    for (int i = 0; i < latent; i++) {
      diffusion[i] = Math.exp(log[i]);
    }
    return diffusion;
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
