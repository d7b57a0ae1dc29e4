// SPDX-License-Identifier: MIT
package io.dynae.testing;

import io.dynae.compute.TeamShape;
import io.dynae.compute.device.Device;
import io.dynae.compute.device.DeviceMemory;
import io.dynae.compute.device.DeviceProgram;
import io.dynae.compute.team.TeamLimits;
import io.dynae.compute.text.LaunchShape;
import io.dynae.compute.text.TileLimits;
import io.dynae.error.DeviceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * The CUDA form of the kernels on CPU threads, under ThreadSanitizer: each launch is a process of
 * {@code native/cuda_on_threads.h}, and a data race in it fails the launch.
 */
public final class ThreadsDevice implements Device {
  /** What a launch with a data race says. */
  public static final String RACE = "WARNING: ThreadSanitizer: data race";

  private static final Pattern KERNEL =
      Pattern.compile("^(?:TEAM_|TILE_)?KERNEL(?:\\(\\d+, \\d+\\))? (\\w+)\\(", Pattern.MULTILINE);

  private final TeamShape shape;
  private final TeamLimits limits;
  private final Path folder;
  private final UnaryOperator<String> edit;
  private TileLimits tiles;
  private String form = "-fsanitize=thread";
  private int files;

  /**
   * @param folder for programs and memory
   * @param edit changes the text of every program, to plant errors
   */
  public ThreadsDevice(TeamShape shape, Path folder, UnaryOperator<String> edit) {
    this(shape, null, folder, edit);
  }

  /** The same with teams; limits are null for none. */
  public ThreadsDevice(
      TeamShape shape, TeamLimits limits, Path folder, UnaryOperator<String> edit) {
    this.shape = shape;
    this.limits = limits;
    this.folder = folder;
    this.edit = edit;
  }

  /** Fibers in place of threads, which is faster, where answers alone are of interest. */
  public ThreadsDevice withoutSanitizer() {
    form = "-DCUDA_ON_FIBERS";
    return this;
  }

  /** Multiplies convolutions in kernels of their own. */
  public ThreadsDevice withTiles(TileLimits limits) {
    tiles = limits;
    return this;
  }

  @Override
  public Optional<TileLimits> tileLimits() {
    return Optional.ofNullable(tiles);
  }

  @Override
  public String name() {
    return "CPU threads";
  }

  @Override
  public String backend() {
    return "threads";
  }

  @Override
  public String driver() {
    return "g++";
  }

  @Override
  public TeamShape shape() {
    return shape;
  }

  @Override
  public Optional<TeamLimits> teamLimits() {
    return Optional.ofNullable(limits);
  }

  @Override
  public long largestAllocation() {
    return 1 << 28;
  }

  @Override
  public DeviceMemory allocate(String name, long bytes) {
    return new FileMemory(folder.resolve("memory" + files++), bytes);
  }

  @Override
  public DeviceProgram compile(String name, String text) {
    StringBuilder source = new StringBuilder("#include \"cuda_on_threads.h\"\n");
    source.append(edit.apply(text)).append("#include \"cuda_on_threads_launch.h\"\n");
    source.append("int main(int count, char** words)\n{\n");
    source.append("    cuda_on_threads::Launch launch(count, words);\n");
    KERNEL
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .forEach(k -> source.append("    launch.offer(\"%1$s\", %1$s);\n".formatted(k)));
    source.append("    return launch.finish();\n}\n");
    Path program = folder.resolve(name + files++);
    Path file = folder.resolve(program.getFileName() + ".cpp");
    try {
      Files.writeString(file, source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String log =
        run(
            List.of(
                "g++",
                "-std=c++20",
                "-O1",
                "-g1",
                "-pthread",
                form,
                "-Inative",
                file.toString(),
                "-o",
                program.toString()));
    Assumptions.assumeFalse(log.contains("tsan"), "not run: g++ has no ThreadSanitizer");
    if (!log.isEmpty()) {
      throw new DeviceException("threads: program " + name + " does not compile: " + log);
    }
    return new ThreadsProgram(program);
  }

  @Override
  public Recording record(Runnable launches) {
    return new Recording() {
      @Override
      public void replay() {
        launches.run();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void finish() {}

  @Override
  public void close() {}

  /** Runs a command and returns its output; the test is aborted where it cannot run. */
  private String run(List<String> command) {
    Path log = folder.resolve("log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      // A library of the JVM's, which does not go with ThreadSanitizer.
      builder.environment().remove("LD_PRELOAD");
      Process process = builder.start();
      try {
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
          throw new DeviceException("threads: did not end: " + command);
        }
      } finally {
        process.destroyForcibly();
      }
      String output = Files.readString(log);
      if (process.exitValue() != 0 && output.isEmpty()) {
        throw new DeviceException("threads: exit code " + process.exitValue() + ": " + command);
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeviceException("threads: interrupted", e);
    } catch (IOException e) {
      return Assumptions.abort("not run: " + e.getMessage());
    }
  }

  private final class ThreadsProgram implements DeviceProgram {
    private final Path program;

    ThreadsProgram(Path program) {
      this.program = program;
    }

    @Override
    public void launch(String kernel, int groups, int groupSize, Object... arguments) {
      launch(kernel, groups, groupSize, List.of(), arguments);
    }

    @Override
    public void launchTeams(String kernel, LaunchShape shape, Object... arguments) {
      List<Integer> more = List.of(shape.cluster(), shape.sharedBytes(), shape.squadSize());
      launch(kernel, shape.groups(), shape.groupSize(), more, arguments);
    }

    private void launch(
        String kernel, int groups, int groupSize, List<Integer> more, Object... arguments) {
      List<String> command = new ArrayList<>(List.of(program.toString(), kernel));
      command.add(Integer.toString(groups));
      command.add(Integer.toString(groupSize));
      for (Object argument : arguments) {
        command.add(argument instanceof FileMemory memory ? memory.path() : argument.toString());
      }
      more.forEach(number -> command.add(number.toString()));
      String output = run(command);
      Assumptions.assumeFalse(
          output.contains("unexpected memory mapping"),
          "not run: this kernel places memory where this ThreadSanitizer cannot work");
      if (!output.isEmpty()) {
        throw new DeviceException("threads: kernel " + kernel + ": " + output);
      }
    }

    @Override
    public void close() {}
  }
}
