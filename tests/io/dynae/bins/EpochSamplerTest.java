// SPDX-License-Identifier: MIT
package io.dynae.bins;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.compute.Backend;
import io.dynae.model.ImageShape;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.testing.Backends;
import io.dynae.testing.EpochCase;
import java.util.Arrays;
import java.util.stream.IntStream;
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
    assertEquals(
        2_147_483_647 / 836_000, EpochSampler.mostModels(ModelKind.DYNAE, 256, 1000, 160_000));
    assertEquals(1, EpochSampler.mostModels(ModelKind.DYNAE, 256, 1000, Integer.MAX_VALUE / 2));
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
      new EpochCase(images, 16, -1, 1.2, 700).check(backend);
    }
  }

  @ParameterizedTest
  @EnumSource(Backends.class)
  void manyPairsOfOneModelAgree(Backends name) {
    try (Backend backend = name.open()) {
      new EpochCase(SHAPE, 256, -1, 0.8, 40_000).check(backend);
    }
  }

  /** Single frames are the first frames that pairs of the same seed would have, and go back in. */
  @ParameterizedTest
  @EnumSource(Backends.class)
  void singleFramesAreDrawnAsTheFirstOfPairs(Backends name) {
    int[] firsts = IntStream.range(0, 1000).map(i -> 3 * i).toArray();
    EpochSampler.Pairs[] models = {
      new EpochSampler.Pairs(firsts, 2, 5), new EpochSampler.Pairs(firsts, 1, 6)
    };
    ModelShape single = ModelShape.standard(ModelKind.BETA_VAE, 3, 2, 8);
    Draws all = Draws.unbinned(firsts.length, 33);
    try (Backend backend = name.open();
        EpochSampler frames = new EpochSampler(backend, single, 33, 1, Integer.MAX_VALUE, models);
        EpochSampler pairs = new EpochSampler(backend, SHAPE, 33, 4, Integer.MAX_VALUE, models)) {
      int[] epochs = {2, 3};
      assertArrayEquals(new EpochSampler.Bins[2], frames.cut(epochs, new double[2], null));
      frames.draw(epochs, new Draws[] {all, all});
      pairs.draw(epochs, new Draws[] {all, all});
      for (int model = 0; model < 2; model++) {
        int[] drawn = frames.firsts(model, all.batches());
        assertArrayEquals(pairs.firsts(model, all.batches()), drawn);
        assertEquals(30 * 33, Arrays.stream(drawn).distinct().count());
        int[] list = new int[drawn.length];
        frames.list().read(frames.offset(model), list, list.length);
        assertArrayEquals(drawn, list, "batches follow one another");
      }
      int[] kept = frames.firsts(1, all.batches());
      int[] untouched = frames.firsts(0, all.batches());
      frames.draw(new int[] {4, 4}, new Draws[] {null, all});
      frames.restore(1, kept);
      assertArrayEquals(kept, frames.firsts(1, all.batches()));
      assertArrayEquals(untouched, frames.firsts(0, all.batches()));
    }
  }
}
