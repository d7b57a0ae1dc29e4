// SPDX-License-Identifier: MIT
package io.dynae.compute.device;

import io.dynae.compute.TeamShape;
import io.dynae.compute.text.LaunchShape;

/** A compiled program. */
public interface DeviceProgram extends AutoCloseable {
  /**
   * Queues one kernel.
   *
   * @param groups work-groups (blocks)
   * @param groupSize work-items (threads) a group, as the program's {@link TeamShape} says
   * @param arguments {@link DeviceMemory} or {@link Integer} each, in the kernel's order
   */
  void launch(String kernel, int groups, int groupSize, Object... arguments);

  /**
   * Queues the step kernel of teams; only devices with {@link Device#teamLimits} have any.
   *
   * @param arguments as for {@link #launch}
   */
  default void launchTeams(String kernel, LaunchShape shape, Object... arguments) {
    throw new UnsupportedOperationException("this device runs no teams");
  }

  @Override
  void close();
}
