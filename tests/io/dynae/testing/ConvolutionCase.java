// SPDX-License-Identifier: MIT
package io.dynae.testing;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.java.JavaBackend;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.ConvLayer;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.op.convolution.ConvDown;
import io.dynae.op.convolution.ConvGradient;
import io.dynae.op.convolution.ConvUp;
import io.dynae.op.step.FoldShares;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Every pass of a convolution and of a transposed one over random maps, on a backend and in plain
 * Java.
 *
 * @param batch images in half a batch
 * @param small channels of the small map, of {@code height} x {@code width}
 * @param big channels of the big map
 * @param activation of the layers, and of those below
 */
public record ConvolutionCase(
    int batch, int small, int height, int width, int big, int kernel, Activation activation) {
  /** The maps of a backend, and the operations on them. */
  private static final class Passes {
    private final Layout layout;
    private final List<Operation> operations = new ArrayList<>();

    Passes(ConvolutionCase of, Backend backend) {
      layout = new Layout(of.batch, backend.rowsPerBlock(of.batch));
      ConvLayer down = of.layer("down", false, 3);
      ConvLayer up = of.layer("up", true, 5);
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
      int slices = ConvGradient.slices(2 * of.batch);
      Region shares = layout.flat("shares", (long) slices * down.size());
      Region sharesUp = layout.flat("shares_up", (long) slices * up.size());
      operations.add(ConvDown.forward("down_forward", parameters, down, bigMap, smalls[0]));
      operations.add(ConvUp.forward("up_forward", parameters, up, smallMap, bigs[0]));
      operations.add(
          ConvUp.backward(
              "down_backward", parameters, down, of.activation, smallMap, bigMap, bigs[1]));
      operations.add(
          ConvDown.backward(
              "up_backward", parameters, up, of.activation, bigMap, smallMap, smalls[1]));
      operations.add(new ConvGradient("down_gradient", shares, down, bigMap, smallMap));
      operations.add(new ConvGradient("up_gradient", sharesUp, up, smallMap, bigMap));
      operations.add(new FoldShares("down_fold", shares, gradients, down));
      operations.add(new FoldShares("up_fold", sharesUp, gradientsUp, up));
    }

    Executor executor(Backend backend) {
      return backend.executor(new StepPlan("convolutions", layout, null, operations), 1);
    }
  }

  private ConvLayer layer(String name, boolean transposed, int offset) {
    return new ConvLayer(name, transposed, small, height, width, big, kernel, activation, offset);
  }

  /** Fails unless {@code other} computes what plain Java does. */
  public void check(Backend other) {
    try (Backend java = new JavaBackend(1)) {
      Passes here = new Passes(this, java);
      Passes there = new Passes(this, other);
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
