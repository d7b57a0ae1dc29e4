// SPDX-License-Identifier: MIT
package io.dynae.compute.team;

/**
 * The team that trains one model in a step kernel on a GPU.
 *
 * @param blocks blocks of threads: 1, 2, 4, 8 or 16
 * @param meeting how they meet
 * @param squads squads of a block; each works on its own rows
 * @param split warps of a squad, which share a block of rows
 */
public record Team(int blocks, Meeting meeting, int squads, int split) {
  /** Threads of a warp. */
  public static final int WARP = 32;

  /** How the blocks of a team meet. */
  public enum Meeting {
    /** One block: by its own barrier. */
    BLOCK,
    /** A cluster of blocks on neighbouring multiprocessors, from sm_90 on. */
    CLUSTER,
    /** A cooperative grid: through a counter in memory; all teams of a launch run at once. */
    GRID
  }

  public Team {
    if (blocks < 1 || squads < 1 || split < 1 || (blocks == 1) != (meeting == Meeting.BLOCK)) {
      throw new IllegalArgumentException(
          "no team: blocks %d, %s, squads %d, split %d".formatted(blocks, meeting, squads, split));
    }
  }

  /** Squads of all blocks. */
  public int allSquads() {
    return blocks * squads;
  }

  /** Threads of a block. */
  public int threads() {
    return WARP * squads * split;
  }

  @Override
  public String toString() {
    String size =
        switch (meeting) {
          case BLOCK -> "one block";
          case CLUSTER -> "a cluster of " + blocks + " blocks";
          case GRID -> "a grid of " + blocks + " blocks";
        };
    return "%s of %d threads, %d warps a block of rows".formatted(size, threads(), split);
  }
}
