// SPDX-License-Identifier: MIT
package io.dynae.compute.team;

import io.dynae.op.Access;
import io.dynae.op.BlockOperation;
import io.dynae.op.DenseLayer;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.op.TeamMemory;
import io.dynae.op.TeamOperation;
import io.dynae.op.dense.DenseGradient;
import io.dynae.op.step.Adam;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A step as a GPU's team runs it, with the rows of a block in the shared memory of the squad that
 * works on it.
 *
 * <p>Operations move as early as their data allow. Between two phases the whole team meets, because
 * an operation reads what other blocks wrote; between two levels of a phase the squad meets.
 * Regions get their places in shared memory by the levels in which they live, and those that other
 * blocks read are copied to the arena.
 *
 * <p>Resident: every squad keeps its one block of rows through all phases. Else a squad has several
 * blocks one after the other, and what lives across phases waits in the arena meanwhile.
 */
public final class TeamPlan {
  /** What a squad does between two meetings: copies from and to the arena, and operations. */
  public record Level(List<Region> loads, List<BlockOperation> operations, List<Region> stores) {
    boolean isEmpty() {
      return loads.isEmpty() && operations.isEmpty() && stores.isEmpty();
    }
  }

  /**
   * What a team does between two meetings.
   *
   * @param team operations that the whole team shares
   * @param blocks blocks of rows that the levels work on
   */
  public record Phase(
      List<TeamOperation> team, int blocks, List<Level> levels, TeamMemory memory) {}

  /** How a squad's memory is used. */
  public enum Form {
    /** Resident, with every operation as early as it can be: the fastest where it fits. */
    EARLY,
    /** Resident, in an order that needs little memory. */
    SPARING,
    /** Several blocks of rows, one after the other. */
    PASSING
  }

  /** A region's life in shared memory, both ends included. */
  private record Life(Region region, int start, int end) {
    boolean meets(Life other) {
      return start <= other.end && other.start <= end;
    }
  }

  private final StepPlan plan;
  private final boolean resident;
  private final TeamSchedule schedule;
  private final List<Operation> operations;
  private final List<TeamMemory.Weights> layers = new ArrayList<>();
  private final List<Phase> phases = new ArrayList<>();
  private final boolean folds;
  private int weightFloats;
  private int squadFloats;

  /**
   * @param form EARLY and SPARING where a squad has one block of rows at most
   */
  public TeamPlan(StepPlan plan, Form form) {
    this.plan = plan;
    this.resident = form != Form.PASSING;
    this.folds = plan.operations().stream().anyMatch(DenseGradient.class::isInstance);
    this.schedule = new TeamSchedule(plan, form == Form.EARLY);
    this.operations = schedule.operations();
    Map<DenseLayer, Integer> weights = stage();
    place(weights);
  }

  private Map<DenseLayer, Integer> stage() {
    Map<DenseLayer, Integer> places = new HashMap<>();
    for (Operation operation : operations) {
      operation
          .stagedWeights()
          .filter(w -> !places.containsKey(w.layer()))
          .ifPresent(
              w -> {
                places.put(w.layer(), weightFloats);
                layers.add(w);
                weightFloats += w.floats();
              });
    }
    weightFloats = (weightFloats + 31) / 32 * 32;
    return places;
  }

  private void place(Map<DenseLayer, Integer> weights) {
    int count = schedule.phases();
    // Loads come before the first level, stores after the last.
    int span = schedule.levels() + 2;
    Map<Region, Life> lives = new LinkedHashMap<>();
    List<List<Level>> levels = new ArrayList<>();
    List<Map<Region, Integer>> places = new ArrayList<>();
    for (int phase = 0; phase < count; phase++) {
      List<Level> ofPhase = levels(phase, span);
      levels.add(ofPhase);
      for (int level = 0; level < span; level++) {
        int now = phase * span + level;
        for (Region region : touched(ofPhase.get(level))) {
          lives.merge(region, new Life(region, now, now), (a, b) -> new Life(region, a.start, now));
        }
      }
      if (!resident) {
        places.add(allocate(new ArrayList<>(lives.values())));
        lives.clear();
      }
    }
    Map<Region, Integer> everywhere = resident ? allocate(new ArrayList<>(lives.values())) : null;
    for (int phase = 0; phase < count; phase++) {
      Map<Region, Integer> rows = resident ? everywhere : places.get(phase);
      phases.add(phase(phase, levels.get(phase), new TeamMemory(weights, rows, folds)));
    }
  }

  private Phase phase(int number, List<Level> levels, TeamMemory memory) {
    List<TeamOperation> team = new ArrayList<>();
    int blocks = 0;
    for (int i = 0; i < operations.size(); i++) {
      if (schedule.phase(i) != number) {
        continue;
      }
      if (operations.get(i) instanceof BlockOperation block) {
        blocks = Math.max(blocks, block.blocks());
      } else {
        team.add((TeamOperation) operations.get(i));
      }
    }
    List<Level> full = levels.stream().filter(level -> !level.isEmpty()).toList();
    return new Phase(List.copyOf(team), blocks, full, memory);
  }

  private static Set<Region> touched(Level level) {
    Set<Region> regions = new LinkedHashSet<>(level.loads());
    level.operations().forEach(o -> regions.addAll(TeamSchedule.own(o)));
    regions.addAll(level.stores());
    return regions;
  }

