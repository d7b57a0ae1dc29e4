// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.op.StepPlan;

/** A device as a backend. */
public final class DeviceBackend implements Backend {
  private static final int ROWS_PER_BLOCK = 32;

  /**
   * Multiply-adds of a step up to which one team runs it. On two cores the step kernel and the phase
   * kernels take the same time at 10 million; from 35 million on the phases are faster.
   */
  private static final long TEAM_MULTIPLY_ADDS = 24_000_000;

  private final Device device;
  private final boolean phases;

  /**
   * Takes the device over; {@link #close} closes it.
   *
   * @param phases run phase kernels instead of the step kernel
   */
  public DeviceBackend(Device device, boolean phases) {
    this.device = device;
    this.phases = phases;
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

  /** A single model whose step is larger than a team should hold gets the whole device. */
  @Override
  public Executor executor(StepPlan plan, int models) {
    boolean large = models == 1 && plan.multiplyAdds() > TEAM_MULTIPLY_ADDS;
    return new DeviceExecutor(device, plan, models, phases || large);
  }

  @Override
  public Executor wideExecutor(StepPlan plan) {
    return new DeviceExecutor(device, plan, 1, true);
  }

  @Override
  public FrameTable table(String name, long floats) {
    return new DeviceTable(device.allocate(name, Math.max(64, 4 * floats)), floats);
  }

  @Override
  public void close() {
    device.close();
  }
}
