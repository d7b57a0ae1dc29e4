// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JCuda's natives on a machine with CUDA 13 alone, and with CUDA 12: stand-ins of the libraries
 * that record their arguments take the place of NVIDIA's.
 */
class ForwardedLibrariesTest {
  private static final String NVRTC =
      """
      #include <string.h>
      static char all[1000];
      int nvrtcVersion(int *major, int *minor) { *major = MAJOR; *minor = 7; return 0; }
      int nvrtcCreateProgram(void **program, const char *text, const char *name, int headers,
                             const char *const *sources, const char *const *names)
      {
          (void)sources; (void)names;
          *program = all;
          strcat(strcat(strcat(all, text), " of "), name);
          return headers;
      }
      int nvrtcCompileProgram(void *program, int n, const char *const *options)
      {
          for (int i = 0; i < n; i++) strcat(strcat(program, " "), options[i]);
          return 0;
      }
      int nvrtcGetCUBINSize(void *program, size_t *size) { *size = strlen(program); return 0; }
      int nvrtcGetCUBIN(void *program, char *cubin)
      {
          memcpy(cubin, program, strlen(program));
          return 0;
      }
      int nvrtcDestroyProgram(void **program) { (void)program; return 0; }
      """;

  /** Answers 42 when every argument is the one that {@link ForwardedCalls} gives. */
  private static final String CUBLAS =
      """
      int cublasSgemm_v2(void *handle, int a, int b, int m, int n, int k, const float *alpha,
                         const float *A, int lda, const float *B, int ldb, const float *beta, float *C, int ldc)
      {
          return !handle && a == 0 && b == 1 && m == 11 && n == 12 && k == 13 && *alpha == 2 && !A && lda == 14
              && !B && ldb == 15 && *beta == 3 && !C && ldc == 16 ? 42 : 1;
      }
      """;

  @TempDir private static Path folder;
  private static Path natives;

  @BeforeAll
  static void build() throws Exception {
    Path packed = Path.of("target/lib");
    Path jni = packed.resolve("libJNvrtc-12.6.0-linux-x86_64.so");
    Assumptions.assumeTrue(Files.exists(jni), "not run: natives of linux x86_64 are not here");
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/gcc")), "not run: /usr/bin/gcc is not here");
    natives = Files.createDirectory(folder.resolve("natives"));
    run(Map.of(), "native/build.sh", natives.toString());
    try (Stream<Path> files = Files.list(packed)) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("libJ")).toList()) {
        Files.copy(file, natives.resolve(file.getFileName()));
      }
    }
  }

  /** Stand-ins of both libraries with the version of CUDA {@code major}. */
  private static Path standIns(int major) throws Exception {
    Path libraries = Files.createDirectories(folder.resolve("cuda" + major));
    for (String[] library : new String[][] {{"nvrtc", NVRTC}, {"cublas", CUBLAS}}) {
      String soname = "lib" + library[0] + ".so." + major;
      Path source = Files.writeString(folder.resolve(library[0] + ".c"), library[1]);
      Path versions = Files.writeString(folder.resolve("versions"), soname + " { global: *; };");
      run(
          Map.of(),
          "gcc",
          "-shared",
          "-fPIC",
          "-DMAJOR=" + major,
          "-Wl,-soname," + soname,
          "-Wl,--version-script=" + versions,
          "-o",
          libraries.resolve(soname).toString(),
          source.toString());
    }
    return libraries;
  }

  @Test
  void callsReachCuda13WithAllTheirArguments() throws Exception {
    String output = calls(natives, standIns(13));
    assertTrue(output.contains("nvrtc: nvrtc 13.7: the text of f.cu --std=c++17"), output);
    assertTrue(output.contains("--gpu-architecture=sm_90"), output);
    assertTrue(output.contains("cublas: status 42"), output);
  }

  @Test
  void cuda12IsTakenWhereItIsThere() throws Exception {
    String both = standIns(12) + ":" + standIns(13);
    String output = calls(natives, Path.of(both));
    assertTrue(output.contains("nvrtc: nvrtc 12.7: "), output);
  }

  @Test
  void withNeitherTheReasonNamesBoth() throws Exception {
    Path nothing = Files.createDirectories(folder.resolve("nothing"));
    String output = calls(natives, nothing);
    Assumptions.assumeTrue(output.contains("neither"), "not run: CUDA's libraries are installed");
    assertTrue(
        output.contains("neither libnvrtc.so.12 nor libnvrtc.so.13 is in the library path"),
        output);
    assertEquals(2, output.lines().count(), output);
  }

  @Test
  void aFunctionThatCuda13HasNoMoreIsAnErrorOfItsCall() throws Exception {
    Path libraries = Files.createDirectories(folder.resolve("old"));
    Path source = Files.writeString(folder.resolve("old.c"), "int nothing;\n");
    for (String soname : List.of("libnvrtc.so.13", "libcublas.so.13")) {
      String file = libraries.resolve(soname).toString();
      run(Map.of(), "gcc", "-shared", "-fPIC", "-o", file, source.toString());
    }
    String output = calls(natives, libraries);
    assertTrue(output.contains("libcublas.so.13 has no function cublasSgemm_v2"), output);
    assertTrue(output.contains("cublas: status 15"), output);
    assertTrue(output.contains("nvrtc: nvrtcVersion: NVRTC_ERROR_INTERNAL_ERROR"), output);
  }

  private static String calls(Path javaLibraries, Path libraries) throws Exception {
    return run(
        Map.of(
            "LD_LIBRARY_PATH",
            libraries.toString(),
            "CLASSPATH",
            System.getProperty("java.class.path")),
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Djava.library.path=" + javaLibraries,
        "io.dynae.compute.cuda.ForwardedCalls");
  }

  private static String run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "run", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(List.of(command)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeAll(List.of("CUDA_HOME", "CUDA_PATH", "LD_LIBRARY_PATH"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "did not end: " + command[0]);
    String output = Files.readString(log);
    assertEquals(0, process.exitValue(), output);
    return output;
  }
}
