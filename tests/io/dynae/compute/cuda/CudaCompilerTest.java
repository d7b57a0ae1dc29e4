// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.DeviceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaCompilerTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final String TWICE =
      """
      static __device__ __forceinline__ float unused(float x) { return x; }
      extern "C" __global__ void twice(float* a) { a[threadIdx.x] *= 2; }
      """;

  private static final PackedKernels NOTHING_PACKED = new PackedKernels(name -> null);

  @TempDir Path folder;

  @Test
  void theSecondCompilationComesFromTheCache() throws IOException {
    byte[] code = compiler().compile("twice", TWICE, "sm_90");
    assertArrayEquals(new byte[] {0x7f, 'E', 'L', 'F'}, Arrays.copyOf(code, 4));
    Path stored = onlyFile();
    String file = stored.getFileName().toString();
    assertTrue(file.matches("[0-9a-f]{64}\\.kernel"), file);
    byte[] mark = {1, 2, 3};
    new CubinCache(folder).put(file.substring(0, 64), mark);
    assertArrayEquals(mark, compiler().compile("twice", TWICE, "sm_90"));
    assertNotEquals(3, compiler().compile("twice", TWICE, "sm_80").length, "another architecture");
    assertNotEquals(
        3,
        compiler().compile("twice", TWICE.replace("*= 2", "*= 3"), "sm_90").length,
        "other text");
  }

  @Test
  void aBrokenKernelIsOneLineWithLogNameAndText() throws IOException {
    String text = "extern \"C\" __global__ void broken(float* a) {\n  a[0] = missing_name;\n}\n";
    String message = failure(text);
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.startsWith("program broken: "), message);
    assertTrue(message.contains("identifier \"missing_name\" is undefined"), message);
    Matcher source = Pattern.compile("text is in (\\S+\\.cu);").matcher(message);
    assertTrue(source.find(), message);
    assertEquals(text, Files.readString(Path.of(source.group(1))));
    assertEquals(source.group(1), onlyFile().toString(), "no half-made code is left");
  }

  @Test
  void warningsAreErrors() {
    String overflow = failure("extern \"C\" __global__ void f(char* a) { a[0] = 300; }");
    assertTrue(overflow.contains("300"), overflow);
  }

  @Test
  void withoutCompilerTheErrorSaysWhereItWasLookedFor() {
    CudaCompiler none =
        CudaCompiler.withNvcc(
            new CubinCache(folder), Optional.empty(), NOTHING_PACKED, "NVRTC: not there; ");
    String message =
        assertThrows(DeviceException.class, () -> none.compile("twice", TWICE, "sm_90"))
            .getMessage();
    assertTrue(message.contains("NVRTC: not there; nvcc: not on the PATH"), message);
    assertTrue(message.contains("packed programs: not this one for sm_90"), message);
    assertTrue(message.contains("install the CUDA toolkit"), message);
  }

  @Test
  void withoutCompilerPackedProgramsServeTheirArchitectureAndLaterMinors() {
    String sm80 = "/cubins/" + CubinCache.key(TWICE, "sm_80") + ".cubin";
    byte[] code = {4, 2};
    PackedKernels packed =
        new PackedKernels(name -> name.equals(sm80) ? new ByteArrayInputStream(code) : null);
    CudaCompiler none = CudaCompiler.withNvcc(new CubinCache(folder), Optional.empty(), packed, "");
    assertArrayEquals(code, none.compile("twice", TWICE, "sm_80"));
    assertArrayEquals(code, none.compile("twice", TWICE, "sm_89"));
    for (String other : List.of("sm_75", "sm_90", "sm_120")) {
      assertThrows(DeviceException.class, () -> none.compile("twice", TWICE, other), other);
    }
    String changed = TWICE + " ";
    assertThrows(DeviceException.class, () -> none.compile("twice", changed, "sm_80"));
  }

  @Test
  void aPackedProgramIsFoundByItsText() throws IOException {
    Assumptions.assumeTrue(
        NvccCompiler.find(System.getenv(), TIMEOUT).isPresent(), "not run: nvcc is not here");
    int bytes = PackedKernels.pack(folder, "twice", TWICE, "sm_90");
    PackedKernels packed = new PackedKernels(name -> open(folder.resolve(name.substring(1))));
    byte[] code = packed.find(TWICE, "sm_90").orElseThrow();
    assertEquals(bytes, code.length);
    assertArrayEquals(new byte[] {0x7f, 'E', 'L', 'F'}, Arrays.copyOf(code, 4));
  }

  private static InputStream open(Path file) {
    try {
      return Files.exists(file) ? Files.newInputStream(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aHangingCompilerIsEnded() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "not run: no /bin/sh");
    Path tools = Files.createDirectory(folder.resolve("tools"));
    Path nvcc = tools.resolve("nvcc");
    Files.writeString(
        nvcc, "#!/bin/sh\n[ \"$1\" = --version ] && echo v1 && exit 0\necho begun\nsleep 600\n");
    assertTrue(nvcc.toFile().setExecutable(true));
    CudaCompiler slow =
        CudaCompiler.withNvcc(
            new CubinCache(folder.resolve("cache")),
            NvccCompiler.find(Map.of("PATH", tools.toString()), Duration.ofSeconds(1)),
            NOTHING_PACKED,
            "");
    String message =
        assertThrows(DeviceException.class, () -> slow.compile("twice", TWICE, "sm_90"))
            .getMessage();
    assertTrue(message.contains("did not end within 1 s | begun"), message);
  }

  @Test
  void aCacheThatCannotBeWrittenFallsBackToATemporaryFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    CubinCache cache = new CubinCache(file.resolve("cuda"));
    cache.put("k", new byte[] {5});
    assertArrayEquals(new byte[] {5}, cache.get("k").orElseThrow());
    assertTrue(cache.folder().startsWith(System.getProperty("java.io.tmpdir")));
    Files.delete(cache.file("k"));
    Files.delete(cache.folder());
  }

  @Test
  void damagedCodeIsNotUsed() throws IOException {
    CubinCache cache = new CubinCache(folder);
    byte[] code = {1, 2, 3, 4};
    cache.put("k", code);
    byte[] stored = Files.readAllBytes(cache.file("k"));
    for (int i : new int[] {0, 31, 32, stored.length - 1}) {
      byte[] flipped = stored.clone();
      flipped[i] ^= 4;
      Files.write(cache.file("k"), flipped);
      assertEquals(Optional.empty(), cache.get("k"), "byte " + i);
      Files.write(cache.file("k"), Arrays.copyOf(stored, i));
      assertEquals(Optional.empty(), cache.get("k"), i + " bytes");
    }
    cache.put("k", code);
    assertArrayEquals(code, cache.get("k").orElseThrow());
  }

  @Test
  void aFolderThatOthersMayWriteToIsNotUsed() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Assumptions.assumeTrue(
        Files.getFileStore(open).supportsFileAttributeView("posix"), "not run: no modes here");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path[] refused = {open, open.resolve("cuda")};
    for (Path asked : refused) {
      Path used = new CubinCache(asked).folder();
      assertNotEquals(asked, used);
      assertTrue(used.startsWith(System.getProperty("java.io.tmpdir")), used.toString());
      Files.delete(used);
    }
  }

  @Test
  void theCacheFollowsTheXdgRules() {
    assertEquals(
        Path.of("/some/where/dynae/cuda"),
        CubinCache.standardFolder(Map.of("XDG_CACHE_HOME", "/some/where")));
    Path home = Path.of(System.getProperty("user.home"), ".cache", "dynae", "cuda");
    assertEquals(home, CubinCache.standardFolder(Map.of()));
    assertEquals(home, CubinCache.standardFolder(Map.of("XDG_CACHE_HOME", "relative")));
    assertNotEquals(CubinCache.key("ab", "c"), CubinCache.key("a", "bc"));
  }

  private String failure(String text) {
    CudaCompiler compiler = compiler();
    return assertThrows(DeviceException.class, () -> compiler.compile("broken", text, "sm_90"))
        .getMessage();
  }

  private CudaCompiler compiler() {
    Optional<NvccCompiler> nvcc = NvccCompiler.find(System.getenv(), TIMEOUT);
    Assumptions.assumeTrue(nvcc.isPresent(), "not run: nvcc is not here");
    return CudaCompiler.withNvcc(new CubinCache(folder), nvcc, NOTHING_PACKED, "");
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.get(0);
    }
  }
}
