// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.error.InputException;
import io.dynae.op.Activation;
import java.util.Arrays;

/**
 * Everything that fixes a model's networks and the form of its step, and nothing of its training.
 *
 * @param kind which model
 * @param inputs D, features of a frame
 * @param outputs features that the decoder predicts
 * @param latent d
 * @param encoderWidth h of the encoder's hidden layers
 * @param decoderWidth h of the decoder's hidden layers
 * @param hiddenLayers hidden layers of encoder and decoder
 * @param activation of those hidden layers
 * @param priorWidth p of the hidden tanh layers of force and log-diffusion nets, where the model
 *     has them
 * @param priorLayers hidden layers of those nets
 * @param learnedDiffusion whether prior moves are sampled with the learned diffusion (Eq. 4)
 * @param secondOrder whether the prior's gradient goes through dm_i/dz_i too; without, that slope
 *     is held constant, as the published code does
 * @param image shape of the frames where encoder and decoder are convolutional, else null
 */
public record ModelShape(
    ModelKind kind,
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
  /** DynAE with the paper's nets for {@code inputs} features and {@code latent} dimensions. */
  public static ModelShape standard(int inputs, int latent, int width) {
    return standard(ModelKind.DYNAE, inputs, latent, width);
  }

  /** The same for any model. */
  public static ModelShape standard(ModelKind kind, int inputs, int latent, int width) {
    return new ModelShape(
        kind, inputs, inputs, latent, width, width, 3, Activation.RELU, 32, 2, false, true, null);
  }

  /** The paper's convolutional nets for images and {@code latent} dimensions. */
  public static ModelShape images(ModelKind kind, ImageShape image, int latent, int width) {
    int n = image.features();
    return new ModelShape(
        kind, n, n, latent, width, width, 3, Activation.RELU, 32, 2, false, true, image);
  }

  /** DynAE on images. */
  public static ModelShape images(ImageShape image, int latent, int width) {
    return images(ModelKind.DYNAE, image, latent, width);
  }

  /**
   * Refuses frames that are not of the form the encoder was made for.
   *
   * @param frames lengths of all dimensions, frames first
   * @param source for messages
   * @throws InputException for other features, or for images of another shape
   */
  public void requireFrames(int[] frames, String source) {
    int features = Arrays.stream(frames).skip(1).reduce(1, Math::multiplyExact);
    if (features != inputs) {
      throw new InputException(
          "%s: features = inputs of the model does not hold: %d, %d; give data like the training data"
              .formatted(source, features, inputs));
    }
    if (image != null && !ImageShape.of(frames, source).equals(image)) {
      throw new InputException(
          "%s: images = those of the model does not hold: %s, %s; give images like the training data"
              .formatted(source, ImageShape.of(frames, source), image));
    }
  }

  /** Features that the encoder gives: the latents, or their means and then log-variances. */
  public int encoded() {
    return kind.variational() ? 2 * latent : latent;
  }

  /** Channels of the images that the decoder predicts. */
  int outputChannels() {
    return outputs / (image.height() * image.width());
  }
}
