// SPDX-License-Identifier: MIT
package io.dynae.compute.team;

import io.dynae.compute.text.KernelText;
import io.dynae.compute.text.LaunchShape;
import io.dynae.op.BlockOperation;
import io.dynae.op.Control;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.TeamMemory;
import io.dynae.op.TeamOperation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes the step kernel of a GPU's team: one block, a cluster or a grid a model, rows in shared
 * memory (class {@link TeamPlan}, file {@code kernels/dense/team_dense.cu}).
 *
 * <p>Results do not depend on the team: rows are independent of each other, and every sum over rows
 * has an order of its own.
 */
public final class TeamText {
  /** Sums of gradients that a team with few squads adds up block after block. */
  private static final int FOLDS = 4;

  private final TeamPlan plan;
  private final Team team;
  private final int slots;

  public TeamText(TeamPlan plan, Team team) {
    this.plan = plan;
    this.team = team;
    // With 1, 2 or 4 squads the blocks of rows of a slot all belong to one squad, in order.
    this.slots = FOLDS % team.allSquads() == 0 ? FOLDS : Math.max(FOLDS, plan.blocks());
  }

  /** Floats of a model's arena: the layout, then the shares of the gradients. */
  public int arenaFloats() {
    return Math.addExact(plan.plan().layout().size(), Math.multiplyExact(slots, slotFloats()));
  }

  private int slotFloats() {
    Region gradients = plan.foldedGradients();
    return gradients == null ? 0 : (gradients.length() + 63) / 64 * 64;
  }

  public LaunchShape launch(int models) {
    return new LaunchShape(
        models * team.blocks(),
        team.meeting() == Team.Meeting.CLUSTER ? team.blocks() : 1,
        team.threads(),
        plan.sharedBytes(team.squads()),
        team.meeting() == Team.Meeting.GRID,
        Team.WARP * team.split());
  }

  /** Program with the step kernel. */
  public String steps() {
    StringBuilder text = prelude();
    text.append("/* All steps of the launch for the models, each by ")
        .append(team)
        .append(". */\n");
    text.append("TEAM_KERNEL ").append(KernelText.STEP_KERNEL).append('(');
    text.append(KernelText.ARGUMENTS).append(")\n{\n");
    plan.operations().stream()
        .map(Operation::teamLocalArrays)
        .filter(s -> !s.isEmpty())
        .distinct()
        .forEach(s -> text.append("    ").append(s).append('\n'));
    text.append("    const int size = TEAM_BLOCKS, rank = BLOCK_ID % TEAM_BLOCKS;\n");
    text.append("    float* const a = arena + (size_t)(BLOCK_ID / TEAM_BLOCKS) * ");
    text.append(arenaFloats()).append(";\n");
    text.append("    float* const slots = a + ").append(plan.plan().layout().size());
    text.append(";\n    const int squad = ").append(plan.weightFloats());
    text.append(" + GROUP / SPLIT * ").append(plan.squadFloats()).append(";\n");
    text.append("    (void)slots; (void)squad;\n");
    KernelText.common(text);
    text.append("    const int steps = ").append(Control.STEPS.intWord()).append(";\n");
    text.append("    ROLLED for (int cursor = 0; cursor < steps; cursor++) {\n");
    text.append("        const int step = ").append(Control.STEP.intWord()).append(" + cursor;\n");
    text.append("        (void)step;\n");
    for (TeamPlan.Phase phase : plan.phases()) {
      phase(text, phase);
    }
    if (!plan.folding().isEmpty()) {
      text.append("        ").append(plan.folding()).append("\n        TEAM_BARRIER();\n");
    }
    return text.append("    }\n}\n").toString();
  }

  private StringBuilder prelude() {
    Map<String, Integer> defines = new LinkedHashMap<>();
    defines.put("VW", 1);
    defines.put("LANES", Team.WARP);
    defines.put("GROUPS", team.squads() * team.split());
    defines.put("SPLIT", team.split());
    defines.put("TEAM_BLOCKS", team.blocks());
    if (team.meeting() == Team.Meeting.CLUSTER) {
      defines.put("TEAM_CLUSTER", 1);
    }
    defines.put("FOLD_SLOTS", slots);
    defines.put("SLOT_FLOATS", slotFloats());
    Set<String> sources = new TreeSet<>();
    plan.operations().forEach(operation -> sources.addAll(operation.sources()));
    sources.remove("dense/dense.cu");
    sources.add("dense/team_dense.cu");
    if (sources.contains("wasserstein/sliced_wasserstein.cu")) {
      sources.add("wasserstein/sort.cu");
      sources.add("wasserstein/team_wasserstein.cu");
    }
    if (sources.contains("step/adam.cu")) {
      sources.add("step/team_adam.cu");
    }
    if (plan.plan().sort() != null && plan.plan().sort().fitsWarp()) {
      sources.add("wasserstein/warp_sort.cu");
    }
    StringBuilder text = KernelText.prelude(plan.plan(), defines, sources);
    return text.append("#define SLOT(b) (slots + (b) % FOLD_SLOTS * SLOT_FLOATS)\n");
  }

  private void phase(StringBuilder text, TeamPlan.Phase phase) {
    // The copies of the parameters are under way while the team does its first operations.
    boolean stages = phase == plan.phases().get(0) && !plan.layers().isEmpty();
    if (stages) {
      text.append("        ").append(phase.memory().staging(plan.layers())).append('\n');
    }
    for (TeamOperation operation : phase.team()) {
      text.append("        ").append(operation.teamStatement(phase.memory()));
      text.append(" /* ").append(operation.name()).append(" */\n");
    }
    if (stages) {
      text.append("        COPY_WAIT();\n        BARRIER();\n");
    }
    if (!phase.levels().isEmpty()) {
      text.append("        ROLLED for (int b = GROUP / SPLIT * size + rank; b < ");
      text.append(phase.blocks()).append("; b += size * (GROUPS / SPLIT)) {\n");
      for (TeamPlan.Level level : phase.levels()) {
        level(text, level, phase);
      }
      text.append("        }\n");
    }
    text.append("        TEAM_BARRIER();\n");
  }

  /** One warp after the other gets the level's parts: those of an operation, then the next's. */
  private void level(StringBuilder text, TeamPlan.Level level, TeamPlan.Phase phase) {
    TeamMemory memory = phase.memory();
    level.loads().forEach(r -> guarded(text, r.blocks(), phase, memory.copy(r, true), r.name()));
    int next = 0;
    for (BlockOperation operation : level.operations()) {
      String statement = operation.teamStatement(memory);
      int parts = operation.teamParts();
      int first = next % team.split();
      if (parts == 1 && !statement.startsWith("team_")) {
        statement = "if (PART == " + first + ") " + statement;
      } else if (parts != BlockOperation.ALL) {
        int shift = (team.split() - first) % team.split();
        statement = statement.replace("(part, ", "((PART + " + shift + ") % SPLIT, ");
      }
      next += Math.max(0, parts);
      guarded(text, operation.blocks(), phase, statement, operation.name());
    }
    level.stores().forEach(r -> guarded(text, r.blocks(), phase, memory.copy(r, false), r.name()));
    text.append("            SQUAD_BARRIER();\n");
  }

  private static void guarded(
      StringBuilder text, int blocks, TeamPlan.Phase phase, String statement, String name) {
    text.append("            ");
    if (blocks < phase.blocks()) {
      text.append("if (b < ").append(blocks).append(") ");
    }
    text.append("{ ").append(statement).append(" } /* ").append(name).append(" */\n");
  }
}
