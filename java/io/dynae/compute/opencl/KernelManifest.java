// SPDX-License-Identifier: MIT
package io.dynae.compute.opencl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A text file of lines {@code SHA256 NAME}, to which several processes append. A name may have
 * several hashes: two processes that compile the same kernel at once need not write the same bytes,
 * and the later of the two files stays.
 */
final class KernelManifest {
  private static final Pattern LINE = Pattern.compile("[0-9a-f]{64} .+");
  private static final int NAME_AT = 65;

  private final Path file;
  private final Set<String> lines = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  KernelManifest(Path file) {
    this.file = file;
  }

  /**
   * Reads what is there; a line that is none is not read, so that its file counts as unrecorded.
   */
  void read() throws IOException {
    String text;
    try {
      text = new String(Files.readAllBytes(file), UTF_8);
    } catch (NoSuchFileException e) {
      return;
    }
    text.lines().filter(LINE.asMatchPredicate()).forEach(this::take);
  }

  private void take(String line) {
    lines.add(line);
    names.add(line.substring(NAME_AT));
  }

  boolean has(String name) {
    return names.contains(name);
  }

  /** Whether a file's content is one that was recorded under its name. */
  boolean matches(String name, Path content) throws IOException {
    try {
      return lines.contains(line(name, content));
    } catch (NoSuchFileException e) {
      // Another process has found it damaged, too.
      return true;
    }
  }

  /** Takes a name for unrecorded from now on; its lines in the file stay. */
  void forget(String name) {
    names.remove(name);
  }

  /**
   * Appends a line, in one write: lines of several processes do not mix. An empty file, which PoCL
   * makes for its name alone, or one that went meanwhile, gets none.
   */
  void add(String name, Path content) throws IOException {
    String line;
    try {
      if (Files.size(content) == 0) {
        return;
      }
      line = line(name, content);
    } catch (NoSuchFileException e) {
      return;
    }
    Files.write(
        file, (line + "\n").getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    take(line);
  }

  /** Forgets all other names; only where no other process appends. */
  void keepOnly(Collection<String> kept) throws IOException {
    if (!lines.removeIf(line -> !kept.contains(line.substring(NAME_AT)))) {
      return;
    }
    names.retainAll(Set.copyOf(kept));
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.write(part, lines);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String line(String name, Path content) throws IOException {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(content));
      return HexFormat.of().formatHex(hash) + " " + name;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
