// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonObject;
import io.dynae.check.BenchConfig;
import io.dynae.compute.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a result needs beside its numbers: who measured what, on what. */
final class Origin {
  /** Version of the JSON results. */
  static final int SCHEMA = 1;

  private static final String UNKNOWN = "unknown";

  private Origin() {}

  static JsonObject of(String bench, BenchConfig config, Backend backend, long seed) {
    return of(bench, config(config), backend, seed);
  }

  static JsonObject of(String bench, JsonObject config, Backend backend, long seed) {
    JsonObject json = new JsonObject();
    json.addProperty("schema", SCHEMA);
    json.addProperty("bench", bench);
    json.addProperty("backend", backend.name());
    String[] names = names(backend.description());
    json.addProperty("device", names[0]);
    json.addProperty("driver", names[1]);
    json.addProperty("java", System.getProperty("java.version"));
    // A bundle knows its commit, whatever tree it runs in.
    String bundled = System.getProperty("dynae.commit", "");
    json.addProperty("commit", bundled.isEmpty() ? commit(home()) : bundled);
    json.add("config", config);
    json.addProperty("seed", seed);
    json.addProperty("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return json;
  }

  /** The tree that the program was built in, which the launcher names. */
  private static Path home() {
    return Path.of(System.getProperty("dynae.home", "")).toAbsolutePath();
  }

  /** A description "device (driver)" in its two parts; one without a driver runs on the JVM's. */
  private static String[] names(String description) {
    int at = description.indexOf(" (");
    return at < 0 || !description.endsWith(")")
        ? new String[] {description, System.getProperty("java.vm.version")}
        : new String[] {
          description.substring(0, at), description.substring(at + 2, description.length() - 1)
        };
  }

  private static JsonObject config(BenchConfig config) {
    JsonObject json = new JsonObject();
    json.addProperty("name", config.name());
    json.addProperty("inputs", config.inputs());
    json.addProperty("width", config.width());
    json.addProperty("latent", config.latent());
    json.addProperty("batch", config.batch());
    json.addProperty("projections", config.projections());
    return json;
  }

  /** Commit that the working tree around {@code folder} is at, read from its .git. */
  static String commit(Path folder) {
    for (Path at = folder; at != null; at = at.getParent()) {
      Path git = at.resolve(".git");
      if (Files.exists(git)) {
        try {
          return head(Files.isDirectory(git) ? git : linked(git));
        } catch (IOException e) {
          return UNKNOWN;
        }
      }
    }
    return UNKNOWN;
  }

  /** A worktree's .git is a file that names its folder. */
  private static Path linked(Path file) throws IOException {
    String text = Files.readString(file).strip();
    return file.resolveSibling(text.substring("gitdir: ".length()));
  }

  private static String head(Path git) throws IOException {
    String head = Files.readString(git.resolve("HEAD")).strip();
    if (!head.startsWith("ref: ")) {
      return head;
    }
    String reference = head.substring("ref: ".length());
    Path common = git.resolve("commondir");
    Path home =
        Files.exists(common) ? git.resolve(Files.readString(common).strip()).normalize() : git;
    Path loose = home.resolve(reference);
    if (Files.exists(loose)) {
      return Files.readString(loose).strip();
    }
    Path packed = home.resolve("packed-refs");
    if (!Files.exists(packed)) {
      return UNKNOWN;
    }
    return Files.readAllLines(packed).stream()
        .filter(line -> line.endsWith(" " + reference))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .findFirst()
        .orElse(UNKNOWN);
  }
}
