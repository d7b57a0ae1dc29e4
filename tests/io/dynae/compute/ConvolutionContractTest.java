// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.op.Activation;
import io.dynae.testing.Backends;
import io.dynae.testing.ConvolutionCase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every pass of a convolution and of a transposed one, on every backend, against plain Java, over
 * images around the 32 rows of a block, maps of several sizes, and channels that leave rests.
 */
class ConvolutionContractTest {
  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (Backends backend : Backends.others().toList()) {
      cases.add(Arguments.of(backend, new ConvolutionCase(33, 3, 6, 2, 5, 4, Activation.RELU)));
      if (backend == Backends.OPENCL_PHASES || backend == Backends.CUDA_PHASES) {
        cases.add(
            Arguments.of(backend, new ConvolutionCase(300, 8, 4, 4, 8, 4, Activation.LINEAR)));
        continue;
      }
      cases.add(Arguments.of(backend, new ConvolutionCase(1, 1, 1, 1, 1, 4, Activation.RELU)));
      cases.add(Arguments.of(backend, new ConvolutionCase(31, 15, 2, 2, 11, 4, Activation.TANH)));
      cases.add(Arguments.of(backend, new ConvolutionCase(32, 8, 32, 24, 3, 4, Activation.RELU)));
      cases.add(Arguments.of(backend, new ConvolutionCase(33, 13, 4, 4, 16, 1, Activation.RELU)));
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void everyPassAgreesWithItsJavaForm(Backends name, ConvolutionCase which) {
    try (Backend backend = name.open()) {
      which.check(backend);
    }
  }
}
