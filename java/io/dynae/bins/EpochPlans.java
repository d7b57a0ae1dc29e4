// SPDX-License-Identifier: MIT
package io.dynae.bins;

import io.dynae.compute.Backend;
import io.dynae.compute.TeamShape;
import io.dynae.model.Layers;
import io.dynae.model.ModelShape;
import io.dynae.model.Networks;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.op.bins.CountBins;
import io.dynae.op.bins.DrawBatches;
import io.dynae.op.bins.LargestValue;
import io.dynae.op.bins.NearestCenter;
import io.dynae.op.bins.RegularSpace;
import io.dynae.op.bins.ReportBins;
import io.dynae.op.bins.SortByBin;
import io.dynae.op.bins.StorePoints;
import io.dynae.op.bins.VisitFrames;
import java.util.ArrayList;
import java.util.List;

/**
 * What begins an epoch (Alg. 1, lines 1 to 6) as plans over one layout: encoding all training pairs
 * in the order in which clustering visits them, cutting the latents into bins, drawing batches from
 * the bins.
 */
public final class EpochPlans {
  /**
   * Rows that a step of the encoding has for all models together: enough for the cores of a CPU.
   */
  private static final int LEAST_ROWS = 8192;

  private final Layout layout;
  private final Region parameters;
  private final Region centers;
  private final Region count;
  private final Region pairs;
  private final Region points;
  private final Region labels;
  private final Region visited;
  private final StepPlan encode;
  private final StepPlan cut;
  private final StepPlan assign;
  private final StepPlan draw;

  /**
   * @param batch B, pairs of a training batch
   * @param models models side by side
   * @param mostPairs training pairs that a model may have
   * @param most bins that it may have
   * @param mostRows rows of frames that a step of the encoding may ask for
   */
  public EpochPlans(
      ModelShape shape,
      int batch,
      Backend backend,
      int models,
      int mostPairs,
      int most,
      int mostRows) {
    int capacity = capacity(mostPairs);
    int granules = capacity / RegularSpace.GRANULE;
    int dims = shape.latent();
    int chunk = Math.min(chunk(backend.shape(), models, capacity), mostRows);
    Networks networks = new Networks(shape);
    // Images have so many features in each layer that fewer rows are as much work.
    int rows = Layers.rows(networks.encoder(), chunk);
    layout = new Layout(rows, backend.rowsPerBlock(rows));
    parameters = layout.flat("parameters", networks.size());
    centers = layout.flat("centers", (long) most * dims);
    count = layout.ints("count", 1);
    pairs = layout.ints("pairs", capacity);
    points = layout.flat("points", (long) capacity * dims);
    labels = layout.ints("labels", capacity);
    visited = layout.ints("visited", capacity);
    Region members = layout.ints("members", capacity);
    Region largest = layout.ints("largest", granules);
    Region counts = layout.ints("counts", (long) granules * most);
    // Nobody runs it for models without bins, whose encoders give more than points.
    List<Operation> encoding = shape.kind().binned() ? encoding(networks, shape) : List.of();
    encode = new StepPlan("epoch_encode", layout, null, encoding);
    Operation cluster = new RegularSpace("regular_space", points, centers, count, dims);
    List<Operation> toBins =
        List.of(
            new LargestValue("largest_value", points, largest, dims),
            new NearestCenter("nearest_center", points, centers, count, labels, dims),
            new CountBins("count_bins", labels, count, counts, most),
            new ReportBins("report_bins", count, counts, largest, centers, dims));
    List<Operation> cutting = new ArrayList<>(List.of(cluster));
    cutting.addAll(toBins);
    cut = new StepPlan("epoch_cut", layout, null, cutting);
    assign = new StepPlan("epoch_assign", layout, null, toBins);
    draw =
        new StepPlan(
            "epoch_draw",
            layout,
            null,
            List.of(
                new SortByBin("sort_by_bin", labels, visited, counts, members, most),
                new DrawBatches("draw_batches", pairs, members, batch, shape.kind().frames())));
  }

  private List<Operation> encoding(Networks networks, ModelShape shape) {
    List<Operation> operations = new ArrayList<>();
    Region x = layout.halfRows("x", shape.inputs());
    operations.add(new VisitFrames("visit", layout, pairs, visited, x));
    Region z = Layers.chain(layout, operations, parameters, networks.encoder(), x);
    operations.add(new StorePoints("store_points", layout, z, points));
    return operations;
  }

  /** Four sizes an octave, since programs are compiled for each: whole granules for n points. */
  private static int capacity(int n) {
    int unit = Math.max(RegularSpace.GRANULE, Integer.highestOneBit(n) / 4);
    return Math.multiplyExact((n + unit - 1) / unit, unit);
  }

  /** Rows of a step: as many as the device works on at once, shared by the models. */
  private static int chunk(TeamShape shape, int models, int capacity) {
    int rows = shape.phaseGroups() * shape.groupSize() * shape.vectorWidth();
    int each = Integer.highestOneBit(Math.max(LEAST_ROWS, rows) / models);
    return Math.min(capacity, Math.max(RegularSpace.GRANULE, each));
  }

  /** Encoder weights and all others, as {@link Networks} lays them out. */
  public Region parameters() {
    return parameters;
  }

  /** Centres of the bins, [most][d]. */
  public Region centers() {
    return centers;
  }

  /** Number of centres, one int. */
  public Region count() {
    return count;
  }

  /** First frames of the training pairs. */
  public Region pairs() {
    return pairs;
  }

  /** Latents, [d][POINTS], in visiting order. */
  public Region points() {
    return points;
  }

  /** Bins of the points. */
  public Region labels() {
    return labels;
  }

  /** First frames of the pairs in visiting order. */
  public Region visited() {
    return visited;
  }

  /** Rows of a step of {@link #encode}. */
  public int chunk() {
    return layout.batch();
  }

  /** Frames to points, a chunk a step. */
  public StepPlan encode() {
    return encode;
  }

  /** Points to bins, one step. */
  public StepPlan cut() {
    return cut;
  }

  /** Points to bins whose centres are there already, one step. */
  public StepPlan assign() {
    return assign;
  }

  /** Bins to batches, one step. */
  public StepPlan draw() {
    return draw;
  }
}
