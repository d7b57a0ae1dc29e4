// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.testing.Backends;
import io.dynae.testing.ConvolutionProductCase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The products of convolutions on every backend that is there, against their definition in double:
 * shapes whose kernels differ on CUDA, and there with tensor cores too.
 */
class ConvolutionProductsTest {
  static Stream<Backends> backends() {
    return Stream.of(Backends.JAVA, Backends.OPENCL_PHASES, Backends.CUDA_PHASES);
  }

  /** Few and many channels, some that fill no tile, maps that are no multiple of one. */
  private static Stream<ConvolutionProductCase> cases() {
    return Stream.of(
        new ConvolutionProductCase(33, 1, 5, 6, 70),
        new ConvolutionProductCase(32, 3, 8, 8, 32),
        new ConvolutionProductCase(36, 18, 3, 5, 33),
        new ConvolutionProductCase(64, 40, 4, 4, 20));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void productsAreThoseOfTheDefinition(Backends backends) {
    cases().forEach(sizes -> sizes.check(backends.open(), false));
  }

  @Test
  void tensorCoresSumTheSameProducts() {
    cases()
        .forEach(
            sizes -> {
              Backend backend = Backends.CUDA_PHASES.open();
              backend.tensorCores(TensorCores.AUTO);
              sizes.check(backend, true);
            });
  }
}
