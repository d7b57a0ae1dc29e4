// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.op.Activation;

/**
 * Everything that fixes a DynAE's networks and the form of its step, and nothing of its training.
 *
 * @param inputs D, features of a frame
 * @param outputs features that the decoder predicts
 * @param latent d
 * @param encoderWidth h of the encoder's hidden layers
 * @param decoderWidth h of the decoder's hidden layers
 * @param hiddenLayers hidden layers of encoder and decoder
 * @param activation of those hidden layers
 * @param priorWidth p of the hidden tanh layers of force and log-diffusion nets
 * @param priorLayers hidden layers of those nets
 * @param learnedDiffusion whether prior moves are sampled with the learned diffusion (Eq. 4)
 * @param secondOrder whether the prior's gradient goes through dm_i/dz_i too; without, that slope
 *     is held constant, as the published code does
 * @param image shape of the frames where encoder and decoder are convolutional, else null
 */
public record ModelShape(
    int inputs,
    int outputs,
    int latent,
    int encoderWidth,
    int decoderWidth,
    int hiddenLayers,
    Activation activation,
    int priorWidth,
    int priorLayers,
    boolean learnedDiffusion,
    boolean secondOrder,
    ImageShape image) {
  /** The paper's nets for {@code inputs} features and {@code latent} dimensions. */
  public static ModelShape standard(int inputs, int latent, int width) {
    return new ModelShape(
        inputs, inputs, latent, width, width, 3, Activation.RELU, 32, 2, false, true, null);
  }

  /** The paper's convolutional nets for images and {@code latent} dimensions. */
  public static ModelShape images(ImageShape image, int latent, int width) {
    int n = image.features();
    return new ModelShape(
        n, n, latent, width, width, 3, Activation.RELU, 32, 2, false, true, image);
  }

  /** Channels of the images that the decoder predicts. */
  int outputChannels() {
    return outputs / (image.height() * image.width());
  }
}
