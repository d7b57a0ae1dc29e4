// SPDX-License-Identifier: MIT
package io.dynae.compute.text;

import io.dynae.compute.TeamShape;
import io.dynae.op.BlockOperation;
import io.dynae.op.Control;
import io.dynae.op.Operation;
import io.dynae.op.SortPlan;
import io.dynae.op.StepPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes the program of a step plan: the kernel files it needs, then its kernels.
 *
 * <p>Shapes are constants of the text; nothing of a run's data is, so the compilers' caches hold.
 */
public final class KernelText {
  /** All kernels of operations, in an order that satisfies their needs. */
  private static final List<String> FILES =
      List.of(
          "step/gather.cu",
          "step/noise.cu",
          "dense/dense.cu",
          "convolution/convolution.cu",
          "dense/team_dense.cu",
          "step/squared_error.cu",
          "latent/reparameterize.cu",
          "latent/kl_divergence.cu",
          "latent/langevin.cu",
          "latent/prior_likelihood.cu",
          "wasserstein/directions.cu",
          "wasserstein/sort.cu",
          "wasserstein/warp_sort.cu",
          "wasserstein/sliced_wasserstein.cu",
          "latent/add_gradient.cu",
          "wasserstein/team_wasserstein.cu",
          "wasserstein/sample_sets.cu",
          "wasserstein/column_sort.cu",
          "wasserstein/register_sort.cu",
          "wasserstein/radix_sort.cu",
          "step/adam.cu",
          "step/team_adam.cu",
          "bins/bins.cu",
          "bins/permutation.cu",
          "bins/epoch.cu");

  public static final String ARGUMENTS =
      "GLOBAL float* arena, GLOBAL const float* frames, GLOBAL const float* targets, GLOBAL int* list";

  private final StepPlan plan;
  private final TeamShape shape;

  public KernelText(StepPlan plan, TeamShape shape) {
    this.plan = plan;
    this.shape = shape;
  }

  /** Name of the kernel that runs whole steps, a team of one work-group a model. */
  public static final String STEP_KERNEL = "run_steps";

  /** Name of the kernel that runs one phase of one step. */
  public static String phaseKernel(int phase) {
    return "phase_" + phase;
  }

  /** Name of the kernel that ends a step of phases. */
  public static final String ADVANCE_KERNEL = "advance";

  /** Program with the step kernel. */
  public String steps() {
    StringBuilder text = prelude();
    text.append("/* All steps of the launch for the models, one work-group each. */\n");
    text.append("KERNEL ").append(STEP_KERNEL).append('(').append(ARGUMENTS).append(")\n{\n");
    plan.operations().stream()
        .map(Operation::localArrays)
        .filter(s -> !s.isEmpty())
        .distinct()
        .forEach(s -> text.append("    ").append(s).append('\n'));
    text.append("    const int size = 1, rank = 0;\n");
    text.append("    GLOBAL float* a = arena + (size_t)BLOCK_ID * ").append(arena()).append(";\n");
    common(text);
    text.append("    const int steps = ").append(Control.STEPS.intWord()).append(";\n");
    text.append("    ROLLED for (int cursor = 0; cursor < steps; cursor++) {\n");
    text.append("        const int step = ").append(Control.STEP.intWord()).append(" + cursor;\n");
    text.append("        (void)step;\n");
    for (List<Operation> phase : plan.phases()) {
      statements(text, phase, "        ");
      text.append("        TEAM_BARRIER();\n");
    }
    return text.append("    }\n}\n").toString();
  }

  /** Program with one kernel a phase; all work-groups of the launch share each model. */
  public String phases() {
    return phases(plan.phases(), List.of());
  }

  /**
   * The same for phases that are cut finer than the plan's, and for operations' own kernels between
   * them.
   */
  public String phases(List<List<Operation>> phases, List<OwnKernels> own) {
    StringBuilder text = prelude();
    if (!own.isEmpty()) {
      ConvText.FILES.forEach(file -> text.append(resource(file)));
      own.forEach(kernels -> text.append(kernels.text()));
    }
    for (int i = 0; i < phases.size(); i++) {
      List<Operation> phase = phases.get(i);
      text.append("/* ")
          .append(phase.stream().map(Operation::name).collect(Collectors.joining(", ")))
          .append(" */\n");
      text.append("KERNEL ").append(phaseKernel(i)).append('(').append(ARGUMENTS);
      text.append(", int size)\n{\n");
      phase.stream()
          .map(Operation::localArrays)
          .filter(s -> !s.isEmpty())
          .distinct()
          .forEach(s -> text.append("    ").append(s).append('\n'));
      // PoCL gives 32 neighbouring work-groups to one thread: neighbours in rank lie 32 apart.
      text.append("    const int rank = size % 32 != 0 ? BLOCK_ID % size\n");
      text.append("        : BLOCK_ID % size % 32 * (size / 32) + BLOCK_ID % size / 32;\n");
      text.append("    GLOBAL float* a = arena + (size_t)(BLOCK_ID / size) * ");
      text.append(arena()).append(";\n");
      common(text);
      text.append("    const int cursor = ").append(Control.CURSOR.intWord()).append(";\n");
      text.append("    const int step = ").append(Control.STEP.intWord()).append(" + cursor;\n");
      text.append("    (void)cursor; (void)step;\n");
      // Models of one launch may have fewer steps than the longest.
      text.append("    if (cursor >= ").append(Control.STEPS.intWord()).append(") return;\n");
      statements(text, phase, "    ");
      text.append("}\n");
    }
    text.append("KERNEL ").append(ADVANCE_KERNEL).append('(').append(ARGUMENTS);
    text.append(", int size)\n{\n    (void)frames; (void)targets; (void)list; (void)size;\n");
    text.append("    if (TID == 0) ((GLOBAL int*)(arena + (size_t)BLOCK_ID * ").append(arena());
    text.append("))[").append(Control.CURSOR.ordinal()).append("] += 1;\n}\n");
    return text.toString();
  }

