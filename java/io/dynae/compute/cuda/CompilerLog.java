// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import java.util.stream.Collectors;

/** Puts a compiler's log into an error of one line. */
final class CompilerLog {
  private CompilerLog() {}

  /** All lines that are not blank, joined by " | "; "" for null. */
  static String oneLine(String log) {
    if (log == null) {
      return "";
    }
    return log.replace("\0", "")
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" | "));
  }
}
