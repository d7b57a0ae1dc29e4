// SPDX-License-Identifier: MIT
package io.dynae.config;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Which models, and which of their encoders, read the keys that not all do. */
final class ModelKeys {
  private static final String DYNAE = "DynamicsAE";
  private static final String SWAE = "SWAE";
  private static final String SDE_VAE = "SDEVAE";

  private static final Map<Key, Set<String>> READERS = new EnumMap<>(Key.class);

  static {
    READERS.put(Key.PROJECTION_NUM, Set.of(DYNAE, SWAE));
    READERS.put(Key.NU, Set.of(SDE_VAE));
    READERS.put(Key.PRIOR_NEURON_NUM, Set.of(DYNAE, SDE_VAE));
    READERS.put(Key.PRIOR_DYNAMICS, Set.of(DYNAE, SDE_VAE));
    READERS.put(Key.PRIOR_LAYERS, Set.of(DYNAE, SDE_VAE));
    for (Key key :
        new Key[] {
          Key.MIN_DIST,
          Key.BIAS_FACTOR,
          Key.MAX_CENTERS,
          Key.LEARNED_DIFFUSION,
          Key.SECOND_ORDER,
          Key.WARMUP_EPOCHS,
          Key.WARMUP_LEARNING_RATE,
          Key.WARMUP_BETA_FACTOR
        }) {
      READERS.put(key, Set.of(DYNAE));
    }
  }

  private ModelKeys() {}

  /**
   * Whether a model reads a key.
   *
   * @param convolutional whether its encoder and decoder are
   */
  static boolean reads(String model, boolean convolutional, Key key) {
    if (key == Key.HIDDEN_LAYERS) {
      return !convolutional;
    }
    return !READERS.containsKey(key) || READERS.get(key).contains(model);
  }
}
