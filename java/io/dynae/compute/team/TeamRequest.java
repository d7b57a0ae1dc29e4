// SPDX-License-Identifier: MIT
package io.dynae.compute.team;

/**
 * What a person asks of the teams of the step kernel, to measure them; zero leaves a choice open.
 *
 * @param blocks blocks of a team
 * @param grid whether they meet as a cooperative grid instead of a cluster
 * @param threads threads of a block
 * @param squads squads of a block
 */
public record TeamRequest(int blocks, boolean grid, int threads, int squads) {
  /** Everything open. */
  public static final TeamRequest NONE = new TeamRequest(0, false, 0, 0);

  /** Whether anything is asked for. */
  public boolean isSet() {
    return blocks != 0 || grid || threads != 0 || squads != 0;
  }
}
