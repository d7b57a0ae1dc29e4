// SPDX-License-Identifier: MIT
package io.dynae.random;

/** One independent stream of random numbers per use: word {@code c2} of the Philox counter. */
public enum Stream {
  /** Normals of the Langevin prior, one a row and latent dimension. */
  LANGEVIN_NOISE(1),
  /** Directions of the sliced Wasserstein distance. */
  DIRECTIONS(2),
  /** Initial weights and biases. */
  INITIAL_WEIGHTS(3),
  /** Shuffle before the split into training and test pairs. */
  SPLIT(4),
  /** Order in which regular-space clustering visits the frames. */
  CLUSTERING_ORDER(5),
  /** Draws of frames from the bins. */
  RESAMPLING(6),
  /** Order of the batches. */
  BATCH_ORDER(7),
  /** Noise of the simulators. */
  SIMULATION(8),
  /** Normals of variational encoders, one a row and latent dimension. */
  REPARAMETERIZATION(9),
  /** Samples of SWAE's prior. */
  PRIOR_SAMPLES(10),
  /** Photons of simulated pictures, one uniform a pixel and frame. */
  PHOTONS(20);

  private final int id;

  Stream(int id) {
    this.id = id;
  }

  /** Counter word {@code c2}; the kernels name the same numbers. */
  public int id() {
    return id;
  }
}
