// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.bins.EpochSampler;
import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.dataset.Standardizer;
import io.dynae.error.InputException;
import io.dynae.model.LatentEncoder;
import io.dynae.model.Model;
import io.dynae.op.Table;
import io.dynae.op.bins.RegularSpace;
import io.dynae.trajectory.Frames;
import java.util.Arrays;

/**
 * Puts frames where the kernels can gather them.
 *
 * <p>A trajectory that fits the backend's memory goes there once. A larger one stays in its mapped
 * file, and each launch gets a table of just the frames it asks for; the kernels see no difference.
 */
final class BatchTables implements AutoCloseable {
  private static final int CHUNK_FLOATS = 1 << 20;
  private static final long STAGE_FLOATS = 1 << 23;
  private static final int STAGES = 4;

  private final Frames input;
  private final Frames target;
  private final int targetShift;
  private final boolean resident;
  private final FrameTable frames;
  private final FrameTable targets;
  private final int stagedRows;
  private final float[] stage;
  private final int[] rowNumbers;

  /**
   * @param target what the decoder predicts, or null for the input
   * @param targetShift frames from an input frame to its target
   * @param rows frames of a step, of all models together
   */
  BatchTables(
      Backend backend,
      Frames input,
      Frames target,
      int targetShift,
      Standardizer standardizer,
      int rows) {
    this.input = standardizer.of(input);
    this.target = target;
    this.targetShift = targetShift;
    long inputFloats = input.count() * input.features();
    long targetFloats = target == null ? 0 : target.count() * target.features();
    long tableBytes = backend.tableBytes();
    resident = 4 * (inputFloats + targetFloats) <= tableBytes;
    int widest = Math.max(input.features(), target == null ? 0 : target.features());
    // The staged frames, their targets and the copy that is filled leave some of a little memory.
    long most = Math.min(STAGE_FLOATS, tableBytes / (4 * STAGES));
    long steps = Math.min(Model.MOST_STEPS, Math.max(1, most / ((long) rows * widest)));
    // As many as are encoded at once, fewer where frames are large, but what bins are cut from.
    long chunk = Math.max(RegularSpace.GRANULE, Math.min(LatentEncoder.CHUNK, most / widest));
    long staged = Math.max(rows * steps, chunk);
    if (!resident && staged * widest > Integer.MAX_VALUE) {
      throw new InputException(
          "%s: values staged at once <= %d does not hold: %d frames of %d; use a lower batch_size, or smaller frames"
              .formatted(input.source(), Integer.MAX_VALUE, staged, widest));
    }
    stagedRows = (int) staged;
    long height = resident ? -1 : stagedRows;
    frames = backend.table("frames", resident ? inputFloats : height * input.features());
    targets =
        target == null
            ? null
            : backend.table("targets", resident ? targetFloats : height * target.features());
    stage = new float[resident ? Math.max(CHUNK_FLOATS, widest) : stagedRows * widest];
    rowNumbers = new int[resident ? 0 : stagedRows];
    if (resident) {
      fillAll();
    }
  }

  /** Steps of {@code rows} frames, of all models together, that one launch may ask for. */
  int stepsOf(int rows) {
    return resident ? Integer.MAX_VALUE : stagedRows / rows;
  }

  /** Whether the whole trajectory lies in the backend's memory. */
  boolean resident() {
    return resident;
  }

  private void fillAll() {
    int count = (int) input.count();
    int chunk = Math.max(1, stage.length / input.features());
    for (int first = 0; first < count; first += chunk) {
      int n = Math.min(chunk, count - first);
      input.read(first, n, stage, 0);
      frames.fill((long) first * input.features(), stage, n * input.features());
    }
    if (target == null) {
      return;
    }
    chunk = Math.max(1, stage.length / target.features());
    for (int first = targetShift; first < count; first += chunk) {
      int n = Math.min(chunk, count - first);
      target.read(first, n, stage, 0);
      long at = (long) (first - targetShift) * target.features();
      targets.fill(at, stage, n * target.features());
    }
  }

  /**
   * Refuses files that are no longer those that were opened.
   *
   * @throws InputException naming what has changed
   */
  void requireUnchanged() {
    input.requireUnchanged();
    if (target != null) {
      target.requireUnchanged();
    }
  }

  /** Makes the executor read these tables. */
  void bind(Executor executor) {
    executor.table(Table.FRAMES, frames);
    if (targets != null) {
      executor.table(Table.TARGETS, targets);
    }
  }

  void bind(LatentEncoder encoder) {
    encoder.table(frames);
  }

  void bind(EpochSampler sampler) {
    sampler.frames(frames);
  }

  /** Rows that a launch may ask for: those of the staging table, or any number. */
  int rows() {
    return resident ? Integer.MAX_VALUE : stagedRows;
  }

  /** Gives the executor the frames {@code numbers[0 .. n)} of its next launch, in that order. */
  void load(Executor executor, int[] numbers, int n) {
    if (resident) {
      executor.index(numbers, n);
      return;
    }
    stageFrames(numbers, n);
    if (target != null) {
      int[] shifted = Arrays.stream(numbers, 0, n).map(i -> i + targetShift).toArray();
      target.gather(shifted, 0, n, stage, 0);
      targets.fill(0, stage, n * target.features());
    }
    executor.index(rowNumbers, n);
  }

  /** Puts frames {@code numbers[0 .. n)} into the first rows of the staging table. */
  void stageFrames(int[] numbers, int n) {
    stageFrames(numbers, 0, n);
  }

  private void stageFrames(int[] numbers, int from, int n) {
    input.gather(numbers, from, n, stage, 0);
    frames.fill(0, stage, n * input.features());
    for (int i = 0; i < n; i++) {
      rowNumbers[i] = i;
    }
  }

  /** Encodes the frames {@code numbers} into {@code z}, [numbers][d]. */
  void encode(LatentEncoder encoder, int[] numbers, int latent, float[] z) {
    int most = Math.min(LatentEncoder.CHUNK, rows());
    for (int from = 0; from < numbers.length; from += most) {
      int n = Math.min(most, numbers.length - from);
      if (resident) {
        encoder.encode(numbers, from, n, z, from * latent);
      } else {
        stageFrames(numbers, from, n);
        encoder.encode(rowNumbers, 0, n, z, from * latent);
      }
    }
  }

  @Override
  public void close() {
    frames.close();
    if (targets != null) {
      targets.close();
    }
  }
}