  private int arena() {
    return plan.layout().size();
  }

  private StringBuilder prelude() {
    Map<String, Integer> defines = new LinkedHashMap<>();
    defines.put("VW", shape.vectorWidth());
    defines.put("LANES", shape.lanes());
    defines.put("GROUPS", shape.groups());
    Set<String> needed = new TreeSet<>();
    plan.operations().forEach(operation -> needed.addAll(operation.sources()));
    if (needed.contains("wasserstein/sliced_wasserstein.cu")
        || needed.contains("wasserstein/column_sort.cu")) {
      needed.add("wasserstein/sort.cu");
    }
    return prelude(plan, defines, needed);
  }

  /** What stands before the kernels: constants of the team and the plan, then the kernel files. */
  public static StringBuilder prelude(
      StepPlan plan, Map<String, Integer> defines, Set<String> needed) {
    StringBuilder text = new StringBuilder();
    defines.forEach((name, value) -> define(text, name, value));
    define(text, "RB", plan.layout().rowsPerBlock());
    SortPlan sort = plan.sort();
    if (sort != null) {
      define(text, "SORT_COUNT", sort.count());
      define(text, "SORT_COLUMNS", sort.columns());
      text.append("#define SORT_SPACE ").append(sort.local() ? "LOCAL" : "GLOBAL").append('\n');
    }
    plan.operations().stream()
        .map(Operation::defines)
        .filter(lines -> !lines.isEmpty())
        .distinct()
        .forEach(text::append);
    text.append(resource("portable.h"))
        .append(resource("functions.h"))
        .append(resource("philox.h"));
    FILES.stream().filter(needed::contains).forEach(file -> text.append(resource(file)));
    return text;
  }

  private static void define(StringBuilder text, String name, int value) {
    text.append("#define ").append(name).append(' ').append(value).append('\n');
  }

  public static void common(StringBuilder text) {
    text.append("    GLOBAL const int* const index = list + ");
    text.append(Control.INDEX_OFFSET.intWord()).append(";\n");
    text.append("    const int item = rank * GROUP_SIZE + TID, items = size * GROUP_SIZE;\n");
    text.append("    const int worker = TILE_WORKER(rank, size);\n");
    text.append("    const int workers = TILE_WORKERS(size);\n");
    text.append("    const uint key0 = (uint)").append(Control.SEED_LOW.intWord());
    text.append(", key1 = (uint)").append(Control.SEED_HIGH.intWord()).append(";\n");
    text.append("    (void)index; (void)frames; (void)targets; (void)key0; (void)key1;\n");
    text.append("    (void)item; (void)items; (void)worker; (void)workers;\n");
  }

  /**
   * Block operations over the same blocks share one loop, so that a block stays in cache. A block
   * has the same owner in all of them; work-groups fill before their groups of lanes do.
   */
  private static void statements(StringBuilder text, List<Operation> phase, String indent) {
    int open = 0;
    for (Operation operation : phase) {
      int blocks = operation instanceof BlockOperation block ? block.blocks() : 0;
      if (open != 0 && open != blocks) {
        text.append(indent).append("}\n");
        open = 0;
      }
      if (blocks != 0 && open == 0) {
        text.append(indent)
            .append("ROLLED for (int b = GROUP * size + rank; b < ")
            .append(blocks)
            .append("; b += size * GROUPS) {\n");
        open = blocks;
      }
      text.append(indent).append(blocks == 0 ? "" : "    ").append(operation.statement());
      text.append(" /* ").append(operation.name()).append(" */\n");
    }
    if (open != 0) {
      text.append(indent).append("}\n");
    }
  }

  /** Text of a kernel file in the jar. */
  public static String resource(String file) {
    try (InputStream in = KernelText.class.getResourceAsStream("/kernels/" + file)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its kernel file " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
