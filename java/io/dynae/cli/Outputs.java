// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.error.InputException;
import io.dynae.file.IoReason;
import io.dynae.trajectory.npy.NpyFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a command is about to write. */
final class Outputs {
  private Outputs() {}

  /**
   * Refuses to replace a file that the same command reads, under whatever name.
   *
   * @param inputs as on the command line, arrays of archives too; null where an option is not given
   */
  static void requireNoInput(Path output, String... inputs) {
    for (String input : inputs) {
      if (input != null && same(output, Path.of(NpyFrames.file(input)))) {
        throw new InputException(
            "%s: output other than the input %s does not hold; give another --out"
                .formatted(output, input));
      }
    }
  }

  /** Refuses to replace what an earlier command wrote. */
  static void requireNew(Path output) {
    if (Files.exists(output)) {
      throw new InputException(
          "%s: is there already; delete it, or give another --out".formatted(output));
    }
  }

  private static boolean same(Path output, Path input) {
    try {
      return Files.exists(output) && Files.exists(input) && Files.isSameFile(output, input);
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be compared with %s (%s); give another --out"
              .formatted(output, input, IoReason.of(e)),
          e);
    }
  }
}
