// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.Isometry;
import io.dynae.analysis.PriorFields;

/**
 * What the figures of a run are drawn from.
 *
 * @param model the configuration's name of the model
 * @param latent latents [N][d]
 * @param d latent dimension
 * @param lengths frames of each trajectory, together N
 * @param lag frames of one lag
 * @param prior the model's fields, or null where it has none
 * @param observed frames [N][2] of two features, or null for other data
 * @param truth true coordinates [N][d], or null
 * @param isometry distance from that truth, or null
 */
public record RunData(
    String model,
    float[] latent,
    int d,
    int[] lengths,
    int lag,
    PriorFields prior,
    float[] observed,
    float[] truth,
    Isometry isometry) {

  /** Whether the prior fixes the latent's scale; else only shapes can be compared. */
  boolean hasScale() {
    return prior != null && prior.learnsDiffusion();
  }

  /** The model's name in papers. */
  String modelName() {
    return switch (model) {
      case "DynamicsAE" -> "DynAE";
      case "VAE" -> "β-VAE";
      case "SDEVAE" -> "SDE-VAE";
      default -> model;
    };
  }

  /** Label of latent {@code i}, with its unit. */
  String latentLabel(int i) {
    String subscript = i < 9 ? String.valueOf((char) ('\u2081' + i)) : "_" + (i + 1);
    return "z" + subscript + (hasScale() ? " (diffusion lengths)" : " (no unit)");
  }
}
