// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.op.Control;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.op.Table;
import java.util.OptionalDouble;

/**
 * Runs a step plan for one or more models and holds their buffers.
 *
 * <p>Values go in and out in the order people think in: a rows region is [row][feature], the
 * batch's first half and then, where there is one, the second, without padding; a flat region is as
 * it is.
 */
public interface Executor extends AutoCloseable {
  StepPlan plan();

  /** Models trained side by side. */
  int models();

  /** Work-groups that share one model; 1 where its team is the threads of a JVM. */
  default int groups() {
    return 1;
  }

  /** What runs a step, in words for reports: "a cluster of 16 blocks of 256 threads, ...". */
  default String form() {
    return "";
  }

  /** Sets a region of one model; rows that pad the batch become zero. */
  void write(int model, Region region, float[] values);

  /** Copies a region of one model, after everything launched has run. */
  float[] read(int model, Region region);

  /** Sets the first {@code values.length} ints of a region of ints. */
  void writeInts(int model, Region region, int[] values);

  /** Copies a region of ints of one model, after everything launched has run. */
  int[] readInts(int model, Region region);

  /** The same of every model. */
  default float[][] readAll(Region region) {
    float[][] values = new float[models()][];
    for (int model = 0; model < values.length; model++) {
      values[model] = read(model, region);
    }
    return values;
  }

  /** Reads frames or targets from {@code source} from the next launch on. */
  void table(Table table, FrameTable source);

  /** Sets the list of frame numbers, {@code list[0 .. n)}; models find theirs by INDEX_OFFSET. */
  void index(int[] list, int n);

  /** Reads and writes {@code list} as the list of frame numbers from the next launch on. */
  void index(IndexTable list);

  /**
   * Another plan over the same buffers of the same models, in the same form. It has its own tables,
   * and is closed before this one.
   *
   * @param plan of this one's layout
   */
  Executor sharing(StepPlan plan);

  /**
   * Starts the launch: every model runs its STEPS steps.
   *
   * @param words control words, one set a model
   */
  void launch(Control.Words... words);

  /**
   * The same, and waits for it.
   *
   * @return microseconds that it took by the device's own clock, or empty where there is none
   */
  default OptionalDouble timedLaunch(Control.Words... words) {
    launch(words);
    finish();
    return OptionalDouble.empty();
  }

  /** Waits for everything launched. */
  void finish();

  @Override
  void close();
}
