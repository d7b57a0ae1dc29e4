// SPDX-License-Identifier: MIT
package io.dynae.bench;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.model.DynAe;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.Gather;
import io.dynae.op.Layer;
import io.dynae.op.Losses;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Five steps of the three-well model from given weights, noise and directions, against a reference
 * in double precision by an independent implementation (see {@code tests/README.md}).
 */
final class GoldenStep {
  private static final String CASE = "/golden/dynae_mlp_threewell.npz";
  private static final double TOLERANCE = 2e-5;

  /** The reference's names of the first and last layers and of those between. */
  private static final Map<String, String> NETS =
      Map.of(
          "encoder", "model_encoder/encoder",
          "decoder", "model_decoder/decoder",
          "force", "model_prior/prior_force_net",
          "log_diffusion", "model_prior/prior_logdiff_net");

  private GoldenStep() {}

  static void check(Backend backend) {
    GoldenArrays golden = GoldenArrays.read(CASE);
    int batch = golden.shape("input0")[0];
    int d = golden.shape("eps")[2];
    int steps = golden.shape("eps")[0];
    int projections = golden.shape("projections")[1];
    ModelShape shape =
        new ModelShape(
            golden.shape("input0")[1], 2, d, 32, 32, 3, Activation.RELU, 32, 2, false, false, null);
    DynAe model =
        new DynAe(
            shape,
            batch,
            projections,
            false,
            DynAe.Draws.GIVEN,
            backend.shape(),
            backend.rowsPerBlock(batch));
    float[] first = golden.floats("input0");
    float[] second = golden.floats("input1");
    try (Executor executor = backend.executor(model.plan(), 1);
        FrameTable frames = backend.table("frames", first.length + (long) second.length)) {
      frames.fill(0, first, first.length);
      frames.fill(first.length, second, second.length);
      executor.table(Gather.Table.FRAMES, frames);
      executor.index(IntStream.range(0, 2 * batch).toArray(), 2 * batch);
      executor.write(0, model.parameters(), parameters(golden, "param", model));
      for (int step = 0; step < steps; step++) {
        draws(executor, model, golden, step);
        float rate = golden.floats("lr")[0];
        executor.launch(
            new Control.Words()
                .set(Control.STEPS, 1)
                .set(Control.ADAM_REPRESENTATION, step)
                .set(Control.ADAM_PRIOR, step)
                .set(Control.BETA, golden.floats("beta")[0])
                .set(Control.RATE_REPRESENTATION, rate)
                .set(Control.RATE_PRIOR, rate));
        compare(executor, model, golden, step);
      }
      Agreement.require(
          "weights",
          executor.read(0, model.parameters()),
          parameters(golden, "final", model),
          1e-5,
          TOLERANCE);
    }
  }

  private static void compare(Executor executor, DynAe model, GoldenArrays golden, int step) {
    float[] losses = Arrays.copyOf(executor.read(0, model.losses()), Losses.PRIOR + 1);
    // A row of the history is the whole loss, then the three.
    float[] expected = Arrays.copyOfRange(golden.floats("history"), 4 * step + 1, 4 * step + 4);
    Agreement.require("losses of step " + step, losses, expected, 1e-5, 1e-5);
    if (step == 0) {
      float[] gradients = parameters(golden, "grad", model);
      double limit = 1e-5 * Agreement.largest(gradients);
      Agreement.require("gradients", executor.read(0, model.gradients()), gradients, 1e-4, limit);
    }
  }

  private static void draws(Executor executor, DynAe model, GoldenArrays golden, int step) {
    int[] noise = golden.shape("eps");
    int n = noise[1] * noise[2];
    float[] eps = golden.floats("eps");
    executor.write(0, model.noise(), Arrays.copyOfRange(eps, step * n, (step + 1) * n));
    int projections = golden.shape("projections")[1];
    int d = noise[2];
    float[] directions = golden.floats("projections");
    int padded = model.theta().length() / d;
    float[] theta = new float[d * padded];
    for (int p = 0; p < projections; p++) {
      for (int i = 0; i < d; i++) {
        theta[i * padded + p] = directions[(step * projections + p) * d + i];
      }
    }
    executor.write(0, model.theta(), theta);
  }

  /** Parameters of one kind ("param", "grad", "final"); the reference keeps [out][in]. */
  private static float[] parameters(GoldenArrays golden, String kind, DynAe model) {
    float[] flat = new float[model.networks().size()];
    for (Layer layer : model.networks().layers()) {
      String name = kind + "/" + name(layer);
      float[] weight = golden.floats(name + "/weight");
      float[] bias = golden.floats(name + "/bias");
      for (int i = 0; i < weight.length; i++) {
        flat[layer.weightAt(i)] = weight[i];
      }
      System.arraycopy(bias, 0, flat, layer.bias(), bias.length);
    }
    return flat;
  }

  private static String name(Layer layer) {
    String[] parts = layer.name().split("\\.", -1);
    int number = Integer.parseInt(parts[1]);
    String net = NETS.get(parts[0]);
    if (net.startsWith("model_prior")) {
      return net + "/" + 2 * number;
    }
    return switch (number) {
      case 0 -> net + "_input_layer/0";
      case 3 -> net + "_output";
      default -> net + "/" + 2 * (number - 1);
    };
  }
}
