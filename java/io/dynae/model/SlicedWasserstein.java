// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.op.Control;
import io.dynae.op.Directions;
import io.dynae.op.Layout;
import io.dynae.op.Losses;
import io.dynae.op.Operation;
import io.dynae.op.ProjectAndSort;
import io.dynae.op.Region;
import io.dynae.op.SortPlan;
import io.dynae.op.StepPlan;
import io.dynae.op.WassersteinGradient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sliced Wasserstein distances of K pairs of sets in one launch: N samples in d dimensions each, on
 * L projections, with the gradient with respect to the first set of each pair.
 *
 * <p>The same operations as in a training step, one team a pair.
 */
public final class SlicedWasserstein implements AutoCloseable {
  private final Executor executor;
  private final Region q;
  private final Region r;
  private final Region theta;
  private final Region gradient;
  private final Losses losses;
  private final int dims;
  private final int projections;

  /**
   * Prepares.
   *
   * @param sets K
   * @param samples N, from 1; 65,536 and more work, the sort then runs in device memory
   * @param dims d
   * @param projections L
   * @param fresh whether directions are drawn anew from the seed; else {@link #directions} sets them
   */
  public SlicedWasserstein(
      Backend backend, int sets, int samples, int dims, int projections, boolean fresh) {
    this.dims = dims;
    this.projections = projections;
    Layout layout = new Layout(samples, backend.rowsPerBlock(samples));
    SortPlan sort =
        SortPlan.of(
            samples, projections, backend.shape().vectorWidth(), backend.shape().localBytes());
    losses = new Losses(layout, backend.shape().lanes(), 1);
    q = layout.halfRows("q", dims);
    r = layout.halfRows("r", dims);
    gradient = layout.halfRows("d_q", dims);
    theta = layout.flat("theta", (long) dims * sort.padded());
    int rows = layout.halfBlocks() * layout.rowsPerBlock();
    Region gap = layout.flat("gap", (long) sort.padded() * rows);
    Region scratch = sort.local() ? null : layout.flat("sort", sort.scratchFloats());
    List<Operation> operations = new ArrayList<>();
    if (fresh) {
      operations.add(new Directions("directions", theta, dims));
    }
    operations.add(
        new ProjectAndSort("project_and_sort", layout, q, r, theta, gap, scratch, sort));
    operations.add(
        new WassersteinGradient(
            "wasserstein_gradient", layout, losses, gap, theta, gradient, sort));
    operations.add(losses.sum("losses"));
    executor =
        backend.executor(new StepPlan("sliced_wasserstein", layout, sort, operations), sets);
  }

  /** Sets pair k: both [N][d]. */
  public void sets(int k, float[] first, float[] second) {
    executor.write(k, q, first);
    executor.write(k, r, second);
  }

  /** Gives all pairs the same directions, [L][d], unit length. */
  public void directions(float[] unit) {
    int padded = theta.length() / dims;
    float[] columns = new float[theta.length()];
    for (int p = 0; p < projections; p++) {
      for (int i = 0; i < dims; i++) {
        columns[i * padded + p] = unit[p * dims + i];
      }
    }
    for (int k = 0; k < executor.models(); k++) {
      executor.write(k, theta, columns);
    }
  }

  /** Computes distances and gradients of all pairs; fresh directions are those of the seed. */
  public void run(long seed) {
    Control.Words[] words = new Control.Words[executor.models()];
    Arrays.setAll(
        words, k -> new Control.Words().seed(seed).set(Control.STEPS, 1).set(Control.BETA, 1f));
    executor.launch(words);
  }

  /** Squared distance of pair k: mean over projections and ranks. */
  public float squaredDistance(int k) {
    return executor.read(k, losses.totals())[Losses.REGULARIZATION];
  }

  /** Gradient of the squared distance with respect to the first set of pair k, [N][d]. */
  public float[] gradient(int k) {
    return executor.read(k, gradient);
  }

  @Override
  public void close() {
    executor.close();
  }
}
