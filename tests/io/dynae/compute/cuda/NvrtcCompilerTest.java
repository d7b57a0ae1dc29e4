// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.KernelDump;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The run-time compiler, which needs its library but no GPU: every generated program for sm_90. */
class NvrtcCompilerTest {
  private static final Path NO_FILE = Path.of("program.cu");

  private static NvrtcCompiler nvrtc;

  @BeforeAll
  static void open() {
    Optional<String> missing = NativeLibraries.load("JNvrtc", () -> nvrtc = NvrtcCompiler.open());
    if (missing.isPresent()) {
      String required = System.getenv().getOrDefault("DYNAE_REQUIRE", "");
      assertTrue(!Arrays.asList(required.split("[, ]+")).contains("nvrtc"), missing.get());
      Assumptions.abort("not run: " + missing.get());
    }
  }

  static Stream<String> names() {
    return KernelDump.programs().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyProgramBecomesACubinWithItsKernels(String name) throws Exception {
    String text = KernelDump.programs().get(name);
    byte[] cubin = nvrtc.compile(NO_FILE, text, "sm_90");
    assertArrayEquals(new byte[] {0x7f, 'E', 'L', 'F'}, Arrays.copyOf(cubin, 4));
    String names = new String(cubin, StandardCharsets.ISO_8859_1);
    String first = text.contains("run_steps(") ? ".text.run_steps" : ".text.";
    assertTrue(names.contains(first), name);
  }

  @Test
  void aBrokenKernelFailsWithItsLog() {
    String text = "extern \"C\" __global__ void broken(float* a) { a[0] = missing_name; }";
    String log =
        assertThrows(KernelCompiler.Failure.class, () -> nvrtc.compile(NO_FILE, text, "sm_90"))
            .getMessage();
    assertTrue(log.contains("identifier \"missing_name\" is undefined"), log);
    String nowhere = "extern \"C\" __global__ void f() {}";
    assertThrows(KernelCompiler.Failure.class, () -> nvrtc.compile(NO_FILE, nowhere, "sm_1"));
  }
}
