// SPDX-License-Identifier: MIT
package io.dynae.compute.device;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.compute.IndexTable;
import io.dynae.compute.TeamShape;
import io.dynae.compute.TensorCores;
import io.dynae.compute.team.TeamChoice;
import io.dynae.compute.team.TeamLimits;
import io.dynae.compute.team.TeamRequest;
import io.dynae.compute.text.TileLimits;
import io.dynae.op.StepPlan;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A device as a backend. */
public final class DeviceBackend implements Backend {
  private static final int ROWS_PER_BLOCK = 32;

  /**
   * Multiply-adds of a step up to which one team runs it. On two cores of a CPU device the phase
   * kernels take as long as the step kernel at 6 million (D 2, h 32, B 256), 1.3 times less at 19
   * million (D 30, h 64, B 256), 1.7 times less at 415 million (D 300, h 128, B 1024).
   */
  private static final long TEAM_MULTIPLY_ADDS = 10_000_000;

  private final Device device;
  private static final Logger LOG = LoggerFactory.getLogger(DeviceBackend.class);

  private final boolean phases;
  private final TeamRequest request;
  private boolean tensorCores;
  private boolean told;

  /**
   * Takes the device over; {@link #close} closes it.
   *
   * @param phases run phase kernels instead of the step kernel
   */
  public DeviceBackend(Device device, boolean phases) {
    this(device, phases, TeamRequest.NONE);
  }

  /**
   * Takes the device over, with teams of its step kernel as asked for.
   *
   * @param phases run phase kernels instead of the step kernel
   */
  public DeviceBackend(Device device, boolean phases, TeamRequest request) {
    this.device = device;
    this.phases = phases;
    this.request = request;
  }

  @Override
  public String name() {
    return device.backend();
  }

  @Override
  public String description() {
    return device.name() + " (" + device.driver() + ")";
  }

  @Override
  public TeamShape shape() {
    return device.shape();
  }

  @Override
  public int rowsPerBlock(int batch) {
    return ROWS_PER_BLOCK;
  }

  @Override
  public long tableBytes() {
    return device.largestAllocation() / 2;
  }

  @Override
  public int together(StepPlan plan, long moreBytes) {
    Optional<TeamChoice.Chosen> team = team(plan, 1);
    int floats = team.map(TeamChoice.Chosen::arenaFloats).orElse(plan.layout().size());
    long fitting = device.largestAllocation() / 2 / (4L * floats + moreBytes);
    boolean alone = team.isEmpty() && large(plan);
    // A processor's core runs a large model of its own faster than all of them share one.
    int most = alone ? device.cores() : Integer.MAX_VALUE;
    return (int) Math.max(1, Math.min(most, fitting));
  }

  /**
   * Teams in shared memory where the device has them and the plan fits. Else a single model whose
   * step is larger than one work-group should hold gets the whole device.
   */
  @Override
  public Executor executor(StepPlan plan, int models) {
    Optional<TeamChoice.Chosen> team = team(plan, models);
    if (team.isPresent()) {
      return new DeviceExecutor(device, team.get().plan(), team.get().team(), models);
    }
    return told(
        new DeviceExecutor(
            device, plan, models, phases || models == 1 && large(plan), tensorCores));
  }

  private Optional<TeamChoice.Chosen> team(StepPlan plan, int models) {
    Optional<TeamLimits> limits =
        phases || !plan.runsInTeams() ? Optional.empty() : device.teamLimits();
    if (limits.isEmpty()) {
      return Optional.empty();
    }
    TeamChoice choice = new TeamChoice(plan, models, limits.get(), request);
    Optional<TeamChoice.Chosen> chosen = choice.choose();
    if (chosen.isEmpty()) {
      LOG.warn(choice.refusal());
    }
    return chosen;
  }

  @Override
  public void tensorCores(TensorCores choice) {
    boolean there = device.tileLimits().map(TileLimits::tensorCores).orElse(false);
    if (choice == TensorCores.REQUIRED && !there) {
      throw TensorCores.missing(description());
    }
    tensorCores = there && choice != TensorCores.OFF;
  }

  /** Says once that results are rounded more than float32 is. */
  private DeviceExecutor told(DeviceExecutor executor) {
    if (!told && executor.usesTensorCores()) {
      told = true;
      LOG.info(
          "{}: convolutions use TF32 on tensor cores, products rounded to 5e-4 relative;"
              + " tensor_cores = False keeps float32",
          name());
    }
    return executor;
  }

  private static boolean large(StepPlan plan) {
    return plan.multiplyAdds() > TEAM_MULTIPLY_ADDS;
  }

  @Override
  public Executor wideExecutor(StepPlan plan, int models) {
    return told(new DeviceExecutor(device, plan, models, true, tensorCores));
  }

  @Override
  public FrameTable table(String name, long floats) {
    return new DeviceTable(device.allocate(name, Math.max(64, 4 * floats)), floats);
  }

  @Override
  public IndexTable indexTable(String name, long ints) {
    return new DeviceIndex(device.allocate(name, Math.max(64, 4 * ints)));
  }

  @Override
  public void close() {
    device.close();
  }
}
