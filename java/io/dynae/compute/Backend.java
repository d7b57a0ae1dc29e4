// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.op.StepPlan;

/** A way to run step plans: plain Java, or a device. */
public interface Backend extends AutoCloseable {
  /** "java", "opencl" or "cuda". */
  String name();

  /** Device as a person calls it, with its driver. */
  String description();

  /** How teams are shaped here. */
  TeamShape shape();

  /** Rows of a block that layouts for this backend have. */
  int rowsPerBlock(int batch);

  /** Bytes that tables of frames may take in this backend's memory. */
  long tableBytes();

  /** Allocates a table of {@code floats} values. */
  FrameTable table(String name, long floats);

  /**
   * Most models that should train side by side in one executor: what the memory holds beside the
   * tables, at least one; one where a single model's step fills the device, and one a core of a
   * processor.
   *
   * @param moreBytes of each model, besides the plan's buffers
   */
  int together(StepPlan plan, long moreBytes);

  /** Allocates a table of {@code ints} values. */
  IndexTable indexTable(String name, long ints);

  /** Prepares a plan whose every model is run by one team: allocates, compiles. */
  Executor executor(StepPlan plan, int models);

  /** Prepares a plan whose models share the whole device, phase by phase. */
  Executor wideExecutor(StepPlan plan, int models);

  /**
   * Chooses how convolutions multiply in executors prepared from now on; in float32 until told.
   *
   * @throws io.dynae.error.DeviceException when tensor cores are required and not there
   */
  default void tensorCores(TensorCores choice) {
    if (choice == TensorCores.REQUIRED) {
      throw TensorCores.missing(description());
    }
  }

  @Override
  void close();
}
