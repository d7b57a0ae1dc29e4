// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The toolkit's nvcc as a child process, to a cubin. */
final class NvccCompiler implements KernelCompiler {
  /**
   * Warnings are errors, but for 177: a shared header may hold a function that a program does not
   * use.
   */
  private static final List<String> OPTIONS =
      List.of(
          "-O3", "-std=c++17", "--fmad=true", "-Werror", "all-warnings", "-diag-suppress", "177");

  private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(30);

  private final Path nvcc;
  private final Duration timeout;
  private final String version;

  private NvccCompiler(Path nvcc, Duration timeout, String version) {
    this.nvcc = nvcc;
    this.timeout = timeout;
    this.version = version;
  }

  /**
   * Looks for nvcc on the PATH, then in {@code $CUDA_HOME/bin} and {@code /usr/local/cuda/bin}.
   *
   * @param environment variables PATH and CUDA_HOME
   * @param timeout longest compilation
   * @return empty when there is none that tells its version
   */
  static Optional<NvccCompiler> find(Map<String, String> environment, Duration timeout) {
    for (Path nvcc : candidates(environment)) {
      if (Files.isExecutable(nvcc) && Files.isRegularFile(nvcc)) {
        Optional<String> version = version(nvcc);
        if (version.isPresent()) {
          return Optional.of(new NvccCompiler(nvcc, timeout, version.get()));
        }
      }
    }
    return Optional.empty();
  }

  private static List<Path> candidates(Map<String, String> environment) {
    String program = File.separatorChar == '\\' ? "nvcc.exe" : "nvcc";
    List<Path> found = new ArrayList<>();
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!folder.isEmpty()) {
        found.add(Path.of(folder, program));
      }
    }
    String home = environment.getOrDefault("CUDA_HOME", "");
    if (!home.isEmpty()) {
      found.add(Path.of(home, "bin", program));
    }
    found.add(Path.of("/usr/local/cuda/bin", program));
    return found;
  }

  private static Optional<String> version(Path nvcc) {
    try {
      Path log = Files.createTempFile("dynae-nvcc", ".log");
      try {
        int code = run(List.of(nvcc.toString(), "--version"), log, VERSION_TIMEOUT);
        return code == 0 ? Optional.of(Files.readString(log).strip()) : Optional.empty();
      } finally {
        Files.deleteIfExists(log);
      }
    } catch (IOException | Failure e) {
      return Optional.empty();
    }
  }

  @Override
  public String identity() {
    return "nvcc\n" + version + "\n" + String.join(" ", OPTIONS);
  }

  @Override
  public byte[] compile(Path source, String text, String architecture) throws Failure {
    Path output = source.resolveSibling(source.getFileName() + ".cubin");
    Path log = source.resolveSibling(source.getFileName() + ".log");
    List<String> command = new ArrayList<>(List.of(nvcc.toString(), "-cubin"));
    command.add("-arch=" + architecture);
    command.addAll(OPTIONS);
    command.addAll(List.of("-o", output.toString(), source.toString()));
    try {
      int code = run(command, log, timeout);
      if (code != 0) {
        throw new Failure("nvcc exit code " + code + "\n" + read(log));
      }
      return Files.readAllBytes(output);
    } catch (IOException e) {
      throw new Failure("nvcc cannot be run: " + e, e);
    } finally {
      output.toFile().delete();
      log.toFile().delete();
    }
  }

  private static String read(Path log) throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
  }

  /** Both streams go to a file: nobody has to read a pipe while waiting. */
  private static int run(List<String> command, Path log, Duration limit)
      throws IOException, Failure {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File(nullDevice())))
            .start();
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      throw new Failure("nvcc did not end within " + limit.toSeconds() + " s\n" + read(log));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted while nvcc ran", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String nullDevice() {
    return File.separatorChar == '\\' ? "NUL" : "/dev/null";
  }
}
