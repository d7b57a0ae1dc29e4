// SPDX-License-Identifier: MIT
package io.dynae.compute.text;

import io.dynae.op.DenseProduct;
import io.dynae.op.Operation;
import io.dynae.op.StepPlan;
import io.dynae.op.TiledProduct;
import io.dynae.op.WideOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What runs one after the other when a whole device shares a step: kernels of a phase each and, in
 * between, products of wide layers where the device has a matrix library, and convolutions and wide
 * rows in kernels of their own where it has memory for their tiles.
 */
public final class PhaseSchedule {
  /**
   * One entry: the kernel of that number, a library's product, or an operation's own kernels.
   *
   * @param kernel number of the kernel, -1 for the others
   * @param product the product, or null
   * @param own a convolution's kernels or a wide operation's, or null
   */
  public record Entry(int kernel, DenseProduct product, OwnKernels own) {}

  private final List<List<Operation>> kernels = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  private final List<OwnKernels> own = new ArrayList<>();

  /**
   * @param library whether products of wide layers go to a matrix library
   * @param limits what kernels of tiles may take, or null for no such kernels
   * @param tensorCores whether those multiply on tensor cores
   */
  public PhaseSchedule(StepPlan plan, boolean library, TileLimits limits, boolean tensorCores) {
    for (List<Operation> phase : plan.phases()) {
      List<Operation> current = new ArrayList<>();
      for (Operation operation : phase) {
        Optional<OwnKernels> alone = own(operation, limits, tensorCores);
        if (alone.isPresent()) {
          flush(current);
          own.add(alone.get());
          entries.add(new Entry(-1, null, alone.get()));
        } else if (library && operation instanceof DenseProduct product && product.suitsLibrary()) {
          flush(current);
          entries.add(new Entry(-1, product, null));
          current.add(product.remainder());
        } else {
          current.add(operation);
        }
      }
      flush(current);
    }
  }

  private Optional<OwnKernels> own(Operation operation, TileLimits limits, boolean tensorCores) {
    if (limits == null) {
      return Optional.empty();
    }
    if (operation instanceof WideOperation wide) {
      return wide.wide().map(rows -> new WideText(own.size(), rows));
    }
    if (!(operation instanceof TiledProduct product)) {
      return Optional.empty();
    }
    return product
        .tiled()
        .map(c -> new ConvText(own.size(), c, limits, tensorCores))
        .filter(text -> text.fits(limits))
        .map(text -> text);
  }

  /** Whether a plan has products for a library at all. */
  public static boolean wants(StepPlan plan) {
    return plan.operations().stream()
        .anyMatch(o -> o instanceof DenseProduct product && product.suitsLibrary());
  }

  private void flush(List<Operation> current) {
    if (!current.isEmpty()) {
      entries.add(new Entry(kernels.size(), null, null));
      kernels.add(List.copyOf(current));
      current.clear();
    }
  }

  /** Operations of each kernel. */
  public List<List<Operation>> kernels() {
    return kernels;
  }

  /** Convolutions and wide operations that have kernels of their own. */
  public List<OwnKernels> own() {
    return own;
  }

  /** Floats that own kernels need to themselves, the most of all. */
  public long scratchFloats() {
    return own.stream().mapToLong(OwnKernels::scratchFloats).max().orElse(0);
  }

  /** Everything in order. */
  public List<Entry> entries() {
    return entries;
  }
}
