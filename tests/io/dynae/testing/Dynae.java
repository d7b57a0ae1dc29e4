// SPDX-License-Identifier: MIT
package io.dynae.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The program as a user runs it: a process of its own in a folder of its own. */
public final class Dynae {
  private static final long MOST_SECONDS = 120;

  /**
   * How a process ended.
   *
   * @param code exit code
   */
  public record Result(int code, String stdout, String stderr) {
    /** Lines of stderr that report an error. */
    public List<String> errors() {
      return stderr.lines().filter(line -> line.startsWith("dynae: ")).toList();
    }
  }

  private Dynae() {}

  /** Runs to the end with {@code arguments} in {@code folder}. */
  public static Result run(Path folder, String... arguments) {
    return start(folder, arguments).await();
  }

  /** Starts and returns at once. */
  public static Running start(Path folder, String... arguments) {
    return start("io.dynae.cli.Main", folder, Map.of(), arguments);
  }

  /**
   * Starts a main class of the class path and returns at once.
   *
   * @param environment variables that are added or replaced; LD_LIBRARY_PATH also goes before the
   *     libraries of the tests
   */
  public static Running start(
      String main, Path folder, Map<String, String> environment, String... arguments) {
    return start(List.of(), List.of(), main, folder, environment, arguments);
  }

  /**
   * Starts the program through a command such as {@code nohup}, which becomes it, and returns at
   * once.
   *
   * @param options of Java
   */
  public static Running startThrough(
      List<String> through, List<String> options, Path folder, String... arguments) {
    return start(through, options, "io.dynae.cli.Main", folder, Map.of(), arguments);
  }

  private static Running start(
      List<String> through,
      List<String> options,
      String main,
      Path folder,
      Map<String, String> environment,
      String... arguments) {
    try {
      Path out = Files.createTempFile("dynae", ".out");
      Path err = Files.createTempFile("dynae", ".err");
      List<String> command = new ArrayList<>(through);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      String libraries = System.getProperty("java.library.path");
      String more = environment.get("LD_LIBRARY_PATH");
      command.add("-Djava.library.path=" + (more == null ? "" : more + ":") + libraries);
      command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m"));
      command.addAll(options);
      command.add(main);
      command.addAll(Arrays.asList(arguments));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      // In the environment, as a long class path does not fit a command line everywhere.
      builder.environment().putAll(environment);
      builder.environment().put("CLASSPATH", absolute(System.getProperty("java.class.path")));
      return new Running(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String absolute(String classPath) {
    String separator = System.getProperty("path.separator");
    List<String> entries = new ArrayList<>();
    for (String entry : classPath.split(Pattern.quote(separator), -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(separator, entries);
  }

  /** A process under way. */
  public record Running(Process process, Path out, Path err) {
    /** Waits until it ends. */
    public Result await() {
      return await(MOST_SECONDS);
    }

    /** Waits until it ends, so many seconds at most. */
    public Result await(long seconds) {
      try {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("still running after " + seconds + " s: " + read(err));
        }
        Result result = new Result(process.exitValue(), read(out), read(err));
        Files.delete(out);
        Files.delete(err);
        return result;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** Waits until stderr says {@code text}, and returns false when the process ended before. */
    public boolean awaitText(String text) {
      while (!read(err).contains(text)) {
        if (!process.isAlive()) {
          return read(err).contains(text);
        }
        pause(5);
      }
      return true;
    }

    /** Sends a signal such as {@code TERM}. */
    public void signal(String name) {
      try {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    private static String read(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Waits. */
  public static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
