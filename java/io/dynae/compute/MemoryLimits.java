// SPDX-License-Identifier: MIT
package io.dynae.compute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Memory of the machine that this process may still take: what the system has to spare, and what
 * each control group above the process leaves, of version 1 or 2.
 */
public final class MemoryLimits {
  /** Files of a control group: its limit, its use, and in its statistics what can be dropped. */
  private record Version(String limit, String use, String inactive, String active) {}

  private static final Version ONE =
      new Version(
          "memory.limit_in_bytes",
          "memory.usage_in_bytes",
          "total_inactive_file",
          "total_active_file");
  private static final Version TWO =
      new Version("memory.max", "memory.current", "inactive_file", "active_file");

  private final Path root;

  /** Of this machine. */
  public MemoryLimits() {
    this(Path.of("/"));
  }

  /** Of a machine whose {@code proc} and {@code sys} lie in {@code root}. */
  public MemoryLimits(Path root) {
    this.root = root;
  }

  /** Bytes that are left, {@link Long#MAX_VALUE} where nothing is known. */
  public long available() {
    long least = number(root.resolve("proc/meminfo"), "MemAvailable:").orElse(Long.MAX_VALUE >> 10);
    least <<= 10;
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      // number:controllers:path, of version 2 without controllers
      String[] parts = line.split(":", 3);
      if (parts.length < 3) {
        continue;
      }
      if (parts[1].isEmpty()) {
        least = Math.min(least, left(TWO, "sys/fs/cgroup", parts[2]));
        least = Math.min(least, left(TWO, "sys/fs/cgroup/unified", parts[2]));
      } else if (List.of(parts[1].split(",", -1)).contains("memory")) {
        least = Math.min(least, left(ONE, "sys/fs/cgroup/memory", parts[2]));
      }
    }
    return least;
  }

  /** The least that a group and those above it leave; in a container some are out of sight. */
  private long left(Version version, String mount, String group) {
    long least = Long.MAX_VALUE;
    Path top = root.resolve(mount);
    Path folder = top.resolve(group.substring(group.startsWith("/") ? 1 : 0)).normalize();
    for (; folder != null && folder.startsWith(top); folder = folder.getParent()) {
      Optional<Long> limit = number(folder.resolve(version.limit), "");
      Optional<Long> use = number(folder.resolve(version.use), "");
      if (limit.isPresent() && use.isPresent()) {
        Path statistics = folder.resolve("memory.stat");
        // Pages of files count as used until somebody else needs them.
        long files =
            number(statistics, version.inactive + " ").orElse(0L)
                + number(statistics, version.active + " ").orElse(0L);
        least = Math.min(least, Math.max(0, limit.get() - Math.max(0, use.get() - files)));
      }
    }
    return least;
  }

  /** The number after {@code name} in a file of such lines; a limit of "max" is none. */
  private static Optional<Long> number(Path file, String name) {
    return lines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip().split(" ", 2)[0])
        .filter(text -> text.matches("\\d{1,18}"))
        .map(Long::valueOf)
        .findFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException | SecurityException e) {
      // Another system, or a container that hides it.
      return List.of();
    }
  }
}
