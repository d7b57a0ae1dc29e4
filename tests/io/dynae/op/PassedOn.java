// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one operation of a plan makes for a later one. A backend that fuses them may keep it to
 * itself, so a test compares what is made of it.
 */
public final class PassedOn {
  private PassedOn() {}

  /** Regions whose last writer is followed by an operation that reads them. */
  public static Set<Region> regions(StepPlan plan) {
    Set<Region> written = new HashSet<>();
    Set<Region> passed = new HashSet<>();
    for (Operation operation : plan.operations()) {
      List<Access> accesses = operation.accesses();
      accesses.stream()
          .filter(a -> !a.write() && written.contains(a.region()))
          .forEach(a -> passed.add(a.region()));
      List<Region> now = accesses.stream().filter(Access::write).map(Access::region).toList();
      written.addAll(now);
      now.forEach(passed::remove);
    }
    return passed;
  }
}
