// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.op.Control;
import io.dynae.op.Gather;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;

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

  /** Sets a region of one model; rows that pad the batch become zero. */
  void write(int model, Region region, float[] values);

  /** Copies a region of one model, after everything launched has run. */
  float[] read(int model, Region region);

  /** Reads frames or targets from {@code source} from the next launch on. */
  void table(Gather.Table table, FrameTable source);

  /** Sets the list of frame numbers, {@code list[0 .. n)}; models find theirs by INDEX_OFFSET. */
  void index(int[] list, int n);

  /** The first {@code n} words of the list of frame numbers, where plans also return labels. */
  int[] readIndex(int n);

  /**
   * Starts the launch: every model runs its STEPS steps.
   *
   * @param words control words, one set a model
   */
  void launch(Control.Words... words);

  /** Waits for everything launched. */
  void finish();

  @Override
  void close();
}
