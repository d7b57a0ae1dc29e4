// SPDX-License-Identifier: MIT
package io.dynae.compute.java;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.compute.IndexTable;
import io.dynae.compute.MemoryLimits;
import io.dynae.compute.TeamShape;
import io.dynae.op.StepPlan;

/** Plain Java on the processor's cores: needs nothing but a JVM. */
public final class JavaBackend implements Backend {
  private static final int MOST_ROWS_PER_BLOCK = 128;
  private static final int ROWS_GRANULE = 16;

  private final WorkerTeam team;
  private final MemoryLimits limits;

  /** Uses {@code threads} threads, from 1. */
  public JavaBackend(int threads) {
    this(threads, new MemoryLimits());
  }

  /** Uses {@code threads} threads, and no more memory of the machine than {@code limits} leave. */
  public JavaBackend(int threads, MemoryLimits limits) {
    team = new WorkerTeam(threads);
    this.limits = limits;
  }

  /** Uses all cores. */
  public JavaBackend() {
    this(Runtime.getRuntime().availableProcessors());
  }

  @Override
  public String name() {
    return "java";
  }

  @Override
  public String description() {
    return "%s %s, %d threads"
        .formatted(
            System.getProperty("java.vm.name"), System.getProperty("java.version"), team.size());
  }

  @Override
  public TeamShape shape() {
    return new TeamShape(1, 1, 1, Integer.MAX_VALUE, 1);
  }

  @Override
  public int rowsPerBlock(int batch) {
    return Math.min(MOST_ROWS_PER_BLOCK, (batch + ROWS_GRANULE - 1) / ROWS_GRANULE * ROWS_GRANULE);
  }

  /** A quarter of the heap, and no more than half of what is left of it. */
  @Override
  public long tableBytes() {
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    long half = HeapCheck.left(2 * quarter, limits) / 2;
    return Math.min(Math.min(quarter, half), 4L * (Integer.MAX_VALUE - 64));
  }

  @Override
  public int together(StepPlan plan, long moreBytes) {
    long bytes = 4L * plan.layout().size() + moreBytes;
    long fitting = Runtime.getRuntime().maxMemory() / 4 / bytes;
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, fitting));
  }

  @Override
  public Executor executor(StepPlan plan, int models) {
    HeapCheck.require(
        plan.name() + " of " + models + " models", 4L * plan.layout().size() * models);
    return new JavaExecutor(plan, models, team);
  }

  @Override
  public Executor wideExecutor(StepPlan plan, int models) {
    return executor(plan, models);
  }

  @Override
  public FrameTable table(String name, long floats) {
    HeapCheck.require("table " + name, 4 * floats);
    return new JavaTable(floats);
  }

  @Override
  public IndexTable indexTable(String name, long ints) {
    return new JavaIndex(ints);
  }

  @Override
  public void close() {
    team.close();
  }
}
