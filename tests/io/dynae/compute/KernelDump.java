// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.bins.EpochPlans;
import io.dynae.compute.java.JavaBackend;
import io.dynae.compute.team.TeamChoice;
import io.dynae.compute.team.TeamLimits;
import io.dynae.compute.team.TeamRequest;
import io.dynae.compute.team.TeamText;
import io.dynae.compute.text.KernelText;
import io.dynae.compute.text.PhaseSchedule;
import io.dynae.compute.text.TileLimits;
import io.dynae.distance.SlicedWasserstein;
import io.dynae.model.ImageShape;
import io.dynae.model.LatentDecoder;
import io.dynae.model.LatentEncoder;
import io.dynae.model.Model;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.op.StepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The programs that Dynae generates for a CUDA device, for compilers to read. */
public final class KernelDump {
  /** Like the shape of {@code CudaDevice}, which needs a GPU to say so. */
  public static final TeamShape CUDA = new TeamShape(1, 32, 16, 48 << 10, 264);

  /** What an H200 tells {@code CudaDevice}. */
  static final TeamLimits H200 = new TeamLimits(132, 227 << 10, 16);

  private static final TileLimits H200_TILES = new TileLimits(227 << 10, true);
  private static final TileLimits TURING_TILES = new TileLimits(64 << 10, false);

  private static final int ROWS_PER_BLOCK = 32;

  private KernelDump() {}

  /** Writes every program to {@code folder/name.cu}. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("usage: KernelDump FOLDER");
    }
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    for (Map.Entry<String, String> program : programs().entrySet()) {
      Files.writeString(folder.resolve(program.getKey() + ".cu"), program.getValue());
    }
  }

  /**
   * Text by name; {@code _steps} and {@code _team_...} hold step kernels, the others phase kernels.
   */
  public static Map<String, String> programs() {
    Map<String, StepPlan> steps = new LinkedHashMap<>();
    steps.put("dynae_D2_h32_d2_B256_L50", step(ModelShape.standard(2, 2, 32), 256, 50, false));
    steps.put("dynae_D30_h48_d3_B96_L64_learned", step(learned(30, 3, 48), 96, 64, true));
    steps.put(
        "dynae_D300_h128_d8_B1024_L100", step(ModelShape.standard(300, 8, 128), 1024, 100, false));
    steps.put("dynae_D2_h8_d1_B5000_L20_sorted_in_arena", step(learned(2, 1, 8), 5000, 20, false));
    Map<String, String> texts = new LinkedHashMap<>();
    steps.forEach(
        (name, plan) -> {
          texts.put(name + "_steps", new KernelText(plan, CUDA).steps());
          texts.put(name + "_phases", new KernelText(plan, CUDA).phases());
          texts.putAll(teams(name, plan));
        });
    ModelShape images = ModelShape.images(new ImageShape(3, 64, 64), 3, 256);
    texts.put("images_3x64_phases", new KernelText(step(images, 256, 50, false), CUDA).phases());
    texts.putAll(
        teams("dynae_D30_h64_d3_B256_L50", step(ModelShape.standard(30, 3, 64), 256, 50, false)));
    for (ModelKind kind : EnumSet.complementOf(EnumSet.of(ModelKind.DYNAE))) {
      StepPlan plan = step(ModelShape.standard(kind, 30, 3, 48), 256, 50, false);
      texts.put(plan.name() + "_phases", new KernelText(plan, CUDA).phases());
      String cluster = "_team_cluster";
      texts.put(
          plan.name() + cluster,
          Objects.requireNonNull(teams(plan.name(), plan).get(plan.name() + cluster)));
    }
    try (PlanCatcher catcher = new PlanCatcher()) {
      new LatentEncoder(catcher, learned(30, 3, 48)).close();
      texts.put("encoder", new KernelText(catcher.caught, CUDA).phases());
      new LatentDecoder(catcher, learned(30, 3, 48)).close();
      texts.put("decoder", new KernelText(catcher.caught, CUDA).phases());
      EpochPlans epoch =
          new EpochPlans(learned(30, 3, 48), 96, catcher, 1, 160_000, 200, Integer.MAX_VALUE);
      for (StepPlan plan : List.of(epoch.encode(), epoch.cut(), epoch.draw())) {
        texts.put(plan.name(), new KernelText(plan, CUDA).phases());
      }
    }
    texts.putAll(convolutions());
    texts.put("rates", rates());
    texts.putAll(distances());
    return texts;
  }

