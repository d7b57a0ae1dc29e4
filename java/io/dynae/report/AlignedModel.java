// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.Isometry;
import io.dynae.analysis.Procrustes;

/**
 * A model's latents laid onto the truth.
 *
 * @param name of the model
 * @param aligned [N][2] in the truth's frame and unit
 * @param fvu fraction of variance unexplained, 0 to 1 and above
 * @param bestScale whether the scale was fitted too
 */
public record AlignedModel(String name, float[] aligned, double fvu, boolean bestScale) {
  /**
   * Aligns.
   *
   * @param latent [N][2]
   * @param truth [N][2]
   * @param lengths frames of each trajectory
   * @param bestScale fit the scale, for models whose latent has none of its own; else the latent is
   *     in one-lag diffusion lengths
   */
  public static AlignedModel of(
      String name, float[] latent, float[] truth, int[] lengths, int lag, boolean bestScale) {
    Isometry isometry = Isometry.of(latent, 2, truth, 2, lengths, lag);
    Procrustes fit =
        bestScale
            ? Procrustes.atBestScale(latent, truth, 2)
            : Procrustes.of(latent, truth, 2, Procrustes.diffusionLength(truth, 2, lengths, lag));
    return new AlignedModel(
        name, fit.apply(latent), bestScale ? isometry.fvuAtScale() : isometry.fvu(), bestScale);
  }
}
