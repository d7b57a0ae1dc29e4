// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.op.DenseProduct;
import io.dynae.op.Operation;
import io.dynae.op.StepPlan;
import io.dynae.op.TiledProduct;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What runs one after the other when a whole device shares a step: kernels of a phase each and, in
 * between, products of wide layers where the device has a matrix library, and convolutions in
 * kernels of their own where it has memory for their tiles.
 */
final class PhaseSchedule {
  /**
   * One entry: the kernel of that number, a library's product, or a convolution.
   *
   * @param kernel number of the kernel, -1 for the others
   * @param product the product, or null
   * @param tiles the convolution, or null
   */
  record Entry(int kernel, DenseProduct product, ConvText tiles) {}

  private final List<List<Operation>> kernels = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  private final List<ConvText> tiles = new ArrayList<>();

  /**
   * @param library whether products of wide layers go to a matrix library
   * @param limits what kernels of tiles may take, or null for no such kernels
   * @param tensorCores whether those multiply on tensor cores
   */
  PhaseSchedule(StepPlan plan, boolean library, TileLimits limits, boolean tensorCores) {
    for (List<Operation> phase : plan.phases()) {
      List<Operation> current = new ArrayList<>();
      for (Operation operation : phase) {
        Optional<ConvText> tiled = tiled(operation, limits, tensorCores);
        if (tiled.isPresent()) {
          flush(current);
          tiles.add(tiled.get());
          entries.add(new Entry(-1, null, tiled.get()));
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

  private Optional<ConvText> tiled(Operation operation, TileLimits limits, boolean tensorCores) {
    if (limits == null || !(operation instanceof TiledProduct product)) {
      return Optional.empty();
    }
    return product
        .tiled()
        .map(c -> new ConvText(tiles.size(), c, limits, tensorCores))
        .filter(text -> text.fits(limits));
  }

  /** Whether a plan has products for a library at all. */
  static boolean wants(StepPlan plan) {
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
  List<List<Operation>> kernels() {
    return kernels;
  }

  /** Convolutions that have kernels of their own. */
  List<ConvText> tiles() {
    return tiles;
  }

  /** Floats that the convolutions' sums take until they are added up, the most of all. */
  long scratchFloats() {
    return tiles.stream().mapToLong(ConvText::scratchFloats).max().orElse(0);
  }

  /** Everything in order. */
  List<Entry> entries() {
    return entries;
  }
}
