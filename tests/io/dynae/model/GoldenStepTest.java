// SPDX-License-Identifier: MIT
package io.dynae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.Gather;
import io.dynae.op.Losses;
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
 * Five steps from given weights, noise and directions against double-precision references; the
 * convolutional ones have two steps, and no weights at the end. They hold the slope of the
 * log-diffusion constant in the prior's gradient; GradientTest covers the rest.
 */
class GoldenStepTest {
  static Stream<Arguments> cases() {
    List<String> names =
        List.of(
            "dynae_mlp_threewell",
            "dynae_mlp_learned_diffusion",
            "dynae_mlp_d3_in30",
            "dynae_mlp_target",
            "dynae_conv_1x64",
            "dynae_conv_3x64");
    return Arrays.stream(Backends.values())
        .flatMap(backend -> names.stream().map(name -> Arguments.of(backend, name)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void lossesGradientsAndWeightsAgree(Backends backend, String name) {
    Golden golden = new Golden(name);
    int[] inputShape = golden.shape("input0");
    int batch = inputShape[0];
    int d = golden.shape("eps")[2];
    int projections = golden.shape("projections")[1];
    int steps = golden.shape("eps")[0];
    boolean target = golden.has("target0");
    boolean learned = golden.scalar("constant_diffusion") == 0;
    int inputs = features(inputShape);
    int outputs = target ? golden.shape("target0")[1] : inputs;
    ImageShape image = inputShape.length == 4 ? ImageShape.of(inputShape, name) : null;
    int width =
        golden
            .shape(
                image == null
                    ? "param/model_encoder/encoder_input_layer/0/bias"
                    : "param/model_decoder/decoder_input_layer/0/bias")[0];
    ModelShape shape =
        new ModelShape(
            inputs, outputs, d, width, width, 3, Activation.RELU, 32, 2, learned, false, image);
    try (Backend opened = backend.open()) {
      DynAe model =
          new DynAe(
              shape,
              batch,
              projections,
              target,
              DynAe.Draws.GIVEN,
              opened.shape(),
              opened.rowsPerBlock(batch));
      try (Executor executor = opened.executor(model.plan(), 1)) {
        executor.write(0, model.parameters(), golden.parameters("param", model.networks()));
        fillTables(opened, executor, golden, target);
        executor.index(IntStream.range(0, 2 * batch).toArray(), 2 * batch);
        for (int step = 0; step < steps; step++) {
          writeDraws(executor, model, golden, step, d, batch, projections);
          float beta = (float) golden.scalar("beta");
          float rate = (float) golden.scalar("lr");
          executor.launch(
              new Control.Words()
                  .set(Control.STEPS, 1)
                  .set(Control.ADAM_REPRESENTATION, step)
                  .set(Control.ADAM_PRIOR, step)
                  .set(Control.BETA, beta)
                  .set(Control.RATE_REPRESENTATION, rate)
                  .set(Control.RATE_PRIOR, rate));
          float[] losses = executor.read(0, model.losses());
          double[] history = golden.values("history");
          check("L_rec", losses[Losses.RECONSTRUCTION], history[4 * step + 1], step);
          check("L_reg", losses[Losses.REGULARIZATION], history[4 * step + 2], step);
          check("L_prior", losses[Losses.PRIOR], history[4 * step + 3], step);
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
        if (image == null) {
          float[] expected = golden.parameters("final", model.networks());
          ArrayCheck.close("weights", executor.read(0, model.parameters()), expected, 1e-5, 2e-5);
        }
      }
    }
  }

  private static int features(int[] shape) {
    return Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
  }

  private static void fillTables(
      Backend backend, Executor executor, Golden golden, boolean target) {
    table(backend, executor, Gather.Table.FRAMES, golden.floats("input0"), golden.floats("input1"));
    if (target) {
      table(
          backend,
          executor,
          Gather.Table.TARGETS,
          golden.floats("target0"),
          golden.floats("target1"));
    }
  }

  private static void table(
      Backend backend, Executor executor, Gather.Table table, float[] first, float[] second) {
    FrameTable values = backend.table(table.name(), first.length + (long) second.length);
    values.fill(0, first, first.length);
    values.fill(first.length, second, second.length);
    executor.table(table, values);
  }

  private static void writeDraws(
      Executor executor, DynAe model, Golden golden, int step, int d, int batch, int projections) {
    float[] eps = golden.floats("eps");
    executor.write(
        0, model.noise(), Arrays.copyOfRange(eps, step * batch * d, (step + 1) * batch * d));
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

  private static void check(String what, float actual, double expected, int step) {
    assertEquals(
        expected, actual, 1e-5 * Math.max(1, Math.abs(expected)), what + " of step " + step);
  }
}
