// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells a directory whose training ended before it saved anything, as one that diverges at once
 * does. It holds nothing but settings that the program wrote, so its name is free again.
 */
final class SavedNothing {
  private SavedNothing() {}

  /** Whether a directory holds settings of a training and nothing that came of it. */
  static boolean in(Path directory) {
    return Files.isRegularFile(directory.resolve("config.ini"), LinkOption.NOFOLLOW_LINKS)
        && entries(directory).stream().allMatch(SavedNothing::isNothing);
  }

  private static boolean isNothing(Path file) {
    String name = file.getFileName().toString();
    if (name.equals(RunLock.FILE) || name.startsWith(".") && name.endsWith(".tmp")) {
      return true;
    }
    if (Files.isSymbolicLink(file)) {
      return false;
    }
    return switch (name) {
      case "config.ini" -> isWritten(file);
      // An epoch is noted a moment before it is saved.
      case "metrics.jsonl" -> lines(file) <= 1;
      case "starts" -> Files.isDirectory(file) && entries(file).stream().allMatch(SavedNothing::in);
      default -> false;
    };
  }

  /** Whether the program wrote it: a person's own has comments, or not all keys. */
  private static boolean isWritten(Path config) {
    try {
      return Files.readString(config).equals(RunConfig.read(config, List.of()).toIni());
    } catch (IOException | InputException e) {
      return false;
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.limit(2).count();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private static List<Path> entries(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    } catch (IOException e) {
      return List.of(directory);
    }
  }
}
