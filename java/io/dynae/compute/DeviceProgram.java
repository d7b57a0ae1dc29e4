// SPDX-License-Identifier: MIT
package io.dynae.compute;

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

  @Override
  void close();
}
