// SPDX-License-Identifier: MIT
package io.dynae.model;

import java.util.Arrays;

/** The models (method sections 3 and 5), and how their training differs. */
public enum ModelKind {
  /**
   * Dynamics autoencoder: a Langevin prior of the latent moves, trained beside encoder, decoder.
   */
  DYNAE("DynamicsAE", 2, false),
  /** Variational autoencoder with a standard normal prior, weighted by beta. */
  BETA_VAE("VAE", 1, true),
  /** Sliced Wasserstein autoencoder: latents distributed uniformly on (-1, 1)^d. */
  SWAE("SWAE", 1, false),
  /** Variational autoencoder of pairs, whose prior of the second latent is a Langevin step. */
  SDE_VAE("SDEVAE", 2, true);

  private final String label;
  private final int frames;
  private final boolean variational;

  ModelKind(String label, int frames, boolean variational) {
    this.label = label;
    this.frames = frames;
    this.variational = variational;
  }

  /** The kind of a configuration's word. */
  public static ModelKind of(String label) {
    return Arrays.stream(values()).filter(k -> k.label.equals(label)).findFirst().orElseThrow();
  }

  /** The word of published configurations. */
  public String label() {
    return label;
  }

  /** Frames of a sample: 2 for pairs, 1 for single frames. */
  public int frames() {
    return frames;
  }

  /** Whether the encoder gives mean and log-variance, 2d features, instead of the latents. */
  public boolean variational() {
    return variational;
  }

  /**
   * Whether the prior has an optimiser and a loss of its own, the first epochs warm up, and batches
   * come from bins of the latent space after them.
   */
  public boolean binned() {
    return this == DYNAE;
  }
}
