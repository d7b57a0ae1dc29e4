// SPDX-License-Identifier: MIT
package io.dynae.check;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.compute.IndexTable;
import io.dynae.compute.TeamShape;
import io.dynae.op.Control;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.op.Table;
import java.util.Set;

/** A backend whose results are off by one factor from model number {@code firstWrong} on. */
public record WrongBackend(Backend right, float factor, int firstWrong) implements Backend {
  @Override
  public String name() {
    return right.name();
  }

  @Override
  public String description() {
    return right.description();
  }

  @Override
  public TeamShape shape() {
    return right.shape();
  }

  @Override
  public int rowsPerBlock(int batch) {
    return right.rowsPerBlock(batch);
  }

  @Override
  public long tableBytes() {
    return right.tableBytes();
  }

  @Override
  public FrameTable table(String name, long floats) {
    return right.table(name, floats);
  }

  @Override
  public int together(StepPlan plan, long moreBytes) {
    return right.together(plan, moreBytes);
  }

  @Override
  public IndexTable indexTable(String name, long ints) {
    return right.indexTable(name, ints);
  }

  @Override
  public Executor executor(StepPlan plan, int models) {
    return new WrongExecutor(right.executor(plan, models), factor, firstWrong);
  }

  @Override
  public Executor wideExecutor(StepPlan plan, int models) {
    return new WrongExecutor(right.wideExecutor(plan, models), factor, firstWrong);
  }

  @Override
  public void close() {
    right.close();
  }

  private record WrongExecutor(Executor right, float factor, int firstWrong) implements Executor {
    @Override
    public StepPlan plan() {
      return right.plan();
    }

    @Override
    public int models() {
      return right.models();
    }

    @Override
    public void write(int model, Region region, float[] values) {
      right.write(model, region, values);
    }

    @Override
    public float[] read(int model, Region region) {
      float[] values = right.read(model, region);
      // Only what an operation writes may be wrong: the noise, the losses, and distances.
      boolean written = Set.of("noise", "losses", "distance").contains(region.name());
      if (written && model >= firstWrong) {
        for (int i = 0; i < values.length; i++) {
          values[i] *= factor;
        }
      }
      return values;
    }

    @Override
    public void table(Table table, FrameTable source) {
      right.table(table, source);
    }

    @Override
    public void index(int[] list, int n) {
      right.index(list, n);
    }

    @Override
    public void index(IndexTable list) {
      right.index(list);
    }

    @Override
    public Executor sharing(StepPlan plan) {
      return new WrongExecutor(right.sharing(plan), factor, firstWrong);
    }

    @Override
    public void writeInts(int model, Region region, int[] values) {
      right.writeInts(model, region, values);
    }

    @Override
    public int[] readInts(int model, Region region) {
      return right.readInts(model, region);
    }

    @Override
    public void launch(Control.Words... words) {
      right.launch(words);
    }

    @Override
    public void finish() {
      right.finish();
    }

    @Override
    public void close() {
      right.close();
    }
  }
}
