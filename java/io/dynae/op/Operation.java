// SPDX-License-Identifier: MIT
package io.dynae.op;

import io.dynae.compute.team.TeamPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One operation of a step: its equation in the Javadoc, its plain Java form, and the statement that
 * calls its device function.
 *
 * <p>A {@link BlockOperation} works on one block of rows at a time, and the same worker owns that
 * block in every block operation, so a chain of them needs no barrier. A {@link TeamOperation} is
 * shared by all workers of a team.
 */
public abstract class Operation {
  private final String name;
  private final List<String> sources;
  private final List<Access> accesses = new ArrayList<>();
  private final Set<Region> partlyWritten = new HashSet<>();

  Operation(String name, String... sources) {
    this.name = name;
    this.sources = List.of(sources);
  }

  /** Kernel files that its device function lives in. */
  public final List<String> sources() {
    return sources;
  }

  /** Unique in its list; a C identifier. */
  public final String name() {
    return name;
  }

  /**
   * The device statement. It may use {@code a} (arena), {@code frames}, {@code targets}, {@code
   * index}, {@code step}, {@code cursor}, {@code key0}, {@code key1}, in block operations {@code
   * b}, in team operations {@code rank} and {@code size} (work-group in the team), {@code item} and
   * {@code items} (work-item), {@code worker} and {@code workers} (of tiles).
   */
  public abstract String statement();

  /** Work-group memory that the statement uses, as LOCAL_ARRAY lines; none by default. */
  public String localArrays() {
    return "";
  }

  /** Multiply-adds of a row in the products of its layer, 0 where there is none. */
  public long multiplyAddsPerRow() {
    return 0;
  }

  /** Whether teams that hold their rows in shared memory can run it. */
  public boolean runsInTeams() {
    return true;
  }

  /**
   * What a team that holds its rows in shared memory runs instead, in order (class {@link
   * TeamPlan}): this operation unless told otherwise.
   */
  public List<Operation> teamForm() {
    return List.of(this);
  }

  /**
   * The device statement in a team's step kernel: {@link #statement} with the rows of its own block
   * where {@code memory} holds them.
   */
  public String teamStatement(TeamMemory memory) {
    String text = statement();
    for (Access access : accesses) {
      if (access.ownRows()) {
        text = text.replace(access.region().block("b"), memory.pointer(access.region()));
      }
    }
    return text;
  }

  /** Work-group memory that the statement in a team's step kernel uses. */
  public String teamLocalArrays() {
    return localArrays();
  }

  /** The layer whose parameters it reads from shared memory in a team's step kernel. */
  public Optional<TeamMemory.Weights> stagedWeights() {
    return Optional.empty();
  }

  public final List<Access> accesses() {
    return accesses;
  }

  /** Constants that its kernel files ask for, as #define lines; none by default. */
  public String defines() {
    return "";
  }

  protected final void reads(Region... regions) {
    declare(false, true, regions);
  }

  protected final void writes(Region... regions) {
    declare(true, true, regions);
  }

  /** Declares reads beyond the operation's own block. */
  protected final void readsAll(Region... regions) {
    declare(false, false, regions);
  }

  /** Declares writes to a flat region of which each block has its own part. */
  protected final void writesOwn(Region region) {
    accesses.add(new Access(region, true, true));
  }

  /** Declares that it writes only some of the features of a region's own block. */
  protected final void keepsRest(Region region) {
    partlyWritten.add(region);
  }

  public final boolean writesAllOf(Region region) {
    return !partlyWritten.contains(region);
  }

  /** Declares writes beyond the operation's own block. */
  protected final void writesAll(Region... regions) {
    declare(true, false, regions);
  }

  private void declare(boolean write, boolean ownBlock, Region... regions) {
    for (Region region : regions) {
      accesses.add(new Access(region, write, ownBlock && region.blocks() > 0));
    }
  }

  /** Whether a barrier must stand between this operation and a later one. */
  public final boolean conflicts(Operation later) {
    return accesses.stream().anyMatch(a -> later.accesses.stream().anyMatch(a::conflicts));
  }

  /** C text of a float, exact. */
  protected static String literal(float value) {
    return String.format(Locale.ROOT, "%.9gf", value);
  }
}
