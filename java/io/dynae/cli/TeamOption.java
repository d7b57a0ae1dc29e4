// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.compute.team.TeamRequest;
import io.dynae.error.InputException;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/**
 * {@code --team}, {@code --threads} and {@code --squads}: teams of the step kernel, to measure
 * them.
 */
final class TeamOption {
  private static final List<String> BLOCKS = List.of("1", "2", "4", "8", "16");
  private static final int MOST_THREADS = 1024;
  private static final int WARP = 32;

  /** Threads of a squad where none are asked for and a block has several. */
  private static final int SQUAD = 4 * WARP;

  /** A block has 16 named barriers, one of which all its threads share. */
  private static final int MOST_SQUADS = 15;

  private TeamOption() {}

  static Options addTo(Options options) {
    options.addOption(
        Command.value(
            "team",
            "N",
            "cuda: blocks that train a model, 1, 2, 4, 8 or 16 as a cluster, grid or grid:N as a"
                + " cooperative grid; chosen by default"));
    options.addOption(
        Command.value("threads", "T", "cuda: threads of a block of a team, a multiple of 32"));
    options.addOption(
        Command.value("squads", "S", "cuda: blocks of 32 rows that a block works on at a time"));
    return options;
  }

  /**
   * What the command line asks for.
   *
   * @throws InputException for a team that cannot be
   */
  static TeamRequest of(Command command, CommandLine line) {
    String team = line.getOptionValue("team", "");
    boolean grid = team.equals("grid") || team.startsWith("grid:");
    String blocks = grid ? team.substring(Math.min(team.length(), "grid:".length())) : team;
    if (!blocks.isEmpty() && !BLOCKS.contains(blocks) || grid && blocks.equals("1")) {
      throw new InputException(
          "--team: 1, 2, 4, 8, 16, grid or grid:N does not hold: '%s'".formatted(team));
    }
    int threads = number(command, line, "threads");
    int squads = number(command, line, "squads");
    if (threads % (WARP * Math.max(1, squads)) != 0 || threads > MOST_THREADS) {
      throw new InputException(
          "--threads: a multiple of 32 times squads, at most 1024 does not hold: %d, squads %d"
              .formatted(threads, squads));
    }
    int most = threads == 0 ? MOST_THREADS / SQUAD : MOST_SQUADS;
    if (squads > most) {
      throw new InputException("--squads: squads <= %d does not hold: %d".formatted(most, squads));
    }
    return new TeamRequest(blocks.isEmpty() ? 0 : Integer.parseInt(blocks), grid, threads, squads);
  }

  /** The number asked for, 0 for none; one beyond every limit stays so. */
  private static int number(Command command, CommandLine line, String option) {
    return (int) Math.min(1 << 20, command.number(line, option, 0, 1));
  }
}
