// SPDX-License-Identifier: MIT
package io.dynae.compute.text;

import java.util.List;

/** Kernels of one operation, launched on their own between those of the phases. */
public interface OwnKernels {
  /**
   * A kernel and its launch.
   *
   * @param kernel its name
   */
  record Launch(String kernel, LaunchShape shape) {}

  /** Their text, after the kernel files. */
  String text();

  /** Kernels in the order of their launches. */
  List<Launch> launches();

  /** Floats that they need to themselves, where others have the list of frame numbers. */
  default long scratchFloats() {
    return 0;
  }

  /** Whether they multiply on tensor cores. */
  default boolean usesTensorCores() {
    return false;
  }
}
