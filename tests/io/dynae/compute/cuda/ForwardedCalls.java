// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import java.nio.file.Path;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;

/** A program for {@link ForwardedLibrariesTest}: calls NVRTC and cuBLAS, prints what came back. */
final class ForwardedCalls {
  private ForwardedCalls() {}

  public static void main(String[] arguments) {
    System.out.println("nvrtc: " + nvrtc());
    Optional<String> missing =
        NativeLibraries.load("JCublas2", () -> JCublas2.setExceptionsEnabled(false));
    System.out.println("cublas: " + missing.orElseGet(ForwardedCalls::cublas));
  }

  private static String nvrtc() {
    NvrtcCompiler[] found = new NvrtcCompiler[1];
    Optional<String> missing =
        NativeLibraries.load("JNvrtc", () -> found[0] = NvrtcCompiler.open());
    if (missing.isPresent()) {
      return missing.get();
    }
    String about = found[0].identity().lines().findFirst().orElse("");
    try {
      return about + ": " + new String(found[0].compile(Path.of("f.cu"), "the text", "sm_90"));
    } catch (KernelCompiler.Failure e) {
      return about + ": " + e.getMessage();
    }
  }

  /** Fourteen arguments: more than fit into registers. */
  private static String cublas() {
    float[] alpha = {2};
    float[] beta = {3};
    int result =
        JCublas2.cublasSgemm(
            new cublasHandle(),
            cublasOperation.CUBLAS_OP_N,
            cublasOperation.CUBLAS_OP_T,
            11,
            12,
            13,
            Pointer.to(alpha),
            new Pointer(),
            14,
            new Pointer(),
            15,
            Pointer.to(beta),
            new Pointer(),
            16);
    return "status " + result;
  }
}
