// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shim that runs kernels on CPU threads, and that ThreadSanitizer sees through it. */
@Execution(ExecutionMode.CONCURRENT)
class CudaOnThreadsTest {
  private static final String RACE = "WARNING: ThreadSanitizer: data race";

  private record Result(int code, String output) {}

  @TempDir Path folder;

  @Test
  void answersAreRightWithoutWarnings() throws Exception {
    Result result = buildAndRun("-Wall", "-Wextra", "-Werror");
    assertEquals("cuda_on_threads: all answers right", result.output().strip());
    assertEquals(0, result.code());
  }

  @Test
  void threadSanitizerIsSilent() throws Exception {
    Result result = buildAndRun("-g", "-fsanitize=thread");
    assertEquals("cuda_on_threads: all answers right", result.output().strip());
    assertEquals(0, result.code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WITHOUT_BARRIER",
        "WITHOUT_WARP_BARRIER",
        "WITHOUT_CLUSTER_BARRIER",
        "WITHOUT_NAMED_BARRIER"
      })
  void aRemovedBarrierIsReported(String control) throws Exception {
    Result result = buildAndRun("-g", "-fsanitize=thread", "-D" + control);
    assertTrue(result.output().contains(RACE), result.output());
  }

  private Result buildAndRun(String... options) throws Exception {
    Path program = folder.resolve("test");
    List<String> command = new ArrayList<>(List.of("g++", "-std=c++20", "-pthread", "-O1"));
    command.addAll(List.of(options));
    command.addAll(List.of("native/cuda_on_threads_test.cpp", "-o", program.toString()));
    Result built;
    try {
      built = run(command);
    } catch (IOException e) {
      return Assumptions.abort("not run: g++ cannot be started: " + e.getMessage());
    }
    Assumptions.assumeFalse(
        built.output().contains("cannot find -ltsan") || built.output().contains("libtsan"),
        "not run: g++ has no ThreadSanitizer");
    assertEquals("", built.output());
    assertEquals(0, built.code());
    Result result = run(List.of(program.toString()));
    Assumptions.assumeFalse(
        result.output().contains("unexpected memory mapping"),
        "not run: this kernel places memory where this ThreadSanitizer cannot work");
    return result;
  }

  private Result run(List<String> command) throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // A library of the JVM's, which does not go with ThreadSanitizer.
    builder.environment().remove("LD_PRELOAD");
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), "did not end: " + command);
      return new Result(process.exitValue(), Files.readString(log));
    } finally {
      process.destroyForcibly();
    }
  }
}
