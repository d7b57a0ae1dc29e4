// SPDX-License-Identifier: MIT
package io.dynae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.Losses;
import io.dynae.op.Table;
import io.dynae.testing.Backends;
import io.dynae.testing.DoubleAutoencoder;
import io.dynae.testing.DoubleDynAe;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every gradient of a step against central differences of an independent statement of its losses in
 * double precision, the second-order terms of the prior among them.
 */
class GradientTest {
  private static final int BATCH = 37;
  private static final int PROJECTIONS = 11;
  private static final double STEP = 1e-6;

  @ParameterizedTest
  @EnumSource(Backends.class)
  void gradientsAreThoseOfTheLosses(Backends name) {
    ModelShape shape =
        new ModelShape(ModelKind.DYNAE, 3, 4, 2, 6, 5, 2, Activation.TANH, 7, 2, false, true, null);
    Random random = new Random(5);
    try (Backend backend = name.open()) {
      Model model =
          Model.of(
              shape,
              BATCH,
              PROJECTIONS,
              true,
              Model.Draws.GIVEN,
              backend.shape(),
              backend.rowsPerBlock(BATCH));
      float[] parameters = model.networks().initial(9);
      float[] frames = normals(random, 2 * BATCH * 3);
      float[] targets = normals(random, 2 * BATCH * 4);
      float[] noise = normals(random, BATCH * 2);
      float[] theta = directions(random, model.theta().length() / 2);
      try (Executor executor = backend.executor(model.plan(), 1)) {
        table(backend, executor, Table.FRAMES, frames);
        table(backend, executor, Table.TARGETS, targets);
        executor.index(IntStream.range(0, 2 * BATCH).toArray(), 2 * BATCH);
        executor.write(0, model.parameters(), parameters);
        executor.write(0, model.noise(), noise);
        executor.write(0, model.theta(), theta);
        executor.launch(new Control.Words().set(Control.STEPS, 1).set(Control.BETA, 3f));
        float[] losses = executor.read(0, model.losses());
        float[] gradients = executor.read(0, model.gradients());

        DoubleDynAe reference =
            new DoubleDynAe(
                model.networks(), frames, targets, noise, theta, BATCH, PROJECTIONS, 3.0);
        double[] p = DoubleDynAe.doubles(parameters);
        double[] moves = reference.priorMoves(p);
        assertEquals(
            reference.reconstruction(p), losses[Losses.RECONSTRUCTION], 2e-5, "reconstruction");
        assertEquals(
            reference.wasserstein(p, moves), losses[Losses.REGULARIZATION], 2e-5, "wasserstein");
        double[] latents = reference.latents(p);
        assertEquals(reference.prior(p, latents), losses[Losses.PRIOR], 2e-5, "prior");

        double scale = 0;
        double worst = 0;
        for (int i = 0; i < model.networks().size(); i++) {
          boolean ofPrior = i >= model.networks().priorStart();
          double kept = p[i];
          p[i] = kept + STEP;
          double above = ofPrior ? reference.prior(p, latents) : reference.total(p, moves);
          p[i] = kept - STEP;
          double below = ofPrior ? reference.prior(p, latents) : reference.total(p, moves);
          p[i] = kept;
          double slope = (above - below) / (2 * STEP);
          scale = Math.max(scale, Math.abs(slope));
          worst = Math.max(worst, Math.abs(slope - gradients[i]) / (1 + Math.abs(slope)));
        }
        assertTrue(scale > 0.1, "the losses depend on the parameters: " + scale);
        assertTrue(worst < 2e-5, "worst gradient error " + worst);
      }
    }
  }

  static Stream<Arguments> otherModels() {
    return Arrays.stream(Backends.values())
        .flatMap(
            backend ->
                Stream.of(ModelKind.BETA_VAE, ModelKind.SWAE, ModelKind.SDE_VAE)
                    .map(kind -> Arguments.of(backend, kind)));
  }

  @ParameterizedTest
  @MethodSource("otherModels")
  void gradientsOfOtherModelsAreThoseOfTheLosses(Backends name, ModelKind kind) {
    ModelShape shape =
        new ModelShape(kind, 3, 4, 2, 6, 5, 2, Activation.TANH, 7, 2, false, true, null);
    Random random = new Random(6);
    int rows = kind.frames() * BATCH;
    try (Backend backend = name.open()) {
      Model model =
          Model.of(
              shape,
              BATCH,
              PROJECTIONS,
              true,
              Model.Draws.GIVEN,
              backend.shape(),
              backend.rowsPerBlock(BATCH));
      float[] parameters = model.networks().initial(9);
      float[] frames = normals(random, rows * 3);
      float[] targets = normals(random, rows * 4);
      float[] noise = normals(random, rows * 2);
      float[] theta =
          model.theta() == null
              ? new float[0]
              : directions(random, model.theta().length() / shape.latent());
      try (Executor executor = backend.executor(model.plan(), 1)) {
        table(backend, executor, Table.FRAMES, frames);
        table(backend, executor, Table.TARGETS, targets);
        executor.index(IntStream.range(0, rows).toArray(), rows);
        executor.write(0, model.parameters(), parameters);
        executor.write(0, model.noise(), noise);
        if (model.theta() != null) {
          executor.write(0, model.theta(), theta);
        }
        float beta = 0.75f;
        float nu = 0.125f;
        executor.launch(
            new Control.Words().set(Control.STEPS, 1).set(Control.BETA, beta).set(Control.NU, nu));
        float[] losses = executor.read(0, model.losses());
        float[] gradients = executor.read(0, model.gradients());

        DoubleAutoencoder reference =
            new DoubleAutoencoder(
                shape, model.networks(), frames, targets, noise, theta, BATCH, PROJECTIONS, nu);
        double[] p = DoubleDynAe.doubles(parameters);
        assertEquals(reference.reconstruction(p), losses[Losses.RECONSTRUCTION], 2e-5);
        assertEquals(reference.regularization(p), losses[Losses.REGULARIZATION], 2e-5);
        assertEquals(0, losses[Losses.PRIOR]);
        double scale = 0;
        double worst = 0;
        for (int i = 0; i < model.networks().size(); i++) {
          double kept = p[i];
          p[i] = kept + STEP;
          double above = reference.reconstruction(p) + beta * reference.regularization(p);
          p[i] = kept - STEP;
          double below = reference.reconstruction(p) + beta * reference.regularization(p);
          p[i] = kept;
          double slope = (above - below) / (2 * STEP);
          scale = Math.max(scale, Math.abs(slope));
          worst = Math.max(worst, Math.abs(slope - gradients[i]) / (1 + Math.abs(slope)));
        }
        assertTrue(scale > 0.1, "the losses depend on the parameters: " + scale);
        assertTrue(worst < 2e-5, "worst gradient error " + worst);
      }
    }
  }

  private static void table(Backend backend, Executor executor, Table table, float[] values) {
    FrameTable filled = backend.table(table.name(), values.length);
    filled.fill(0, values, values.length);
    executor.table(table, filled);
  }

  private static float[] normals(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] directions(Random random, int padded) {
    float[] theta = new float[2 * padded];
    for (int p = 0; p < padded; p++) {
      double angle = 2 * Math.PI * random.nextDouble();
      theta[p] = (float) Math.cos(angle);
      theta[padded + p] = (float) Math.sin(angle);
    }
    return theta;
  }
}
