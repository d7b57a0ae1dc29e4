// SPDX-License-Identifier: MIT
package io.dynae.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that are not this one, as a shell runs them: without what the tests' JVM was given. */
public final class Shell {
  private static final long MOST_SECONDS = 120;

  private Shell() {}

  /**
   * Runs a command to its end.
   *
   * @param environment variables that are added or replaced
   */
  public static Dynae.Result run(Path folder, Map<String, String> environment, String... command) {
    try {
      Path out = Files.createTempFile("shell", ".out");
      Path err = Files.createTempFile("shell", ".err");
      try {
        Process process = start(folder, environment, out, err, command);
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("still running: " + String.join(" ", command));
        }
        return new Dynae.Result(process.exitValue(), text(out), text(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** Starts a command. */
  public static Process start(
      Path folder, Map<String, String> environment, Path out, Path err, String... command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    for (String own :
        new String[] {
          "LD_PRELOAD",
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "JAVA_OPTS",
          "_JAVA_OPTIONS",
          "POCL_CACHE_DIR",
          "SLURM_JOB_ID"
        }) {
      builder.environment().remove(own);
    }
    builder.environment().putAll(environment);
    return builder.start();
  }
}
