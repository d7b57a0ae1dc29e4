// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dynae.testing.Dynae;
import io.dynae.testing.TestsAlone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole CUDA path without a GPU: the program, JCuda and its natives are what they are, and
 * below them CPU threads stand in for the driver, cuBLAS and nvcc ({@code native/gpu_on_threads/}).
 * It shows that calls, recordings, arguments and kernels fit together and give right answers; what
 * only hardware can show, it does not.
 */
@Execution(ExecutionMode.CONCURRENT)
class CudaPathOnThreadsTest {
  private static final Pattern SUMMARY = Pattern.compile("passed (\\d+), failed 0, not run \\d+");

  /** Exit code of the build where g++ is not there. */
  private static final int NO_COMPILER = 3;

  /** Exit code of the forwarding libraries' build where gcc or jni.h is not there. */
  private static final int NO_TOOLS = 2;

  private static final long MOST_SECONDS = 400;

  @TempDir static Path folder;

  @BeforeAll
  static void build() throws Exception {
    Result result = run("native/gpu_on_threads/build.sh", folder.toString());
    Assumptions.assumeFalse(result.code() == NO_COMPILER, "not run: " + result.output());
    assertEquals(0, result.code(), result.output());
    // JCuda's natives find the stand-in for cuBLAS through the forwarding library.
    Result forward = run("native/build.sh", folder.toString());
    Assumptions.assumeFalse(forward.code() == NO_TOOLS, "not run: " + forward.output());
    assertEquals(0, forward.code(), forward.output());
  }

  private record Result(int code, String output) {}

  private static Result run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // A library of the JVM's, which makes other programs talk.
    builder.environment().remove("LD_PRELOAD");
    builder.environment().put("LD_LIBRARY_PATH", folder.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), output.strip());
  }

  /** What hardware would refuse is refused, or nothing below would mean much. */
  @Test
  void theStandInIsStrict() throws Exception {
    String kernels = folder.resolve("kernels.cu").toString();
    String module = folder.resolve("kernels").toString();
    String test = folder.resolve("test").toString();
    String source = "native/gpu_on_threads/test.cpp";
    Files.copy(Path.of(source), Path.of(kernels));
    String nvcc = folder.resolve("nvcc").toString();
    String driver = folder.resolve("libcuda.so.1").toString();
    String[][] steps = {
      {nvcc, "-cubin", "-o", module, kernels},
      {"g++", "-std=c++20", "-Wall", "-Wextra", "-Werror", source, driver, "-o", test},
      {test, module}
    };
    Result result = null;
    for (String[] step : steps) {
      result = run(step);
      assertEquals(0, result.code(), result.output());
    }
    assertTrue(result.output().endsWith("all answers right"), result.output());
  }

  /** Where a GPU's driver, libraries and compiler would be found. */
  private static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("LD_LIBRARY_PATH", folder.toString());
    environment.put("PATH", folder + ":" + System.getenv("PATH"));
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    environment.put("JDK_JAVA_OPTIONS", "-Ddynae.cuda.compiler=nvcc");
    environment.put("DYNAE_REQUIRE", "cuda");
    // CUDA alone is of interest here.
    environment.put("OCL_ICD_VENDORS", folder.resolve("none").toString());
    return environment;
  }

  private static Dynae.Result dynae(String... arguments) {
    return succeed(Dynae.start("io.dynae.cli.Main", folder, environment(), arguments));
  }

  private static Dynae.Result succeed(Dynae.Running running) {
    Dynae.Result result = running.await(MOST_SECONDS);
    assertEquals(0, result.code(), result.stdout() + result.stderr());
    // The stand-in tells what a device left open when it was closed.
    assertFalse(result.stderr().contains("still there"), result.stderr());
    // Without it the tests of wide layers would pass and show nothing of it.
    assertFalse(result.stderr().contains("cuBLAS is not used"), result.stderr());
    return result;
  }

  @Test
  void theDeviceSaysThatItIsNone() {
    String devices = dynae("devices").stdout();
    assertTrue(devices.contains("CPU threads in place of a GPU, sm_90"), devices);
  }

  /**
   * A cluster of blocks, models side by side, and wide layers on cuBLAS; with teams and without.
   */
  @Test
  void theProgramsOwnTestPasses() {
    String table =
        dynae("selftest", "--backend", "cuda", "--only", "^1 steps of learned|D 300|side by side")
            .stdout();
    assertTrue(table.contains("cuda                4      4      0"), table);
    assertTrue(table.contains("cuda phases         4      4      0"), table);
  }

  /**
   * From the command line to the files: what plain Java trains, within single precision, and the
   * same bits in whatever order threads and blocks take their turns.
   */
  @Test
  void aSweepTrainsWhatPlainJavaTrainsInWhateverOrder() throws Exception {
    dynae("simulate", "three-well", "--frames", "800", "--seed", "1", "--out", "data");
    Files.writeString(
        folder.resolve("small.ini"),
        """
        [Model Parameters]
        d = [2]
        [Training Parameters]
        max_epochs = 3
        batch_size = 100
        """);
    List<JsonObject> expected = sweep("java", "java", Map.of());
    List<JsonObject> actual = sweep("cuda", "ordered", Map.of());
    assertEquals(2, actual.size());
    for (int i = 0; i < 2; i++) {
      for (String name : List.of("loss", "reconstruction", "regularization", "prior")) {
        double value = expected.get(i).get(name).getAsDouble();
        double found = actual.get(i).get(name).getAsDouble();
        assertEquals(value, found, 1e-4 * (1 + Math.abs(value)), name);
      }
      assertEquals(expected.get(i).get("bins"), actual.get(i).get("bins"));
    }
    sweep("cuda", "shuffled", Map.of("CUDA_ON_THREADS_SEED", "1"));
    for (String file : List.of("seed=3/checkpoint.safetensors", "seed=4/latent.npy")) {
      byte[] ordered = Files.readAllBytes(folder.resolve("ordered").resolve(file));
      byte[] shuffled = Files.readAllBytes(folder.resolve("shuffled").resolve(file));
      assertArrayEquals(ordered, shuffled, file);
    }
  }

  /** The models' lines of the table of a sweep over two seeds. */
  private static List<JsonObject> sweep(String backend, String out, Map<String, String> more)
      throws Exception {
    String[] command =
        "sweep small.ini --data data/observed.npy --set seed=[3,4] --backend %s --out %s"
            .formatted(backend, out)
            .split(" ");
    Map<String, String> environment = environment();
    environment.putAll(more);
    succeed(Dynae.start("io.dynae.cli.Main", folder, environment, command));
    String table = Files.readString(folder.resolve(out).resolve("sweep.json"));
    List<JsonObject> models = new ArrayList<>();
    JsonParser.parseString(table)
        .getAsJsonObject()
        .getAsJsonArray("models")
        .forEach(model -> models.add(model.getAsJsonObject()));
    return models;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compute.cuda.CudaDeviceTest",
        "compute.cuda.CublasDenseTest",
        "model.GoldenStepTest",
        "bins.LatentBinsTest"
      })
  void testsOfAGpuPass(String tests) {
    Path here = Path.of("").toAbsolutePath();
    String main = TestsAlone.class.getName();
    Dynae.Result result = succeed(Dynae.start(main, here, environment(), "io.dynae." + tests));
    Matcher summary = SUMMARY.matcher(result.stdout());
    assertTrue(summary.find(), result.stdout() + result.stderr());
    assertNotEquals("0", summary.group(1), "nothing ran: " + result.stdout());
  }
}
