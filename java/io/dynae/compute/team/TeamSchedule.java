// SPDX-License-Identifier: MIT
package io.dynae.compute.team;

import io.dynae.op.Access;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * When a team's squads do which operation of a step: its phase, at whose end the team meets, and
 * its level within the phase, at whose end the squad meets.
 *
 * <p>Operations keep the order of the plan where one needs what the other wrote. Beyond that they
 * come as early as they can, so that short ones run beside each other, or where least must wait in
 * memory.
 */
final class TeamSchedule {
  private final List<Operation> operations = new ArrayList<>();
  private final List<Operation> origins = new ArrayList<>();
  private final List<Integer> phaseOf = new ArrayList<>();
  private final List<Integer> levelOf = new ArrayList<>();

  /**
   * @param early whether everything comes as early as it can
   */
  TeamSchedule(StepPlan plan, boolean early) {
    for (Operation operation : plan.operations()) {
      for (Operation part : operation.teamForm()) {
        operations.add(part);
        origins.add(operation);
      }
    }
    schedulePhases();
    if (early) {
      scheduleLevels();
    } else {
      delay();
      scheduleSparingly();
    }
  }

  /** All operations, with those that a team takes apart in their parts, in the plan's order. */
  List<Operation> operations() {
    return Collections.unmodifiableList(operations);
  }

  /** The plan's operation that an operation is, or is a part of. */
  Operation origin(int operation) {
    return origins.get(operation);
  }

  int phases() {
    return phaseOf.isEmpty() ? 0 : Collections.max(phaseOf) + 1;
  }

  int phase(int operation) {
    return phaseOf.get(operation);
  }

  /** The last level of all phases. */
  int levels() {
    return levelOf.isEmpty() ? 0 : Collections.max(levelOf);
  }

  /** From 1. */
  int level(int operation) {
    return levelOf.get(operation);
  }

  /** Regions of which the operation touches its own block. */
  static Set<Region> own(Operation operation) {
    Set<Region> regions = new LinkedHashSet<>();
    operation.accesses().stream().filter(Access::ownRows).forEach(a -> regions.add(a.region()));
    return regions;
  }

  /** Whether the operation writes, or reads, its own block of the region. */
  static boolean touches(Operation operation, Region region, boolean write) {
    return operation.accesses().stream()
        .anyMatch(a -> a.ownRows() && a.region().equals(region) && a.write() == write);
  }

  /** The earliest phase that what each operation touches allows. */
  private void schedulePhases() {
    for (Operation later : operations) {
      int phase = 0;
      for (int i = 0; i < phaseOf.size(); i++) {
        Operation earlier = operations.get(i);
        if (earlier.conflicts(later)) {
          phase = Math.max(phase, phaseOf.get(i) + 1);
        } else if (followsInBlock(earlier, later)) {
          phase = Math.max(phase, phaseOf.get(i));
        }
      }
      phaseOf.add(phase);
    }
  }

  /**
   * Moves operations back to where their results are used, when less has to wait in the arena then.
   */
  private void delay() {
    for (int i = operations.size() - 1; i >= 0; i--) {
      int latest = phaseOf.get(i);
      int allowed = Integer.MAX_VALUE;
      for (int j = i + 1; j < operations.size(); j++) {
        if (operations.get(i).conflicts(operations.get(j))) {
          allowed = Math.min(allowed, phaseOf.get(j) - 1);
        } else if (followsInBlock(operations.get(i), operations.get(j))) {
          allowed = Math.min(allowed, phaseOf.get(j));
        }
      }
      latest = allowed == Integer.MAX_VALUE ? latest : Math.max(latest, allowed);
      if (latest > phaseOf.get(i) && saved(i, latest) >= 0) {
        phaseOf.set(i, latest);
      }
    }
  }

  /** Features that need not wait when the operation moves, less those that then must. */
  private int saved(int i, int phase) {
    int features = 0;
    for (Region region : own(operations.get(i))) {
      boolean there = false;
      for (int j = 0; j < operations.size(); j++) {
        there |= j != i && phaseOf.get(j) == phase && own(operations.get(j)).contains(region);
      }
      if (touches(operations.get(i), region, true)) {
        features += region.features();
      } else if (!there) {
        features -= region.features();
      }
    }
    return features;
  }

  /** The earliest levels within their phases, from 1. */
  private void scheduleLevels() {
    for (int later = 0; later < operations.size(); later++) {
      int level = 1;
      for (int i = 0; i < later; i++) {
        if (waits(later, i)) {
          level = Math.max(level, levelOf.get(i) + 1);
        }
      }
      levelOf.add(level);
    }
  }

  /** Levels that need little memory: next comes what needs least beyond what it sets free. */
  private void scheduleSparingly() {
    operations.forEach(operation -> levelOf.add(0));
    Map<Integer, Integer> lastLevel = new HashMap<>();
    for (int done = 0; done < operations.size(); done++) {
      int next = -1;
      int least = Integer.MAX_VALUE;
      for (int i = 0; i < operations.size(); i++) {
        if (levelOf.get(i) == 0 && ready(i)) {
          int need = need(i);
          next = need < least ? i : next;
          least = Math.min(least, need);
        }
      }
      int level = Math.max(1, lastLevel.getOrDefault(phaseOf.get(next), 1));
      for (int i = 0; i < next; i++) {
        level = waits(next, i) ? Math.max(level, levelOf.get(i) + 1) : level;
      }
      levelOf.set(next, level);
      lastLevel.put(phaseOf.get(next), level);
    }
  }

  private boolean ready(int operation) {
    for (int i = 0; i < operation; i++) {
      if (waits(operation, i) && levelOf.get(i) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Features that an operation brings to life in its phase, less those it is the last to touch. */
  private int need(int operation) {
    int features = 0;
    for (Region region : own(operations.get(operation))) {
      boolean alive = false;
      boolean last = true;
      for (int i = 0; i < operations.size(); i++) {
        if (i != operation
            && phaseOf.get(i).equals(phaseOf.get(operation))
            && own(operations.get(i)).contains(region)) {
          alive |= levelOf.get(i) > 0;
          last &= levelOf.get(i) > 0;
        }
      }
      features += (alive ? 0 : region.features()) - (last ? region.features() : 0);
    }
    return features;
  }

  /** Whether an operation follows an earlier one of its phase. */
  private boolean waits(int later, int earlier) {
    return phaseOf.get(earlier).equals(phaseOf.get(later))
        && followsInBlock(operations.get(earlier), operations.get(later));
  }

  /** Whether one touches rows of a block that the other, later one touches too, and one writes. */
  private static boolean followsInBlock(Operation earlier, Operation later) {
    return earlier.accesses().stream()
        .filter(Access::ownRows)
        .anyMatch(
            a ->
                later.accesses().stream()
                    .filter(Access::ownRows)
                    .anyMatch(b -> a.region().equals(b.region()) && (a.write() || b.write())));
  }
}
