// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every generated program is CUDA without a warning, and keeps the limits of a launch. */
@Execution(ExecutionMode.CONCURRENT)
class KernelCompileTest {
  /** Turing, Ampere and Hopper: the oldest that CUDA 13 knows, and what clusters have. */
  private static final List<Integer> ARCHITECTURES = List.of(75, 80, 90);

  private static final int MOST_SHARED = 48 << 10;

  /** Of a multiprocessor, for the threads of a block. */
  private static final int REGISTERS = 65536;

  private static final int HOPPER = 90;

  private static final Map<String, String> PROGRAMS = KernelDump.programs();

  @TempDir Path folder;

  static Stream<String> names() {
    return PROGRAMS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void compilesWithoutWarningAndFitsABlock(String name) throws Exception {
    String text = PROGRAMS.get(name);
    Path source = Files.writeString(folder.resolve(name + ".cu"), text);
    List<Integer> architectures = architectures(name, text);
    String log = compile(source, architectures);
    assertEquals(
        architectures.size() * count(text, "^(TEAM_)?KERNEL |^TILE_KERNEL\\("),
        count(log, "Compiling entry function"),
        log);
    int threads = largest(text, "#define LANES (\\d+)") * largest(text, "#define GROUPS (\\d+)");
    assertTrue(largest(log, "(\\d+) registers") * threads <= REGISTERS, log);
    assertTrue(largest(log, "(\\d+) bytes smem") <= MOST_SHARED, log);
    if (name.contains("_tiles")) {
      assertEquals(0, largest(log, "(\\d+) bytes spill"), log);
    }
  }

  /**
   * All architectures for the programs that everybody runs; one for another, as compiling takes
   * long and programs of the same kind differ in sizes alone. The name tells which.
   */
  private static List<Integer> architectures(String name, String text) {
    if (text.contains("TEAM_CLUSTER 1") || name.startsWith("images")) {
      return List.of(HOPPER);
    }
    if (text.contains("TENSOR = 1")) {
      return List.of(80, HOPPER);
    }
    if (name.startsWith("dynae_D2_h32") || name.contains("_tiles")) {
      return ARCHITECTURES;
    }
    int any = Math.floorMod(name.hashCode(), ARCHITECTURES.size());
    return List.of(ARCHITECTURES.get(any));
  }

  /** Same options as the run-time compiler, all architectures at once; returns ptxas's log. */
  private String compile(Path source, List<Integer> architectures)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(nvcc(), "-fatbin"));
    for (int architecture : architectures) {
      command.add("-gencode");
      command.add("arch=compute_%1$d,code=sm_%1$d".formatted(architecture));
    }
    command.addAll(List.of("-O3", "-std=c++17", "--fmad=true", "-Werror", "all-warnings"));
    command.addAll(List.of("-diag-suppress", "177", "-Xptxas", "-v"));
    command.addAll(List.of("-o", folder.resolve("out").toString(), source.toString()));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertTrue(process.waitFor(5, TimeUnit.MINUTES), "nvcc did not end");
      assertEquals(0, process.exitValue(), () -> read(log));
      return read(log);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String nvcc() {
    List<Path> folders = new ArrayList<>();
    for (String entry : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      folders.add(Path.of(entry));
    }
    folders.add(Path.of(System.getenv().getOrDefault("CUDA_HOME", "/usr/local/cuda"), "bin"));
    Optional<Path> found =
        folders.stream().map(f -> f.resolve("nvcc")).filter(Files::isExecutable).findFirst();
    if (found.isEmpty()) {
      String reason = "nvcc is neither on the PATH nor in $CUDA_HOME/bin";
      String required = System.getenv().getOrDefault("DYNAE_REQUIRE", "");
      assertTrue(!Arrays.asList(required.split("[, ]+")).contains("nvcc"), reason);
      Assumptions.abort("not run: " + reason);
    }
    return found.get().toString();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int count(String text, String pattern) {
    return (int) Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).results().count();
  }

  private static int largest(String log, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(log);
    return matcher.results().mapToInt(r -> Integer.parseInt(r.group(1))).max().orElse(0);
  }
}
