// SPDX-License-Identifier: MIT
package io.dynae.op;

/** An operation that all workers of a team share. */
public abstract class TeamOperation extends Operation {
  protected TeamOperation(String name, String... sources) {
    super(name, sources);
  }

  /** Plain Java form: share {@code part} of {@code parts}; results do not depend on the deal. */
  public abstract void run(HostMemory memory, int part, int parts);
}
