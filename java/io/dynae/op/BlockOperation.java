// SPDX-License-Identifier: MIT
package io.dynae.op;

/** An operation on one block of rows at a time. */
public abstract class BlockOperation extends Operation {
  /** All groups come to the device function, which deals its work out by PART. */
  public static final int ALL = -1;

  private final int blocks;

  /** Works on blocks 0 to blocks-1. */
  protected BlockOperation(String name, int blocks, String... sources) {
    super(name, sources);
    this.blocks = blocks;
  }

  /** Blocks it works on. */
  public final int blocks() {
    return blocks;
  }

  /**
   * Parts that the groups of lanes of a squad can do side by side in a team's step kernel; {@link
   * #ALL} when every group takes its share inside the device function.
   */
  public int teamParts() {
    return 1;
  }

  /** Plain Java form on block {@code b}. */
  public abstract void run(HostMemory memory, int b);
}
