// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.error.DeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles CUDA C++ to code that a driver loads, with NVRTC where its library is there, else with
 * nvcc, and keeps the result on disk. With neither, programs that were packed into the jar serve.
 *
 * <p>The cache key covers text, architecture, options and compiler version.
 */
public final class CudaCompiler {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final List<String> WAYS = List.of("", "nvrtc", "nvcc", "packed");

  private final CubinCache cache;
  private final KernelCompiler compiler;
  private final PackedKernels packed;
  private final String missing;

  private CudaCompiler(
      CubinCache cache, KernelCompiler compiler, PackedKernels packed, String missing) {
    this.cache = cache;
    this.compiler = compiler;
    this.packed = packed;
    this.missing = missing;
  }

  /**
   * The best compiler of this machine, with the cache in {@code $XDG_CACHE_HOME/dynae/cuda}. With
   * no compiler at all, only packed programs are there.
   *
   * <p>The property {@code dynae.cuda.compiler} (nvrtc, nvcc or packed) takes one alone, to try it.
   */
  public static CudaCompiler standard() {
    String only = System.getProperty("dynae.cuda.compiler", "");
    if (!WAYS.contains(only)) {
      throw new DeviceException(
          "dynae.cuda.compiler: one of nvrtc, nvcc, packed does not hold: '" + only + "'");
    }
    Map<String, String> environment = System.getenv();
    CubinCache cache = new CubinCache(CubinCache.standardFolder(environment));
    String missing = "NVRTC: not asked for; ";
    if (only.isEmpty() || only.equals("nvrtc")) {
      KernelCompiler[] nvrtc = new KernelCompiler[1];
      Optional<String> reason =
          NativeLibraries.load("JNvrtc", () -> nvrtc[0] = NvrtcCompiler.open());
      if (reason.isEmpty()) {
        return new CudaCompiler(cache, nvrtc[0], PackedKernels.ofJar(), "");
      }
      missing = "NVRTC: " + reason.get() + "; ";
    }
    Optional<NvccCompiler> nvcc =
        only.isEmpty() || only.equals("nvcc")
            ? NvccCompiler.find(environment, TIMEOUT)
            : Optional.empty();
    return withNvcc(cache, nvcc, PackedKernels.ofJar(), missing);
  }

  /**
   * Only nvcc, then packed programs.
   *
   * @param missing why other compilers are not used, for the error when there is no nvcc either
   */
  static CudaCompiler withNvcc(
      CubinCache cache, Optional<NvccCompiler> nvcc, PackedKernels packed, String missing) {
    return new CudaCompiler(cache, nvcc.orElse(null), packed, missing);
  }

  /**
   * Compiles a program, or takes it from the cache.
   *
   * @param name names the program in errors
   * @param text complete CUDA C++
   * @param architecture "sm_90"
   * @return a cubin (or PTX from an NVRTC that has no cubin)
   * @throws DeviceException when there is no compiler, or the text does not compile: with the whole
   *     log, and the file that then holds the text
   */
  public byte[] compile(String name, String text, String architecture) {
    try {
      if (compiler == null) {
        return packed(name, text, architecture);
      }
      String key = CubinCache.key(text, architecture, compiler.identity());
      Optional<byte[]> stored = cache.get(key);
      if (stored.isPresent()) {
        return stored.get();
      }
      byte[] code = compileNow(name, text, architecture, key);
      cache.put(key, code);
      return code;
    } catch (IOException e) {
      throw new DeviceException(
          "program " + name + ": the cache of compiled kernels cannot be used: " + e, e);
    }
  }

  private byte[] packed(String name, String text, String architecture) throws IOException {
    return packed
        .find(text, architecture)
        .orElseThrow(
            () ->
                new DeviceException(
                    "program "
                        + name
                        + ": no CUDA compiler: "
                        + missing
                        + "nvcc: not on the PATH, in $CUDA_HOME/bin or in /usr/local/cuda/bin;"
                        + " packed programs: not this one for "
                        + architecture
                        + " (a bundle packs those of the demo); install the CUDA toolkit"));
  }

  private byte[] compileNow(String name, String text, String architecture, String key)
      throws IOException {
    Path source = Files.createTempFile(cache.folder(), key.substring(0, 16) + "-", ".cu");
    Files.writeString(source, text);
    try {
      byte[] code = compiler.compile(source, text, architecture);
      Files.delete(source);
      return code;
    } catch (KernelCompiler.Failure e) {
      throw new DeviceException(
          "program "
              + name
              + ": does not compile for "
              + architecture
              + "; the text is in "
              + source
              + "; log: "
              + CompilerLog.oneLine(e.getMessage()),
          e);
    }
  }
}
