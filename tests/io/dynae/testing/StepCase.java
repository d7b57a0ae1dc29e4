// SPDX-License-Identifier: MIT
package io.dynae.testing;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.compute.java.JavaBackend;
import io.dynae.model.Model;
import io.dynae.model.ModelShape;
import io.dynae.op.Control;
import io.dynae.op.Losses;
import io.dynae.op.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Training steps from random weights on random frames, run on a backend and compared with plain
 * Java. Of several models the first runs all steps and each further one a step less.
 */
public record StepCase(
    ModelShape shape, int batch, int projections, boolean target, int models, int steps) {
  private static final int FRAMES = 100;
  private static final long SEED = 20240607;

  /** What a model's launch leaves. */
  private record Outcome(float[] losses, float[] gradients, float[] parameters, float[] average) {}

  /** Fails unless {@code backend} computes what plain Java does. */
  public void check(Backend backend) {
    Outcome[] actual = run(backend);
    try (Backend java = new JavaBackend(1)) {
      Outcome[] expected = run(java);
      for (int model = 0; model < models; model++) {
        String of = " of model " + model;
        Outcome a = actual[model];
        Outcome e = expected[model];
        ArrayCheck.close("losses" + of, a.losses(), e.losses(), 1e-5, 1e-6);
        double largest = ArrayCheck.largest(e.gradients());
        ArrayCheck.close("gradients" + of, a.gradients(), e.gradients(), 1e-4, 1e-5 * largest);
        ArrayCheck.close("weights" + of, a.parameters(), e.parameters(), 1e-5, 2e-5);
        ArrayCheck.close("average" + of, a.average(), e.average(), 1e-5, 2e-5);
      }
    }
  }

  /** Losses, gradients, weights and averages of every model, in this order. */
  public List<float[]> results(Backend backend) {
    return Arrays.stream(run(backend))
        .flatMap(o -> Stream.of(o.losses(), o.gradients(), o.parameters(), o.average()))
        .toList();
  }

  private Outcome[] run(Backend backend) {
    Model model =
        Model.of(
            shape,
            batch,
            projections,
            target,
            Model.Draws.FRESH,
            backend.shape(),
            backend.rowsPerBlock(batch));
    Random random = new Random(SEED);
    try (Executor executor = backend.executor(model.plan(), models);
        FrameTable frames = table(backend, random, shape.inputs());
        FrameTable targets = table(backend, random, shape.outputs())) {
      executor.table(Table.FRAMES, frames);
      executor.table(Table.TARGETS, targets);
      int entries = shape.kind().frames() * batch * steps * models;
      executor.index(random.ints(entries, 0, FRAMES).toArray(), entries);
      Control.Words[] words = new Control.Words[models];
      for (int m = 0; m < models; m++) {
        executor.write(m, model.parameters(), weights(model, random));
        words[m] = words(m);
      }
      executor.launch(words);
      Outcome[] outcomes = new Outcome[models];
      for (int m = 0; m < models; m++) {
        outcomes[m] = outcome(executor, model, m);
      }
      return outcomes;
    }
  }

  private static FrameTable table(Backend backend, Random random, int features) {
    float[] values = normals(random, FRAMES * features, 1);
    FrameTable table = backend.table("table", values.length);
    table.fill(0, values, values.length);
    return table;
  }

  private static float[] normals(Random random, int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  /** What pads a range of parameters stays zero, as in training. */
  private static float[] weights(Model model, Random random) {
    float[] values = new float[model.parameters().length()];
    model
        .networks()
        .layers()
        .forEach(
            layer -> {
              double scale = 1 / Math.sqrt(layer.inputs());
              float[] drawn = normals(random, layer.size(), scale);
              System.arraycopy(drawn, 0, values, layer.offset(), drawn.length);
            });
    return values;
  }

  private Control.Words words(int m) {
    return new Control.Words()
        .seed(SEED + m)
        .set(Control.STEP, 7 * m)
        .set(Control.STEPS, steps - m)
        .set(Control.INDEX_OFFSET, shape.kind().frames() * batch * steps * m)
        .set(Control.ADAM_REPRESENTATION, 60)
        .set(Control.ADAM_PRIOR, 200)
        .set(Control.BETA, 0.7f)
        .set(Control.NU, 0.3f)
        .set(Control.AVERAGE_KEEP, 0.9f)
        .set(Control.RATE_REPRESENTATION, 1e-3f)
        .set(Control.RATE_PRIOR, 2e-3f);
  }

  private Outcome outcome(Executor executor, Model model, int m) {
    int written = Losses.WIDTH * steps;
    return new Outcome(
        Arrays.copyOf(executor.read(m, model.losses()), written),
        executor.read(m, model.gradients()),
        executor.read(m, model.parameters()),
        executor.read(m, model.average()));
  }
}
