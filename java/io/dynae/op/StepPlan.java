// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A step: a list of operations over the buffers of a layout, cut into phases.
 *
 * <p>Within a phase no worker needs another's results; between phases all of a team meet. The cuts
 * follow from what the operations say they read and write.
 */
public final class StepPlan {
  private final String name;
  private final Layout layout;
  private final SortPlan sort;
  private final List<Operation> operations;
  private final List<List<Operation>> phases;

  /**
   * @param name of the program, in errors and caches
   * @param sort shape of the sorts, or null when nothing sorts
   */
  public StepPlan(String name, Layout layout, SortPlan sort, List<Operation> operations) {
    this.name = name;
    this.layout = layout;
    this.sort = sort;
    this.operations = List.copyOf(operations);
    Set<String> names = new HashSet<>();
    for (Operation operation : operations) {
      if (!names.add(operation.name())) {
        throw new IllegalArgumentException("two operations are called " + operation.name());
      }
    }
    this.phases = cut(this.operations);
  }

  private static List<List<Operation>> cut(List<Operation> operations) {
    List<List<Operation>> phases = new ArrayList<>();
    List<Operation> current = new ArrayList<>();
    for (Operation operation : operations) {
      if (current.stream().anyMatch(earlier -> earlier.conflicts(operation))) {
        phases.add(List.copyOf(current));
        current.clear();
      }
      current.add(operation);
    }
    if (!current.isEmpty()) {
      phases.add(List.copyOf(current));
    }
    return List.copyOf(phases);
  }

  public String name() {
    return name;
  }

  public Layout layout() {
    return layout;
  }

  /** Shape of the sorts, or null. */
  public SortPlan sort() {
    return sort;
  }

  public List<Operation> operations() {
    return operations;
  }

  /** Operations between two meetings of the team, in order. */
  public List<List<Operation>> phases() {
    return phases;
  }

  /** Multiply-adds of the layers in one step, the measure of its size. */
  public long multiplyAdds() {
    return operations.stream().mapToLong(Operation::multiplyAddsPerRow).sum() * layout.batch();
  }

  /** Whether teams that hold their rows in shared memory can run all of it. */
  public boolean runsInTeams() {
    return operations.stream().allMatch(Operation::runsInTeams);
  }
}
