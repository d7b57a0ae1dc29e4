// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;

/** The run-time compiler library, to a cubin, or to PTX where it knows no cubin. */
final class NvrtcCompiler implements KernelCompiler {
  private static final List<String> OPTIONS = List.of("--std=c++17", "--fmad=true");

  private final String version;

  private NvrtcCompiler(String version) {
    this.version = version;
  }

  /** Loads the library; call it through {@link NativeLibraries#load}. */
  static NvrtcCompiler open() {
    JNvrtc.setExceptionsEnabled(false);
    int[] major = new int[1];
    int[] minor = new int[1];
    int result = JNvrtc.nvrtcVersion(major, minor);
    if (result != nvrtcResult.NVRTC_SUCCESS) {
      throw new jcuda.CudaException("nvrtcVersion: " + nvrtcResult.stringFor(result));
    }
    return new NvrtcCompiler(major[0] + "." + minor[0]);
  }

  @Override
  public String identity() {
    return "nvrtc " + version + "\n" + String.join(" ", OPTIONS);
  }

  @Override
  public byte[] compile(Path source, String text, String architecture) throws Failure {
    nvrtcProgram program = new nvrtcProgram();
    check(
        JNvrtc.nvrtcCreateProgram(program, text, source.toString(), 0, null, null),
        "nvrtcCreateProgram");
    try {
      List<String> options = new ArrayList<>(OPTIONS);
      options.add("--gpu-architecture=" + architecture);
      int result =
          JNvrtc.nvrtcCompileProgram(program, options.size(), options.toArray(new String[0]));
      if (result != nvrtcResult.NVRTC_SUCCESS) {
        String[] log = new String[1];
        JNvrtc.nvrtcGetProgramLog(program, log);
        throw new Failure("nvrtc " + nvrtcResult.stringFor(result) + "\n" + log[0]);
      }
      return image(program);
    } finally {
      JNvrtc.nvrtcDestroyProgram(program);
    }
  }

  private static byte[] image(nvrtcProgram program) throws Failure {
    long[] size = new long[1];
    check(JNvrtc.nvrtcGetCUBINSize(program, size), "nvrtcGetCUBINSize");
    if (size[0] > 0) {
      byte[] cubin = new byte[Math.toIntExact(size[0])];
      check(JNvrtc.nvrtcGetCUBIN(program, cubin), "nvrtcGetCUBIN");
      return cubin;
    }
    String[] ptx = new String[1];
    check(JNvrtc.nvrtcGetPTX(program, ptx), "nvrtcGetPTX");
    return ptx[0].getBytes(StandardCharsets.US_ASCII);
  }

  private static void check(int result, String call) throws Failure {
    if (result != nvrtcResult.NVRTC_SUCCESS) {
      throw new Failure(call + ": " + nvrtcResult.stringFor(result));
    }
  }
}
