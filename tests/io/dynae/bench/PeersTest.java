// SPDX-License-Identifier: MIT
package io.dynae.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The peers compute the measured step: against golden numbers, central differences and each other.
 */
class PeersTest {
  private static final int NOT_AVAILABLE = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "numpy_step.py",
        "torch_step.py --form eager",
        "torch_step.py --form compile",
        "torch_step.py --form graph --device cuda",
        "jax_step.py"
      })
  void peersAgreeWithKnownAnswers(String peer) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(python(peer), "-B");
    builder.command().addAll(List.of(("tools/bench/peers/" + peer + " --check").split(" ")));
    Process process = start(builder.redirectErrorStream(true).redirectOutput(output.toFile()));
    try {
      assertTrue(process.waitFor(5, TimeUnit.MINUTES), "did not end");
      String text = Files.readString(output);
      Assumptions.assumeTrue(process.exitValue() != NOT_AVAILABLE, "not run: " + text);
      Assumptions.assumeFalse(text.contains("No module named 'numpy'"), "not run: " + text);
      assertEquals(0, process.exitValue(), text);
      assertTrue(text.contains("golden: 5 steps agree"), text);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The interpreters that compare.sh takes. */
  private static String python(String peer) {
    String given = System.getenv().getOrDefault("PYTHON", "/usr/bin/python3");
    return peer.startsWith("jax") ? System.getenv().getOrDefault("JAX_PYTHON", given) : given;
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      return Assumptions.abort("not run: " + e.getMessage());
    }
  }
}
