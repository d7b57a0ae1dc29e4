// SPDX-License-Identifier: MIT
package io.dynae.compute.device;

import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.compute.IndexTable;
import io.dynae.compute.RowBlocks;
import io.dynae.compute.team.Team;
import io.dynae.compute.team.TeamPlan;
import io.dynae.compute.team.TeamText;
import io.dynae.compute.text.KernelText;
import io.dynae.compute.text.LaunchShape;
import io.dynae.compute.text.OwnKernels;
import io.dynae.compute.text.PhaseSchedule;
import io.dynae.compute.text.TileLimits;
import io.dynae.op.Control;
import io.dynae.op.Matrices;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.op.Table;
import java.util.Arrays;
import java.util.OptionalDouble;

/** Runs a plan on a device: all steps of a launch in one kernel, by teams, or phase by phase. */
final class DeviceExecutor implements Executor {
  /** Elements of a region that are copied for all models at once: larger ones gain nothing. */
  private static final int MOST_ROW = 1 << 16;

  private final Device device;
  private final StepPlan plan;
  private final int models;
  private final boolean phases;
  private final LaunchShape teams;
  private final String form;
  private final int stride;
  private final DeviceProgram program;
  private final DeviceMemory arena;
  private final boolean ownArena;
  private final PhaseSchedule schedule;
  private final Matrices matrices;
  private DeviceMemory frames;
  private DeviceMemory targets;
  private DeviceMemory index;
  private DeviceMemory ownIndex;
  private final DeviceMemory scratch;
  private final boolean tensorCores;
  private Device.Recording recording;

  /**
   * @param phases run phase kernels, several work-groups a model, instead of the step kernel
   * @param tensorCores multiply convolutions on tensor cores, where phase kernels run one model
   */
  DeviceExecutor(Device device, StepPlan plan, int models, boolean phases, boolean tensorCores) {
    this(device, plan, models, phases, tensorCores, null);
  }

  private DeviceExecutor(
      Device device,
      StepPlan plan,
      int models,
      boolean phases,
      boolean tensorCores,
      DeviceMemory shared) {
    this.device = device;
    this.plan = plan;
    this.models = models;
    this.phases = phases;
    KernelText text = new KernelText(plan, device.shape());
    teams = null;
    form = phases ? "phase kernels" : "one work-group a model";
    stride = plan.layout().size();
    ownArena = shared == null;
    arena = ownArena ? device.allocate(plan.name() + " arena", 4L * stride * models) : shared;
    // The library's positions are those of the first model.
    matrices =
        phases && models == 1 && PhaseSchedule.wants(plan)
            ? device.matrices(arena, plan.layout().rowsPerBlock()).orElse(null)
            : null;
    this.tensorCores = tensorCores;
    // So are those of operations' own kernels.
    TileLimits limits = phases && models == 1 ? device.tileLimits().orElse(null) : null;
    schedule = new PhaseSchedule(plan, matrices != null, limits, tensorCores);
    program =
        device.compile(
            plan.name(), phases ? text.phases(schedule.kernels(), schedule.own()) : text.steps());
    scratch =
        schedule.scratchFloats() > 0
            ? device.allocate("gradient shares", 4 * schedule.scratchFloats())
            : null;
    ownIndex = device.allocate("frame numbers", 64);
    index = ownIndex;
    // A kernel needs some buffer for each argument; a plan without tables reads neither.
    frames = arena;
    targets = arena;
  }

  @Override
  public Executor sharing(StepPlan other) {
    if (teams != null) {
      throw new UnsupportedOperationException("no plan shares the buffers of teams");
    }
    if (other.layout() != plan.layout()) {
      throw new IllegalArgumentException(
          "plan %s has another layout than %s".formatted(other.name(), plan.name()));
    }
    return new DeviceExecutor(device, other, models, phases, tensorCores, arena);
  }

  /** A step kernel whose teams hold their rows in shared memory. */
  DeviceExecutor(Device device, TeamPlan plan, Team team, int models) {
    this.device = device;
    this.plan = plan.plan();
    this.models = models;
    phases = false;
    matrices = null;
    schedule = null;
    scratch = null;
    tensorCores = false;
    TeamText text = new TeamText(plan, team);
    teams = text.launch(models);
    form = "%s, %d KB of shared memory".formatted(team, teams.sharedBytes() >> 10);
    stride = text.arenaFloats();
    ownArena = true;
    arena = device.allocate(this.plan.name() + " arena", 4L * stride * models);
    program = device.compile(this.plan.name(), text.steps());
    ownIndex = device.allocate("frame numbers", 64);
    index = ownIndex;
    frames = arena;
    targets = arena;
  }

  @Override
  public StepPlan plan() {
    return plan;
  }

  @Override
  public int models() {
    return models;
  }

  @Override
  public int groups() {
    if (teams != null) {
      return teams.groups() / models;
    }
    return phases ? Math.max(1, device.shape().phaseGroups() / models) : 1;
  }

  @Override
  public String form() {
    return form;
  }

