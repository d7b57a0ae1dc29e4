// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.compute.java.JavaBackend;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.ConvDown;
import io.dynae.op.ConvGradient;
import io.dynae.op.ConvLayer;
import io.dynae.op.ConvUp;
import io.dynae.op.FoldShares;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.testing.ArrayCheck;
import io.dynae.testing.Backends;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
      cases.add(Arguments.of(backend, 33, 3, 6, 5, 4, Activation.RELU));
      if (backend == Backends.OPENCL_PHASES || backend == Backends.CUDA_PHASES) {
        cases.add(Arguments.of(backend, 300, 8, 4, 8, 4, Activation.LINEAR));
        continue;
      }
      cases.add(Arguments.of(backend, 1, 1, 1, 1, 4, Activation.RELU));
      cases.add(Arguments.of(backend, 31, 15, 2, 8, 4, Activation.TANH));
      cases.add(Arguments.of(backend, 32, 8, 24, 3, 4, Activation.RELU));
      cases.add(Arguments.of(backend, 33, 13, 4, 16, 1, Activation.RELU));
    }
    return cases.stream();
  }

  /** The maps of one case, and what each operation makes of them. */
  private static final class Passes {
    private final Layout layout;
    private final List<Operation> operations = new ArrayList<>();

    /**
     * @param batch images in half a batch
     * @param small channels of the small map, of {@code height} x {@code width}
     */
    Passes(
        Backend backend,
        int batch,
        int small,
        int height,
        int width,
        int big,
        int kernel,
        Activation activation) {
      layout = new Layout(batch, backend.rowsPerBlock(batch));
      ConvLayer down =
          new ConvLayer("down", false, small, height, width, big, kernel, activation, 3);
      ConvLayer up = new ConvLayer("up", true, small, height, width, big, kernel, activation, 5);
      Region parameters = layout.flat("parameters", Math.max(down.end(), up.end()));
      Region gradients = layout.flat("gradients", parameters.length());
      Region gradientsUp = layout.flat("gradients_up", parameters.length());
      Region bigMap = layout.rows("big", down.bigFeatures());
      Region smallMap = layout.rows("small", down.smallFeatures());
      Region[] bigs = new Region[2];
      Region[] smalls = new Region[2];
      for (int i = 0; i < 2; i++) {
        bigs[i] = layout.rows("big_" + i, down.bigFeatures());
        smalls[i] = layout.rows("small_" + i, down.smallFeatures());
      }
      int slices = ConvGradient.slices(2 * batch);
      Region shares = layout.flat("shares", (long) slices * down.size());
      Region sharesUp = layout.flat("shares_up", (long) slices * up.size());
      operations.add(ConvDown.forward("down_forward", parameters, down, bigMap, smalls[0]));
      operations.add(ConvUp.forward("up_forward", parameters, up, smallMap, bigs[0]));
      operations.add(
          ConvUp.backward(
              "down_backward", parameters, down, activation, smallMap, bigMap, bigs[1]));
      operations.add(
          ConvDown.backward(
              "up_backward", parameters, up, activation, bigMap, smallMap, smalls[1]));
      operations.add(new ConvGradient("down_gradient", shares, down, bigMap, smallMap));
      operations.add(new ConvGradient("up_gradient", sharesUp, up, smallMap, bigMap));
      operations.add(new FoldShares("down_fold", shares, gradients, down));
      operations.add(new FoldShares("up_fold", sharesUp, gradientsUp, up));
    }

    Executor executor(Backend backend) {
      return backend.executor(new StepPlan("convolutions", layout, null, operations), 1);
    }
  }

  @ParameterizedTest(name = "{0}: {1} images, small {2} x {3}, big {4}, kernel {5}, {6}")
  @MethodSource("cases")
  void everyPassAgreesWithItsJavaForm(
      Backends name, int batch, int small, int height, int big, int kernel, Activation activation) {
    int width = height == 6 ? 2 : height == 24 ? 16 : height;
    try (Backend java = new JavaBackend(1);
        Backend other = name.open()) {
      Passes here = new Passes(java, batch, small, height, width, big, kernel, activation);
      Passes there = new Passes(other, batch, small, height, width, big, kernel, activation);
      try (Executor a = here.executor(java);
          Executor b = there.executor(other)) {
        Random random = new Random(batch);
        for (Region region : here.layout.regions()) {
          float[] values = new float[a.read(0, region).length];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * 0.5f;
          }
          a.write(0, region, values);
          b.write(0, twin(there, region), values);
        }
        a.launch(new Control.Words().set(Control.STEPS, 1));
        b.launch(new Control.Words().set(Control.STEPS, 1));
        for (Region region : here.layout.regions()) {
          // How a gradient is cut into shares is a backend's own business.
          if (!region.name().startsWith("shares")) {
            float[] expected = a.read(0, region);
            float[] actual = b.read(0, twin(there, region));
            double scale = Math.max(1, ArrayCheck.largest(expected));
            ArrayCheck.close(region.name(), actual, expected, ArrayCheck.rtol(4096), 2e-6 * scale);
          }
        }
      }
    }
  }

  private static Region twin(Passes passes, Region region) {
    return passes.layout.regions().stream()
        .filter(r -> r.name().equals(region.name()))
        .findFirst()
        .orElseThrow();
  }
}
