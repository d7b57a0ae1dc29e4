// SPDX-License-Identifier: MIT
package io.dynae.model;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The first thing, in words, that tells the model of a checkpoint from the one asked for. */
final class ShapeDifference {
  private static final String DATA = "give data like the training data, or another --out";
  private static final String SETTINGS = "use the run's own configuration, or another --out";

  private final ModelShape saved;
  private final ModelShape wanted;
  private String found;

  private ShapeDifference(ModelShape saved, ModelShape wanted) {
    this.saved = saved;
    this.wanted = wanted;
  }

  /** A relation that does not hold with both values and what to do, empty for equal shapes. */
  static Optional<String> first(ModelShape saved, ModelShape wanted) {
    ShapeDifference difference = new ShapeDifference(saved, wanted);
    difference.compare("model", shape -> shape.kind().label(), SETTINGS);
    difference.compare("features of a frame", ModelShape::inputs, DATA);
    difference.compare("features of a target", ModelShape::outputs, DATA);
    difference.compare("images", ModelShape::image, DATA);
    difference.compare("d", ModelShape::latent, SETTINGS);
    difference.compare("neuron_num1", ModelShape::encoderWidth, SETTINGS);
    difference.compare("neuron_num2", ModelShape::decoderWidth, SETTINGS);
    difference.compare("hidden_layers", ModelShape::hiddenLayers, SETTINGS);
    difference.compare("activation", shape -> shape.activation().name(), SETTINGS);
    difference.compare("prior_neuron_num", ModelShape::priorWidth, SETTINGS);
    difference.compare("prior_layers", ModelShape::priorLayers, SETTINGS);
    difference.compare("learned_diffusion", ModelShape::learnedDiffusion, SETTINGS);
    difference.compare("second_order", ModelShape::secondOrder, SETTINGS);
    if (difference.found == null && !saved.equals(wanted)) {
      difference.found =
          "model = trained model does not hold: %s, %s; %s".formatted(wanted, saved, SETTINGS);
    }
    return Optional.ofNullable(difference.found);
  }

  private void compare(String what, Function<ModelShape, Object> of, String advice) {
    if (found == null && !Objects.equals(of.apply(saved), of.apply(wanted))) {
      found =
          "%s = that of the trained model does not hold: %s, %s; %s"
              .formatted(what, text(of.apply(wanted)), text(of.apply(saved)), advice);
    }
  }

  private static String text(Object value) {
    return value == null ? "none" : value.toString();
  }
}
