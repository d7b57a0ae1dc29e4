// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.op.DenseProduct;
import io.dynae.op.Operation;
import io.dynae.op.StepPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * What runs one after the other when a whole device shares a step: kernels of a phase each and,
 * where the device has a matrix library, its products of wide layers in between.
 */
final class PhaseSchedule {
  /**
   * One entry: the kernel of that number, or a library's product.
   *
   * @param kernel number of the kernel, -1 for a product
   * @param product the product, or null
   */
  record Entry(int kernel, DenseProduct product) {}

  private final List<List<Operation>> kernels = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  /**
   * @param library whether products of wide layers go to a matrix library
   */
  PhaseSchedule(StepPlan plan, boolean library) {
    for (List<Operation> phase : plan.phases()) {
      List<Operation> current = new ArrayList<>();
      for (Operation operation : phase) {
        if (library && operation instanceof DenseProduct product && product.suitsLibrary()) {
          flush(current);
          entries.add(new Entry(-1, product));
          current.add(product.remainder());
        } else {
          current.add(operation);
        }
      }
      flush(current);
    }
  }

  /** Whether a plan has products for a library at all. */
  static boolean wants(StepPlan plan) {
    return plan.operations().stream()
        .anyMatch(o -> o instanceof DenseProduct product && product.suitsLibrary());
  }

  private void flush(List<Operation> current) {
    if (!current.isEmpty()) {
      entries.add(new Entry(kernels.size(), null));
      kernels.add(List.copyOf(current));
      current.clear();
    }
  }

  /** Operations of each kernel. */
  List<List<Operation>> kernels() {
    return kernels;
  }

  /** Everything in order. */
  List<Entry> entries() {
    return entries;
  }
}
