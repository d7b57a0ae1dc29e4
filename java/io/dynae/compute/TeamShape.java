// SPDX-License-Identifier: MIT
package io.dynae.compute;

/**
 * How a team of work-items shares the rows of a batch on a device.
 *
 * @param vectorWidth floats in the vector value V: 16, 8 or 4 on CPU devices, 1 elsewhere
 * @param lanes work-items of one group of lanes; lanes times vectorWidth divides the 32 rows of a
 *     block
 * @param groups groups of lanes in a work-group
 * @param localBytes local (shared) memory that a kernel may declare, in bytes
 * @param phaseGroups work-groups that fill the device when one model runs phase by phase
 */
public record TeamShape(int vectorWidth, int lanes, int groups, int localBytes, int phaseGroups) {
  /** Work-items of a work-group. */
  public int groupSize() {
    return lanes * groups;
  }
}
