// SPDX-License-Identifier: MIT
package io.dynae.check;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.model.Model;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.Layer;
import io.dynae.op.Table;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Five steps of a model from given weights, noise and directions, against a reference in double
 * precision by an independent implementation (see {@code tests/README.md}).
 *
 * @param kind which model
 */
record GoldenStep(ModelKind kind) {
  private static final double TOLERANCE = 2e-5;
  private static final float NU = 0.0065f;

  /** The reference's names of the first and last layers and of those between. */
  private static final Map<String, String> NETS =
      Map.of(
          "encoder", "model_encoder/encoder",
          "decoder", "model_decoder/decoder",
          "force", "model_prior/prior_force_net",
          "log_diffusion", "model_prior/prior_logdiff_net");

  private String resource() {
    return "/golden/%s.npz"
        .formatted(
            switch (kind) {
              case DYNAE -> "dynae_mlp_threewell";
              case BETA_VAE -> "vae_mlp";
              case SWAE -> "swae_mlp";
              case SDE_VAE -> "sdevae_mlp";
            });
  }

  void check(Backend backend) {
    GoldenArrays golden = GoldenArrays.read(resource());
    int batch = golden.shape("input0")[0];
    int rows = kind.frames() * batch;
    int steps = golden.shape("history")[0];
    int projections = golden.has("projections") ? golden.shape("projections")[1] : 1;
    int inputs = golden.shape("input0")[1];
    ModelShape shape =
        new ModelShape(
            kind, inputs, inputs, 2, 32, 32, 3, Activation.RELU, 32, 2, false, false, null);
    Model model =
        Model.of(
            shape,
            batch,
            projections,
            false,
            Model.Draws.GIVEN,
            backend.shape(),
            backend.rowsPerBlock(batch));
    float[] first = golden.floats("input0");
    float[] second = kind.frames() == 2 ? golden.floats("input1") : new float[0];
    try (Executor executor = backend.executor(model.plan(), 1);
        FrameTable frames = backend.table("frames", first.length + (long) second.length)) {
      frames.fill(0, first, first.length);
      if (second.length > 0) {
        frames.fill(first.length, second, second.length);
      }
      executor.table(Table.FRAMES, frames);
      executor.index(IntStream.range(0, rows).toArray(), rows);
      executor.write(0, model.parameters(), parameters(golden, "param", model));
      for (int step = 0; step < steps; step++) {
        draws(executor, model, golden, step);
        float rate = golden.floats("lr")[0];
        executor.launch(
            new Control.Words()
                .set(Control.STEPS, 1)
                .set(Control.ADAM_REPRESENTATION, step)
                .set(Control.ADAM_PRIOR, step)
                .set(Control.NU, NU)
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

  private static void compare(Executor executor, Model model, GoldenArrays golden, int step) {
    // A row of the history is the whole loss, then its parts.
    int width = golden.shape("history")[1];
    float[] losses = Arrays.copyOf(executor.read(0, model.losses()), width - 1);
    float[] expected =
        Arrays.copyOfRange(golden.floats("history"), width * step + 1, width * (step + 1));
    Agreement.require("losses of step " + step, losses, expected, 1e-5, 1e-5);
    if (step == 0) {
      float[] gradients = parameters(golden, "grad", model);
      double limit = 1e-5 * Agreement.largest(gradients);
      Agreement.require("gradients", executor.read(0, model.gradients()), gradients, 1e-4, limit);
    }
  }

  private static void draws(Executor executor, Model model, GoldenArrays golden, int step) {
    boolean swae = model.shape().kind() == ModelKind.SWAE;
    executor.write(0, model.noise(), ofStep(golden, swae ? "prior_samples" : "eps", step));
    if (model.theta() == null) {
      return;
    }
    int d = model.shape().latent();
    float[] directions = ofStep(golden, "projections", step);
    int padded = model.theta().length() / d;
    float[] theta = new float[d * padded];
    for (int i = 0; i < directions.length; i++) {
      theta[i % d * padded + i / d] = directions[i];
    }
    executor.write(0, model.theta(), theta);
  }

  private static float[] ofStep(GoldenArrays golden, String name, int step) {
    float[] all = golden.floats(name);
    int each = all.length / golden.shape(name)[0];
    return Arrays.copyOfRange(all, step * each, (step + 1) * each);
  }

  /** Parameters of one kind ("param", "grad", "final"); the reference keeps [out][in]. */
  private static float[] parameters(GoldenArrays golden, String kind, Model model) {
    float[] flat = new float[model.networks().size()];
    for (Layer layer : model.networks().layers()) {
      String name = kind + "/" + name(layer);
      if (!golden.has(name + "/weight")) {
        // SDE-VAE's force net is no part of a prior of its own.
        name = name.replace("model_prior/", "");
      }
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
