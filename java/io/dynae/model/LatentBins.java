// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.error.InputException;
import io.dynae.op.Control;
import io.dynae.op.Gather;
import io.dynae.op.Layout;
import io.dynae.op.NearestCenter;
import io.dynae.op.Region;
import io.dynae.op.RegularSpace;
import io.dynae.op.StepPlan;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a latent space into bins on a backend: regular-space centres, nearest centre of each point.
 */
public final class LatentBins implements AutoCloseable {
  /**
   * Bins of a set of points.
   *
   * @param centers [bins][d]
   * @param labels bin of each point, in the points' own order
   */
  public record Bins(float[] centers, int[] labels, int count) {}

  private static final int CHUNK_FLOATS = 1 << 16;

  /** Factor between two distances that are tried for the one an error suggests. */
  private static final double WIDER = 1.25;

  private static final MathContext THREE_DIGITS = new MathContext(3);

  private final Executor executor;
  private final Region centers;
  private final Region count;
  private final int dims;
  private final int most;
  private final int capacity;
  private final FrameTable points;
  private final float[] chunk = new float[CHUNK_FLOATS];

  /**
   * Prepares for up to {@code capacity} points of {@code dims} dimensions and {@code most} centres.
   */
  public LatentBins(Backend backend, int dims, int capacity, int most) {
    this.dims = dims;
    this.most = most;
    this.capacity = padded(capacity);
    Layout layout = new Layout(1, backend.rowsPerBlock(1));
    centers = layout.flat("centers", (long) most * dims);
    count = layout.flat("count", 1);
    StepPlan plan =
        new StepPlan(
            "latent_bins",
            layout,
            null,
            List.of(
                new RegularSpace("regular_space", centers, count, dims),
                new NearestCenter("nearest_center", centers, count, dims)));
    executor = backend.wideExecutor(plan);
    points = backend.table("latent points", (long) this.capacity * dims);
    executor.table(Gather.Table.FRAMES, points);
    executor.index(new int[this.capacity], this.capacity);
  }

  private static int padded(int n) {
    return (n + RegularSpace.GRANULE - 1) / RegularSpace.GRANULE * RegularSpace.GRANULE;
  }

  /**
   * Clusters and assigns.
   *
   * @param z latents, [n][d]
   * @param order visiting order, a permutation of 0 .. n-1
   * @param minDistance d_min, in units of the one-lag diffusion length
   * @throws InputException when more than {@code most} centres are needed
   */
  public Bins cut(float[] z, int[] order, double minDistance) {
    int n = order.length;
    int width = padded(n);
    upload(z, order, width);
    int bins = launch(width, minDistance);
    if (bins > most) {
      throw tooMany(width, minDistance);
    }
    int[] inOrder = executor.readIndex(n);
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[order[i]] = inOrder[i];
    }
    float[] found = Arrays.copyOf(executor.read(0, centers), bins * dims);
    return new Bins(found, labels, bins);
  }

  /** Points in visiting order, [d][width], padded with copies of the first. */
  private void upload(float[] z, int[] order, int width) {
    for (int d = 0; d < dims; d++) {
      for (int first = 0; first < width; first += chunk.length) {
        int n = Math.min(chunk.length, width - first);
        for (int i = 0; i < n; i++) {
          int at = first + i < order.length ? first + i : 0;
          chunk[i] = z[order[at] * dims + d];
        }
        points.fill((long) d * width + first, chunk, n);
      }
    }
  }

  private int launch(int width, double minDistance) {
    executor.launch(
        new Control.Words()
            .set(Control.STEPS, 1)
            .set(Control.POINTS, width)
            .set(Control.MIN_DISTANCE_SQUARED, (float) (minDistance * minDistance)));
    return Float.floatToRawIntBits(executor.read(0, count)[0]);
  }

  /** Tries larger distances, so that the one suggested is known to do for these points. */
  private InputException tooMany(int width, double minDistance) {
    double wider = minDistance;
    int bins;
    do {
      wider = BigDecimal.valueOf(wider * WIDER).round(THREE_DIGITS).doubleValue();
      bins = launch(width, wider);
    } while (bins > most);
    return new InputException(
        ("min_dist: bins <= max_centers does not hold: more than %d bins at min_dist (d_min) %s;"
                + " use a larger min_dist: %s gives %d bins")
            .formatted(most, minDistance, wider, bins));
  }

  /** Points that fit. */
  public int capacity() {
    return capacity;
  }

  @Override
  public void close() {
    points.close();
    executor.close();
  }
}
