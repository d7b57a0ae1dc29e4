// SPDX-License-Identifier: MIT
package io.dynae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.Table;
import io.dynae.testing.ArrayCheck;
import io.dynae.testing.Backends;
import io.dynae.testing.Golden;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A few steps of every model from given weights, noise, samples and directions against
 * double-precision references; the convolutional ones have two steps, and no weights at the end.
 * They hold the slope of DynAE's log-diffusion constant in the prior's gradient; GradientTest
 * covers the rest.
 */
class GoldenStepTest {
  private static final float NU = 0.0065f;

  static Stream<Arguments> cases() {
    List<String> names =
        List.of(
            "dynae_mlp_threewell",
            "dynae_mlp_learned_diffusion",
            "dynae_mlp_d3_in30",
            "dynae_mlp_target",
            "dynae_conv_1x64",
            "dynae_conv_3x64",
            "vae_mlp",
            "swae_mlp",
            "sdevae_mlp");
    return Arrays.stream(Backends.values())
        .flatMap(backend -> names.stream().map(name -> Arguments.of(backend, name)));
  }

  private static ModelKind kind(String name) {
    return switch (name) {
      case "vae_mlp" -> ModelKind.BETA_VAE;
      case "swae_mlp" -> ModelKind.SWAE;
      case "sdevae_mlp" -> ModelKind.SDE_VAE;
      default -> ModelKind.DYNAE;
    };
  }

  private static ModelShape shape(Golden golden, ModelKind kind) {
    int[] input = golden.shape("input0");
    ImageShape image = input.length == 4 ? ImageShape.of(input, "input0") : null;
    int inputs = image == null ? input[1] : image.features();
    int outputs = golden.has("target0") ? golden.shape("target0")[1] : inputs;
    int[] latents = golden.shape("param/model_decoder/decoder_input_layer/0/weight");
    boolean learned = kind == ModelKind.DYNAE && golden.scalar("constant_diffusion") == 0;
    return new ModelShape(
        kind,
        inputs,
        outputs,
        latents[1],
        latents[0],
        latents[0],
        3,
        Activation.RELU,
        32,
        2,
        learned,
        false,
        image);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void lossesGradientsAndWeightsAgree(Backends backend, String name) {
    Golden golden = new Golden(name);
    ModelShape shape = shape(golden, kind(name));
    int batch = golden.shape("input0")[0];
    int projections = golden.has("projections") ? golden.shape("projections")[1] : 1;
    try (Backend opened = backend.open()) {
      Model model =
          Model.of(
              shape,
              batch,
              projections,
              golden.has("target0"),
              Model.Draws.GIVEN,
              opened.shape(),
              opened.rowsPerBlock(batch));
      try (Executor executor = opened.executor(model.plan(), 1)) {
        executor.write(0, model.parameters(), golden.parameters("param", model.networks()));
        fillTables(opened, executor, golden);
        int rows = shape.kind().frames() * batch;
        executor.index(IntStream.range(0, rows).toArray(), rows);
        int steps = golden.shape("history")[0];
        for (int step = 0; step < steps; step++) {
          step(executor, model, golden, step);
        }
        if (shape.image() == null) {
          float[] expected = golden.parameters("final", model.networks());
          ArrayCheck.close("weights", executor.read(0, model.parameters()), expected, 1e-5, 2e-5);
        }
      }
    }
  }

  private static void step(Executor executor, Model model, Golden golden, int step) {
    String drawn = model.shape().kind() == ModelKind.SWAE ? "prior_samples" : "eps";
    executor.write(0, model.noise(), ofStep(golden, drawn, step));
    if (model.theta() != null) {
      writeDirections(executor, model, ofStep(golden, "projections", step));
    }
    float rate = (float) golden.scalar("lr");
    executor.launch(
        new Control.Words()
            .set(Control.STEPS, 1)
            .set(Control.ADAM_REPRESENTATION, step)
            .set(Control.ADAM_PRIOR, step)
            .set(Control.NU, NU)
            .set(Control.BETA, (float) golden.scalar("beta"))
            .set(Control.RATE_REPRESENTATION, rate)
            .set(Control.RATE_PRIOR, rate));
    float[] losses = executor.read(0, model.losses());
    // A row of the history is the whole loss, then its parts; a prior's is DynAE's alone.
    double[] history = golden.values("history");
    int width = golden.shape("history")[1];
    for (int part = 1; part < width; part++) {
      check(losses[part - 1], history[width * step + part], step, part);
    }
    if (step == 0) {
      float[] expected = golden.parameters("grad", model.networks());
      ArrayCheck.close(
          "gradient",
          executor.read(0, model.gradients()),
          expected,
          1e-4,
          1e-5 * ArrayCheck.largest(expected));
    }
  }

  private static void fillTables(Backend backend, Executor executor, Golden golden) {
    table(backend, executor, Table.FRAMES, golden, "input");
    if (golden.has("target0")) {
      table(backend, executor, Table.TARGETS, golden, "target");
    }
  }

  private static void table(
      Backend backend, Executor executor, Table table, Golden golden, String name) {
    float[] first = golden.floats(name + "0");
    float[] second = golden.has(name + "1") ? golden.floats(name + "1") : new float[0];
    FrameTable values = backend.table(table.name(), first.length + (long) second.length);
    values.fill(0, first, first.length);
    if (second.length > 0) {
      values.fill(first.length, second, second.length);
    }
    executor.table(table, values);
  }

  private static float[] ofStep(Golden golden, String name, int step) {
    float[] all = golden.floats(name);
    int each = all.length / golden.shape(name)[0];
    return Arrays.copyOfRange(all, step * each, (step + 1) * each);
  }

  private static void writeDirections(Executor executor, Model model, float[] directions) {
    int d = model.shape().latent();
    int padded = model.theta().length() / d;
    float[] theta = new float[d * padded];
    for (int i = 0; i < directions.length; i++) {
      theta[i % d * padded + i / d] = directions[i];
    }
    executor.write(0, model.theta(), theta);
  }

  private static void check(float actual, double expected, int step, int part) {
    assertEquals(
        expected,
        actual,
        1e-5 * Math.max(1, Math.abs(expected)),
        "loss " + part + " of step " + step);
  }
}