  /** Whether some of its convolutions run on tensor cores. */
  boolean usesTensorCores() {
    return schedule != null && schedule.own().stream().anyMatch(OwnKernels::usesTensorCores);
  }

  private long at(int model, Region region) {
    return (long) model * stride + region.offset();
  }

  @Override
  public void write(int model, Region region, float[] values) {
    float[] packed = RowBlocks.pack(plan.layout(), region, values);
    arena.write(at(model, region), packed, 0, packed.length);
  }

  @Override
  public float[] read(int model, Region region) {
    float[] packed = new float[region.length()];
    arena.read(at(model, region), packed, 0, packed.length);
    return RowBlocks.unpack(plan.layout(), region, packed);
  }

  @Override
  public float[][] readAll(Region region) {
    int n = region.length();
    long all = (long) n * models;
    if (models == 1 || region.blocks() != 0 || n > MOST_ROW || all > Integer.MAX_VALUE) {
      return Executor.super.readAll(region);
    }
    float[] rows = new float[(int) all];
    arena.readRows(region.offset(), stride, rows, n);
    float[][] values = new float[models][];
    for (int model = 0; model < models; model++) {
      values[model] = Arrays.copyOfRange(rows, model * n, (model + 1) * n);
    }
    return values;
  }

  @Override
  public void writeInts(int model, Region region, int[] values) {
    arena.write(at(model, region), values, 0, values.length);
  }

  @Override
  public int[] readInts(int model, Region region) {
    int[] values = new int[region.length()];
    arena.read(at(model, region), values, 0, values.length);
    return values;
  }

  @Override
  public void table(Table table, FrameTable source) {
    forgetRecording();
    DeviceMemory memory = ((DeviceTable) source).memory();
    if (table == Table.FRAMES) {
      frames = memory;
    } else {
      targets = memory;
    }
  }

  @Override
  public void index(int[] list, int n) {
    if (4L * n > ownIndex.bytes()) {
      // Launches that read the old list may still be queued.
      device.finish();
      ownIndex.close();
      ownIndex = device.allocate("frame numbers", 4L * n);
    }
    ownIndex.write(0, list, 0, n);
    index(ownIndex);
  }

  @Override
  public void index(IndexTable list) {
    index(((DeviceIndex) list).memory());
  }

  private void index(DeviceMemory memory) {
    if (!memory.equals(index)) {
      forgetRecording();
      index = memory;
    }
  }

  @Override
  public void launch(Control.Words... words) {
    launches(control(words));
  }

  @Override
  public OptionalDouble timedLaunch(Control.Words... words) {
    int steps = control(words);
    return device.time(() -> launches(steps));
  }

  /** Writes the control words; returns the most steps of a model. */
  private int control(Control.Words... words) {
    int steps = 0;
    int n = Control.values().length;
    int[] control = new int[models * n];
    for (int model = 0; model < models; model++) {
      System.arraycopy(words[model].set(Control.CURSOR, 0).toArray(), 0, control, model * n, n);
      steps = Math.max(steps, words[model].get(Control.STEPS));
    }
    arena.writeRows(0, stride, control, n);
    return steps;
  }

  private void launches(int steps) {
    if (teams != null) {
      program.launchTeams(KernelText.STEP_KERNEL, teams, arena, frames, targets, index);
      return;
    }
    int groupSize = device.shape().groupSize();
    if (!phases) {
      program.launch(KernelText.STEP_KERNEL, models, groupSize, arena, frames, targets, index);
      return;
    }
    for (int step = 0; step < steps; step++) {
      if (recording != null) {
        recording.replay();
        continue;
      }
      // The first step runs unrecorded: libraries may allocate then, which a recording forbids.
      phaseLaunches(groupSize);
      recording = device.record(() -> phaseLaunches(groupSize));
    }
  }

  private void phaseLaunches(int groupSize) {
    int groups = groups();
    for (PhaseSchedule.Entry entry : schedule.entries()) {
      if (entry.product() != null) {
        entry.product().multiply(matrices);
        continue;
      }
      if (entry.own() != null) {
        DeviceMemory last = entry.own().scratchFloats() > 0 ? scratch : index;
        for (OwnKernels.Launch launch : entry.own().launches()) {
          program.launchTeams(launch.kernel(), launch.shape(), arena, frames, targets, last);
        }
        continue;
      }
      program.launch(
          KernelText.phaseKernel(entry.kernel()),
          models * groups,
          groupSize,
          arena,
          frames,
          targets,
          index,
          groups);
    }
    program.launch(KernelText.ADVANCE_KERNEL, models, groupSize, arena, frames, targets, index, 1);
  }

  /** A recording fixes its arguments, so it goes when a buffer does. */
  private void forgetRecording() {
    if (recording != null) {
      recording.close();
      recording = null;
    }
  }

  @Override
  public void finish() {
    device.finish();
  }

  @Override
  public void close() {
    forgetRecording();
    ownIndex.close();
    if (scratch != null) {
      scratch.close();
    }
    if (ownArena) {
      arena.close();
    }
    program.close();
  }
}
