// SPDX-License-Identifier: MIT
package io.dynae.check;

import io.dynae.bins.EpochPlans;
import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.IndexTable;
import io.dynae.model.ModelShape;
import io.dynae.op.Control;
import io.dynae.op.bins.RegularSpace;
import io.dynae.op.bins.ReportBins;

/** The plan that cuts latents into bins, on given points instead of a network's. */
public final class CutPoints implements AutoCloseable {
  /**
   * Bins.
   *
   * @param count one more than the most for too many
   * @param labels bin of each point, in the points' own order
   */
  public record Result(int count, float largest, int[] sizes, float[] centers, int[] labels) {}

  private final EpochPlans plans;
  private final Executor executor;
  private final IndexTable report;
  private final int dims;
  private final int most;

  /** Prepares for up to {@code capacity} points. */
  public CutPoints(Backend backend, int dims, int capacity, int most) {
    this.dims = dims;
    this.most = most;
    plans =
        new EpochPlans(
            ModelShape.standard(1, dims, 1), 1, backend, 1, capacity, most, Integer.MAX_VALUE);
    executor = backend.wideExecutor(plans.cut(), 1);
    report = backend.indexTable("bins", ReportBins.words(most, dims));
    executor.index(report);
  }

  /**
   * Clusters and assigns.
   *
   * @param z points [n][dims]
   * @param order in which they are visited
   */
  public Result cut(float[] z, int[] order, double minDistance) {
    int width = RegularSpace.padded(order.length);
    float[] points = new float[plans.points().length()];
    for (int d = 0; d < dims; d++) {
      for (int i = 0; i < width; i++) {
        points[d * width + i] = z[order[i < order.length ? i : 0] * dims + d];
      }
    }
    executor.write(0, plans.points(), points);
    executor.launch(
        new Control.Words()
            .set(Control.STEPS, 1)
            .set(Control.PAIRS, order.length)
            .set(Control.POINTS, width)
            .set(Control.MIN_DISTANCE_SQUARED, (float) (minDistance * minDistance)));
    int[] words = new int[ReportBins.words(most, dims)];
    report.read(0, words, words.length);
    int now = Math.min(most, words[0]);
    int[] sizes = new int[now];
    System.arraycopy(words, 2, sizes, 0, now);
    float[] centers = new float[now * dims];
    for (int i = 0; i < centers.length; i++) {
      centers[i] = Float.intBitsToFloat(words[2 + most + i]);
    }
    int[] inOrder = executor.readInts(0, plans.labels());
    int[] labels = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      labels[order[i]] = inOrder[i];
    }
    return new Result(words[0], Float.intBitsToFloat(words[1]), sizes, centers, labels);
  }

  @Override
  public void close() {
    executor.close();
    report.close();
  }
}
