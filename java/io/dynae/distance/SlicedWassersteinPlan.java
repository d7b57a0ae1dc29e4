// SPDX-License-Identifier: MIT
package io.dynae.distance;

import io.dynae.compute.Backend;
import io.dynae.error.InputException;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.SortPlan;
import io.dynae.op.StepPlan;
import io.dynae.op.wasserstein.Directions;
import io.dynae.op.wasserstein.RadixBuffers;
import io.dynae.op.wasserstein.RadixCount;
import io.dynae.op.wasserstein.RadixMatch;
import io.dynae.op.wasserstein.RadixScan;
import io.dynae.op.wasserstein.RadixScatter;
import io.dynae.op.wasserstein.SetBatch;
import io.dynae.op.wasserstein.SetDistances;
import io.dynae.op.wasserstein.SetGradient;
import io.dynae.op.wasserstein.SortColumns;
import io.dynae.op.wasserstein.SortInRegisters;
import io.dynae.op.wasserstein.SortSets;
import java.util.ArrayList;
import java.util.List;

/** The operations and buffers of sliced Wasserstein distances, for one way to sort. */
final class SlicedWassersteinPlan {
  /** Most floats of keys, rows and gaps at a time: 1 GB. */
  private static final long SCRATCH_FLOATS = 1L << 28;

  /** The same for the radix sort of a CPU: 8 MB, so that its passes find keys in the caches. */
  private static final long CACHED_FLOATS = 1L << 21;

  /** Keys of a tile where one work-item, or thread of Java, has it. */
  private static final int SERIAL_TILE = 16_384;

  /** Keys of a tile for each work-item that shares it. */
  private static final int KEYS_A_THREAD = 16;

  private final boolean gradient;
  private final SetSort way;
  private final Backend backend;
  private final Layout layout;
  private final SortPlan columns;
  private final int tile;
  private final List<Operation> operations = new ArrayList<>();

  final SetBatch batch;
  final Region q;
  final Region r;
  final Region theta;
  final Region dq;
  final Region distance;
  final StepPlan plan;

  /**
   * Plans all memory, then lays it out.
   *
   * @param batch its pairs of a step are chosen here
   * @throws InputException when the backend cannot hold it
   */
  SlicedWassersteinPlan(
      Backend backend, SetBatch sizes, SetSort way, SlicedWasserstein.Options options) {
    this.backend = backend;
    this.way = way;
    this.gradient = options.gradient();
    columns =
        way == SetSort.COLUMNS
            ? SortPlan.of(
                sizes.samples(),
                sizes.projections(),
                backend.shape().vectorWidth(),
                backend.shape().localBytes())
            : null;
    boolean shared = backend.shape().groupSize() > 1 && !backend.name().equals("opencl");
    tile = shared ? KEYS_A_THREAD * backend.shape().groupSize() : SERIAL_TILE;
    batch = fitting(sizes);
    layout = new Layout(batch.samples(), batch.rowsPerBlock());
    long sets = (long) batch.sets() * batch.setFloats();
    q = layout.flat("q", sets);
    r = layout.flat("r", sets);
    dq = gradient ? layout.flat("d_q", sets) : null;
    theta = layout.flat("theta", (long) batch.dims() * batch.padded());
    distance = layout.flat("distance", batch.sets());
    if (options.fresh()) {
      operations.add(new Directions("directions", theta, batch.dims(), batch.steps()));
    }
    Region partial = layout.flat("partial", (long) batch.allPairs() * parts());
    Region gap = way == SetSort.RADIX ? radix(partial) : sort(partial);
    if (gradient) {
      operations.add(new SetGradient("gradient", batch, gap, theta, dq));
    }
    operations.add(new SetDistances("distances", batch, partial, distance, parts()));
    plan = new StepPlan("sliced_wasserstein_" + batch.samples(), layout, columns, operations);
  }

  private int parts() {
    return way == SetSort.RADIX ? (batch.samples() + tile - 1) / tile : 1;
  }

  /** Floats of memory that a pair takes while its step runs. */
  private long floatsPerPair(SetBatch sizes) {
    return switch (way) {
      case REGISTERS -> gap(sizes);
      case RADIX -> RadixBuffers.floatsPerPair(sizes, tile, gradient);
      case COLUMNS -> gap(sizes) + (columns.local() ? 0 : 3L * columns.count());
    };
  }

  private long gap(SetBatch sizes) {
    return gradient ? sizes.rows() : 0;
  }

  private SetBatch fitting(SetBatch sizes) {
    long width = columns == null ? 1 : columns.columns();
    SetBatch whole =
        new SetBatch(
            sizes.sets(),
            sizes.samples(),
            sizes.dims(),
            sizes.projections(),
            sizes.rowsPerBlock(),
            (int) width,
            (int) width);
    long limit = Math.min(backend.tableBytes() / Float.BYTES, Integer.MAX_VALUE - (1L << 20));
    long lasting =
        (gradient ? 3L : 2L) * whole.sets() * whole.rows() * whole.dims()
            + (long) whole.dims() * whole.padded()
            + (long) whole.sets() * whole.padded() * (1 + whole.samples() / tile);
    long each = floatsPerPair(whole);
    if (lasting + width * each > limit) {
      throw new InputException(
          ("sliced Wasserstein: floats needed <= floats that %s holds in one piece does not hold: "
                  + "%d, %d; use fewer sets or samples")
              .formatted(backend.name(), lasting + width * each, limit));
    }
    boolean cached = way == SetSort.RADIX && backend.shape().groupSize() == 1;
    long most = Math.min(cached ? CACHED_FLOATS : SCRATCH_FLOATS, limit - lasting);
    return whole.withPairs(each == 0 ? whole.allPairs() : Math.max(width, most / each));
  }

  private Region sort(Region partial) {
    Region gap = gradient ? layout.flat("gap", (long) batch.pairs() * batch.rows()) : null;
    SortSets.Buffers buffers = new SortSets.Buffers(q, r, theta, partial, gap);
    if (way == SetSort.REGISTERS) {
      SortInRegisters.Shape shape = SetSort.shape(backend, batch.samples());
      operations.add(new SortInRegisters("sort", batch, buffers, shape));
    } else {
      Region scratch =
          columns.local() ? null : layout.flat("scratch", 3L * columns.count() * batch.pairs());
      operations.add(new SortColumns("sort", batch, buffers, columns, scratch));
    }
    return gap;
  }

  private Region radix(Region partial) {
    RadixBuffers buffers = RadixBuffers.in(layout, batch, tile, gradient);
    for (int pass = 0; pass < 4; pass++) {
      operations.add(new RadixCount(buffers, pass, q, r, theta));
      operations.add(new RadixScan(buffers, pass));
      operations.add(new RadixScatter(buffers, pass));
    }
    operations.add(new RadixMatch(buffers, partial));
    return buffers.gap();
  }
}