  /** Levels 0 to span - 1 of a phase; operations start at 1, loads come one level ahead. */
  private List<Level> levels(int phase, int span) {
    List<Level> levels = new ArrayList<>();
    for (int level = 0; level < span; level++) {
      levels.add(new Level(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
    }
    Map<Region, Integer> first = new LinkedHashMap<>();
    Map<Region, Integer> lastWrite = new LinkedHashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      if (schedule.phase(i) != phase || !(operations.get(i) instanceof BlockOperation operation)) {
        continue;
      }
      levels.get(schedule.level(i)).operations().add(operation);
      for (Region region : TeamSchedule.own(operation)) {
        int at = i;
        first.merge(region, at, (a, b) -> schedule.level(b) < schedule.level(a) ? b : a);
        if (TeamSchedule.touches(operation, region, true)) {
          lastWrite.merge(region, schedule.level(i), Math::max);
        }
      }
    }
    first.forEach(
        (region, i) -> {
          if (mustLoad(region, i)) {
            levels.get(schedule.level(i) - 1).loads().add(region);
          }
        });
    lastWrite.forEach(
        (region, level) -> {
          if (mustStore(region, phase)) {
            levels.get(level + 1).stores().add(region);
          }
        });
    return levels;
  }

  /** Whether the phase whose first operation on the region is {@code i} finds it in the arena. */
  private boolean mustLoad(Region region, int i) {
    boolean here = resident && usedBefore(region, schedule.phase(i));
    Operation first = operations.get(i);
    boolean survives =
        !first.writesAllOf(region)
            && operations.stream().filter(o -> TeamSchedule.touches(o, region, true)).count() == 1;
    return !here && (TeamSchedule.touches(first, region, false) || survives);
  }

  private boolean usedBefore(Region region, int phase) {
    for (int i = 0; i < operations.size(); i++) {
      if (schedule.phase(i) < phase && TeamSchedule.own(operations.get(i)).contains(region)) {
        return true;
      }
    }
    return false;
  }

  /** Whether what a phase writes to the region is read by other blocks, later, or by the host. */
  private boolean mustStore(Region region, int phase) {
    boolean elsewhere = false;
    boolean later = false;
    boolean readAfterwards = false;
    int last = lastWrite(region);
    for (int i = 0; i < operations.size(); i++) {
      for (Access access : operations.get(i).accesses()) {
        if (access.region().equals(region)) {
          elsewhere |= !access.ownRows();
          later |= schedule.phase(i) > phase;
          readAfterwards |=
              !access.write() && i > last && schedule.origin(i) != schedule.origin(last);
        }
      }
    }
    // What no other operation reads afterwards is a result of the plan.
    boolean result = !readAfterwards && schedule.phase(last) == phase;
    boolean scratch = !plan.layout().regions().contains(region);
    return !scratch && (elsewhere || !resident && later || result);
  }

  private int lastWrite(Region region) {
    int last = -1;
    for (int i = 0; i < operations.size(); i++) {
      last = TeamSchedule.touches(operations.get(i), region, true) ? i : last;
    }
    return last;
  }

  /** First fit, in the order in which lives start. */
  private Map<Region, Integer> allocate(List<Life> lives) {
    lives.sort(
        Comparator.comparingInt(Life::start)
            .thenComparing(life -> -TeamMemory.floats(life.region())));
    Map<Region, Integer> places = new HashMap<>();
    List<Life> placed = new ArrayList<>();
    for (Life life : lives) {
      int size = TeamMemory.floats(life.region());
      int at = 0;
      boolean moved = true;
      while (moved) {
        moved = false;
        for (Life other : placed) {
          int from = places.get(other.region());
          int to = from + TeamMemory.floats(other.region());
          if (life.meets(other) && at < to && from < at + size) {
            at = to;
            moved = true;
          }
        }
      }
      places.put(life.region(), at);
      placed.add(life);
      squadFloats = Math.max(squadFloats, at + size);
    }
    return places;
  }

  public StepPlan plan() {
    return plan;
  }

  public List<Phase> phases() {
    return phases;
  }

  /** Operations in order, with those that a team takes apart in their parts. */
  public List<Operation> operations() {
    return operations;
  }

  /** Layers whose parameters are staged, in order. */
  public List<TeamMemory.Weights> layers() {
    return layers;
  }

  /** Region of the gradients that blocks of rows add shares to, or null. */
  public Region foldedGradients() {
    return folds
        ? plan.operations().stream()
            .filter(DenseGradient.class::isInstance)
            .map(o -> ((DenseGradient) o).gradients())
            .findFirst()
            .orElseThrow()
        : null;
  }

  /** Device text that adds the shares of the gradients up, where Adam does not on its way. */
  public String folding() {
    boolean onTheWay = operations.stream().anyMatch(Adam.class::isInstance);
    return onTheWay
        ? ""
        : plan.operations().stream()
            .filter(DenseGradient.class::isInstance)
            .map(o -> ((DenseGradient) o).folding())
            .collect(Collectors.joining());
  }

  /** Blocks of rows that the widest operation works on, at least 1. */
  public int blocks() {
    return phases.stream().mapToInt(Phase::blocks).max().orElse(0);
  }

  /** Floats of the staged parameters. */
  public int weightFloats() {
    return weightFloats;
  }

  /** Floats of a squad's part. */
  public int squadFloats() {
    return squadFloats;
  }

  /** Shared memory of a launch with {@code squads} squads a block, in bytes. */
  public int sharedBytes(int squads) {
    return 4 * (weightFloats + squads * squadFloats);
  }

  /** Shared memory that the text declares beside, in bytes. */
  public int localBytes() {
    boolean sorts =
        operations.stream().anyMatch(operation -> !operation.teamLocalArrays().isEmpty());
    return sorts ? plan.sort().localBytes() : 0;
  }
}
