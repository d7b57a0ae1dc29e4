// SPDX-License-Identifier: MIT
package io.dynae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.compute.Backend;
import io.dynae.testing.Backends;
import io.dynae.testing.EpochCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bins and batches of several models at once, on every backend: exactly those of the definition.
 */
class EpochSamplerTest {
  @Test
  void modelsTogetherAreAsManyAsIntsCanNumberTheirBatches() {
    // Each has 160,000 / 256 + 1000 batches of 256 pairs, and four words of draws a bin.
    assertEquals(2_147_483_647 / 836_000, EpochSampler.mostModels(256, 1000, 160_000));
    assertEquals(1, EpochSampler.mostModels(256, 1000, Integer.MAX_VALUE / 2));
  }

  private static final ModelShape SHAPE = ModelShape.standard(3, 2, 8);

  @ParameterizedTest
  @EnumSource(Backends.class)
  void severalModelsAgreeWithTheDefinition(Backends name) {
    try (Backend backend = name.open()) {
      new EpochCase(SHAPE, 33, -1, 1.8, 3000, 997, 1024).check(backend);
    }
  }

  @ParameterizedTest
  @EnumSource(Backends.class)
  void framesThatAreStagedGiveTheSame(Backends name) {
    try (Backend backend = name.open()) {
      new EpochCase(SHAPE, 16, 2048, 1.5, 3000, 5000).check(backend);
    }
  }

  /** Maps of images are so large that the encoding takes several chunks. */
  @ParameterizedTest
  @EnumSource(names = {"OPENCL", "CUDA"})
  void imagesAreEncodedInChunks(Backends name) {
    try (Backend backend = name.open()) {
      ModelShape images = ModelShape.images(new ImageShape(1, 64, 64), 2, 64);
      new EpochCase(images, 16, -1, 0.8, 1100).check(backend);
    }
  }

  @ParameterizedTest
  @EnumSource(Backends.class)
  void manyPairsOfOneModelAgree(Backends name) {
    try (Backend backend = name.open()) {
      new EpochCase(SHAPE, 256, -1, 0.8, 40_000).check(backend);
    }
  }
}
