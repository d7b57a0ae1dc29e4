// SPDX-License-Identifier: MIT
package io.dynae.op;

/** A piece of an operation that only the step kernel of a team runs by itself. */
public abstract class TeamPart extends BlockOperation {
  protected TeamPart(String name, int blocks, String... sources) {
    super(name, blocks, sources);
  }

  @Override
  public final String statement() {
    throw new UnsupportedOperationException(name() + " is part of a team's step kernel alone");
  }

  @Override
  public abstract String teamStatement(TeamMemory memory);

  @Override
  public final void run(HostMemory memory, int b) {
    throw new UnsupportedOperationException(name() + " has no plain Java form of its own");
  }
}