  /** Convolutions' own kernels alone, with the shared memory of an old GPU and of a new one. */
  private static Map<String, String> convolutions() {
    Map<String, String> texts = new LinkedHashMap<>();
    StepPlan grey = step(ModelShape.images(new ImageShape(1, 64, 64), 2, 256), 256, 50, false);
    StepPlan colour = step(ModelShape.images(new ImageShape(3, 64, 64), 2, 256), 256, 50, false);
    texts.put("dynae_1x64_h256_B256_tiles", tiles(grey, TURING_TILES, false));
    texts.put("dynae_3x64_h256_B256_tiles", tiles(colour, H200_TILES, false));
    texts.put("dynae_3x64_h256_B256_tiles_tf32", tiles(colour, H200_TILES, true));
    return texts;
  }

  private static String tiles(StepPlan plan, TileLimits limits, boolean tensorCores) {
    PhaseSchedule schedule = new PhaseSchedule(plan, true, limits, tensorCores);
    return new KernelText(plan, CUDA).phases(List.of(), schedule.own());
  }

  /** Sorts in the registers of a warp, in those of a whole block, and by radix. */
  private static Map<String, String> distances() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int samples : new int[] {1024, 4096, 16385}) {
      for (boolean gradient : new boolean[] {true, false}) {
        SlicedWasserstein.Options options = new SlicedWasserstein.Options(true, gradient);
        try (PlanCatcher catcher = new PlanCatcher()) {
          new SlicedWasserstein(catcher, 2, samples, 3, 5, options).close();
          String name = "sliced_wasserstein_" + samples + (gradient ? "_gradient" : "");
          texts.put(name, new KernelText(catcher.caught, CUDA).phases());
        }
      }
    }
    return texts;
  }

  /** Teams that an H200 chooses for one model and for a sweep, and a grid for one model. */
  private static Map<String, String> teams(String name, StepPlan plan) {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, TeamChoice> choices = new LinkedHashMap<>();
    choices.put("_team_cluster", new TeamChoice(plan, 1, H200, TeamRequest.NONE));
    choices.put(
        "_team_block", new TeamChoice(plan, H200.multiprocessors(), H200, TeamRequest.NONE));
    if (name.contains("_h32_")) {
      choices.put("_team_grid", new TeamChoice(plan, 1, H200, new TeamRequest(0, true, 0, 0)));
    }
    choices.forEach(
        (form, choice) ->
            choice
                .choose()
                .ifPresent(c -> texts.put(name + form, new TeamText(c.plan(), c.team()).steps())));
    return texts;
  }

  /** As {@code io.dynae.bench} puts it together. */
  private static String rates() {
    return "#define VW %d\n#define LANES %d\n#define GROUPS %d\n#define RB %d\n"
            .formatted(CUDA.vectorWidth(), CUDA.lanes(), CUDA.groups(), ROWS_PER_BLOCK)
        + KernelText.resource("portable.h")
        + KernelText.resource("bench/rates.cu");
  }

  private static ModelShape learned(int inputs, int latent, int width) {
    return new ModelShape(
        ModelKind.DYNAE,
        inputs,
        inputs,
        latent,
        width,
        width,
        3,
        Activation.TANH,
        32,
        2,
        true,
        true,
        null);
  }

  private static StepPlan step(ModelShape shape, int batch, int projections, boolean target) {
    Model.Draws draws = Model.Draws.FRESH;
    return Model.of(shape, batch, projections, target, draws, CUDA, ROWS_PER_BLOCK).plan();
  }

  /** Lets classes that build their plans themselves do so for a CUDA device, and keeps the plan. */
  private static final class PlanCatcher implements Backend {
    private final Backend java = new JavaBackend(1);
    private StepPlan caught;

    @Override
    public String name() {
      return "cuda";
    }

    @Override
    public String description() {
      return "catches plans";
    }

    @Override
    public TeamShape shape() {
      return CUDA;
    }

    @Override
    public int rowsPerBlock(int batch) {
      return ROWS_PER_BLOCK;
    }

    @Override
    public long tableBytes() {
      return java.tableBytes();
    }

    @Override
    public FrameTable table(String name, long floats) {
      return java.table(name, floats);
    }

    @Override
    public int together(StepPlan plan, long moreBytes) {
      return 1;
    }

    @Override
    public IndexTable indexTable(String name, long ints) {
      return java.indexTable(name, ints);
    }

    @Override
    public Executor executor(StepPlan plan, int models) {
      caught = plan;
      return java.executor(plan, models);
    }

    @Override
    public Executor wideExecutor(StepPlan plan, int models) {
      return executor(plan, models);
    }

    @Override
    public void close() {
      java.close();
    }
  }
}
