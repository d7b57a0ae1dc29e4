// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.config.KeyValues;
import io.dynae.error.InputException;

/**
 * What every checkpoint of a training fulfils. One that somebody made may have a good checksum and
 * still ask for more layers than a machine has time for, or encode everything as NaN.
 */
final class CheckpointCheck {
  private CheckpointCheck() {}

  /**
   * Bounds as configurations have them.
   *
   * @throws IllegalArgumentException which names the broken one
   */
  static void require(ModelShape shape) {
    KeyValues.require("d", shape.latent());
    KeyValues.require("neuron_num1", shape.encoderWidth());
    KeyValues.require("neuron_num2", shape.decoderWidth());
    KeyValues.require("hidden_layers", shape.hiddenLayers());
    KeyValues.require("prior_neuron_num", shape.priorWidth());
    KeyValues.require("prior_layers", shape.priorLayers());
    require(shape.inputs() > 0 && shape.outputs() > 0, "its frames have no features");
    if (shape.image() != null) {
      requireImages(shape, shape.image());
    }
    try {
      new Networks(shape);
    } catch (InputException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static void requireImages(ModelShape shape, ImageShape image) {
    int granule = ImageShape.GRANULE;
    long pixels = (long) image.height() * image.width();
    require(
        image.channels() > 0
            && image.height() > 0
            && image.width() > 0
            && image.height() % granule == 0
            && image.width() % granule == 0
            && shape.encoderWidth() % granule == 0
            && shape.inputs() % pixels == 0
            && shape.inputs() / pixels == image.channels()
            && shape.outputs() % pixels == 0,
        "its images of %s are not those of %d features".formatted(image, shape.inputs()));
  }

  /** Numbers that a training can have reached. */
  static void require(Checkpoint state) {
    requireFinite("weights", state.parameters);
    requireFinite("averaged weights", state.average);
    requireFinite("bin centres", state.binCenters);
    for (float moment : state.firstMoment) {
      require(!Float.isNaN(moment), "a first moment is NaN");
    }
    for (float moment : state.secondMoment) {
      require(moment >= 0, "a second moment is " + moment);
    }
    if (!state.standardizer.identity()) {
      requireFinite("input.mean", state.standardizer.roundedMean());
      requireFinite("input.mean_rest", state.standardizer.restOfMean());
      requireFinite("input.scale", state.standardizer.roundedScale());
    }
    int bins = state.binCounts.length;
    require(
        bins * (long) state.shape.latent() == state.binCenters.length,
        "%d bins have %d coordinates of centres".formatted(bins, state.binCenters.length));
    for (int count : state.binCounts) {
      require(count >= 0, "a bin has " + count + " pairs");
    }
    for (int first : state.batches) {
      require(first >= 0, "a batch has frame " + first);
    }
    int least = Math.min(Math.min(state.epoch, state.step), state.stepInEpoch);
    least = Math.min(least, Math.min(state.adamRepresentation, state.adamPrior));
    require(least >= 0, "a counter is " + least);
    require(
        state.stepInEpoch <= state.batches.length,
        "%d steps are done of %d numbers of frames"
            .formatted(state.stepInEpoch, state.batches.length));
    for (double sum : state.lossSums) {
      require(Double.isFinite(sum), "a sum of losses is " + sum);
    }
  }

  private static void requireFinite(String what, float[] values) {
    for (float value : values) {
      require(Float.isFinite(value), "one of its " + what + " is " + value);
    }
  }

  private static void require(boolean fulfilled, String otherwise) {
    if (!fulfilled) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
