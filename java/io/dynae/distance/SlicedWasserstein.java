// SPDX-License-Identifier: MIT
package io.dynae.distance;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.op.Control;
import io.dynae.op.wasserstein.SetBatch;
import java.util.OptionalDouble;

/**
 * Sliced Wasserstein distances of K pairs of sets in one call: N samples in d dimensions each, on L
 * projections, with or without the gradient with respect to the first set of each pair.
 *
 * <p>The whole device shares the work. How it sorts depends on N alone, and sums have a fixed
 * order: a pair's result is the same to the bit whatever K is, and however many projections memory
 * allows at a time. A value that is not a number makes its pair's distance none.
 */
public final class SlicedWasserstein implements AutoCloseable {
  /**
   * What is computed, and how.
   *
   * @param fresh whether directions are drawn anew from the seed; else {@link #directions} sets
   *     them
   * @param gradient whether gradients are wanted; without, keys are sorted alone
   * @param sort a way to sort, or null for the fastest
   */
  public record Options(boolean fresh, boolean gradient, SetSort sort) {
    public Options(boolean fresh, boolean gradient) {
      this(fresh, gradient, null);
    }
  }

  private final SetSort sort;
  private final SlicedWassersteinPlan plan;
  private final SetBatch batch;
  private final Executor executor;
  private final float[] first;
  private final float[] second;
  private boolean changed = true;

  /**
   * Plans memory, allocates, compiles.
   *
   * @param sets K, from 1
   * @param samples N, from 1
   * @param dims d, from 1
   * @param projections L, from 1
   * @throws io.dynae.error.InputException when the backend's memory does not hold it
   */
  public SlicedWasserstein(
      Backend backend, int sets, int samples, int dims, int projections, Options options) {
    SetBatch sizes =
        new SetBatch(sets, samples, dims, projections, backend.rowsPerBlock(samples), 1, 1);
    sort = options.sort() == null ? SetSort.of(backend, samples) : options.sort();
    plan = new SlicedWassersteinPlan(backend, sizes, sort, options);
    batch = plan.batch;
    first = new float[plan.q.length()];
    second = new float[plan.q.length()];
    executor = backend.wideExecutor(plan.plan, 1);
  }

  /** The same with gradients. */
  public SlicedWasserstein(
      Backend backend, int sets, int samples, int dims, int projections, boolean fresh) {
    this(backend, sets, samples, dims, projections, new Options(fresh, true));
  }

  /** How it sorts. */
  public SetSort sort() {
    return sort;
  }

  /** Sets pair k: both [N][d]. */
  public void sets(int k, float[] q, float[] r) {
    pack(k, q, first);
    pack(k, r, second);
    changed = true;
  }

  private void pack(int k, float[] values, float[] to) {
    int expected = batch.samples() * batch.dims();
    if (values.length != expected) {
      throw new IllegalArgumentException(
          "a set holds N d = %d values, not %d".formatted(expected, values.length));
    }
    int base = k * batch.setFloats();
    for (int n = 0; n < batch.samples(); n++) {
      for (int i = 0; i < batch.dims(); i++) {
        to[base + batch.at(n) + i * batch.rowsPerBlock()] = values[n * batch.dims() + i];
      }
    }
  }

  /** Gives all pairs the same directions, [L][d], unit length. */
  public void directions(float[] unit) {
    float[] columns = new float[plan.theta.length()];
    for (int p = 0; p < batch.projections(); p++) {
      for (int i = 0; i < batch.dims(); i++) {
        columns[i * batch.padded() + p] = unit[p * batch.dims() + i];
      }
    }
    executor.write(0, plan.theta, columns);
  }

  /** Computes distances and gradients of all pairs; fresh directions are those of the seed. */
  public void run(long seed) {
    run(seed, 0, 1);
  }

  /**
   * Computes them several times in one launch, and keeps the last results.
   *
   * @param step counts evaluations: fresh directions follow from the seed and its number
   * @param times evaluations, each with fresh directions of its own
   */
  public void run(long seed, int step, int times) {
    executor.launch(words(seed, step, times));
  }

  /**
   * The same, and waits for it.
   *
   * @return microseconds that it took by the device's own clock, or empty where there is none
   */
  public OptionalDouble timedRun(long seed, int step, int times) {
    return executor.timedLaunch(words(seed, step, times));
  }

  /** Sets in place, and the words of a launch. */
  private Control.Words words(long seed, int step, int times) {
    if (changed) {
      executor.write(0, plan.q, first);
      executor.write(0, plan.r, second);
      changed = false;
    }
    return new Control.Words()
        .seed(seed)
        .set(Control.STEP, step)
        .set(Control.STEPS, Math.multiplyExact(times, batch.steps()));
  }

  /** Waits for what was launched. */
  public void finish() {
    executor.finish();
  }

  /** Squared distance of pair k: mean over projections and ranks. */
  public float squaredDistance(int k) {
    return executor.read(0, plan.distance)[k];
  }

  /**
   * Gradient of the squared distance with respect to the first set of pair k, [N][d].
   *
   * @throws IllegalStateException when none was asked for
   */
  public float[] gradient(int k) {
    if (plan.dq == null) {
      throw new IllegalStateException("distances alone: no gradient was asked for");
    }
    float[] packed = executor.read(0, plan.dq);
    float[] values = new float[batch.samples() * batch.dims()];
    int base = k * batch.setFloats();
    for (int n = 0; n < batch.samples(); n++) {
      for (int i = 0; i < batch.dims(); i++) {
        values[n * batch.dims() + i] = packed[base + batch.at(n) + i * batch.rowsPerBlock()];
      }
    }
    return values;
  }

  @Override
  public void close() {
    executor.close();
  }
}
