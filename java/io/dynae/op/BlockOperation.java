// SPDX-License-Identifier: MIT
package io.dynae.op;

/** An operation on one block of rows at a time. */
public abstract class BlockOperation extends Operation {
  private final int blocks;

  /** Works on blocks 0 to blocks-1. */
  BlockOperation(String name, int blocks, String... sources) {
    super(name, sources);
    this.blocks = blocks;
  }

  /** Blocks it works on. */
  public final int blocks() {
    return blocks;
  }

  /** Plain Java form on block {@code b}. */
  public abstract void run(HostMemory memory, int b);
}
