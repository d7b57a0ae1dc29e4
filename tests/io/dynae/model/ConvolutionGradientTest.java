// SPDX-License-Identifier: MIT
package io.dynae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.op.Control;
import io.dynae.op.Layer;
import io.dynae.op.Losses;
import io.dynae.op.Table;
import io.dynae.testing.Backends;
import io.dynae.testing.DoubleDynAe;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Gradients of weights and biases of every convolutional layer against central differences of the
 * losses in double precision, whose convolutions are those of the definition.
 */
class ConvolutionGradientTest {
  private static final int BATCH = 2;
  private static final int PROJECTIONS = 5;
  private static final int OF_EACH = 3;
  private static final double STEP = 1e-6;
  private static final ImageShape IMAGE = new ImageShape(2, 16, 32);
  private static final ModelShape SHAPE = ModelShape.images(IMAGE, 2, 32);
  private static final Networks NETWORKS = new Networks(SHAPE);

  private static final float[] PARAMETERS = NETWORKS.initial(9);
  private static final float[] FRAMES = normals(1, 2 * BATCH * IMAGE.features());
  private static final float[] NOISE = normals(2, BATCH * 2);

  /** Entries of the parameters, and the losses' slopes along them. */
  private static final List<Integer> ENTRIES = entries();

  private static double[] slopes;

  @ParameterizedTest
  @EnumSource(Backends.class)
  void gradientsAreThoseOfTheLosses(Backends name) {
    try (Backend backend = name.open()) {
      Model model =
          Model.of(
              SHAPE,
              BATCH,
              PROJECTIONS,
              false,
              Model.Draws.GIVEN,
              backend.shape(),
              backend.rowsPerBlock(BATCH));
      int padded = model.theta().length() / 2;
      float[] theta = directions(padded);
      try (Executor executor = backend.executor(model.plan(), 1);
          FrameTable table = backend.table("frames", FRAMES.length)) {
        table.fill(0, FRAMES, FRAMES.length);
        executor.table(Table.FRAMES, table);
        executor.index(IntStream.range(0, 2 * BATCH).toArray(), 2 * BATCH);
        executor.write(0, model.parameters(), PARAMETERS);
        executor.write(0, model.noise(), NOISE);
        executor.write(0, model.theta(), theta);
        executor.launch(new Control.Words().set(Control.STEPS, 1).set(Control.BETA, 3f));
        float[] gradients = executor.read(0, model.gradients());
        DoubleDynAe reference =
            new DoubleDynAe(NETWORKS, FRAMES, FRAMES, NOISE, theta, BATCH, PROJECTIONS, 3.0);
        double[] p = DoubleDynAe.doubles(PARAMETERS);
        double reconstruction = reference.reconstruction(p);
        assertEquals(
            reconstruction,
            executor.read(0, model.losses())[Losses.RECONSTRUCTION],
            1e-5 * reconstruction);
        if (slopes == null) {
          slopes = slopes(reference, p);
        }
        for (int i = 0; i < ENTRIES.size(); i++) {
          assertEquals(
              slopes[i],
              gradients[ENTRIES.get(i)],
              1e-4 * (0.1 + Math.abs(slopes[i])),
              "gradient of parameter " + ENTRIES.get(i));
        }
      }
    }
  }

  private static List<Integer> entries() {
    Random random = new Random(4);
    List<Integer> entries = new ArrayList<>();
    for (Layer layer : NETWORKS.layers()) {
      if (layer.offset() < NETWORKS.priorStart()) {
        random.ints(OF_EACH, layer.offset(), layer.bias()).forEach(entries::add);
        entries.add(layer.end() - 1);
      }
    }
    return entries;
  }

  private static double[] slopes(DoubleDynAe reference, double[] p) {
    double[] moves = reference.priorMoves(p);
    double largest = 0;
    double[] slopes = new double[ENTRIES.size()];
    for (int i = 0; i < slopes.length; i++) {
      int at = ENTRIES.get(i);
      double kept = p[at];
      p[at] = kept + STEP;
      double above = reference.total(p, moves);
      p[at] = kept - STEP;
      slopes[i] = (above - reference.total(p, moves)) / (2 * STEP);
      p[at] = kept;
      largest = Math.max(largest, Math.abs(slopes[i]));
    }
    assertTrue(largest > 0.1, "the losses depend on the parameters: " + largest);
    return slopes;
  }

  private static float[] normals(long seed, int n) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The first {@link #PROJECTIONS} directions are the same whatever the padding. */
  private static float[] directions(int padded) {
    float[] theta = new float[2 * padded];
    for (int p = 0; p < padded; p++) {
      theta[p] = (float) Math.cos(0.3 + 0.5 * p);
      theta[padded + p] = (float) Math.sin(0.3 + 0.5 * p);
    }
    return theta;
  }
}
