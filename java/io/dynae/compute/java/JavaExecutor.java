// SPDX-License-Identifier: MIT
package io.dynae.compute.java;

import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.compute.IndexTable;
import io.dynae.compute.RowBlocks;
import io.dynae.op.BlockOperation;
import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.op.Table;
import io.dynae.op.TeamOperation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the plain Java forms; results do not depend on the number of threads. */
final class JavaExecutor implements Executor {
  private final StepPlan plan;
  private final WorkerTeam team;
  private final ThreadChoice choice;
  private final List<HostMemory> memories;
  private float[] frames = new float[0];
  private float[] targets = new float[0];
  private int[] index = new int[0];

  JavaExecutor(StepPlan plan, int models, WorkerTeam team) {
    this(plan, team, new ArrayList<>());
    for (int model = 0; model < models; model++) {
      memories.add(new HostMemory(plan.layout()));
    }
  }

  private JavaExecutor(StepPlan plan, WorkerTeam team, List<HostMemory> memories) {
    this.plan = plan;
    this.team = team;
    this.memories = memories;
    this.choice = new ThreadChoice(team.size());
  }

  @Override
  public Executor sharing(StepPlan other) {
    return new JavaExecutor(other, team, memories);
  }

  @Override
  public StepPlan plan() {
    return plan;
  }

  @Override
  public int models() {
    return memories.size();
  }

  @Override
  public void write(int model, Region region, float[] values) {
    float[] packed = RowBlocks.pack(plan.layout(), region, values);
    if (region.blocks() == 0) {
      System.arraycopy(packed, 0, memories.get(model).flat(region), 0, packed.length);
      return;
    }
    int size = plan.layout().rowsPerBlock();
    float[][] rows = memories.get(model).rows(region);
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(packed, i * size, rows[i], 0, size);
    }
  }

  @Override
  public float[] read(int model, Region region) {
    if (region.blocks() == 0) {
      return memories.get(model).flat(region).clone();
    }
    int size = plan.layout().rowsPerBlock();
    float[] packed = new float[region.length()];
    float[][] rows = memories.get(model).rows(region);
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, packed, i * size, size);
    }
    return RowBlocks.unpack(plan.layout(), region, packed);
  }

  @Override
  public void writeInts(int model, Region region, int[] values) {
    System.arraycopy(values, 0, memories.get(model).ints(region), 0, values.length);
  }

  @Override
  public int[] readInts(int model, Region region) {
    return memories.get(model).ints(region).clone();
  }

  @Override
  public void table(Table table, FrameTable source) {
    float[] values = ((JavaTable) source).values();
    if (table == Table.FRAMES) {
      frames = values;
    } else {
      targets = values;
    }
  }

  @Override
  public void index(int[] list, int n) {
    index = Arrays.copyOf(list, n);
  }

  @Override
  public void index(IndexTable list) {
    index = ((JavaIndex) list).values();
  }

  /**
   * Models that are as many as the threads go whole to the next free thread, which waits for no
   * other; fewer share all threads, one model after the other.
   */
  @Override
  public void launch(Control.Words... words) {
    for (int model = 0; model < memories.size(); model++) {
      memories.get(model).bind(words[model], frames, targets, index);
    }
    if (team.size() > 1 && memories.size() >= team.size()) {
      dealModels();
    } else {
      memories.forEach(this::shareModel);
    }
  }

  private void dealModels() {
    AtomicInteger next = new AtomicInteger();
    team.run(
        team.size(),
        (part, parts) -> {
          for (int m = next.getAndIncrement(); m < models(); m = next.getAndIncrement()) {
            runAlone(memories.get(m));
          }
        });
  }

  private void shareModel(HostMemory memory) {
    int steps = memory.control().get(Control.STEPS);
    if (steps == 0) {
      return;
    }
    int threads = choice.threads();
    long began = System.nanoTime();
    team.run(threads, (part, parts) -> runShare(memory, part, parts));
    choice.took(threads, (System.nanoTime() - began) / (double) steps);
  }

  private void runAlone(HostMemory memory) {
    for (int step = 0; step < memory.control().get(Control.STEPS); step++) {
      memory.cursor(step);
      for (Operation operation : plan.operations()) {
        run(memory, operation, 0, 1);
      }
    }
  }

  private void runShare(HostMemory memory, int part, int parts) {
    for (int step = 0; step < memory.control().get(Control.STEPS); step++) {
      if (part == 0) {
        memory.cursor(step);
      }
      team.meet();
      for (List<Operation> phase : plan.phases()) {
        for (Operation operation : phase) {
          run(memory, operation, part, parts);
        }
        team.meet();
      }
    }
  }

  private static void run(HostMemory memory, Operation operation, int part, int parts) {
    if (operation instanceof BlockOperation block) {
      for (int b = part; b < block.blocks(); b += parts) {
        block.run(memory, b);
      }
    } else {
      ((TeamOperation) operation).run(memory, part, parts);
    }
  }

  @Override
  public void finish() {}

  @Override
  public void close() {}
}
