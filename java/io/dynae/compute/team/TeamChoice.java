// SPDX-License-Identifier: MIT
package io.dynae.compute.team;

import io.dynae.op.StepPlan;
import java.util.Optional;

/**
 * Chooses the team that trains a model on a GPU.
 *
 * <p>Blocks of a team, from measurements of a prototype on an H200 (one model: 527 us a step with
 * one block, 184, 155 and 142 us with clusters of 4, 8 and 16) and from the rule that a sweep
 * should fill the multiprocessors:
 *
 * <pre>
 * models            blocks of a team
 * 1 to m / 16       16, or the power of two that gives every block of rows one, if that is less
 * up to m / 2       the largest power of two not above m / models
 * more              1
 * </pre>
 *
 * <p>where m is seven eighths of the multiprocessors: a cluster lies within a group of 16 or 18 of
 * them, of which some then stay free, and a cluster that waits for another doubles the time. A
 * cluster where the GPU has them and it is large enough, else a cooperative grid while all teams
 * fit at once, else one block.
 *
 * <p>Warps: a squad has 8 where it is alone in its block; where a block has several blocks of rows,
 * squads of 4 work on as many at a time as shared memory holds, 4 at most. These numbers are
 * reasoned, not measured.
 */
public final class TeamChoice {
  /** Blocks of a team at most: of a cluster, on GPUs that have those. */
  private static final int MOST_BLOCKS = 16;

  private static final int MOST_SQUADS = 4;
  private static final int ROWS = 32;

  /** A team and the plan it runs. */
  public record Chosen(Team team, TeamPlan plan) {
    /** Floats of a model's arena. */
    public int arenaFloats() {
      return new TeamText(plan, team).arenaFloats();
    }
  }

  private final StepPlan step;
  private final TeamLimits limits;
  private final TeamRequest request;
  private final int models;

  public TeamChoice(StepPlan step, int models, TeamLimits limits, TeamRequest request) {
    this.step = step;
    this.models = models;
    this.limits = limits;
    this.request = request;
  }

  /**
   * The team for the plan.
   *
   * @return empty when the plan's rows and parameters do not fit shared memory, whatever the team
   */
  public Optional<Chosen> choose() {
    if (step.layout().rowsPerBlock() != ROWS) {
      return Optional.empty();
    }
    TeamPlan passing = new TeamPlan(step, TeamPlan.Form.PASSING);
    int blocks = blocks(passing.blocks());
    Team.Meeting meeting = meeting(blocks);
    if (meeting == Team.Meeting.BLOCK) {
      blocks = 1;
    }
    int rowsOfBlock = (Math.max(1, passing.blocks()) + blocks - 1) / blocks;
    int most = request.squads() != 0 ? request.squads() : Math.min(rowsOfBlock, MOST_SQUADS);
    for (int squads = most; squads >= 1; squads = request.squads() != 0 ? 0 : squads - 1) {
      if (request.threads() % (Team.WARP * squads) != 0) {
        continue;
      }
      Team team = new Team(blocks, meeting, squads, split(squads, rowsOfBlock));
      for (TeamPlan.Form form : TeamPlan.Form.values()) {
        TeamPlan plan = new TeamPlan(step, form);
        boolean suits = form == TeamPlan.Form.PASSING || rowsOfBlock <= squads;
        if (suits && plan.sharedBytes(squads) + plan.localBytes() <= limits.sharedBytes()) {
          return Optional.of(new Chosen(team, plan));
        }
      }
    }
    return Optional.empty();
  }

  /** Why no team runs the plan, with the numbers. */
  public String refusal() {
    TeamPlan plan = new TeamPlan(step, TeamPlan.Form.PASSING);
    int squads = Math.max(1, request.squads());
    return ("%s: shared memory of a team <= that of a block does not hold: %d bytes (parameters %d,"
            + " blocks of rows %d), %d bytes; it runs without teams")
        .formatted(
            step.name(),
            plan.sharedBytes(squads) + plan.localBytes(),
            4 * plan.weightFloats(),
            4 * plan.squadFloats() * squads,
            limits.sharedBytes());
  }

  private int blocks(int rowBlocks) {
    if (request.blocks() != 0) {
      return request.blocks();
    }
    int useful = Math.min(MOST_BLOCKS, Integer.highestOneBit(2 * Math.max(1, rowBlocks) - 1));
    int share = Math.max(1, limits.multiprocessors() * 7 / 8 / models);
    return Math.min(useful, Integer.highestOneBit(share));
  }

  private Team.Meeting meeting(int blocks) {
    if (blocks == 1) {
      return Team.Meeting.BLOCK;
    }
    if (!request.grid() && blocks <= limits.largestCluster()) {
      return Team.Meeting.CLUSTER;
    }
    // One block a multiprocessor is sure to run, more may not be.
    return (long) blocks * models <= limits.multiprocessors()
        ? Team.Meeting.GRID
        : Team.Meeting.BLOCK;
  }

  private int split(int squads, int rowsOfBlock) {
    if (request.threads() != 0) {
      return request.threads() / (Team.WARP * squads);
    }
    return squads == 1 ? 8 : 4;
  }
}
